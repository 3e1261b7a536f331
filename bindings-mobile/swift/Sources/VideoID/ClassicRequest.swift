import Foundation
import VideoIDNative

/// A document of a classic request: a side of the identity document, the holder with it, or a further one. Its description shows no content.
public struct ClassicDocument: Sendable, CustomStringConvertible, CustomReflectable {
    /// Which document it is.
    public var documentType: DocumentType
    /// The file. It must be such that can be read again: no stream.
    public var document: Source

    /// A document with what it is.
    public init(_ documentType: DocumentType, document: Source) {
        self.documentType = documentType
        self.document = document
    }

    public var description: String { "ClassicDocument(\(documentType))" }

    /// Shows no content.
    public var customMirror: Mirror { Mirror(self, children: ["documentType": documentType]) }
}

/// A classic request: the officer identifies the holder, and the documents are uploaded. One object is one request.
public final class ClassicRequest: Workflow {
    private let native: VideoIDNative.Workflow

    /// A new workflow.
    ///
    /// - Parameters:
    ///   - onEvent: is told of steps, statuses and warnings, on a worker thread.
    ///   - store: keeps the state, so that the workflow can be gone on with in another process.
    public init(_ ra: RegistrationAuthority, onEvent: WorkflowListener? = nil, store: StateStore? = nil) {
        native = newWorkflow(.classic, ra, onEvent, store)
    }

    /// Goes on with a workflow from its state; inputs and credentials are given again with each call.
    ///
    /// - Throws: ``VideoIDError`` with `format_unsupported` where a newer version has written the state, `field_invalid` where it is one of another
    ///   flow, or none.
    public init(resuming state: String, with ra: RegistrationAuthority, onEvent: WorkflowListener? = nil, store: StateStore? = nil) throws {
        native = try resumedWorkflow(.classic, ra, state, onEvent, store)
    }

    public var state: String { native.state() }

    public var waysOn: [WayOn] { native.waysOn() }

    /// Takes a scratchcard, creates the request and uploads the documents; the request is CREATED then. The documents are looked at before the
    /// request costs a card. Progress counts each upload from zero. May be called again: what has arrived is not sent twice.
    ///
    /// - Throws: ``VideoIDError`` of the calls; `no_scratchcard`; `source_unreadable`, `image_damaged` and the like for a document;
    ///   `body_not_repeatable` for a stream.
    public func submit(
        _ request: NewRequest, documents: [ClassicDocument], options: RequestOptions = RequestOptions()
    ) async throws -> Submission {
        try await calling(options) { options in
            let documents = try documents.map {
                VideoIDNative.ClassicDocument(documentType: $0.documentType, document: try $0.document.forReading())
            }
            return try await self.native.submitDocuments(request: request, documents: documents, options: options)
        }
    }

    /// Fetches declaration and contract, to be shown to the officer before ``approve(_:options:)``; neither where the request is ENROLLREADY.
    /// Taken as safe to repeat: see ASSUMPTIONS.md.
    public func papers(raoID: String, options: RequestOptions = RequestOptions()) async throws -> OfficerOutcome {
        try await calling(options) { try await self.native.papers(raoId: raoID, options: $0) }
    }

    /// An officer approves, after ``papers(raoID:options:)`` or reading them first; the status is read back.
    public func approve(_ rao: RaoCredentials, options: RequestOptions = RequestOptions()) async throws -> OfficerOutcome {
        try await calling(options) { try await self.native.approve(rao: rao, options: $0) }
    }

    @discardableResult
    public func cancel(options: RequestOptions = RequestOptions()) async throws -> Progressed {
        try await calling(options) { try await self.native.cancel(options: $0) }
    }

    public var description: String { "ClassicRequest" }
}
