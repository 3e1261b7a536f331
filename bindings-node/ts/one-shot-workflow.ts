import type { Flow } from './generated/enums.js';
import type { DownloadedFile, OneShotOutcome, OneShotRao, Otp, SavedDocuments, Signing, VideoIdHandle } from './generated/models.js';
import type { GenerateOtpOptions } from './generated/one-shot-operations.js';
import { native, type NativeOneShotWorkflow } from './native.js';
import { OneShot } from './one-shot.js';
import type { RequestOptions } from './options.js';
import { preparedList } from './perform.js';
import { convert, dress, toNative } from './shape.js';
import { pathText, type SourceInput } from './source.js';
import { Steps, type WorkflowOptions } from './steps.js';

/**
 * What both workflows of the One-Shot API have in common: everything from the officer's decision to the signed documents on disk.
 *
 * Its steps run one after the other. After an error the same step may be called again: it looks at the service first and goes on from
 * there. Between the steps it waits for people; `waitsFor` of each outcome names for whom.
 */
export abstract class OneShotWorkflow extends Steps<NativeOneShotWorkflow> {
  /** @internal */
  protected constructor(flow: Flow, client: OneShot, options: WorkflowOptions, state: string | undefined) {
    const held = OneShot.held(client, 'client');
    super(held, options, (store, report) => new native.NativeOneShotWorkflow(flow, held.native, state, store, report));
  }

  /**
   * Reads the request and says where it stands. Safe to repeat.
   *
   * Rejects with those of `getOneshotRequest`; `workflow_step` before the request exists.
   */
  async look(options?: RequestOptions): Promise<OneShotOutcome> {
    return dress('OneShotOutcome', await this.step(options, (flow, call) => flow.look(call)));
  }

  /**
   * Goes on with a request that was found after the answer of the create call was lost.
   *
   * Rejects with `workflow_step` where the workflow has a request already.
   */
  async adopt(handle: VideoIdHandle): Promise<void> {
    const given = toNative('VideoIdHandle', handle, 'handle');
    await this.step(undefined, (flow, call) => flow.adopt(given, call));
  }

  /**
   * Says that the create call whose answer was lost was not carried out, as the registration authority knows: the next first step
   * creates the request.
   *
   * Rejects with `workflow_step` where no such call is open.
   */
  async createAnew(): Promise<void> {
    await this.step(undefined, (flow, call) => flow.createAnew(call));
  }

  /**
   * The officer validates: the first step of the 2-step mode, in the dialect Legacy.
   *
   * May be called again after an error: it looks at the request first. Rejects with `unsupported` in Current; `unexpected_status`; those
   * of the calls.
   */
  async validate(rao: OneShotRao, options?: RequestOptions): Promise<OneShotOutcome> {
    const officer = toNative('OneShotRao', rao);
    return dress('OneShotOutcome', await this.step(options, (flow, call) => flow.validate(officer, call)));
  }

  /**
   * The officer approves, and the status is read back. Nothing is sent where the request is ENROLLREADY already. An approval that leaves
   * it short of that is an outcome with `approved` false.
   *
   * May be called again after an error: it looks at the request first. Rejects with `unexpected_status` where an officer cannot decide
   * yet or it was refused; those of the calls.
   */
  async approve(rao: OneShotRao, options?: RequestOptions): Promise<OneShotOutcome> {
    const officer = toNative('OneShotRao', rao);
    return dress('OneShotOutcome', await this.step(options, (flow, call) => flow.approve(officer, call)));
  }

  /**
   * The officer refuses, with a reason, and the status is read back.
   *
   * May be called again after an error: it looks at the request first. Rejects with `field_missing` without a reason;
   * `unexpected_status`; those of the calls.
   */
  async refuse(rao: OneShotRao, reason: string, options?: RequestOptions): Promise<OneShotOutcome> {
    const officer = toNative('OneShotRao', rao);
    const text = convert('text', reason, 'reason') as string;
    return dress('OneShotOutcome', await this.step(options, (flow, call) => flow.refuse(officer, text, call)));
  }

