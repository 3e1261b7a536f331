import Foundation
import VideoIDNative

/// A document that proves what the video of an eIDAS request does not, the power to represent for example. Its description shows neither
/// label nor content.
public struct EvidenceDocument: Sendable, CustomStringConvertible, CustomReflectable {
    /// What it is, in the customer's words: the service shows it to who approves.
    public var label: String
    /// The file. It must be such that can be read again: no stream.
    public var document: Source

    /// A document with what it is.
    public init(label: String, document: Source) {
        self.label = label
        self.document = document
    }

    public var description: String { "EvidenceDocument" }

    /// Shows neither label nor content.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

/// eIDAS VideoID: the user identifies on the vendor's page, and the vendor's operator validates. One object is one request.
///
/// ``start(_:options:)`` gives the link for the user; ``waitForUser(deadline:poll:maxPoll:inbox:options:)`` and
/// ``waitForOperator(deadline:poll:maxPoll:inbox:options:)`` wait for the two who act elsewhere. A profile of a natural person is ENROLLREADY once the
/// operator has validated; another one is CREATED, and ``complete(_:documents:options:)``, ``papers(raoID:options:)`` and
/// ``approve(_:options:)`` bring it there. A waiting step lets others in between two looks.
public final class EidasVideoID: Workflow {
    private let native: VideoIDNative.Workflow

    /// A new workflow.
    ///
    /// - Parameters:
    ///   - onEvent: is told of steps, statuses and warnings, on a worker thread.
    ///   - store: keeps the state, so that the workflow can be gone on with in another process.
    public init(_ ra: RegistrationAuthority, onEvent: WorkflowListener? = nil, store: StateStore? = nil) {
        native = newWorkflow(.eidasVideoId, ra, onEvent, store)
    }

    /// Goes on with a workflow from its state; inputs and credentials are given again with each call.
    ///
    /// - Throws: ``VideoIDError`` with `format_unsupported` where a newer version has written the state, `field_invalid` where it is one of another
    ///   flow, or none.
    public init(resuming state: String, with ra: RegistrationAuthority, onEvent: WorkflowListener? = nil, store: StateStore? = nil) throws {
        native = try resumedWorkflow(.eidasVideoId, ra, state, onEvent, store)
    }

    public var state: String { native.state() }

    public var waysOn: [WayOn] { native.waysOn() }

    /// Takes a scratchcard, creates the request and reads it back, for the user's link. The service writes to the e-mail address and the mobile
    /// phone of the request. May be called again, for the link too: what was done is not done twice.
    public func start(_ request: NewRequest, options: RequestOptions = RequestOptions()) async throws -> Started {
        try await calling(options) { try await self.native.start(request: request, options: $0) }
    }

    /// Waits until the user is done: VIDEOREVIEW or later, or VIDEOINCOMPLETE or VIDEOERROR, which are outcomes with their ways on and no errors.
    /// Looks, and takes webhooks, as ``RegistrationAuthority/waitFor(_:statuses:deadline:poll:maxPoll:inbox:options:)`` does. Only reads; ends
    /// when its task is cancelled.
    ///
    /// - Parameters:
    ///   - deadline: how many seconds to wait at most.
    ///   - poll: the first pause between two looks in seconds; the next ones grow up to `maxPoll`.
    /// - Throws: ``VideoIDError`` with `wait_deadline` (retryable), `workflow_step` before ``start(_:options:)``, `unexpected_status` for a request
    ///   that was cancelled.
    public func waitForUser(
        deadline: TimeInterval, poll: TimeInterval = 2, maxPoll: TimeInterval = 60, inbox: WebhookInbox? = nil,
        options: RequestOptions = RequestOptions()
    ) async throws -> Progressed {
        let limits = WaitLimits(deadlineMs: milliseconds(deadline), pollMs: milliseconds(poll), maxPollMs: milliseconds(maxPoll))
        return try await calling(options) { try await self.native.waitForUser(limits: limits, inbox: inbox?.native, options: $0) }
    }

    /// Waits until the vendor's operator is done: CREATED, ENROLLREADY, ISSUED, or a VideoID that is REFUSED. At VIDEOINCOMPLETE and VIDEOERROR it
    /// ends as well, with the ways on. Otherwise as ``waitForUser(deadline:poll:maxPoll:inbox:options:)``.
    public func waitForOperator(
        deadline: TimeInterval, poll: TimeInterval = 2, maxPoll: TimeInterval = 60, inbox: WebhookInbox? = nil,
        options: RequestOptions = RequestOptions()
    ) async throws -> Progressed {
        let limits = WaitLimits(deadlineMs: milliseconds(deadline), pollMs: milliseconds(poll), maxPollMs: milliseconds(maxPoll))
        return try await calling(options) { try await self.native.waitForOperator(limits: limits, inbox: inbox?.native, options: $0) }
    }

    /// Gives a request in CREATED what its profile needs beside the video: the update of its data, then the documents. Nothing is sent where
    /// the request is ENROLLREADY. Progress counts each upload from zero. May be called again: what has arrived is not sent twice.
    ///
    /// - Throws: ``VideoIDError`` of the calls; `field_missing` without a label; `body_not_repeatable` for a stream; `unexpected_status` before the
    ///   operator has validated and after a refusal.
    @discardableResult
    public func complete(
        _ update: RequestUpdate? = nil, documents: [EvidenceDocument] = [], options: RequestOptions = RequestOptions()
    ) async throws -> Progressed {
        try await calling(options) { options in
            let documents = try documents.map { VideoIDNative.EvidenceDocument(label: $0.label, document: try $0.document.forReading()) }
            return try await self.native.complete(update: update, documents: documents, options: options)
        }
    }

    /// Fetches declaration and contract of a request in CREATED, to be shown to the officer before ``approve(_:options:)``; neither where it is
    /// ENROLLREADY. Taken as safe to repeat: see ASSUMPTIONS.md.
    public func papers(raoID: String, options: RequestOptions = RequestOptions()) async throws -> OfficerOutcome {
        try await calling(options) { try await self.native.papers(raoId: raoID, options: $0) }
    }

    /// An officer approves a request in CREATED; the status is read back. It never validates: that is the vendor's operator's.
    public func approve(_ rao: RaoCredentials, options: RequestOptions = RequestOptions()) async throws -> OfficerOutcome {
        try await calling(options) { try await self.native.approve(rao: rao, options: $0) }
    }

    @discardableResult
    public func cancel(options: RequestOptions = RequestOptions()) async throws -> Progressed {
        try await calling(options) { try await self.native.cancel(options: $0) }
    }

    public var description: String { "EidasVideoID" }
}
