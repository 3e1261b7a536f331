import type { NewVideoId, OneShotOutcome, OneShotStarted, WaitLimits } from './generated/models.js';
import type { OneShot } from './one-shot.js';
import { OneShotWorkflow } from './one-shot-workflow.js';
import type { RequestOptions } from './options.js';
import { dress, toNative } from './shape.js';
import type { WorkflowOptions } from './steps.js';
import { inboxOf, type WaitOptions } from './webhook.js';

/** One eIDAS VideoID on the One-Shot API, from the create call to the signed documents: the user identifies on the vendor's page. */
export class OneShotEidas extends OneShotWorkflow {
  /** A new workflow; with `state`, the one that it is of. */
  constructor(client: OneShot, options: WorkflowOptions = {}, state?: string) {
    super('eidas_videoid', client, options, state);
  }

  /**
   * Creates the request and gives the link for the signer, who also gets it from the service. It is a secret, and not part of the state.
   * Called again it gives the same request, with the link where the service shows it.
   *
   * Rejects with `ambiguous` where the answer of the create call is lost: then {@link OneShotWorkflow.adopt} or
   * {@link OneShotWorkflow.createAnew}; those of `createVideoid`.
   */
  async start(videoid: NewVideoId, options?: RequestOptions): Promise<OneShotStarted> {
    const data = toNative('NewVideoId', videoid);
    return dress('OneShotStarted', await this.step(options, (flow, call) => flow.start(data, call)));
  }

  /**
   * Waits until the user has finished, left or failed: VIDEOREVIEW and beyond, VIDEOINCOMPLETE, VIDEOERROR. The last two are outcomes with
   * their `waysOn` and no errors. Looks at once, then with longer and longer pauses; webhooks in `options.inbox` are hints. Other steps,
   * `cancel` for example, may run between two looks.
   *
   * Safe to repeat: it only reads. Rejects with `wait_deadline` (retryable); `workflow_step` before `start`; `field_missing` and
   * `field_invalid` for `limits`; those of `getOneshotRequest` that are not retryable.
   */
  async waitForUser(limits: WaitLimits, options?: WaitOptions): Promise<OneShotOutcome> {
    const given = toNative('WaitLimits', limits);
    const inbox = inboxOf(options);
    return dress('OneShotOutcome', await this.step(options, (flow, call) => flow.waitForUser(given, inbox, call)));
  }
}
