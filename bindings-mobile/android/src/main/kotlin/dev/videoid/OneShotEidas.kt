package dev.videoid

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * eIDAS VideoID on the One-Shot API, from the create call to the signed documents: the user identifies on the vendor's page. One object
 * is one request.
 *
 * [start] gives the link for the user and [waitForUser] waits for them; what comes after is in [OneShotWorkflow].
 */
public class OneShotEidas private constructor(native: NativeOneShotFlow) : OneShotWorkflow(native) {
    /** A new workflow. */
    public constructor(client: OneShot, store: StateStore? = null, onEvent: WorkflowListener? = null) :
        this(opened(client, Flow.EidasVideoId, store, onEvent))

    /**
     * Creates the request and gives the link for the signer. Called again it gives the same request, with the link where the service
     * shows it. The link opens the identification to whoever has it, and is no part of the state.
     *
     * @throws VideoIdException those of [OneShot.createVideoid]; `ambiguous` where its answer is lost: then [adopt] or [createAnew].
     */
    public suspend fun start(videoid: NewVideoId, options: RequestOptions = RequestOptions()): OneShotStarted =
        native { native.start(videoid, options.toNative()) }

    /**
     * Waits until the user has finished, left or failed: VIDEOREVIEW or later, or VIDEOINCOMPLETE or VIDEOERROR, which are outcomes with
     * their ways on and no exceptions. Looks and takes webhooks as [RegistrationAuthority.waitFor] does. Only reads; ends when its
     * coroutine is cancelled.
     *
     * @throws VideoIdException `wait_deadline` (retryable); `workflow_step` before [start]; `field_invalid`; those of
     * [OneShot.getOneshotRequest] that are not retryable.
     */
    public suspend fun waitForUser(
        deadline: Duration,
        poll: Duration = 2.seconds,
        maxPoll: Duration = 60.seconds,
        inbox: WebhookInbox? = null,
        options: RequestOptions = RequestOptions(),
    ): OneShotOutcome = native { native.waitForUser(limits(deadline, poll, maxPoll), inbox?.native, options.toNative()) }

    public companion object {
        /** As [OneShotExternal.resume]. */
        public fun resume(client: OneShot, state: String, store: StateStore? = null, onEvent: WorkflowListener? = null): OneShotEidas =
            OneShotEidas(resumed(client, Flow.EidasVideoId, state, store, onEvent))
    }
}
