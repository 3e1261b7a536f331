package dev.videoid

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.withContext
import java.io.File
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

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

    /** The settings that it was made with, secrets among them; their `toString` shows none. */
    public val config: RaConfig get() = native { native.config() }

    /** The next unused scratchcard of a registration authority. It is not reserved: create decides. Safe to repeat. */
    public suspend fun getFirstUnusedScratchcard(registrationAuthority: RaId? = null, options: RequestOptions = RequestOptions()): Scratchcard =
        native { native.getFirstUnusedScratchcard(registrationAuthority, options.toNative()) }

    /** One page of the scratchcards that match the filter, with their secrets where the service shows them. Safe to repeat. */
    public suspend fun listScratchcards(
        filter: ScratchcardFilter = ScratchcardFilter(),
        options: RequestOptions = RequestOptions(),
    ): ScratchcardPage = native { native.listScratchcards(filter, options.toNative()) }

    /** A scratchcard by its primary key, with its secrets where the service shows them. Safe to repeat. */
    public suspend fun getScratchcard(scratchcardPk: ScratchcardPk, options: RequestOptions = RequestOptions()): Scratchcard =
        native { native.getScratchcard(scratchcardPk, options.toNative()) }

    /**
     * Whether a request has consumed a scratchcard. Safe to repeat. That a card is free says nothing of the next moment: creating
     * the request decides.
     */
    public suspend fun isScratchcardUsed(sn: ScratchcardSn, options: RequestOptions = RequestOptions()): ScratchcardUse =
        native { native.isScratchcardUsed(sn, options.toNative()) }

    /**
     * Creates a request, which consumes its scratchcard. Not repeated by itself: where the answer is lost the exception is `ambiguous`
     * and says what to look at. What the documented profile asks for and the request lacks comes to the hooks as a `warning`, with
     * the setting `strict` as the exception `field_missing` or `field_invalid`; see [checkRequest].
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

    /**
     * Replaces the data of a request: what [update] leaves out is not kept. Where the answer is lost the exception is `ambiguous`: read
     * the request.
     */
    public suspend fun updateRequest(requestPk: RequestPk, update: RequestUpdate, options: RequestOptions = RequestOptions()): Request =
        native { native.updateRequest(requestPk, update, options.toNative()) }

    /** Which fields of a request the service finds fault with; empty where there is none. Safe to repeat. */
    public suspend fun validateRequest(requestPk: RequestPk, options: RequestOptions = RequestOptions()): RequestFieldCheck =
        native { native.validateRequest(requestPk, options.toNative()) }

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

    /**
     * Uploads a document of a request, streamed. Where the answer is lost the exception is `ambiguous`: list the documents, one of that
     * type says that it has arrived.
     */
    public suspend fun uploadRequestDocument(
        requestPk: RequestPk,
        documentType: DocumentType,
        document: Source,
        options: RequestOptions = RequestOptions(),
    ): UploadedDocument = native { document.sending { native.uploadRequestDocument(requestPk, documentType, it, options.toNative()) } }

    /** Deletes a document of a request. Where the answer is lost the exception is `ambiguous`: list the documents. */
    public suspend fun deleteRequestDocument(
        requestPk: RequestPk,
        documentPk: DocumentPk,
        options: RequestOptions = RequestOptions(),
    ): Acknowledgement = native { native.deleteRequestDocument(requestPk, documentPk, options.toNative()) }

    /** The documents of a request, with their bytes where the service shows them. Safe to repeat. */
    public suspend fun listRequestDocuments(requestPk: RequestPk, options: RequestOptions = RequestOptions()): RequestDocuments =
        native { native.listRequestDocuments(requestPk, options.toNative()) }

    /**
     * Uploads a document that proves what the video of a request does not, streamed; [label] says what it is and is shown to who
     * approves. Where the answer is lost the exception is `ambiguous`: list the documents.
     */
    public suspend fun uploadVideoidEvidenceDocument(
        requestPk: RequestPk,
        label: String,
        document: Source,
        options: RequestOptions = RequestOptions(),
    ): UploadedDocument = native { document.sending { native.uploadVideoidEvidenceDocument(requestPk, label, it, options.toNative()) } }

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
     * Whether an e-mail address and a phone number may be used again, or too many people share them. That they may not (`ko`) is an
     * answer and no exception. Safe to repeat.
     */
    public suspend fun checkContactData(data: ContactData, options: RequestOptions = RequestOptions()): ContactDataCheck =
        native { native.checkContactData(data, options.toNative()) }

    /**
     * All requests that match, from the filter's page on: the pages are read one after the other while the flow is collected, and
     * the address that the service names for the next one is never followed. Cold: each collector reads anew, and one that
     * stops early leaves the rest unread. Requests that are created meanwhile may shift the pages, so that one comes twice.
     *
     * The flow fails with what [listRequests] would, and with `unexpected_answer` where the service gives a page again.
     */
    public fun requests(filter: RequestFilter = RequestFilter(), options: RequestOptions = RequestOptions()): Flow<Request> =
        listed({ native.requests(filter, options.toNative()) }) { next() }

    /** All scratchcards that match, as [requests] gives requests. */
    public fun scratchcards(filter: ScratchcardFilter = ScratchcardFilter(), options: RequestOptions = RequestOptions()): Flow<Scratchcard> =
        listed({ native.scratchcards(filter, options.toNative()) }) { next() }

    /**
     * Waits until a GET shows the request in one of [statuses], and gives it as that GET showed it. It looks at once, then with
     * longer and longer pauses from [poll] to [maxPoll]; with an [inbox] a webhook for the request brings the next look forward. What a
     * webhook claims is believed by nobody. A look that fails in a retryable way does not end the wait. The time limit of [options]
     * counts for each look.
     *
     * Only reads, so it is safe to repeat; it ends when its coroutine is cancelled.
     *
     * @param deadline how long to wait at most; needed, for no wait is without an end.
     * @throws VideoIdException `wait_deadline` (retryable) where it did not come in time; `unexpected_status` where none of them can
     * come any more; `field_missing`, `field_invalid`; those of [getRequest] that are not retryable.
     */
    public suspend fun waitFor(
        requestPk: RequestPk,
        statuses: Collection<Status>,
        deadline: Duration,
        poll: Duration = 2.seconds,
        maxPoll: Duration = 60.seconds,
        inbox: WebhookInbox? = null,
        options: RequestOptions = RequestOptions(),
    ): Request = native {
        val wait = WaitFor(statuses.toList(), deadline.inWholeMilliseconds, poll.inWholeMilliseconds, maxPoll.inWholeMilliseconds)
        native.waitFor(requestPk, wait, inbox?.native, options.toNative())
    }

    /**
     * What is known of the client certificate that is shown to the API; null where there is none. From
     * `certificateWarningDays` before its end on, the hooks get a `warning`.
     */
    public fun clientCertificate(): CertificateInfo? = native { native.clientCertificate() }

    /**
     * Shows another client certificate from now on. Nothing is interrupted: calls that run end on their connection, later ones open a
     * new one. Reads the files that [identity] names, on a background thread. Safe to repeat.
     *
     * @throws VideoIdException `tls_identity_invalid`, `tls_key_mismatch`; the certificate in use stays then.
     */
    public suspend fun replaceIdentity(identity: ClientIdentity): CertificateInfo = native { native.replaceIdentity(identity) }

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

/** The settings from the environment; each field's documentation names its variable. @throws VideoIdException `config_invalid`. */
public fun RaConfig.Companion.fromEnv(): RaConfig = native { raConfigFromEnv() }

internal class HookBridge(private val listener: HookListener) : NativeHookListener {
    override fun onEvent(event: HookEvent) {
        runCatching { listener.onEvent(event) }
    }
}
