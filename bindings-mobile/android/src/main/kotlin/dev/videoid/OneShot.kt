package dev.videoid

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File

/**
 * A client of the One-Shot API: from the VideoID to the signed document, on an Optimizer.
 *
 * It speaks either form of the API, which [OneShotConfig.dialect] names; the methods are the same for both. What only one of them has
 * fails with `unsupported` in the other, and a server that speaks the other one with `wrong_dialect`.
 *
 * One client serves any number of coroutines at once and keeps its connections; make one and [close] it at the end. Calls suspend
 * and never block the caller's thread; cancelling the coroutine cancels the call and closes its connection. Billing account,
 * tokens and officers' credentials belong on a backend, never in an app.
 *
 * The constructor reads the TLS files of [config], nothing else: it opens no connection. From a main thread use [open].
 *
 * @throws VideoIdException of category CONFIG where the settings cannot work.
 */
public class OneShot(config: OneShotConfig, hooks: HookListener? = null) : AutoCloseable {
    internal val native: NativeOneShot = native { NativeOneShot(config, hooks?.let(::HookBridge)) }

    /** The settings that it was made with, the billing password among them; their `toString` does not show it. */
    public val config: OneShotConfig get() = native { native.config() }

    /** Asks the Optimizer whether it is there. Safe to repeat. */
    public suspend fun hello(options: RequestOptions = RequestOptions()): Acknowledgement = native { native.hello(options.toNative()) }

    /** What the Optimizer says of itself. Safe to repeat. */
    public suspend fun version(options: RequestOptions = RequestOptions()): ServerVersion = native { native.version(options.toNative()) }

    /** The settings of the Optimizer. The billing password is among them, as Base64: show them to nobody. Safe to repeat. */
    public suspend fun getSettings(options: RequestOptions = RequestOptions()): OneShotSettings = native { native.getSettings(options.toNative()) }

