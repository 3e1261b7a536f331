import { run } from './call.js';
import { VideoIdError, invalid } from './errors.js';
import { Evidence } from './evidence.js';
import type { HookEvent } from './generated/models.js';
import { SHAPES, type ModelName, type Models } from './generated/shapes.js';
import type { NativeOperations } from './native.js';
import type { RequestOptions } from './options.js';
import { convert, dress, toNative, type OperationRow } from './shape.js';
import { pathText, toSource, type Prepared, type SourceInput } from './source.js';

/** What a client is given besides its settings. */
export interface ClientOptions {
  /** Told of each attempt, repetition and outcome. Nothing personal is in the events. */
  hook?: ((event: HookEvent) => void) | undefined;
}

/**
 * Calls a function of the caller's; what it throws is an uncaught exception, as in any listener. The addon calls without an
 * event to know how far it is heard.
 */
export function listener<T>(listen: (event: T) => void): (event: T | null) => void {
  return (event) => {
    if (event === null || event === undefined) return;
    try {
      listen(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}

/** What the addon's client tells of its calls. */
export function reporter({ hook }: ClientOptions): ((event: HookEvent | null) => void) | undefined {
  if (hook !== undefined && typeof hook !== 'function') throw invalid('hook', 'a function', 'config_invalid');
  return hook && listener<HookEvent>((event) => hook(dress('HookEvent', event)));
}

/** The settings as the addon takes them; what is wrong with them is a matter of configuration. */
export function configured<Name extends ModelName>(model: Name, config: Models[Name]): object {
  try {
    return toNative(model, config);
  } catch (error) {
    if (!VideoIdError.is(error) || error.fields[0] === undefined) throw error;
    throw invalid(error.fields[0].field, error.fields[0].rule, 'config_invalid');
  }
}

/** The settings that the addon has found in the environment, without what is no setting. */
export function known<Name extends ModelName>(model: Name, found: Models[Name]): Models[Name] {
  return Object.fromEntries(Object.entries(found).filter(([name]) => Object.hasOwn(SHAPES[model], name))) as unknown as Models[Name];
}

/** Makes one call of the addon's client, by the row of the table of operations. */
export async function perform(
  native: object,
  method: string,
  row: OperationRow,
  args: readonly unknown[],
  options: RequestOptions | undefined,
): Promise<object> {
  const sources: Prepared[] = [];
  const converted: unknown[] = [];
  for (const [index, { name, type, optional }] of row.params.entries()) {
    const value = args[index];
    if (value === undefined || value === null) {
      if (!optional) throw invalid(name, 'needed', 'field_missing');
      converted.push(undefined);
    } else if (type === 'source') {
      const source = toSource(value as SourceInput, name).prepare();
      sources.push(source);
      converted.push(source.native);
    } else if (type === '[]source') {
      const list = preparedList(value, name);
      sources.push(...list);
      converted.push(list.map((source) => source.native));
    } else if (type === 'evidence') {
      converted.push(Evidence.native(value, name));
    } else if (type === 'path') {
      converted.push(pathText(value, name));
    } else {
      converted.push(type.startsWith('@') ? toNative(type.slice(1) as ModelName, value) : convert(type, value, name));
    }
  }
  const call = (native as NativeOperations)[method];
  if (call === undefined) throw invalid('operation', `known to this version: ${row.name}`);
  const result = await run(options, { operation: row.name, sources }, (given) => call.call(native, ...converted, given));
  return dress(row.result as ModelName, result);
}

/** Documents that are looked at before they are sent, in the order given. */
export function preparedList(value: unknown, field: string): Prepared[] {
  if (!Array.isArray(value)) throw invalid(field, 'an array');
  return value.map((item: SourceInput, index) => toSource(item, `${field}.${index}`).prepare());
}
