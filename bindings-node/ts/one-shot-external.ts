import { Evidence } from './evidence.js';
import type { NewVideoId, OneShotOutcome } from './generated/models.js';
import type { OneShot } from './one-shot.js';
import { OneShotWorkflow } from './one-shot-workflow.js';
import type { RequestOptions } from './options.js';
import { dress, toNative } from './shape.js';
import { toSource, type SourceInput } from './source.js';
import type { WorkflowOptions } from './steps.js';

/**
 * One External VideoID on the One-Shot API, from the create call to the signed documents: evidence and video are of your own
 * collection.
 */
export class OneShotExternal extends OneShotWorkflow {
  /** A new workflow; with `state`, the one that it is of. */
  constructor(client: OneShot, options: WorkflowOptions = {}, state?: string) {
    super('external_videoid', client, options, state);
  }

  /**
   * Creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW. Progress counts each upload from zero.
   * Which piece goes first, and whether VIDEOINCOMPLETE is a failure, is in the settings (`assumptions`).
   *
   * May be called again after an error: what was done is not done twice. After VIDEOERROR, and where the service stays in
   * VIDEOINCOMPLETE though both were uploaded, other evidence and video may be brought; both are uploaded anew then.
   *
   * Rejects with `unexpected_status`; `field_invalid` where evidence or video are not those of the state; `ambiguous` where the answer of
   * the create call is lost: then {@link OneShotWorkflow.adopt} or {@link OneShotWorkflow.createAnew}; those of the calls.
   */
  async submit(videoid: NewVideoId, evidence: Evidence, video: SourceInput, options?: RequestOptions): Promise<OneShotOutcome> {
    const data = toNative('NewVideoId', videoid);
    const handle = Evidence.native(evidence, 'evidence');
    const source = toSource(video, 'video').prepare();
    return dress('OneShotOutcome', await this.step(options, (flow, call) => flow.submit(data, handle, source.native, call), [source]));
  }
}
