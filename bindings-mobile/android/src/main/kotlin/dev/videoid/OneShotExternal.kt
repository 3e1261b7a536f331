package dev.videoid

/**
 * External VideoID on the One-Shot API, from the create call to the signed documents: the evidence comes from the customer's platform.
 * One object is one request.
 *
 * [submit] brings it before an officer; what comes after is in [OneShotWorkflow].
 */
public class OneShotExternal private constructor(native: NativeOneShotFlow) : OneShotWorkflow(native) {
    /** A new workflow. */
    public constructor(client: OneShot, store: StateStore? = null, onEvent: WorkflowListener? = null) :
        this(opened(client, Flow.ExternalVideoId, store, onEvent))

    /**
     * Creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW. Progress counts each upload from zero.
     * May be called again after an exception with the same input: what was done is not done twice. After VIDEOERROR, and where the
     * service stays in VIDEOINCOMPLETE, with other evidence and another video.
     *
     * @throws VideoIdException those of the calls; `unexpected_status`; `field_invalid` where evidence or video are not those of the
     * state; `ambiguous` where the answer of the create call is lost: then [adopt] or [createAnew].
     */
    public suspend fun submit(
        videoid: NewVideoId,
        evidence: Evidence,
        video: Source,
        options: RequestOptions = RequestOptions(),
    ): OneShotOutcome = native { video.sending { native.submit(videoid, evidence.native, it, options.toNative()) } }

    public companion object {
        /**
         * Goes on with a workflow from its state; inputs and credentials are given again with each call.
         *
         * @throws VideoIdException `format_unsupported` where a newer version has written the state, `field_invalid` where it is one of
         * another flow.
         */
        public fun resume(client: OneShot, state: String, store: StateStore? = null, onEvent: WorkflowListener? = null): OneShotExternal =
            OneShotExternal(resumed(client, Flow.ExternalVideoId, state, store, onEvent))
    }
}
