import { RegistrationAuthority } from './client.js';
import { invalid } from './errors.js';
import type { Flow, WayOn } from './generated/enums.js';
import type { OfficerOutcome, Progressed, RaoCredentials } from './generated/models.js';
import { native, type NativeDocuments, type NativeWorkflow } from './native.js';
import type { RequestOptions } from './options.js';
import { convert, dress, toNative } from './shape.js';
import { toSource, type SourceInput } from './source.js';
import { Steps, type WorkflowOptions } from './steps.js';

export type { WorkflowOptions } from './steps.js';

/**
 * What the three workflows have in common. The status that the service shows is read back after each step and decides what comes next;
 * after an error the same step may be called again: it looks at the service first and goes on from there.
 */
export abstract class Workflow extends Steps<NativeWorkflow> {
  /** @internal */
  protected constructor(flow: Flow, client: RegistrationAuthority, options: WorkflowOptions, state: string | undefined) {
    const held = RegistrationAuthority.held(client, 'client');
    super(held, options, (store, report) => new native.NativeWorkflow(flow, held.native, state, store, report));
  }

  /**
   * What can be done where the request does not go ahead, by the status that the service showed last: after VIDEOINCOMPLETE and
   * VIDEOERROR for example. Sends nothing. Empty before there is a request. Advice, not a rule.
   */
  waysOn(): WayOn[] {
    return this.ask((flow) => flow.waysOn());
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
}

/** @internal The documents of a step as the addon takes them. They are looked at before they are sent, so each is read more than once. */
export function toDocuments(given: unknown, word: string): NativeDocuments {
  if (!Array.isArray(given)) throw invalid('documents', 'an array');
  const out = new native.NativeDocuments();
  for (const [index, item] of given.entries()) {
    const path = `documents.${index}`;
    if (typeof item !== 'object' || item === null) throw invalid(path, 'an object');
    for (const name of Object.keys(item)) if (name !== word && name !== 'document') throw invalid(`${path}.${name}`, 'no such field');
    const { [word]: text, document } = item as Record<string, unknown>;
    if (text === undefined || document === undefined) throw invalid(`${path}.${text === undefined ? word : 'document'}`, 'needed', 'field_missing');
    const source = toSource(document as SourceInput, `${path}.document`);
    out.add(convert('text', text, `${path}.${word}`) as string, source.prepare().native);
  }
  return out;
}
