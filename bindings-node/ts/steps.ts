import { inspect } from 'node:util';

import { run } from './call.js';
import { invalid, rebuilding } from './errors.js';
import type { WorkflowEvent } from './generated/models.js';
import type { Held } from './held.js';
import type { NativeCall } from './native.js';
import type { RequestOptions } from './options.js';
import { listener } from './perform.js';
import { convert, dress } from './shape.js';
import type { Prepared } from './source.js';

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

/** @internal Where the addon keeps the state. */
export type Store = ((state: string) => Promise<void>) | undefined;

/** @internal Whom the addon tells. */
export type Report = ((event: WorkflowEvent | null) => void) | undefined;

/** What the addon's workflows have in common. */
interface NativeSteps {
  state(): string;
}

/** A class of a workflow, as `resume` needs it. */
type WorkflowClass<T, Client> = new (client: Client, options: WorkflowOptions, state: string) => T;

/** What the workflows of both APIs have in common: the place for their state, those who listen, and how a step is made. */
export abstract class Steps<Native extends NativeSteps> {
  readonly #native: Native;
  readonly #held: Held<{ close(): void }>;
  readonly #name: string;
  #storeError: { error: unknown } | undefined;

  /** @internal */
  protected constructor(held: Held<{ close(): void }>, options: WorkflowOptions, make: (store: Store, report: Report) => Native) {
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
    this.#held = held;
    this.#name = new.target.name;
    this.#native = rebuilding(() => make(keep, report));
  }

  /**
   * A workflow that goes on from a stored state, in this process or another one, from this language or another one.
   *
   * Throws `format_unsupported` for the state of a newer version, `field_invalid` for what is none, or is one of another flow.
   */
  static resume<T, Client>(this: WorkflowClass<T, Client>, client: Client, state: string, options: WorkflowOptions = {}): T {
    return new this(client, options, convert('text', state, 'state') as string);
  }

  /** The state as JSON text: what `store` is given. */
  get state(): string {
    return this.#native.state();
  }

  /** @internal */
  protected ask<T>(question: (flow: Native) => T): T {
    return question(this.#native);
  }

  /** @internal */
  protected step<T>(
    options: RequestOptions | undefined,
    start: (flow: Native, call: NativeCall) => Promise<T>,
    sources: readonly Prepared[] = [],
  ): Promise<T> {
    this.#storeError = undefined;
    const context = { sources, ownError: () => this.#storeError?.error };
    return this.#held.track(() => run(options, context, (call) => start(this.#native, call)));
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
