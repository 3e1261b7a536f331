import { invalid, rebuilding } from './errors.js';
import { SHAPES, type ModelName, type Models } from './generated/shapes.js';
import type { JsonObject } from './json.js';
import { native } from './native.js';
import { dress, modelOf, toNative } from './shape.js';

type Writers = Record<string, (value: object) => string>;
type Readers = Record<string, (json: string) => object>;

function known(model: ModelName): void {
  if (!Object.hasOwn(SHAPES, model)) throw invalid('model', 'the name of a model');
}

/**
 * A value as JSON of the wire: the service's names, and everything in clear. `JSON.stringify` of a result stars what is
 * sensitive; this does not, so take care of where it goes. A value that this package did not give needs its model's name.
 */
export function toWire(value: object, model?: ModelName): JsonObject {
  const name = model ?? modelOf(value);
  if (name === undefined) throw invalid('model', 'the name of the model, for a value that this package did not give');
  known(name);
  const given = toNative(name, value);
  return JSON.parse(rebuilding(() => (native as unknown as Writers)[`toWire${name}`]?.(given) ?? '{}')) as JsonObject;
}

/** A value from JSON of the wire, read as tolerantly as an answer of the service. Throws `unexpected_answer`. */
export function fromWire<Name extends ModelName>(model: Name, json: unknown): Models[Name] {
  known(model);
  const text = JSON.stringify(json) ?? 'null';
  return dress(model, rebuilding(() => (native as unknown as Readers)[`fromWire${model}`]?.(text) as object));
}
