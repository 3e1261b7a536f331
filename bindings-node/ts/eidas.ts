import type { RegistrationAuthority } from './client.js';
import { invalid } from './errors.js';
import type { NewRequest, OfficerOutcome, Progressed, RequestUpdate, Started, WaitLimits } from './generated/models.js';
import type { RequestOptions } from './options.js';
import { convert, dress, toNative } from './shape.js';
import type { SourceInput } from './source.js';
import { inboxOf, type WaitOptions } from './webhook.js';
import { Workflow, toDocuments, type WorkflowOptions } from './workflow.js';

/** A document that proves what the video does not, the power to represent for example. */
export interface EvidenceDocument {
  /** What it is, in your words: the service shows it to who approves. */
  label: string;
  /** The file: JPEG, PNG or PDF. It is looked at before it is sent, so it cannot be a stream. */
  document: SourceInput;
}

/** What a profile needs beside the video. */
export interface Completion {
  /** What is left out of profile, card, registration authority, e-mail and country is taken from the request. */
  update?: Partial<RequestUpdate> | undefined;
  /** Uploaded after the update, in this order. */
  documents?: readonly EvidenceDocument[] | undefined;
}

/**
 * eIDAS VideoID: the user identifies on the vendor's page, and the vendor's operator validates.
 *
 * {@link EidasVideoId.start} gives the link for the user; {@link EidasVideoId.waitForUser} and {@link EidasVideoId.waitForOperator}
 * wait for the two who act elsewhere. A profile of a natural person is ENROLLREADY once the operator has validated; another one is
 * CREATED, and {@link EidasVideoId.complete}, {@link EidasVideoId.papers} and `approve` bring it there. It never validates: that is
 * the operator's.
 */
export class EidasVideoId extends Workflow {
  /** A new workflow; with `state`, the one that it is of. */
  constructor(client: RegistrationAuthority, options: WorkflowOptions = {}, state?: string) {
    super('eidas_videoid', client, options, state);
  }

  /**
   * Takes a card, creates the request with `videoid_mode` 1 and reads it back, for the user's link. The service writes to e-mail and
   * mobile phone of the request.
   *
   * May be called again, after an error or for the link: what was done is not done twice. Rejects with `no_scratchcard`,
   * `unexpected_status` for a request that was cancelled, and those of the calls.
   */
  async start(request: NewRequest, options?: RequestOptions): Promise<Started> {
    const data = toNative('NewRequest', request);
    return dress('Started', await this.step(options, (flow, call) => flow.start(data, call)));
  }

  /**
   * Waits until the user is done: VIDEOREVIEW or later, or VIDEOINCOMPLETE or VIDEOERROR, which are outcomes with their `waysOn` and
   * no errors. Looks at once, then with longer and longer pauses; webhooks in `options.inbox` are hints.
   *
   * Safe to repeat: it only reads. Rejects with `wait_deadline` (retryable), `workflow_step` before `start`, `unexpected_status` for a
   * request that was cancelled, `field_missing` and `field_invalid` for `limits`.
   */
  async waitForUser(limits: WaitLimits, options?: WaitOptions): Promise<Progressed> {
    const given = toNative('WaitLimits', limits);
    const inbox = inboxOf(options);
    return dress('Progressed', await this.step(options, (flow, call) => flow.waitForUser(given, inbox, call)));
  }

  /**
   * Waits until the vendor's operator is done: CREATED, ENROLLREADY, ISSUED, or a VideoID that is REFUSED. At VIDEOINCOMPLETE and
   * VIDEOERROR it ends as well, with the `waysOn`, for no operator leads on from there. Otherwise as {@link EidasVideoId.waitForUser}.
   */
  async waitForOperator(limits: WaitLimits, options?: WaitOptions): Promise<Progressed> {
    const given = toNative('WaitLimits', limits);
    const inbox = inboxOf(options);
    return dress('Progressed', await this.step(options, (flow, call) => flow.waitForOperator(given, inbox, call)));
  }

  /**
   * Gives a request in CREATED what its profile needs beside the video: first the update of its data, then the documents, each with its
   * label. Nothing is sent where the request is ENROLLREADY: for a natural person nothing is left to do.
   *
   * May be called again after an error: what is there is not sent twice. Rejects with `field_missing` without a label, those of images
   * for a document, `body_not_repeatable` for a stream, `workflow_step` before `start`, `unexpected_status` before the operator has
   * validated, and those of the calls.
   */
  async complete(what: Completion = {}, options?: RequestOptions): Promise<Progressed> {
    if (typeof what !== 'object' || what === null) throw invalid('what', 'an object with update and documents');
    const { update, documents = [], ...unknown } = what;
    for (const name of Object.keys(unknown)) throw invalid(name, 'no such field');
    const data = update === undefined || update === null ? undefined : toNative('RequestUpdate', update);
    const files = toDocuments(documents, 'label');
    return dress('Progressed', await this.step(options, (flow, call) => flow.complete(data, files, call)));
  }

  /**
   * Fetches declaration and contract of a request in CREATED, to be shown to the officer before `approve`. Gives neither where the
   * request is ENROLLREADY already. Taken as safe to repeat: see ASSUMPTIONS.md.
   */
  async papers(raoId: string, options?: RequestOptions): Promise<OfficerOutcome> {
    const rao = convert('text', raoId, 'rao_id') as string;
    return dress('OfficerOutcome', await this.step(options, (flow, call) => flow.papers(rao, call)));
  }
}
