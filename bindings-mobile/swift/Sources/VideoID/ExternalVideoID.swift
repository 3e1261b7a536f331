import Foundation
import VideoIDNative

/// External VideoID, the flow in which the caller's platform collects the evidence: from a scratchcard to VIDEOREVIEW as one call, the
/// officer's steps after it. One object is one request.
public final class ExternalVideoID: Sendable, CustomStringConvertible {
    private let native: ExternalVideoId

    /// A new workflow.
    ///
    /// - Parameters:
    ///   - onEvent: is told of steps, statuses and warnings, on a worker thread.
    ///   - store: keeps the state, so that the workflow can be gone on with in another process. Called on a background thread before each call that
    ///     changes something at the service, and after its outcome; the workflow waits. What it throws ends the workflow before the call is made.
    public init(
        _ ra: RegistrationAuthority, onEvent: (@Sendable (WorkflowEvent) -> Void)? = nil, store: (@Sendable (String) throws -> Void)? = nil
    ) {
        native = ExternalVideoId(ra: ra.native, store: store.map(StoreBridge.init), events: onEvent.map(EventBridge.init))
    }

    /// Goes on with a workflow from its state; inputs and credentials are given again with each call.
    ///
    /// - Throws: ``VideoIDError`` with `format_unsupported` where a newer version has written the state.
    public init(
        resuming state: String, with ra: RegistrationAuthority, onEvent: (@Sendable (WorkflowEvent) -> Void)? = nil,
        store: (@Sendable (String) throws -> Void)? = nil
    ) throws {
        native = try VideoID.native {
            try ExternalVideoId.resume(ra: ra.native, state: state, store: store.map(StoreBridge.init), events: onEvent.map(EventBridge.init))
        }
    }

    /// The state as JSON: what ``init(resuming:with:onEvent:store:)`` takes, in any language of this library. It holds ids, step and digests, no
    /// secrets and no evidence.
    public var state: String { native.state() }

    /// Takes a scratchcard, creates the request and uploads evidence and video; the service has all of it then (VIDEOREVIEW). After a failure it
    /// may be called again with the same input and goes on where it stopped.
    public func submit(
        _ request: NewRequest, evidence: Evidence, video: Source, options: RequestOptions = RequestOptions()
    ) async throws -> Submission {
        try await calling(options) { options in
            try await video.sending {
                try await self.native.submit(request: request, evidence: evidence.native, video: $0, options: options)
            }
        }
    }

    /// An officer validates; the status is read back, and declaration and contract are fetched where an approval comes next.
    public func validate(_ rao: RaoCredentials, options: RequestOptions = RequestOptions()) async throws -> OfficerOutcome {
        try await calling(options) { try await self.native.validate(rao: rao, options: $0) }
    }

    /// An officer approves, and validates first where that is still to be done; the status is read back.
    public func approve(_ rao: RaoCredentials, options: RequestOptions = RequestOptions()) async throws -> OfficerOutcome {
        try await calling(options) { try await self.native.approve(rao: rao, options: $0) }
    }

    /// An officer refuses, with a reason; the status is read back.
    public func refuse(_ rao: RaoCredentials, reason: String, options: RequestOptions = RequestOptions()) async throws -> OfficerOutcome {
        try await calling(options) { try await self.native.refuse(rao: rao, reason: reason, options: $0) }
    }

    public var description: String { "ExternalVideoID" }
}

private final class StoreBridge: StateStore {
    private let store: @Sendable (String) throws -> Void

    init(_ store: @escaping @Sendable (String) throws -> Void) {
        self.store = store
    }

    func save(state: String) throws {
        do {
            try store(state)
        } catch {
            // The text of a foreign error may hold anything; only the fact goes on.
            throw StoreError.NotKept
        }
    }
}

private final class EventBridge: EventListener {
    private let listener: @Sendable (WorkflowEvent) -> Void

    init(_ listener: @escaping @Sendable (WorkflowEvent) -> Void) {
        self.listener = listener
    }

    func onEvent(event: WorkflowEvent) {
        listener(event)
    }
}
