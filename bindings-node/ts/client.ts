import { inspect } from 'node:util';

import { run } from './call.js';
import { invalid, rebuilding } from './errors.js';
import type { RequestPk } from './generated/ids.js';
import type { CertificateInfo, ClientIdentity, RaConfig, Request, RequestFilter, Scratchcard, ScratchcardFilter, WaitFor } from './generated/models.js';
import { OPERATIONS, Operations } from './generated/operations.js';
import type { ModelName, Models } from './generated/shapes.js';
import { Held } from './held.js';
import { native, type NativeCall, type NativeClient, type NativePages } from './native.js';
import { checkOptions, type RequestOptions } from './options.js';
import { configured, known, perform, reporter, type ClientOptions } from './perform.js';
import { convert, dress, toNative } from './shape.js';
import { inboxOf, type WaitOptions } from './webhook.js';

export type { ClientOptions } from './perform.js';

/**
 * A client of the Registration Authority API.
 *
 * It holds connections and no state: one client serves any number of calls at once. Every method rejects with a
 * `VideoIdError`, or an `AbortError` (which is one too) where its signal ended it.
 */
export class RegistrationAuthority extends Operations {
  readonly #held: Held<NativeClient>;
  readonly #environment: string;

  /**
   * A client with these settings. Reads the TLS files that they name; opens no connection.
   *
   * Throws a `VideoIdError` of the category `config`.
   */
  constructor(config: RaConfig = {}, options: ClientOptions = {}) {
    super();
    const report = reporter(options);
    const settings = configured('RaConfig', config);
    this.#environment = config.environment ?? 'sandbox';
    this.#held = new Held(rebuilding(() => new native.NativeClient(settings, report)));
  }

  /** A client with the settings of the environment variables `VIDEOID_…`; `config` wins over them. */
  static fromEnv(config: RaConfig = {}, options: ClientOptions = {}): RegistrationAuthority {
    const found = rebuilding(() => native.configFromEnv());
    return new RegistrationAuthority({ ...known('RaConfig', found), ...config }, options);
  }

  /** @internal */
  static held(client: unknown, field: string): Held<NativeClient> {
    if (!(client instanceof RegistrationAuthority)) throw invalid(field, 'a RegistrationAuthority');
    return client.#held;
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
    return this.#pages('Request', 'list_requests', options, (call) => new native.NativeRequests(this.#held.native, toNative('RequestFilter', filter), call));
  }

  /** All scratchcards that match, as {@link RegistrationAuthority.requests} gives requests. */
  scratchcards(filter: ScratchcardFilter = {}, options?: RequestOptions): AsyncGenerator<Scratchcard, void, undefined> {
    const open = (call: NativeCall) => new native.NativeScratchcards(this.#held.native, toNative('ScratchcardFilter', filter), call);
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
      const item = await this.#held.track(next);
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
    const start = (call: NativeCall): Promise<Request> => this.#held.native.waitFor(pk, given, inbox, call);
    return dress('Request', await this.#held.track(() => run({ signal, timeout }, { operation: 'get_request' }, start)));
  }

  /**
   * What is known of the client certificate that is shown to the API; `undefined` where there is none. From `certificateWarningDays`
   * before its end the hook gets a `warning` when the client is made, when the certificate is replaced, and once a day of use.
   */
  clientCertificate(): CertificateInfo | undefined {
    const found = rebuilding(() => this.#held.native.clientCertificate());
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
    const replace = (call: NativeCall): Promise<CertificateInfo> => this.#held.native.replaceIdentity(given, call);
    return dress('CertificateInfo', await this.#held.track(() => run(undefined, {}, replace)));
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
  protected override perform<T>(operation: keyof typeof OPERATIONS, args: readonly unknown[], options: RequestOptions | undefined): Promise<T> {
    return this.#held.track(() => perform(this.#held.native, operation, OPERATIONS[operation], args, options)) as Promise<T>;
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