  /**
   * Uploads the documents to be signed, PDFs, once. They are looked at before they are sent, so none can be a stream. Called again with
   * the same ones it looks what has arrived.
   *
   * Rejects with `field_invalid` for others than those of the state; `unexpected_status` before the approval; those of `uploadDocuments`.
   */
  async documents(documents: readonly SourceInput[], options?: RequestOptions): Promise<OneShotOutcome> {
    const sources = preparedList(documents, 'documents');
    const files = sources.map((source) => source.native);
    return dress('OneShotOutcome', await this.step(options, (flow, call) => flow.documents(files, call), sources));
  }

  /**
   * Downloads the service contract into a file, to be shown to the signer. Safe to repeat.
   *
   * Rejects with `unexpected_status` before the approval; those of `getContract`.
   */
  async contract(path: string | URL, options?: RequestOptions): Promise<DownloadedFile> {
    const text = pathText(path, 'path');
    return dress('DownloadedFile', await this.step(options, (flow, call) => flow.contract(text, call)));
  }

  /**
   * Keeps that the signer has seen the contract. Nothing is signed before.
   *
   * Rejects with `workflow_step` before {@link OneShotWorkflow.contract}.
   */
  async contractShown(): Promise<void> {
    await this.step(undefined, (flow, call) => flow.contractShown(call));
  }

  /**
   * Sends the signer a one-time password: by SMS, or as `options.deliveryMethod` says. Not needed with an external unlock.
   *
   * Rejects with `otp_too_soon`, whose `retryAfter` says how long to wait; `unexpected_status` before the approval and after the
   * signature; those of `generateOtp`.
   */
  async otp(options?: GenerateOtpOptions): Promise<Otp> {
    const delivery = options?.deliveryMethod;
    const word = delivery === undefined || delivery === null ? undefined : (convert('text', delivery, 'delivery_method') as string);
    return dress('Otp', await this.step(options, (flow, call) => flow.otp(word, call)));
  }

  /**
   * Signs all documents, with the one-time password (`{ secret }`) or an external unlock, and reads the status back. Where the answer of
   * an earlier call was lost and the request is ISSUED, nothing is sent. After a signature that was taken and did not come, the next call
   * waits for it; the one after that, and one after a new one-time password, signs again.
   *
   * Rejects with `workflow_step` before documents are uploaded and the contract was shown; `otp_invalid`; those of `sign`.
   */
  async sign(signing: Signing, options?: RequestOptions): Promise<OneShotOutcome> {
    const given = toNative('Signing', signing);
    return dress('OneShotOutcome', await this.step(options, (flow, call) => flow.sign(given, call)));
  }

  /**
   * Saves each signed document into the folder, which must exist: `signed.pdf`, or `signed-1.pdf` and so on in the order of the upload.
   * Each is synced to disk and looked at: it parses, its signature covers it, the digest matches. What an earlier call left there is not
   * downloaded again where it is still the same, and what is there under that name and is another file is never replaced. Safe to repeat.
   *
   * Rejects with `signed_document_invalid`; `file_not_written`, also where another file has the name; `unexpected_status` before the
   * signature; those of `getDocument`.
   */
  async save(folder: string | URL, options?: RequestOptions): Promise<SavedDocuments> {
    const text = pathText(folder, 'folder');
    return dress('SavedDocuments', await this.step(options, (flow, call) => flow.save(text, call)));
  }

  /**
   * Deletes all documents of the request from the Optimizer, which never does so by itself: only when this is called, and only where each
   * signed document is in the folder as {@link OneShotWorkflow.save} left it, and the request lists no other ones.
   *
   * Rejects with `workflow_step` before they are saved, and where there are others; `signed_document_invalid`, `source_unreadable` where
   * one is not there any more; those of `deleteDocuments`.
   */
  async delete(folder: string | URL, options?: RequestOptions): Promise<OneShotOutcome> {
    const text = pathText(folder, 'folder');
    return dress('OneShotOutcome', await this.step(options, (flow, call) => flow.delete(text, call)));
  }

  /**
   * Cancels the request. Its scratchcard stays consumed, and this workflow is at its end. What is issued is not cancelled: its documents
   * would go with it.
   *
   * Rejects with `workflow_step` before there is a request; `unexpected_status` once it is issued, and where the service took the
   * cancellation and does not show it; those of `cancelOneshotRequest`.
   */
  async cancel(options?: RequestOptions): Promise<void> {
    await this.step(options, (flow, call) => flow.cancel(call));
  }
}
