package dev.videoid

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File

/** Is told of attempts, repetitions and outcomes of calls. Nothing personal is in the events. */
public fun interface HookListener {
    /** Called on a worker thread, never on the main thread; it should return soon. What it throws is dropped. */
    public fun onEvent(event: HookEvent)
}

/**
 * A client of the Registration Authority API.
 *
 * One client serves any number of coroutines at once and keeps its connections; make one and [close] it at the end. Calls suspend
 * and never block the caller's thread; cancelling the coroutine cancels the call and closes its connection. The client
 * certificate and the officers' credentials belong on a backend, never in an app.
 *
 * ```
 * RegistrationAuthority(RaConfig(environment = Environment.Sandbox, …)).use { ra ->
 *     val card = ra.getFirstUnusedScratchcard()
 * }
 * ```
 *
 * The constructor reads the TLS files of [config], nothing else: it opens no connection. From a main thread use [open].
 *
 * @throws VideoIdException of category CONFIG where the settings cannot work.
 */
public class RegistrationAuthority(config: RaConfig, hooks: HookListener? = null) : AutoCloseable {
    internal val native: NativeRegistrationAuthority = native { NativeRegistrationAuthority(config, hooks?.let(::HookBridge)) }

    /** The next unused scratchcard of a registration authority. It is not reserved: create decides. Safe to repeat. */
    public suspend fun getFirstUnusedScratchcard(registrationAuthority: RaId? = null, options: RequestOptions = RequestOptions()): Scratchcard =
        native { native.getFirstUnusedScratchcard(registrationAuthority, options.toNative()) }

    /**
     * Creates a request, which consumes its scratchcard. Not repeated by itself: where the answer is lost the exception is `ambiguous`
     * and says what to look at.
     */
    public suspend fun createRequest(request: NewRequest, options: RequestOptions = RequestOptions()): Request =
        native { native.createRequest(request, options.toNative()) }

    /**
     * Reads a request. The images that the service shows are skipped, or written to [imagesDir] with mode 0600; they never stand in
     * memory. Safe to repeat.
     */
    public suspend fun getRequest(requestPk: RequestPk, imagesDir: File? = null, options: RequestOptions = RequestOptions()): Request =
        native { native.getRequest(requestPk, imagesDir?.path, options.toNative()) }

    /** One page of the requests that match the filter. Safe to repeat. */
    public suspend fun listRequests(filter: RequestFilter = RequestFilter(), options: RequestOptions = RequestOptions()): RequestPage =
        native { native.listRequests(filter, options.toNative()) }

    /** Cancels a request. Where the answer is lost the exception is `ambiguous`: read the request. */
    public suspend fun cancelRequest(requestPk: RequestPk, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { native.cancelRequest(requestPk, options.toNative()) }

    /**
     * Uploads the evidence of a request, streamed. Needs the setting `videoPk`, which has no default: the documents leave open which
     * id the address takes.
     */
    public suspend fun uploadEvidence(requestPk: RequestPk, evidence: Evidence, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { native.uploadEvidence(requestPk, evidence.native, options.toNative()) }

    /** Uploads the video of a request, streamed, to the host for videos. */
    public suspend fun uploadVideo(videoIdentifier: VideoIdentifier, video: Source, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { video.sending { native.uploadVideo(videoIdentifier, it, options.toNative()) } }

    /** Downloads the video of a request into a file with mode 0600, which must not exist. Safe to repeat. */
    public suspend fun downloadVideo(videoIdentifier: VideoIdentifier, file: File, options: RequestOptions = RequestOptions()): DownloadedFile =
        native { native.downloadVideo(videoIdentifier, file.path, options.toNative()) }

    /**
     * An officer validates the identification. Never repeated: the secrets of the answer cannot be had again. Read the request
     * afterwards, its status decides what comes next.
     */
    public suspend fun validateVideoid(requestPk: RequestPk, rao: RaoCredentials, options: RequestOptions = RequestOptions()): Approval =
        native { native.validateVideoid(requestPk, rao, options.toNative()) }

    /** An officer refuses the identification, with a reason. */
    public suspend fun refuseVideoid(
        requestPk: RequestPk,
        rao: RaoCredentials,
        reason: String,
        options: RequestOptions = RequestOptions(),
    ): Refusal = native { native.refuseVideoid(requestPk, rao, reason, options.toNative()) }

    /** The text that an officer declares when approving. Safe to repeat. */
    public suspend fun generateDeclaration(requestPk: RequestPk, raoId: String, options: RequestOptions = RequestOptions()): Declaration =
        native { native.generateDeclaration(requestPk, raoId, options.toNative()) }

    /** A document of a request, the contract for example. Safe to repeat. */
    public suspend fun getRequestDocument(
        requestPk: RequestPk,
        documentType: DocumentType,
        raoId: String? = null,
        options: RequestOptions = RequestOptions(),
    ): Document = native { native.getRequestDocument(requestPk, documentType, raoId, options.toNative()) }

    /** Has the service generate a document, the contract for example. Safe to repeat. */
    public suspend fun generateDocument(
        requestPk: RequestPk,
        doctype: GeneratedDocument,
        options: RequestOptions = RequestOptions(),
    ): Document = native { native.generateDocument(requestPk, doctype, options.toNative()) }

    /** An officer approves a request. Never repeated: the secrets of the answer cannot be had again. */
    public suspend fun approveRequest(
        requestPk: RequestPk,
        rao: RaoCredentials,
        lang: String? = null,
        options: RequestOptions = RequestOptions(),
    ): Approval = native { native.approveRequest(requestPk, rao, lang, options.toNative()) }

    /** The pre-authenticated link by which the holder finishes. The service mails it by itself; fetch it only where it is needed. */
    public suspend fun getPreauthLink(requestPk: RequestPk, options: RequestOptions = RequestOptions()): PreauthLink =
        native { native.getPreauthLink(requestPk, options.toNative()) }

    /**
     * Ends the client: calls that come after it fail with `client_closed`, calls that are under way go on. May be called twice. A client
     * that is forgotten is freed by the garbage collector, later.
     */
    override fun close() {
        native { native.closeClient() }
    }

    override fun toString(): String = "RegistrationAuthority"

    public companion object {
        /** As the constructor, on a background thread. */
        public suspend fun open(config: RaConfig, hooks: HookListener? = null): RegistrationAuthority =
            withContext(Dispatchers.IO) { RegistrationAuthority(config, hooks) }
    }
}

private class HookBridge(private val listener: HookListener) : NativeHookListener {
    override fun onEvent(event: HookEvent) {
        runCatching { listener.onEvent(event) }
    }
}
