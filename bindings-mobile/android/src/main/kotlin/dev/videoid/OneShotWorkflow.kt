package dev.videoid

import java.io.File

/**
 * One request of the One-Shot API on its way to signed documents: [OneShotExternal] or [OneShotEidas], which have the steps that bring
 * it before the officer.
 *
 * After them come [approve] or [refuse], [documents], [contract] and [contractShown], [otp], [sign], [save], and [delete] where it is
 * wanted; `waitsFor` of each outcome says for whom it waits. Steps run one after the other. After an exception the same step may be
 * called again: it looks at the service first and goes on from there.
 *
 * May be used from several coroutines at once. [close] frees it at once, otherwise the garbage collector does; it cancels nothing.
 */
public sealed class OneShotWorkflow(internal val native: NativeOneShotFlow) : AutoCloseable {
    /** The state as JSON: ids, step and digests; no evidence, no credentials, no link. What `resume` takes, in any language of this library. */
    public val state: String get() = native { native.state() }

    /**
     * Reads the request and says where it stands. Safe to repeat.
     *
     * @throws VideoIdException those of [OneShot.getOneshotRequest]; `workflow_step` before the request exists.
     */
    public suspend fun look(options: RequestOptions = RequestOptions()): OneShotOutcome = native { native.look(options.toNative()) }

    /**
     * Goes on with a request that was found after the answer of the create call was lost.
     *
     * @throws VideoIdException `workflow_step` where the workflow has a request already.
     */
    public suspend fun adopt(handle: VideoIdHandle): Unit = native { native.adopt(handle) }

    /**
     * Says that the create call whose answer was lost was not carried out, as the registration authority knows: the next step creates
     * the request.
     *
     * @throws VideoIdException `workflow_step` where no such call is open.
     */
    public suspend fun createAnew(): Unit = native { native.createAnew() }

    /**
     * An officer validates: the first step of the 2-step mode, in the dialect Legacy. May be called again after an exception.
     *
     * @throws VideoIdException `unsupported` in Current; those of the calls; `unexpected_status`.
     */
    public suspend fun validate(rao: OneShotRao, options: RequestOptions = RequestOptions()): OneShotOutcome =
        native { native.validate(rao, options.toNative()) }

    /**
     * An officer approves; the status is read back. Nothing is sent where the request is ENROLLREADY already. An approval that leaves
     * it short of that is no exception but an outcome with `approved` false. May be called again after an exception.
     *
     * @throws VideoIdException those of the calls; `unexpected_status` where an officer cannot decide yet, and after a refusal.
     */
    public suspend fun approve(rao: OneShotRao, options: RequestOptions = RequestOptions()): OneShotOutcome =
        native { native.approve(rao, options.toNative()) }

    /**
     * An officer refuses, with a reason; the status is read back. May be called again after an exception.
     *
     * @throws VideoIdException `field_missing` without a reason; those of the calls; `unexpected_status`.
     */
    public suspend fun refuse(rao: OneShotRao, reason: String, options: RequestOptions = RequestOptions()): OneShotOutcome =
        native { native.refuse(rao, reason, options.toNative()) }

    /**
     * Uploads the documents to be signed, one to ten, once. Called again with the same ones it looks what has arrived.
     *
     * @throws VideoIdException those of [OneShot.uploadDocuments]; `field_invalid` for others than those of the state;
     * `unexpected_status` before the approval; `body_not_repeatable` for a stream.
     */
    public suspend fun documents(documents: List<Source>, options: RequestOptions = RequestOptions()): OneShotOutcome =
        native { native.documents(documents.map { it.forReading() }, options.toNative()) }

    /**
     * Downloads the service contract into a file, to be shown to the signer; then call [contractShown]. Safe to repeat.
     *
     * @throws VideoIdException those of [OneShot.getContract]; `unexpected_status` before the approval.
     */
    public suspend fun contract(file: File, options: RequestOptions = RequestOptions()): DownloadedFile =
        native { native.contract(file.path, options.toNative()) }

