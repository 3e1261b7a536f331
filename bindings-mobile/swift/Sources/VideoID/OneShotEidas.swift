import Foundation
import VideoIDNative

/// eIDAS VideoID on the One-Shot API: the user identifies on the vendor's page, and an officer approves. One object is one request, from the
/// create call to the signed documents; ``OneShotWorkflow`` has the steps after ``waitForUser(deadline:poll:maxPoll:inbox:options:)``.
public final class OneShotEidas: OneShotWorkflow, @unchecked Sendable {
    /// A new workflow.
    ///
    /// - Parameters:
    ///   - onEvent: is told of steps, statuses and warnings, on a worker thread.
    ///   - store: keeps the state, so that the workflow can be gone on with in another process.
    public init(_ client: OneShot, onEvent: WorkflowListener? = nil, store: StateStore? = nil) {
        super.init(.eidasVideoId, client, onEvent, store)
    }

    /// Goes on with a workflow from its state; inputs and credentials are given again with each call.
    ///
    /// - Throws: ``VideoIDError`` with `format_unsupported` where a newer version has written the state, `field_invalid` where it is one of another
    ///   flow, or none.
    public init(resuming state: String, with client: OneShot, onEvent: WorkflowListener? = nil, store: StateStore? = nil) throws {
        try super.init(.eidasVideoId, resuming: state, client, onEvent, store)
    }

    /// Creates the request and gives the link for the signer, which the service shows once. Called again it gives the same request, with the link
    /// where the service shows it.
    ///
    /// - Throws: ``VideoIDError`` of ``OneShot/createVideoid(_:options:)``; `ambiguous` where its answer is lost: then ``OneShotWorkflow/adopt(_:)``
    ///   or ``OneShotWorkflow/createAnew()``.
    public func start(_ videoid: NewVideoId, options: RequestOptions = RequestOptions()) async throws -> OneShotStarted {
        try await calling(options) { try await self.native.start(videoid: videoid, options: $0) }
    }

    /// Waits until the user is done, has left or has failed: VIDEOREVIEW or later, VIDEOINCOMPLETE, VIDEOERROR. The last two are outcomes with
    /// their ways on, and no errors. With an inbox a webhook brings the next look forward; only what a look shows counts. Other steps may run
    /// between two looks. Only reads; ends when its task is cancelled.
    ///
    /// - Parameters:
    ///   - deadline: how many seconds to wait at most.
    ///   - poll: the first pause between two looks in seconds; the next ones grow up to `maxPoll`.
    /// - Throws: ``VideoIDError`` with `wait_deadline` (retryable), `workflow_step` before ``start(_:options:)``, `field_invalid` for the limits; those of
    ///   ``OneShot/getOneshotRequest(_:options:)`` that are not retryable.
    public func waitForUser(
        deadline: TimeInterval, poll: TimeInterval = 2, maxPoll: TimeInterval = 60, inbox: WebhookInbox? = nil,
        options: RequestOptions = RequestOptions()
    ) async throws -> OneShotOutcome {
        let limits = WaitLimits(deadlineMs: milliseconds(deadline), pollMs: milliseconds(poll), maxPollMs: milliseconds(maxPoll))
        return try await calling(options) { try await self.native.waitForUser(limits: limits, inbox: inbox?.native, options: $0) }
    }
}
