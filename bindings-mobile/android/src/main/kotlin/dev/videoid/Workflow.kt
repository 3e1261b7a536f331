package dev.videoid

import kotlin.time.Duration

/** Keeps the state of a workflow, so that it can be gone on with in another process. */
public fun interface StateStore {
    /**
     * Called on a background thread before each call that changes something at the service, and after its outcome; the workflow waits.
     * What it throws ends the workflow before the call is made. The state holds ids, step and digests, no secrets and no evidence.
     */
    public fun save(state: String)
}

/** Is told of steps, statuses and warnings of a workflow. */
public fun interface WorkflowListener {
    /** Called on a worker thread, never on the main thread; it should return soon. What it throws is dropped. */
    public fun onEvent(event: WorkflowEvent)
}

/**
 * One request on its way to ENROLLREADY: [ExternalVideoId], [EidasVideoId] or [ClassicRequest], which have the steps.
 *
 * May be used from several coroutines at once; its steps run one after the other. [close] frees it at once, otherwise the garbage
 * collector does; it cancels nothing.
 */
public sealed class Workflow(internal val native: NativeWorkflow) : AutoCloseable {
    /** The state as JSON: ids, step and digests; no evidence, no documents, no credentials. What `resume` takes, in any language of this library. */
    public val state: String get() = native { native.state() }

    /**
     * What can be done where the request does not go ahead, by the status that the service showed last: after VIDEOINCOMPLETE and
     * VIDEOERROR for example. Sends nothing. Empty before there is a request. Advice, not a rule.
     */
    public fun waysOn(): List<WayOn> = native { native.waysOn() }

    /**
     * Cancels the request and forgets it: the next first step takes another scratchcard and creates another request. The card of the
     * cancelled one stays consumed. May be called again after an exception: it looks at the request first.
     *
     * @throws VideoIdException `workflow_step` before there is a request; `unexpected_status` for one that is issued; `invalid_status`;
     * `ambiguous`.
     */
    public suspend fun cancel(options: RequestOptions = RequestOptions()): Progressed = native { native.cancel(options.toNative()) }

    override fun close(): Unit = native.close()

    override fun toString(): String = javaClass.simpleName
}

internal fun opened(ra: RegistrationAuthority, flow: Flow, store: StateStore?, onEvent: WorkflowListener?): NativeWorkflow =
    native { NativeWorkflow(ra.native, flow, store?.let(::StoreBridge), onEvent?.let(::EventBridge)) }

internal fun resumed(ra: RegistrationAuthority, flow: Flow, state: String, store: StateStore?, onEvent: WorkflowListener?): NativeWorkflow =
    native { NativeWorkflow.resume(ra.native, flow, state, store?.let(::StoreBridge), onEvent?.let(::EventBridge)) }

/** The limits of a wait, for the native half. */
internal fun limits(deadline: Duration, poll: Duration, maxPoll: Duration): WaitLimits =
    WaitLimits(deadline.inWholeMilliseconds, poll.inWholeMilliseconds, maxPoll.inWholeMilliseconds)

internal class StoreBridge(private val store: StateStore) : NativeStateStore {
    override fun save(state: String) {
        try {
            store.save(state)
        } catch (_: Exception) {
            // The text of a foreign exception may hold anything; only the fact goes on.
            throw NativeStoreException.NotKept()
        }
    }
}

internal class EventBridge(private val listener: WorkflowListener) : NativeEventListener {
    override fun onEvent(event: WorkflowEvent) {
        runCatching { listener.onEvent(event) }
    }
}
