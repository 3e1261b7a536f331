import { inspect } from 'node:util';

import { run } from './call.js';
import { VideoIdError, invalid, rebuilding } from './errors.js';
import { Evidence } from './evidence.js';
import type { RequestPk } from './generated/ids.js';
import type { CertificateInfo, ClientIdentity, HookEvent, RaConfig, Request, RequestFilter, Scratchcard, ScratchcardFilter, WaitFor } from './generated/models.js';
import { OPERATIONS, Operations } from './generated/operations.js';
import { SHAPES, type ModelName, type Models } from './generated/shapes.js';
import { native, type NativeCall, type NativeClient, type NativeOperations, type NativePages } from './native.js';
import { checkOptions, type RequestOptions } from './options.js';
import { convert, dress, toNative, type OperationRow } from './shape.js';
import { pathText, toRepeatableSource, toSource, type Prepared, type SourceInput } from './source.js';
import { inboxOf, type WaitOptions } from './webhook.js';

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

  /**
   * All requests that match, from the filter's page on. The pages are read one after the other while it is iterated over; the next one
   * is asked for by its number, and the address that the service names for it is never followed. It can be left at any time.
   *
   * Safe to repeat. Requests that are created meanwhile may shift the pages, so that one comes twice. The signal of `options` ends the
   * iteration, its time limit counts for each page. Rejects with those of `listRequests`, and with `unexpected_answer` where the
   * service gives a page again.
   */
  requests(filter: RequestFilter = {}, options?: RequestOptions): AsyncGenerator<Request, void, undefined> {
    return this.#pages('Request', 'list_requests', options, (call) => new native.NativeRequests(this.#native, toNative('RequestFilter', filter), call));
  }

  /** All scratchcards that match, as {@link RegistrationAuthority.requests} gives requests. */
  scratchcards(filter: ScratchcardFilter = {}, options?: RequestOptions): AsyncGenerator<Scratchcard, void, undefined> {
    const open = (call: NativeCall) => new native.NativeScratchcards(this.#native, toNative('ScratchcardFilter', filter), call);
    return this.#pages('Scratchcard', 'list_scratchcards', options, open);
  }

  async *#pages<Name extends ModelName>(
    model: Name,
    operation: string,
    options: RequestOptions | undefined,
    open: (call: NativeCall) => NativePages<object>,
  ): AsyncGenerator<Models[Name], void, undefined> {
    const { signal, timeout } = checkOptions(options);
    // One call for all pages: what ends it ends the list.
    const shared = new native.NativeCall(timeout, undefined);
    let pages: NativePages<object> | undefined;
    for (;;) {
      const next = (): Promise<object | null | undefined> => run({ signal }, { operation, call: shared }, (call) => (pages ??= open(call)).next(call));
      const item = await RegistrationAuthority.track(this, next);
      if (item === undefined || item === null) return;
      yield dress(model, item);
    }
  }

  /**
   * Waits until a GET shows the request in one of the wanted statuses, and gives the request as that GET showed it.
   *
   * It looks at once, then with longer and longer pauses. With `options.inbox` a webhook for the request brings the next look forward:
   * at most one in 200 ms, however many come. Nothing that a webhook says is believed, so forged, doubled, late or broken ones do no
   * harm. A look that fails in a retryable way does not end the wait.
   *
   * Safe to repeat: it only reads. `options.signal` ends it with an `AbortError`; `options.timeout` counts for each look, not for the
   * wait. Rejects with `wait_deadline` (retryable) where the status did not come in time; `unexpected_status` where the request shows
   * one after which none of the wanted ones comes; `field_missing` and `field_invalid` for `wait`; those of `getRequest` that are not
   * retryable.
   */
  async waitFor(requestPk: RequestPk, wait: WaitFor, options?: WaitOptions): Promise<Request> {
    const pk = convert('int', requestPk, 'request_pk') as number;
    const given = toNative('WaitFor', wait);
    const inbox = inboxOf(options);
    const { signal, timeout } = checkOptions(options);
    const start = (call: NativeCall): Promise<Request> => this.#native.waitFor(pk, given, inbox, call);
    return dress('Request', await RegistrationAuthority.track(this, () => run({ signal, timeout }, { operation: 'get_request' }, start)));
  }

  /**
   * What is known of the client certificate that is shown to the API; `undefined` where there is none. From `certificateWarningDays`
   * before its end the hook gets a `warning` when the client is made, when the certificate is replaced, and once a day of use.
   */
  clientCertificate(): CertificateInfo | undefined {
    const found = rebuilding(() => this.#native.clientCertificate());
    return found == null ? undefined : dress('CertificateInfo', found);
  }

  /**
   * Shows another client certificate from now on. Nothing is interrupted: what runs ends on the connection that it has, and every later
   * attempt opens one with the new certificate. Reads the files that `identity` names. Safe to repeat.
   *
   * Rejects with `tls_identity_invalid` or `tls_key_mismatch`; then the identity in use stays.
   */
  async replaceIdentity(identity: ClientIdentity): Promise<CertificateInfo> {
    const given = toNative('ClientIdentity', identity, 'identity');
    const replace = (call: NativeCall): Promise<CertificateInfo> => this.#native.replaceIdentity(given, call);
    return dress('CertificateInfo', await RegistrationAuthority.track(this, () => run(undefined, {}, replace)));
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
    const converted: unknown[] = [];
    for (const [index, { name, type, optional }] of row.params.entries()) {
      const value = args[index];
      if (value === undefined || value === null) {
        if (!optional) throw invalid(name, 'needed', 'field_missing');
        converted.push(undefined);
      } else if (type === 'source') {
        // A document is looked at before it is sent, a video is sent as it comes.
        const source = (name === 'document' ? await toRepeatableSource(value as SourceInput, name) : toSource(value as SourceInput, name)).prepare();
        sources.push(source);
        converted.push(source.native);
      } else if (type === 'evidence') {
        converted.push(Evidence.native(value, name));
      } else if (type === 'path') {
        converted.push(pathText(value, name));
      } else {
        converted.push(type.startsWith('@') ? toNative(type.slice(1) as ModelName, value) : convert(type, value, name));
      }
    }
    const method = (this.#native as unknown as NativeOperations)[operation];
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
