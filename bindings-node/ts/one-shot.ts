import { inspect } from 'node:util';

import { invalid, rebuilding } from './errors.js';
import type { OneShotConfig } from './generated/models.js';
import { ONE_SHOT_OPERATIONS, OneShotOperations } from './generated/one-shot-operations.js';
import { Held } from './held.js';
import { native, type NativeOneShot } from './native.js';
import type { RequestOptions } from './options.js';
import { configured, known, perform, reporter, type ClientOptions } from './perform.js';

/**
 * A client of the One-Shot API: from the VideoID to the signed document, on an Optimizer.
 *
 * It speaks either form of the API, which the setting `dialect` names: `current`, or `legacy` of older installations. The methods are
 * the same for both; what only one of them has says so, and fails with `unsupported` in the other.
 *
 * It holds connections and no state: one client serves any number of calls at once. Every method rejects with a
 * `VideoIdError`, or an `AbortError` (which is one too) where its signal ended it.
 */
export class OneShot extends OneShotOperations {
  readonly #held: Held<NativeOneShot>;
  readonly #shown: { readonly environment: string; readonly dialect: string };

  /**
   * A client with these settings. Reads the TLS files that they name; opens no connection.
   *
   * Throws a `VideoIdError` of the category `config`.
   */
  constructor(config: OneShotConfig = {}, options: ClientOptions = {}) {
    super();
    const report = reporter(options);
    const settings = configured('OneShotConfig', config);
    this.#shown = { environment: config.environment ?? 'sandbox', dialect: config.dialect ?? 'current' };
    this.#held = new Held(rebuilding(() => new native.NativeOneShot(settings, report)));
  }

  /** A client with the settings of the environment variables `VIDEOID_ONESHOT_…` and `VIDEOID_BILLING_…`; `config` wins over them. */
  static fromEnv(config: OneShotConfig = {}, options: ClientOptions = {}): OneShot {
    const found = rebuilding(() => native.oneShotConfigFromEnv());
    return new OneShot({ ...known('OneShotConfig', found), ...config }, options);
  }

  /** @internal */
  static held(client: unknown, field: string): Held<NativeOneShot> {
    if (!(client instanceof OneShot)) throw invalid(field, 'a OneShot');
    return client.#held;
  }

  /** Ends the client: later calls reject with `client_closed`, running ones go on. Safe to repeat. */
  close(): void {
    this.#held.close();
  }

  /** Ends the client and waits for what is running, so that `await using` works. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#held.closed();
  }

  /** Makes one call. */
  protected override perform<T>(operation: keyof typeof ONE_SHOT_OPERATIONS, args: readonly unknown[], options: RequestOptions | undefined): Promise<T> {
    return this.#held.track(() => perform(this.#held.native, operation, ONE_SHOT_OPERATIONS[operation], args, options)) as Promise<T>;
  }

  /** Shows which installation it is for, and in which dialect; no settings. */
  [inspect.custom](): string {
    return `OneShot ${inspect(this.#shown)}`;
  }

  /** What `JSON.stringify` writes: the same as is shown. */
  toJSON(): object {
    return this.#shown;
  }
}
