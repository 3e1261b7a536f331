import Foundation
import VideoIDNative

/// External VideoID on the One-Shot API: the caller's platform collects the evidence, and an officer approves. One object is one request, from
/// the create call to the signed documents; ``OneShotWorkflow`` has the steps after ``submit(_:evidence:video:options:)``.
public final class OneShotExternal: OneShotWorkflow, @unchecked Sendable {
    /// A new workflow.
    ///
    /// - Parameters:
    ///   - onEvent: is told of steps, statuses and warnings, on a worker thread.
    ///   - store: keeps the state, so that the workflow can be gone on with in another process.
    public init(_ client: OneShot, onEvent: WorkflowListener? = nil, store: StateStore? = nil) {
        super.init(.externalVideoId, client, onEvent, store)
    }

    /// Goes on with a workflow from its state; inputs and credentials are given again with each call.
    ///
    /// - Throws: ``VideoIDError`` with `format_unsupported` where a newer version has written the state, `field_invalid` where it is one of another
    ///   flow, or none.
    public init(resuming state: String, with client: OneShot, onEvent: WorkflowListener? = nil, store: StateStore? = nil) throws {
        try super.init(.externalVideoId, resuming: state, client, onEvent, store)
    }

    /// Creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW. Progress counts each upload from zero. May be
    /// called again after an error: what was done is not done twice. After VIDEOERROR, and where the service stays in VIDEOINCOMPLETE, other
    /// evidence and another video may be brought; both are uploaded anew then.
    ///
    /// - Throws: ``VideoIDError`` of the calls; `unexpected_status`; `field_invalid` where evidence or video are not those of the state; `ambiguous`
    ///   where the answer of the create call is lost: then ``OneShotWorkflow/adopt(_:)`` or ``OneShotWorkflow/createAnew()``.
    public func submit(
        _ videoid: NewVideoId, evidence: Evidence, video: Source, options: RequestOptions = RequestOptions()
    ) async throws -> OneShotOutcome {
        try await calling(options) { options in
            try await video.sending {
                try await self.native.submit(videoid: videoid, evidence: evidence.native, video: $0, options: options)
            }
        }
    }
}