    /**
     * Keeps that the signer has seen the contract. Nothing is signed before.
     *
     * @throws VideoIdException `workflow_step` before [contract].
     */
    public suspend fun contractShown(): Unit = native { native.contractShown() }

    /**
     * Sends the signer a one-time password: by SMS, or as [deliveryMethod] says. Not needed with an external unlock.
     *
     * @throws VideoIdException `otp_too_soon`, with [VideoIdException.retryAfter]; those of [OneShot.generateOtp]; `unexpected_status`
     * before the approval and after the signature.
     */
    public suspend fun otp(deliveryMethod: OtpDelivery? = null, options: RequestOptions = RequestOptions()): Otp =
        native { native.otp(deliveryMethod, options.toNative()) }

    /**
     * Signs all documents, with the one-time password (`Signing(secret = …)`) or an external unlock; the status is read back. Where the
     * answer of an earlier call was lost and the request is ISSUED, nothing is sent. After a signature that was taken and did not come,
     * the next call waits for it; the one after that, and one after a new one-time password, signs again.
     *
     * @throws VideoIdException `workflow_step` before documents are uploaded and the contract was shown; `otp_invalid`; those of
     * [OneShot.sign].
     */
    public suspend fun sign(signing: Signing, options: RequestOptions = RequestOptions()): OneShotOutcome =
        native { native.sign(signing, options.toNative()) }

    /**
     * Saves each signed document into a folder, which must exist: `signed.pdf`, or `signed-1.pdf` and so on in the order of the upload.
     * Each is synced to disk and looked at: it parses, its signature covers it, the digest matches; whom to trust is yours to decide.
     * What an earlier call left there is not downloaded again where it is still the same, and another file of that name is never
     * replaced. Safe to repeat.
     *
     * @throws VideoIdException `signed_document_invalid`; `file_not_written`, also where another file has the name; those of
     * [OneShot.getDocument]; `unexpected_status` before the signature.
     */
    public suspend fun save(folder: File, options: RequestOptions = RequestOptions()): SavedDocuments =
        native { native.save(folder.path, options.toNative()) }

    /**
     * Deletes all documents of the request from the Optimizer, which never does so by itself: only where each signed document is in the
     * folder as [save] left it, and the request lists no other ones.
     *
     * @throws VideoIdException `workflow_step` before they are saved, and where there are others; `signed_document_invalid`,
     * `source_unreadable` where one is not there any more; those of [OneShot.deleteDocuments].
     */
    public suspend fun delete(folder: File, options: RequestOptions = RequestOptions()): OneShotOutcome =
        native { native.delete(folder.path, options.toNative()) }

    /**
     * Cancels the request, and the workflow is at its end. The scratchcard stays consumed. What is issued is not cancelled: its documents
     * would go with it. May be called again after an exception.
     *
     * @throws VideoIdException those of [OneShot.cancelOneshotRequest]; `workflow_step` before there is a request; `unexpected_status` once
     * it is issued, and where the service took the cancellation and does not show it.
     */
    public suspend fun cancel(options: RequestOptions = RequestOptions()): Unit = native { native.cancel(options.toNative()) }

    override fun close(): Unit = native.close()

    override fun toString(): String = javaClass.simpleName
}

internal fun opened(client: OneShot, flow: Flow, store: StateStore?, onEvent: WorkflowListener?): NativeOneShotFlow =
    native { NativeOneShotFlow(client.native, flow, store?.let(::StoreBridge), onEvent?.let(::EventBridge)) }

internal fun resumed(client: OneShot, flow: Flow, state: String, store: StateStore?, onEvent: WorkflowListener?): NativeOneShotFlow =
    native { NativeOneShotFlow.resume(client.native, flow, state, store?.let(::StoreBridge), onEvent?.let(::EventBridge)) }
