import { inspect } from 'node:util';

import { run } from './call.js';
import { VideoIdError, invalid, rebuilding } from './errors.js';
import { Evidence } from './evidence.js';
import type { HookEvent, RaConfig } from './generated/models.js';
import { OPERATIONS, Operations } from './generated/operations.js';
import { SHAPES, type ModelName } from './generated/shapes.js';
import { native, type NativeClient } from './native.js';
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

/** The settings as the addon takes them; what is wrong with them is a matter of configuration. */
function configured(config: RaConfig): object {
  try {
    return toNative('RaConfig', config);
  } catch (error) {
    if (!VideoIdError.is(error) || error.fields[0] === undefined) throw error;
    throw invalid(error.fields[0].field, error.fields[0].rule, 'config_invalid');
  }
}

/**
 * A client of the Registration Authority API.
 *
 * It holds connections and no state: one client serves any number of calls at once. Every method rejects with a
 * `VideoIdError`, or an `AbortError` (which is one too) where its signal ended it.
 */
export class RegistrationAuthority extends Operations {
  readonly #native: NativeClient;
  readonly #environment: string;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #closed = false;

  /**
   * A client with these settings. Reads the TLS files that they name; opens no connection.
   *
   * Throws a `VideoIdError` of the category `config`.
   */
  constructor(config: RaConfig = {}, options: ClientOptions = {}) {
    super();
    const { hook } = options;
    if (hook !== undefined && typeof hook !== 'function') throw invalid('hook', 'a function', 'config_invalid');
    const report = hook && listener<HookEvent>((event) => hook(dress('HookEvent', event)));
    const settings = configured(config);
    this.#environment = config.environment ?? 'sandbox';
    this.#native = rebuilding(() => new native.NativeClient(settings, report));
  }

  /** A client with the settings of the environment variables `VIDEOID_…`; `config` wins over them. */
  static fromEnv(config: RaConfig = {}, options: ClientOptions = {}): RegistrationAuthority {
    const found = rebuilding(() => native.configFromEnv());
    const known = Object.fromEntries(Object.entries(found).filter(([name]) => Object.hasOwn(SHAPES.RaConfig, name)));
    return new RegistrationAuthority({ ...known, ...config }, options);
  }

  /** @internal */
  static native(client: unknown, field: string): NativeClient {
    if (!(client instanceof RegistrationAuthority)) throw invalid(field, 'a RegistrationAuthority');
    return client.#native;
  }

  /** Ends the client: later calls reject with `client_closed`, running ones go on. Safe to repeat. */
  close(): void {
    this.#closed = true;
    // The addon's client looks whether it is closed when a call begins to run, which may be later than it was made.
    if (this.#running === 0) this.#native.close();
  }

  /** Ends the client and waits for what is running, so that `await using` works. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    if (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** @internal */
  static async track<T>(client: RegistrationAuthority, work: () => Promise<T>): Promise<T> {
    if (client.#closed) throw new VideoIdError({ code: 'client_closed', category: 'config', detail: 'the client was closed' });
    client.#running += 1;
    try {
      return await work();
    } finally {
      client.#running -= 1;
      if (client.#running === 0) {
        if (client.#closed) client.#native.close();
        for (const resolve of client.#waiting.splice(0)) resolve();
      }
    }
  }

  /** Makes one call. */
  protected override perform<T>(operation: keyof typeof OPERATIONS, args: readonly unknown[], options: RequestOptions | undefined): Promise<T> {
    return RegistrationAuthority.track(this, () => this.#perform(operation, args, options)) as Promise<T>;
  }

  async #perform(operation: keyof typeof OPERATIONS, args: readonly unknown[], options: RequestOptions | undefined): Promise<object> {
    const row: OperationRow = OPERATIONS[operation];
    const sources: Prepared[] = [];
    const converted = row.params.map(({ name, type, optional }, index) => {
      const value = args[index];
      if (value === undefined || value === null) {
        if (optional) return undefined;
        throw invalid(name, 'needed', 'field_missing');
      }
      switch (type) {
        case 'source': {
          const source = toSource(value as SourceInput, name).prepare();
          sources.push(source);
          return source.native;
        }
        case 'evidence':
          return Evidence.native(value, name);
        case 'path':
          return pathText(value, name);
        default:
          return type.startsWith('@') ? toNative(type.slice(1) as ModelName, value) : convert(type, value, name);
      }
    });
    const method = this.#native[operation];
    if (method === undefined) throw invalid('operation', `known to this version: ${row.name}`);
    const result = await run(options, { operation: row.name, sources }, (call) => method.call(this.#native, ...converted, call));
    return dress(row.result as ModelName, result);
  }

  /** Shows which installation it is for; no settings. */
  [inspect.custom](): string {
    return `RegistrationAuthority { environment: '${this.#environment}' }`;
  }

  /** What `JSON.stringify` writes: no settings. */
  toJSON(): object {
    return { environment: this.#environment };
  }
}
