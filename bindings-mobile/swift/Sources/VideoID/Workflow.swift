import Foundation
import VideoIDNative

/// A request on its way to ENROLLREADY: ``ExternalVideoID``, ``EidasVideoID`` or ``ClassicRequest``, which have the steps of their flow.
///
/// Steps of one workflow run one after the other, from however many tasks they are called. After an error the same step may be called
/// again: it looks at the service first, and does nothing twice. To go on in another process keep ``state``.
public protocol Workflow: AnyObject, Sendable, CustomStringConvertible {
    /// The state as JSON: what `init(resuming:with:onEvent:store:)` of the same flow takes, in any language of this library. It holds ids, step and
    /// digests, no secrets, no evidence and no documents.
    var state: String { get }

    /// What can be done where the request does not go ahead, by the status that the service showed last: after VIDEOINCOMPLETE and
    /// VIDEOERROR for example, the least costly first. Sends nothing. Empty before there is a request. Advice, not a rule.
    var waysOn: [WayOn] { get }

    /// An officer approves the request; the status is read back. Safe to call again after an error.
    func approve(_ rao: RaoCredentials, options: RequestOptions) async throws -> OfficerOutcome

    /// Cancels the request and forgets it: the next first step takes another scratchcard and creates another request. The card of the
    /// cancelled one stays consumed. May be called again after an error: it looks at the request first.
    ///
    /// - Throws: ``VideoIDError`` with `workflow_step` before there is a request, `unexpected_status` for one that is issued, `invalid_status`,
    ///   `ambiguous`.
    @discardableResult
    func cancel(options: RequestOptions) async throws -> Progressed
}

/// Is told of steps, statuses and warnings of a workflow, on a worker thread, never on the main thread. Nothing personal is in them.
public typealias WorkflowListener = @Sendable (WorkflowEvent) -> Void

/// Keeps the state of a workflow, so that it can be gone on with in another process.
///
/// Called on a background thread before each call that changes something at the service, and after its outcome; the workflow waits. What
/// it throws ends the workflow before the call is made.
public typealias StateStore = @Sendable (String) throws -> Void

/// A new native workflow of one of the library's own flows.
func newWorkflow(_ flow: Flow, _ ra: RegistrationAuthority, _ onEvent: WorkflowListener?, _ store: StateStore?) -> VideoIDNative.Workflow {
    do {
        return try VideoIDNative.Workflow(ra: ra.native, flow: flow, store: store.map(StoreBridge.init), events: onEvent.map(EventBridge.init))
    } catch {
        // It fails for a flow that the library does not know, and no caller of this gives one.
        fatalError("the library does not know its own flow")
    }
}

/// A native workflow from its state.
func resumedWorkflow(
    _ flow: Flow, _ ra: RegistrationAuthority, _ state: String, _ onEvent: WorkflowListener?, _ store: StateStore?
) throws -> VideoIDNative.Workflow {
    try native {
        try VideoIDNative.Workflow.resume(
            ra: ra.native, flow: flow, state: state, store: store.map(StoreBridge.init), events: onEvent.map(EventBridge.init))
    }
}

/// Hands the state of a workflow to its store.
final class StoreBridge: VideoIDNative.StateStore {
    private let store: StateStore

    init(_ store: @escaping StateStore) {
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

/// Hands the events of a workflow to its listener.
final class EventBridge: EventListener {
    private let listener: WorkflowListener

    init(_ listener: @escaping WorkflowListener) {
        self.listener = listener
    }

    func onEvent(event: WorkflowEvent) {
        listener(event)
    }
}
