import { inspect, type InspectOptions } from 'node:util';

import { invalid } from './errors.js';
import { SHAPES, type ModelName, type Models } from './generated/shapes.js';
import type { JsonObject, JsonValue } from './json.js';

/** A field of a model: its type, its name on the wire where that is another one, and whether it is shown. */
export interface FieldShape {
  readonly type: string;
  readonly wire?: string;
  readonly required?: boolean;
  readonly sensitive?: boolean;
}

/** The fields of a model. */
export type Shape = Readonly<Record<string, FieldShape>>;

/** A row of the table of operations. */
export interface OperationRow {
  readonly name: string;
  readonly class: 'safe' | 'reconcile' | 'never';
  readonly method: string;
  readonly route: string;
  readonly legacyRoute?: string;
  readonly whenLost: string;
  readonly params: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  readonly result: string;
}

const MODEL = Symbol('videoid.model');

/** The model of a value that this package gave. */
export function modelOf(value: object): ModelName | undefined {
  return (value as { [MODEL]?: ModelName })[MODEL];
}

/**
 * A caller's value as the addon takes it: only fields of the model, each of its type. What the addon would silently drop or
 * round is refused here, and no message shows a value.
 */
export function toNative(model: ModelName, value: unknown, path = ''): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(path || model, `an object: ${model}`);
  return toNativeShape(SHAPES[model], value, path);
}

/** As {@link toNative}, for a shape. */
export function toNativeShape(shape: Shape, value: object, path: string): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(value)) {
    if (given === undefined || given === null) continue;
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field === undefined) throw invalid(join(path, name), 'no such field; where the API takes further ones they go into extra');
    out[name] = convert(field.type, given, join(path, field.wire ?? name));
  }
  for (const [name, field] of Object.entries(shape)) {
    if (field.required && out[name] === undefined) throw invalid(join(path, field.wire ?? name), 'needed', 'field_missing');
  }
  return out;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** One value of a type's word. */
export function convert(type: string, value: unknown, path: string): unknown {
  if (type.startsWith('[]')) {
    if (!Array.isArray(value)) throw invalid(path, 'an array');
    return value.map((item, index) => convert(type.slice(2), item, `${path}.${index}`));
  }
  if (type.startsWith('@')) return toNative(type.slice(1) as ModelName, value, path);
  switch (type) {
    case 'text':
      if (typeof value !== 'string') throw invalid(path, 'text');
      return value;
    case 'bool':
      if (typeof value !== 'boolean') throw invalid(path, 'true or false');
      return value;
    case 'int':
      if (!Number.isSafeInteger(value)) throw invalid(path, 'a whole number');
      return value;
    case 'millis':
      if (!Number.isSafeInteger(value) || (value as number) < 0) throw invalid(path, 'whole milliseconds, 0 for no limit');
      return value;
    case 'float':
      if (!Number.isFinite(value)) throw invalid(path, 'a number');
      return value;
    case 'similarity':
      if (typeof value !== 'string' && !Number.isSafeInteger(value)) throw invalid(path, 'a whole number or a word');
      return value;
    case 'bytes':
      if (!(value instanceof Uint8Array)) throw invalid(path, 'a Uint8Array or Buffer');
      return value;
    case 'json':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(path, 'an object that JSON can hold');
      return JSON.stringify(json(value, path, 0));
    default:
      throw invalid(path, `a type that this version does not know: ${type}`);
  }
}

/** A copy that JSON can hold. `JSON.stringify` would write the redacted form of values that this package gave. */
function json(value: unknown, path: string, depth: number): JsonValue {
  if (depth > 100) throw invalid(path, 'an object that is not nested so deeply');
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw invalid(path, 'a finite number');
      return value;
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item) => json(item, path, depth + 1));
      const prototype = Object.getPrototypeOf(value) as object | null;
      if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw invalid(path, 'plain objects only');
      const out: JsonObject = {};
      for (const [name, member] of Object.entries(value)) {
        if (member !== undefined) Object.defineProperty(out, name, { value: json(member, path, depth + 1), enumerable: true, configurable: true, writable: true });
      }
      return out;
    }
    default:
      throw invalid(path, 'what JSON can hold');
  }
}

const prototypes = new Map<ModelName, object>();

function prototype(model: ModelName): object {
  let found = prototypes.get(model);
  if (found === undefined) {
    found = Object.create(Object.prototype, {
      [MODEL]: { value: model },
      toJSON: {
        value(this: object) {
          return redact(model, this);
        },
      },
      [inspect.custom]: {
        value(this: object, depth: number, options: InspectOptions, show: typeof inspect) {
          return depth < 0 ? `[${model}]` : `${model} ${show(redact(model, this), options)}`;
        },
      },
    }) as object;
    prototypes.set(model, found);
  }
  return found;
}

/** What may be shown: sensitive fields are starred, bytes and further fields counted. */
function redact(model: ModelName, value: object): Record<string, unknown> {
  const shape = SHAPES[model];
  const out: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field?.type === 'json') {
      const count = Object.keys(member as object).length;
      if (count > 0) out[name] = `<${count} fields>`;
    } else if (field?.type === 'bytes') {
      out[name] = `<${(member as Uint8Array).byteLength} bytes>`;
    } else {
      out[name] = field === undefined || field.sensitive ? '***' : member;
    }
  }
  return out;
}

/** Makes a value of the addon one that does not show what is sensitive. Its fields stay as they are. */
export function dress<Name extends ModelName>(model: Name, value: object): Models[Name] {
  for (const [name, field] of Object.entries(SHAPES[model])) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined || member === null) continue;
    // Objects of JSON cross the border as text.
    if (field.type === 'json') (value as Record<string, unknown>)[name] = JSON.parse(member as string);
    if (field.type.startsWith('@')) dress(field.type.slice(1) as ModelName, member as object);
    if (field.type.startsWith('[]@')) for (const item of member as object[]) dress(field.type.slice(3) as ModelName, item);
  }
  return Object.setPrototypeOf(value, prototype(model)) as Models[Name];
}
