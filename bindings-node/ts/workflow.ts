import { inspect } from 'node:util';

import { run } from './call.js';
import { RegistrationAuthority, listener } from './client.js';
import { invalid, rebuilding } from './errors.js';
import { Evidence } from './evidence.js';
import type { NewRequest, OfficerOutcome, RaoCredentials, Submission, WorkflowEvent } from './generated/models.js';
import { native, type NativeWorkflow } from './native.js';
import type { RequestOptions } from './options.js';
import { convert, dress, toNative } from './shape.js';
import { toSource, type SourceInput } from './source.js';

/** What a workflow is given besides its client. */
export interface WorkflowOptions {
  /**
   * Called with the state, as JSON text, before each call that changes something and after its outcome; awaited. The state
   * holds ids and steps, no secrets and no evidence. What it throws ends the step before anything is sent, and is the
   * `cause` of the error.
   */
  store?: ((state: string) => Promise<void> | void) | undefined;
  /** Told of each step, status and warning. */
  onEvent?: ((event: WorkflowEvent) => void) | undefined;
}

/**
 * External VideoID: scratchcard, request, evidence and video up to VIDEOREVIEW in one call, then the officer's steps. The
 * status of the service is read back after each step and decides what comes next.
 */
export class ExternalVideoId {
  readonly #native: NativeWorkflow;
  readonly #client: RegistrationAuthority;
  #storeError: { error: unknown } | undefined;

  /** A new workflow. */
  constructor(client: RegistrationAuthority, options: WorkflowOptions = {}, state?: string) {
    const { store, onEvent } = options;
    if (store !== undefined && typeof store !== 'function') throw invalid('store', 'a function');
    if (onEvent !== undefined && typeof onEvent !== 'function') throw invalid('onEvent', 'a function');
    const keep =
      store &&
      (async (text: string): Promise<void> => {
        try {
          await store(text);
        } catch (error) {
          this.#storeError = { error };
          throw new Error('the store failed');
        }
      });
    const report = onEvent && listener<WorkflowEvent>((event) => onEvent(dress('WorkflowEvent', event)));
    const handle = RegistrationAuthority.native(client, 'client');
    this.#client = client;
    this.#native = rebuilding(() => new native.NativeWorkflow(handle, state, keep, report));
  }

  /**
   * A workflow that goes on from a stored state, in this process or another one, from this language or another one.
   *
   * Throws `format_unsupported` for the state of a newer version, `field_invalid` for what is none.
   */
  static resume(client: RegistrationAuthority, state: string, options: WorkflowOptions = {}): ExternalVideoId {
    return new ExternalVideoId(client, options, convert('text', state, 'state') as string);
  }

  /** The state as JSON text: what `store` is given. */
  get state(): string {
    return this.#native.state();
  }

  /** Takes a card, creates the request, uploads evidence and video, and reads the status back. After `resume`, does what is left. */
  async submit(request: NewRequest, evidence: Evidence, video: SourceInput, options?: RequestOptions): Promise<Submission> {
    const data = toNative('NewRequest', request);
    const handle = Evidence.native(evidence, 'evidence');
    const source = toSource(video, 'video').prepare();
    return dress('Submission', await this.#run(options, (call) => this.#native.submit(data, handle, source.native, call), [source]));
  }

  /** The officer validates; where the request is CREATED then, declaration and contract are fetched. */
  async validate(rao: RaoCredentials, options?: RequestOptions): Promise<OfficerOutcome> {
    const credentials = toNative('RaoCredentials', rao);
    return dress('OfficerOutcome', await this.#run(options, (call) => this.#native.validate(credentials, call)));
  }

  /** The officer approves; validates first where that is still to do. Not sent where the request is ENROLLREADY already. */
  async approve(rao: RaoCredentials, options?: RequestOptions): Promise<OfficerOutcome> {
    const credentials = toNative('RaoCredentials', rao);
    return dress('OfficerOutcome', await this.#run(options, (call) => this.#native.approve(credentials, call)));
  }

  /** The officer refuses, with a reason. */
  async refuse(rao: RaoCredentials, reason: string, options?: RequestOptions): Promise<OfficerOutcome> {
    const credentials = toNative('RaoCredentials', rao);
    const text = convert('text', reason, 'reason') as string;
    return dress('OfficerOutcome', await this.#run(options, (call) => this.#native.refuse(credentials, text, call)));
  }

  #run<T>(options: RequestOptions | undefined, start: Parameters<typeof run<T>>[2], sources: Parameters<typeof run<T>>[1]['sources'] = []): Promise<T> {
    this.#storeError = undefined;
    return RegistrationAuthority.track(this.#client, () => run(options, { sources, ownError: () => this.#storeError?.error }, start));
  }

  /** Shows nothing of the request. */
  [inspect.custom](): string {
    return 'ExternalVideoId {}';
  }

  /** What `JSON.stringify` writes: nothing of the request. The state is in `state`. */
  toJSON(): object {
    return {};
  }
}
