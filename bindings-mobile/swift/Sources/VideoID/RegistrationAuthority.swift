import Foundation
import VideoIDNative

/// A client of the Registration Authority API.
///
/// One client serves any number of tasks at once and keeps its connections: make one and ``close()`` it at the end. Cancelling the task
/// cancels the call and closes its connection. The client certificate and the officers' credentials belong on a backend, never in an app.
public final class RegistrationAuthority: Sendable, CustomStringConvertible {
    let native: VideoIDNative.RegistrationAuthority

    /// A client. Reads the TLS files of the settings, nothing else: it opens no connection.
    ///
    /// - Parameter onEvent: is told of attempts, repetitions and outcomes, on a worker thread; nothing personal is in the events.
    /// - Throws: ``VideoIDError`` of category ``ErrorCategory/config`` where the settings cannot work.
    public init(_ config: RaConfig, onEvent: (@Sendable (HookEvent) -> Void)? = nil) throws {
        native = try VideoID.native { try VideoIDNative.RegistrationAuthority(config: config, hooks: onEvent.map(HookBridge.init)) }
    }

    /// The next unused scratchcard of a registration authority. It is not reserved: create decides. Safe to repeat.
    public func getFirstUnusedScratchcard(
        registrationAuthority: RaId? = nil, options: RequestOptions = RequestOptions()
    ) async throws -> Scratchcard {
        try await calling(options) {
            try await self.native.getFirstUnusedScratchcard(registrationAuthority: registrationAuthority, options: $0)
        }
    }

    /// Creates a request, which consumes its scratchcard. Not repeated by itself: where the answer is lost the error is `ambiguous` and says
    /// what to look at.
    public func createRequest(_ request: NewRequest, options: RequestOptions = RequestOptions()) async throws -> Request {
        try await calling(options) { try await self.native.createRequest(request: request, options: $0) }
    }

    /// Reads a request. The images that the service shows are skipped, or written to a folder with mode 0600; they never stand in memory.
    /// Safe to repeat.
    public func getRequest(_ requestPk: RequestPk, imagesTo folder: URL? = nil, options: RequestOptions = RequestOptions()) async throws -> Request {
        try await calling(options) { try await self.native.getRequest(requestPk: requestPk, imagesDir: folder?.path, options: $0) }
    }

    /// One page of the requests that match the filter. Safe to repeat.
    public func listRequests(_ filter: RequestFilter = RequestFilter(), options: RequestOptions = RequestOptions()) async throws -> RequestPage {
        try await calling(options) { try await self.native.listRequests(filter: filter, options: $0) }
    }

    /// Cancels a request. Where the answer is lost the error is `ambiguous`: read the request.
    @discardableResult
    public func cancelRequest(_ requestPk: RequestPk, options: RequestOptions = RequestOptions()) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.cancelRequest(requestPk: requestPk, options: $0) }
    }

    /// Uploads the evidence of a request, streamed. Needs the setting `videoPk`, which has no default: the documents leave open which id the
    /// address takes.
    @discardableResult
    public func uploadEvidence(
        _ requestPk: RequestPk, evidence: Evidence, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.uploadEvidence(requestPk: requestPk, evidence: evidence.native, options: $0) }
    }

    /// Uploads the video of a request, streamed, to the host for videos.
    @discardableResult
    public func uploadVideo(
        _ videoIdentifier: VideoIdentifier, video: Source, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) { options in
            try await video.sending { try await self.native.uploadVideo(videoIdentifier: videoIdentifier, video: $0, options: options) }
        }
    }

    /// Downloads the video of a request into a file with mode 0600, which must not exist. Safe to repeat.
    @discardableResult
    public func downloadVideo(
        _ videoIdentifier: VideoIdentifier, to file: URL, options: RequestOptions = RequestOptions()
    ) async throws -> DownloadedFile {
        try await calling(options) { try await self.native.downloadVideo(videoIdentifier: videoIdentifier, path: file.path, options: $0) }
    }

    /// An officer validates the identification. Never repeated: the secrets of the answer cannot be had again. Read the request afterwards, its
    /// status decides what comes next.
    public func validateVideoid(_ requestPk: RequestPk, rao: RaoCredentials, options: RequestOptions = RequestOptions()) async throws -> Approval {
        try await calling(options) { try await self.native.validateVideoid(requestPk: requestPk, rao: rao, options: $0) }
    }

    /// An officer refuses the identification, with a reason.
    public func refuseVideoid(
        _ requestPk: RequestPk, rao: RaoCredentials, reason: String, options: RequestOptions = RequestOptions()
    ) async throws -> Refusal {
        try await calling(options) { try await self.native.refuseVideoid(requestPk: requestPk, rao: rao, reason: reason, options: $0) }
    }

    /// The text that an officer declares when approving. Safe to repeat.
    public func generateDeclaration(_ requestPk: RequestPk, raoID: String, options: RequestOptions = RequestOptions()) async throws -> Declaration {
        try await calling(options) { try await self.native.generateDeclaration(requestPk: requestPk, raoId: raoID, options: $0) }
    }

    /// A document of a request, the contract for example. Safe to repeat.
    public func getRequestDocument(
        _ requestPk: RequestPk, documentType: DocumentType, raoID: String? = nil, options: RequestOptions = RequestOptions()
    ) async throws -> Document {
        try await calling(options) {
            try await self.native.getRequestDocument(requestPk: requestPk, documentType: documentType, raoId: raoID, options: $0)
        }
    }

    /// Has the service generate a document, the contract for example. Safe to repeat.
    public func generateDocument(
        _ requestPk: RequestPk, doctype: GeneratedDocument, options: RequestOptions = RequestOptions()
    ) async throws -> Document {
        try await calling(options) { try await self.native.generateDocument(requestPk: requestPk, doctype: doctype, options: $0) }
    }

    /// An officer approves a request. Never repeated: the secrets of the answer cannot be had again.
    public func approveRequest(
        _ requestPk: RequestPk, rao: RaoCredentials, lang: String? = nil, options: RequestOptions = RequestOptions()
    ) async throws -> Approval {
        try await calling(options) { try await self.native.approveRequest(requestPk: requestPk, rao: rao, lang: lang, options: $0) }
    }

    /// The pre-authenticated link by which the holder finishes. The service mails it by itself; fetch it only where it is needed.
    public func getPreauthLink(_ requestPk: RequestPk, options: RequestOptions = RequestOptions()) async throws -> PreauthLink {
        try await calling(options) { try await self.native.getPreauthLink(requestPk: requestPk, options: $0) }
    }

    /// Ends the client: calls that come after it fail with `client_closed`, calls that are under way go on. May be called twice.
    public func close() {
        native.closeClient()
    }

    public var description: String { "RegistrationAuthority" }
}

private final class HookBridge: HookListener {
    private let listener: @Sendable (HookEvent) -> Void

    init(_ listener: @escaping @Sendable (HookEvent) -> Void) {
        self.listener = listener
    }

    func onEvent(event: HookEvent) {
        listener(event)
    }
}
