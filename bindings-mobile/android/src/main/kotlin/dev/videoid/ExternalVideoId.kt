package dev.videoid

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
 * External VideoID, the flow in which the caller's platform collects the evidence: from a scratchcard to VIDEOREVIEW as one call, the
 * officer's steps after it. One object is one request.
 */
public class ExternalVideoId private constructor(private val native: NativeExternalVideoId) : AutoCloseable {
    /** A new workflow. */
    public constructor(ra: RegistrationAuthority, store: StateStore? = null, onEvent: WorkflowListener? = null) :
        this(native { NativeExternalVideoId(ra.native, store?.let(::StoreBridge), onEvent?.let(::EventBridge)) })

    /** The state as JSON: what [resume] takes, in any language of this library. */
    public val state: String get() = native { native.state() }

    /**
     * Takes a scratchcard, creates the request and uploads evidence and video; the service has all of it then (VIDEOREVIEW). After a
     * failure it may be called again with the same input and goes on where it stopped.
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

    override fun close(): Unit = native.close()

    override fun toString(): String = "ExternalVideoId"

    public companion object {
        /**
         * Goes on with a workflow from its state; inputs and credentials are given again with each call.
         *
         * @throws VideoIdException `format_unsupported` where a newer version has written the state.
         */
        public fun resume(
            ra: RegistrationAuthority,
            state: String,
            store: StateStore? = null,
            onEvent: WorkflowListener? = null,
        ): ExternalVideoId =
            ExternalVideoId(native { NativeExternalVideoId.resume(ra.native, state, store?.let(::StoreBridge), onEvent?.let(::EventBridge)) })
    }
}

private class StoreBridge(private val store: StateStore) : NativeStateStore {
    override fun save(state: String) {
        try {
            store.save(state)
        } catch (_: Exception) {
            // The text of a foreign exception may hold anything; only the fact goes on.
            throw NativeStoreException.NotKept()
        }
    }
}

private class EventBridge(private val listener: WorkflowListener) : NativeEventListener {
    override fun onEvent(event: WorkflowEvent) {
        runCatching { listener.onEvent(event) }
    }
}