    /**
     * Changes settings of the Optimizer: the sections that are given. Give whole sections: what becomes of keys that one leaves out is
     * not documented. A billing password in them goes as it is given: as Base64, as it is read. Where the answer is lost the exception
     * is `ambiguous`: read the settings.
     */
    public suspend fun updateSettings(settings: OneShotSettings, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { native.updateSettings(settings, options.toNative()) }

    /**
     * Stores an officer's credentials on the Optimizer under a token. What the token does not hold comes with each call. The same
     * credentials cannot be stored twice. Where the answer is lost the exception is `ambiguous`: list the tokens.
     */
    public suspend fun createToken(token: NewToken, options: RequestOptions = RequestOptions()): CreatedToken =
        native { native.createToken(token, options.toNative()) }

    /** What a token holds, without its secrets. Safe to repeat. */
    public suspend fun getToken(tokenUid: TokenUid, options: RequestOptions = RequestOptions()): Token =
        native { native.getToken(tokenUid, options.toNative()) }

    /**
     * Deletes a token. The demo token of the vendor's test installation cannot be deleted. Where the answer is lost the exception is
     * `ambiguous`: list the tokens.
     */
    public suspend fun deleteToken(tokenUid: TokenUid, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { native.deleteToken(tokenUid, options.toNative()) }

    /** All tokens of the Optimizer. Safe to repeat. */
    public suspend fun listTokens(options: RequestOptions = RequestOptions()): TokenList = native { native.listTokens(options.toNative()) }

    /**
     * Creates a classic request with images of the identity document and approves it in the same call: it starts as ENROLLREADY. With
     * `useasync` the service answers at once and approves later, see [getAsyncStatus]. The images are JPEG or PNG, files or bytes; a
     * passport has no rear.
     *
     * It costs a card and a bill. Where the answer is lost the exception is `ambiguous`, and the API lists no requests: ask the
     * registration authority before repeating it.
     */
    public suspend fun createOneshotRequest(
        request: NewOneShotRequest,
        documentFront: Source,
        documentRear: Source? = null,
        documentOwner: Source,
        extraDocument: Source? = null,
        options: RequestOptions = RequestOptions(),
    ): CreatedRequest = native {
        native.createOneshotRequest(
            request,
            documentFront.forReading(),
            documentRear?.forReading(),
            documentOwner.forReading(),
            extraDocument?.forReading(),
            options.toNative(),
        )
    }

    /** Reads a request. Images in the answer are skipped. Safe to repeat. */
    public suspend fun getOneshotRequest(requestPk: RequestPk, options: RequestOptions = RequestOptions()): Request =
        native { native.getOneshotRequest(requestPk, options.toNative()) }

    /**
     * Changes the data of a request. The service wants its card, registration authority, profile, e-mail and country each time; what
     * is left out of the first three is read from the request. Where the answer is lost the exception is `ambiguous`: read the request.
     */
    public suspend fun updateOneshotRequest(
        requestPk: RequestPk,
        update: RequestUpdate,
        options: RequestOptions = RequestOptions(),
    ): Acknowledgement = native { native.updateOneshotRequest(requestPk, update, options.toNative()) }

    /**
     * Cancels a request that is not issued yet, and removes what the Optimizer holds of it. The scratchcard stays consumed. Where the
     * answer is lost the exception is `ambiguous`: read the request.
     */
    public suspend fun cancelOneshotRequest(requestPk: RequestPk, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { native.cancelOneshotRequest(requestPk, options.toNative()) }

    /** How far a request has come that was created with `useasync`. Safe to repeat. */
    public suspend fun getAsyncStatus(requestPk: RequestPk, options: RequestOptions = RequestOptions()): AsyncStatus =
        native { native.getAsyncStatus(requestPk, options.toNative()) }

    /**
     * Creates a VideoID request and consumes a scratchcard; it starts as VIDEOPENDING. Whether the signer identifies at the link of the
     * answer (eIDAS) or the evidence is uploaded (External) is the registration authority's setting. What neither [videoid] nor the
     * client's settings have is left out: the Optimizer may have it.
     *
     * It costs a card and a bill. Where the answer is lost the exception is `ambiguous`, and the API lists no requests: ask the
     * registration authority before repeating it.
     */
    public suspend fun createVideoid(videoid: NewVideoId, options: RequestOptions = RequestOptions()): CreatedVideoId =
        native { native.createVideoid(videoid, options.toNative()) }

    /**
     * Uploads the evidence of a request in the External flow, streamed; before the video or after it. Where the answer is lost the
     * exception is `ambiguous`: read the request.
     */
    public suspend fun uploadVideoidEvidences(
        handle: VideoIdHandle,
        evidence: Evidence,
        options: RequestOptions = RequestOptions(),
    ): Acknowledgement = native { native.uploadVideoidEvidences(handle, evidence.native, options.toNative()) }

    /** Uploads the video of a request in the External flow, streamed. Where the answer is lost the exception is `ambiguous`: read the request. */
    public suspend fun uploadVideoidVideo(handle: VideoIdHandle, video: Source, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { video.sending { native.uploadVideoidVideo(handle, it, options.toNative()) } }

    /** Downloads the video of a request into a file with mode 0600, which is replaced where it exists. Safe to repeat. */
    public suspend fun downloadVideoidVideo(handle: VideoIdHandle, file: File, options: RequestOptions = RequestOptions()): DownloadedFile =
        native { native.downloadVideoidVideo(handle, file.path, options.toNative()) }

    /**
     * An officer approves a request in VIDEOREVIEW. Read the request afterwards: an approval that leaves it short of ENROLLREADY is no
     * success. Where the answer is lost the exception is `ambiguous`: read the request.
     */
    public suspend fun approveOneshotVideoid(
        handle: VideoIdHandle,
        rao: OneShotRao,
        options: RequestOptions = RequestOptions(),
    ): Acknowledgement = native { native.approveOneshotVideoid(handle, rao, options.toNative()) }

    /**
     * An officer refuses the identification, with a reason. Which status the request has afterwards is not documented: read it. Where
     * the answer is lost the exception is `ambiguous`: read the request.
     */
    public suspend fun refuseOneshotVideoid(
        handle: VideoIdHandle,
        rao: OneShotRao,
        reason: String,
        options: RequestOptions = RequestOptions(),
    ): Acknowledgement = native { native.refuseOneshotVideoid(handle, rao, reason, options.toNative()) }

    /**
     * An officer validates the identification, the first step of the 2-step mode: the request becomes CREATED. Only in the dialect
     * Legacy; `unsupported` in Current. Where the answer is lost the exception is `ambiguous`: read the request.
     */
    public suspend fun validateOneshotVideoid(
        handle: VideoIdHandle,
        rao: OneShotRao,
        options: RequestOptions = RequestOptions(),
    ): Acknowledgement = native { native.validateOneshotVideoid(handle, rao, options.toNative()) }

    /**
     * Uploads documents to be signed: one to ten, each a PDF or the JSON of a digest ([DocumentHash], at most one in a call); their
     * bytes say which. They are sent in pieces, and looked at before: files or bytes, no streams. Where the answer is lost the exception
     * is `ambiguous`: list the documents.
     */
    public suspend fun uploadDocuments(
        requestPk: RequestPk,
        documents: List<Source>,
        options: RequestOptions = RequestOptions(),
    ): UploadedDocuments = native { native.uploadDocuments(requestPk, documents.map { it.forReading() }, options.toNative()) }

    /** The documents of a request. Safe to repeat. */
    public suspend fun listDocuments(requestPk: RequestPk, options: RequestOptions = RequestOptions()): OneShotDocuments =
        native { native.listDocuments(requestPk, options.toNative()) }

    /**
     * Downloads a document, as it was uploaded or signed, into a file with mode 0600, which is replaced where it exists. `not_found`
     * also before it is signed. Safe to repeat.
     */
    public suspend fun getDocument(
        requestPk: RequestPk,
        documentUid: DocumentUid,
        version: DocumentVersion,
        file: File,
        options: RequestOptions = RequestOptions(),
    ): DownloadedFile = native { native.getDocument(requestPk, documentUid, version, file.path, options.toNative()) }

    /**
     * Deletes a document from the Optimizer, which never does so by itself. In Legacy [version] says which one; in Current all that there
     * is of it. Where the answer is lost the exception is `ambiguous`: list the documents.
     */
    public suspend fun deleteDocument(
        requestPk: RequestPk,
        documentUid: DocumentUid,
        version: DocumentVersion,
        options: RequestOptions = RequestOptions(),
    ): Acknowledgement = native { native.deleteDocument(requestPk, documentUid, version, options.toNative()) }

    /** Deletes all documents of a request from the Optimizer. Where the answer is lost the exception is `ambiguous`: list the documents. */
    public suspend fun deleteDocuments(requestPk: RequestPk, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { native.deleteDocuments(requestPk, options.toNative()) }

    /** Downloads the service contract, which the signer must see before signing, into a file with mode 0600. Safe to repeat. */
    public suspend fun getContract(requestPk: RequestPk, file: File, options: RequestOptions = RequestOptions()): DownloadedFile =
        native { native.getContract(requestPk, file.path, options.toNative()) }

    /**
     * Sends the signer a one-time password: by SMS, or as [deliveryMethod] says. Not needed with an external unlock.
     *
     * Never repeated: each call sends a message, and an earlier one may become void. At most one a minute: the answer says from when on
     * another one can be asked for, and the exception `otp_too_soon` has [VideoIdException.retryAfter].
     */
    public suspend fun generateOtp(
        requestPk: RequestPk,
        deliveryMethod: OtpDelivery? = null,
        options: RequestOptions = RequestOptions(),
    ): Otp = native { native.generateOtp(requestPk, deliveryMethod, options.toNative()) }

    /**
     * Signs all documents of a request, with the one-time password or an external unlock; it becomes ISSUED. Never repeated: which
     * documents a lost call signed is seen by reading the request.
     */
    public suspend fun sign(requestPk: RequestPk, signing: Signing, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { native.sign(requestPk, signing, options.toNative()) }

    /** Uploads a PNG image for visible signatures; a file or bytes. Where the answer is lost the exception is `ambiguous`: list the images. */
    public suspend fun uploadImage(image: Source, options: RequestOptions = RequestOptions()): UploadedImage =
        native { native.uploadImage(image.forReading(), options.toNative()) }

    /** Downloads a signature image into a file with mode 0600, which is replaced where it exists. Safe to repeat. */
    public suspend fun getImage(imageUid: ImageUid, file: File, options: RequestOptions = RequestOptions()): DownloadedFile =
        native { native.getImage(imageUid, file.path, options.toNative()) }

    /** The uids of all signature images. Safe to repeat. */
    public suspend fun listImages(options: RequestOptions = RequestOptions()): ImageList = native { native.listImages(options.toNative()) }

    /** Deletes a signature image. Where the answer is lost the exception is `ambiguous`: list the images. */
    public suspend fun deleteImage(imageUid: ImageUid, options: RequestOptions = RequestOptions()): Acknowledgement =
        native { native.deleteImage(imageUid, options.toNative()) }

    /** Deletes all signature images of the Optimizer, whoever uploaded them. Where the answer is lost the exception is `ambiguous`: list the images. */
    public suspend fun deleteImages(options: RequestOptions = RequestOptions()): Acknowledgement =
        native { native.deleteImages(options.toNative()) }

    /**
     * Ends the client: calls that come after it fail with `client_closed`, calls that are under way go on. May be called twice. A client
     * that is forgotten is freed by the garbage collector, later.
     */
    override fun close() {
        native { native.closeClient() }
    }

    override fun toString(): String = "OneShot"

    public companion object {
        /** As the constructor, on a background thread. */
        public suspend fun open(config: OneShotConfig, hooks: HookListener? = null): OneShot =
            withContext(Dispatchers.IO) { OneShot(config, hooks) }
    }
}

/** The settings from the environment; each field's documentation names its variable. @throws VideoIdException `config_invalid`. */
public fun OneShotConfig.Companion.fromEnv(): OneShotConfig = native { oneShotConfigFromEnv() }
