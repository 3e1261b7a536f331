import { inspect } from 'node:util';

import { run } from './call.js';
import { RegistrationAuthority, listener } from './client.js';
import { invalid, rebuilding } from './errors.js';
import type { Flow, WayOn } from './generated/enums.js';
import type { OfficerOutcome, Progressed, RaoCredentials, WorkflowEvent } from './generated/models.js';
import { native, type NativeCall, type NativeDocuments, type NativeWorkflow } from './native.js';
import type { RequestOptions } from './options.js';
import { convert, dress, toNative } from './shape.js';
import { toRepeatableSource, type Prepared, type SourceInput } from './source.js';

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

/** A class of a workflow, as `resume` needs it. */
type WorkflowClass<T> = new (client: RegistrationAuthority, options: WorkflowOptions, state: string) => T;

/**
 * What the three workflows have in common. The status that the service shows is read back after each step and decides what comes next;
 * after an error the same step may be called again: it looks at the service first and goes on from there.
 */
export abstract class Workflow {
  readonly #native: NativeWorkflow;
  readonly #client: RegistrationAuthority;
  readonly #name: string;
  #storeError: { error: unknown } | undefined;

  /** @internal */
  protected constructor(flow: Flow, client: RegistrationAuthority, options: WorkflowOptions, state: string | undefined) {
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
    this.#name = new.target.name;
    this.#native = rebuilding(() => new native.NativeWorkflow(flow, handle, state, keep, report));
  }

  /**
   * A workflow that goes on from a stored state, in this process or another one, from this language or another one.
   *
   * Throws `format_unsupported` for the state of a newer version, `field_invalid` for what is none, or is one of another flow.
   */
  static resume<T extends Workflow>(this: WorkflowClass<T>, client: RegistrationAuthority, state: string, options: WorkflowOptions = {}): T {
    return new this(client, options, convert('text', state, 'state') as string);
  }

  /** The state as JSON text: what `store` is given. */
  get state(): string {
    return this.#native.state();
  }

  /**
   * What can be done where the request does not go ahead, by the status that the service showed last: after VIDEOINCOMPLETE and
   * VIDEOERROR for example. Sends nothing. Empty before there is a request. Advice, not a rule.
   */
  waysOn(): WayOn[] {
    return this.#native.waysOn();
  }

  /**
   * The officer approves, after declaration and contract were read, and the status is read back. Nothing is sent where the request is
   * ENROLLREADY already, and an approval is never sent twice.
   *
   * Rejects with `workflow_step` before the first step; `unexpected_status`; `ambiguous` where the answer with the secrets was lost;
   * those of the calls.
   */
  async approve(rao: RaoCredentials, options?: RequestOptions): Promise<OfficerOutcome> {
    const credentials = toNative('RaoCredentials', rao);
    return dress('OfficerOutcome', await this.step(options, (flow, call) => flow.approve(credentials, call)));
  }

  /**
   * Cancels the request and forgets it: the next first step takes another card and creates another request. The card of the cancelled
   * one stays consumed. May be called again after an error: it looks at the request first.
   *
   * Rejects with `workflow_step` before there is a request; `unexpected_status` for one that is issued; `invalid_status`; `ambiguous`.
   */
  async cancel(options?: RequestOptions): Promise<Progressed> {
    return dress('Progressed', await this.step(options, (flow, call) => flow.cancel(call)));
  }

  /** @internal */
  protected step<T>(
    options: RequestOptions | undefined,
    start: (flow: NativeWorkflow, call: NativeCall) => Promise<T>,
    sources: readonly Prepared[] = [],
  ): Promise<T> {
    this.#storeError = undefined;
    const context = { sources, ownError: () => this.#storeError?.error };
    return RegistrationAuthority.track(this.#client, () => run(options, context, (call) => start(this.#native, call)));
  }

  /** Shows nothing of the request. */
  [inspect.custom](): string {
    return `${this.#name} {}`;
  }

  /** What `JSON.stringify` writes: nothing of the request. The state is in `state`. */
  toJSON(): object {
    return {};
  }
}

/** @internal The documents of a step as the addon takes them. They are looked at before they are sent, so each is read more than once. */
export async function toDocuments(given: unknown, word: string): Promise<NativeDocuments> {
  if (!Array.isArray(given)) throw invalid('documents', 'an array');
  const out = new native.NativeDocuments();
  for (const [index, item] of given.entries()) {
    const path = `documents.${index}`;
    if (typeof item !== 'object' || item === null) throw invalid(path, 'an object');
    for (const name of Object.keys(item)) if (name !== word && name !== 'document') throw invalid(`${path}.${name}`, 'no such field');
    const { [word]: text, document } = item as Record<string, unknown>;
    if (text === undefined || document === undefined) throw invalid(`${path}.${text === undefined ? word : 'document'}`, 'needed', 'field_missing');
    const source = await toRepeatableSource(document as SourceInput, `${path}.document`);
    out.add(convert('text', text, `${path}.${word}`) as string, source.prepare().native);
  }
  return out;
}
