import Foundation
import VideoIDNative

/// External VideoID, the flow in which the caller's platform collects the evidence: from a scratchcard to VIDEOREVIEW as one call, the
/// officer's steps after it. One object is one request.
public final class ExternalVideoID: Workflow {
    private let native: VideoIDNative.Workflow

    /// A new workflow.
    ///
    /// - Parameters:
    ///   - onEvent: is told of steps, statuses and warnings, on a worker thread.
    ///   - store: keeps the state, so that the workflow can be gone on with in another process.
    public init(_ ra: RegistrationAuthority, onEvent: WorkflowListener? = nil, store: StateStore? = nil) {
        native = newWorkflow(.externalVideoId, ra, onEvent, store)
    }

    /// Goes on with a workflow from its state; inputs and credentials are given again with each call.
    ///
    /// - Throws: ``VideoIDError`` with `format_unsupported` where a newer version has written the state, `field_invalid` where it is one of another
    ///   flow, or none.
    public init(resuming state: String, with ra: RegistrationAuthority, onEvent: WorkflowListener? = nil, store: StateStore? = nil) throws {
        native = try resumedWorkflow(.externalVideoId, ra, state, onEvent, store)
    }

    public var state: String { native.state() }

    public var waysOn: [WayOn] { native.waysOn() }

    /// Takes a scratchcard, creates the request and uploads evidence and video; the service has all of it then (VIDEOREVIEW). Progress counts
    /// each upload from zero. After a failure it may be called again with the same input and goes on where it stopped; after VIDEOERROR, and
    /// where the service stays in VIDEOINCOMPLETE, with other evidence and another video.
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

    @discardableResult
    public func cancel(options: RequestOptions = RequestOptions()) async throws -> Progressed {
        try await calling(options) { try await self.native.cancel(options: $0) }
    }

    public var description: String { "ExternalVideoID" }
}
