import type { RegistrationAuthority } from './client.js';
import { Evidence } from './evidence.js';
import type { NewRequest, OfficerOutcome, RaoCredentials, Submission } from './generated/models.js';
import type { RequestOptions } from './options.js';
import { convert, dress, toNative } from './shape.js';
import { toSource, type SourceInput } from './source.js';
import { Workflow, type WorkflowOptions } from './workflow.js';

/**
 * External VideoID: scratchcard, request, evidence and video up to VIDEOREVIEW in one call, then the officer's steps. The
 * status of the service is read back after each step and decides what comes next.
 */
export class ExternalVideoId extends Workflow {
  /** A new workflow; with `state`, the one that it is of. */
  constructor(client: RegistrationAuthority, options: WorkflowOptions = {}, state?: string) {
    super('external_videoid', client, options, state);
  }

  /**
   * Takes a card, creates the request, uploads evidence and video, and reads the status back. After `resume`, does what is left.
   *
   * May be called again after an error with the same evidence and video: what was done is not done twice. After VIDEOERROR, and where
   * the service stays in VIDEOINCOMPLETE though both were uploaded, others may be brought.
   */
  async submit(request: NewRequest, evidence: Evidence, video: SourceInput, options?: RequestOptions): Promise<Submission> {
    const data = toNative('NewRequest', request);
    const handle = Evidence.native(evidence, 'evidence');
    const source = toSource(video, 'video').prepare();
    return dress('Submission', await this.step(options, (flow, call) => flow.submit(data, handle, source.native, call), [source]));
  }

  /** The officer validates; where the request is CREATED then, declaration and contract are fetched. */
  async validate(rao: RaoCredentials, options?: RequestOptions): Promise<OfficerOutcome> {
    const credentials = toNative('RaoCredentials', rao);
    return dress('OfficerOutcome', await this.step(options, (flow, call) => flow.validate(credentials, call)));
  }

  /** The officer approves; validates first where that is still to do. Not sent where the request is ENROLLREADY already. */
  override approve(rao: RaoCredentials, options?: RequestOptions): Promise<OfficerOutcome> {
    return super.approve(rao, options);
  }

  /** The officer refuses, with a reason. */
  async refuse(rao: RaoCredentials, reason: string, options?: RequestOptions): Promise<OfficerOutcome> {
    const credentials = toNative('RaoCredentials', rao);
    const text = convert('text', reason, 'reason') as string;
    return dress('OfficerOutcome', await this.step(options, (flow, call) => flow.refuse(credentials, text, call)));
  }
}
