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

    /// One page of the scratchcards that match the filter, with their secrets where the service shows them. Safe to repeat.
    public func listScratchcards(
        _ filter: ScratchcardFilter = ScratchcardFilter(), options: RequestOptions = RequestOptions()
    ) async throws -> ScratchcardPage {
        try await calling(options) { try await self.native.listScratchcards(filter: filter, options: $0) }
    }

    /// A scratchcard by its primary key, with its secrets where the service shows them. Safe to repeat.
    public func getScratchcard(_ scratchcardPk: ScratchcardPk, options: RequestOptions = RequestOptions()) async throws -> Scratchcard {
        try await calling(options) { try await self.native.getScratchcard(scratchcardPk: scratchcardPk, options: $0) }
    }

    /// Whether a request has consumed a scratchcard. Safe to repeat. That a card is free says nothing of the next moment: creating the
    /// request decides.
    public func isScratchcardUsed(_ sn: ScratchcardSn, options: RequestOptions = RequestOptions()) async throws -> ScratchcardUse {
        try await calling(options) { try await self.native.isScratchcardUsed(sn: sn, options: $0) }
    }

    /// Creates a request, which consumes its scratchcard. Not repeated by itself: where the answer is lost the error is `ambiguous` and says
    /// what to look at. What the documented profile asks for and the request lacks comes to the hooks as a `warning`; with the setting
    /// `strict` it is the error `field_missing` or `field_invalid`. See ``checkRequest(_:flow:)``.
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

    /// Replaces the data of a request: what the update leaves out is not kept. Where the answer is lost the error is `ambiguous`: read the
    /// request.
    @discardableResult
    public func updateRequest(
        _ requestPk: RequestPk, update: RequestUpdate, options: RequestOptions = RequestOptions()
    ) async throws -> Request {
        try await calling(options) { try await self.native.updateRequest(requestPk: requestPk, update: update, options: $0) }
    }

    /// Which fields of a request the service finds fault with; empty where there is none. Safe to repeat.
    public func validateRequest(_ requestPk: RequestPk, options: RequestOptions = RequestOptions()) async throws -> RequestFieldCheck {
        try await calling(options) { try await self.native.validateRequest(requestPk: requestPk, options: $0) }
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

    /// Uploads a document of a request, streamed. Where the answer is lost the error is `ambiguous`: list the documents, one of that type
    /// says that it has arrived.
    @discardableResult
    public func uploadRequestDocument(
        _ requestPk: RequestPk, documentType: DocumentType, document: Source, options: RequestOptions = RequestOptions()
    ) async throws -> UploadedDocument {
        try await calling(options) { options in
            try await document.sending {
                try await self.native.uploadRequestDocument(requestPk: requestPk, documentType: documentType, document: $0, options: options)
            }
        }
    }

    /// Deletes a document of a request. Where the answer is lost the error is `ambiguous`: list the documents.
    @discardableResult
    public func deleteRequestDocument(
        _ requestPk: RequestPk, documentPk: DocumentPk, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.deleteRequestDocument(requestPk: requestPk, documentPk: documentPk, options: $0) }
    }

    /// The documents of a request, with their bytes where the service shows them. Safe to repeat.
    public func listRequestDocuments(_ requestPk: RequestPk, options: RequestOptions = RequestOptions()) async throws -> RequestDocuments {
        try await calling(options) { try await self.native.listRequestDocuments(requestPk: requestPk, options: $0) }
    }

    /// Uploads a document that proves what the video of a request does not, streamed. Where the answer is lost the error is `ambiguous`: list
    /// the documents.
    ///
    /// - Parameter label: what it is; the service shows it to who approves.
    @discardableResult
    public func uploadVideoidEvidenceDocument(
        _ requestPk: RequestPk, label: String, document: Source, options: RequestOptions = RequestOptions()
    ) async throws -> UploadedDocument {
        try await calling(options) { options in
            try await document.sending {
                try await self.native.uploadVideoidEvidenceDocument(requestPk: requestPk, label: label, document: $0, options: options)
            }
        }
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

    /// Whether an e-mail address and a phone number may be used again, or too many people share them. That they may not (`ko`) is an answer
    /// and no error. Safe to repeat.
    public func checkContactData(_ data: ContactData, options: RequestOptions = RequestOptions()) async throws -> ContactDataCheck {
        try await calling(options) { try await self.native.checkContactData(data: data, options: $0) }
    }

    /// What is known of the client certificate that is shown to the API; `nil` where there is none. From `certificateWarningDays` before its
    /// end on, the hooks get a `warning`.
    public var clientCertificate: CertificateInfo? { native.clientCertificate() }

    /// Shows another client certificate from now on. Nothing is interrupted: calls that run end on their connection, later ones open a new
    /// one. Reads the files that the identity names, on a background thread. Safe to repeat.
    ///
    /// - Throws: ``VideoIDError`` with `tls_identity_invalid` or `tls_key_mismatch`; the certificate in use stays then.
    @discardableResult
    public func replaceIdentity(_ identity: ClientIdentity) async throws -> CertificateInfo {
        try await calling(RequestOptions()) { _ in try await self.native.replaceIdentity(identity: identity) }
    }

    /// Ends the client: calls that come after it fail with `client_closed`, calls that are under way go on. May be called twice.
    public func close() {
        native.closeClient()
    }

    public var description: String { "RegistrationAuthority" }
}

extension RaConfig {
    /// The settings from the environment; each field's documentation names its variable.
    ///
    /// - Throws: ``VideoIDError`` with `config_invalid`.
    public static func fromEnvironment() throws -> RaConfig {
        try native { try raConfigFromEnv() }
    }
}

/// Hands the events of a client to its listener.
final class HookBridge: HookListener {
    private let listener: @Sendable (HookEvent) -> Void

    init(_ listener: @escaping @Sendable (HookEvent) -> Void) {
        self.listener = listener
    }

    func onEvent(event: HookEvent) {
        listener(event)
    }
}
