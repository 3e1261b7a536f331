package dev.videoid

/**
 * External VideoID, the flow in which the caller's platform collects the evidence: from a scratchcard to VIDEOREVIEW as one call, the
 * officer's steps after it. One object is one request.
 *
 * Steps of one workflow run one after the other. After an exception the same step may be called again: it looks at the service
 * first and goes on from there.
 */
public class ExternalVideoId private constructor(native: NativeWorkflow) : Workflow(native) {
    /** A new workflow. */
    public constructor(ra: RegistrationAuthority, store: StateStore? = null, onEvent: WorkflowListener? = null) :
        this(opened(ra, Flow.ExternalVideoId, store, onEvent))

    /**
     * Takes a scratchcard, creates the request and uploads evidence and video; the service has all of it then (VIDEOREVIEW). After a
     * failure it may be called again with the same input and goes on where it stopped; after VIDEOERROR, and where the service stays
     * in VIDEOINCOMPLETE, with other evidence and another video.
     */
    public suspend fun submit(
        request: NewRequest,
        evidence: Evidence,
        video: Source,
        options: RequestOptions = RequestOptions(),
    ): Submission = native { video.sending { native.submit(request, evidence.native, it, options.toNative()) } }

    /** An officer validates; the status is read back, and declaration and contract are fetched where an approval comes next. */
    public suspend fun validate(rao: RaoCredentials, options: RequestOptions = RequestOptions()): OfficerOutcome =
        native { native.validate(rao, options.toNative()) }

    /** An officer approves, and validates first where that is still to be done; the status is read back. */
    public suspend fun approve(rao: RaoCredentials, options: RequestOptions = RequestOptions()): OfficerOutcome =
        native { native.approve(rao, options.toNative()) }

    /** An officer refuses, with a reason; the status is read back. */
    public suspend fun refuse(rao: RaoCredentials, reason: String, options: RequestOptions = RequestOptions()): OfficerOutcome =
        native { native.refuse(rao, reason, options.toNative()) }

    public companion object {
        /**
         * Goes on with a workflow from its state; inputs and credentials are given again with each call.
         *
         * @throws VideoIdException `format_unsupported` where a newer version has written the state, `field_invalid` where it is one of
         * another flow.
         */
        public fun resume(
            ra: RegistrationAuthority,
            state: String,
            store: StateStore? = null,
            onEvent: WorkflowListener? = null,
        ): ExternalVideoId = ExternalVideoId(resumed(ra, Flow.ExternalVideoId, state, store, onEvent))
    }
}
