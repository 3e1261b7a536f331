package dev.videoid

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.channelFlow
import kotlin.time.Duration

/** Is told how far an upload or download has come. */
public fun interface ProgressListener {
    /**
     * Called on a worker thread, never on the main thread, at most some twenty times a second; it should return soon.
     * What it throws is dropped: progress cannot end a call.
     */
    public fun onProgress(progress: Progress)
}

/** Options of one call. A call ends early when its coroutine is cancelled; nothing else is needed for that. */
public class RequestOptions(
    /** Time limit of the whole call with its repetitions. `null`: the client's `timeouts.total`; [Duration.INFINITE]: none. */
    public val timeout: Duration? = null,
    /** Is told of progress. */
    public val onProgress: ProgressListener? = null,
) {
    /** The same options with another listener. */
    public fun withProgress(listener: ProgressListener): RequestOptions = RequestOptions(timeout, listener)

    internal fun toNative(): NativeCallOptions = NativeCallOptions(
        timeoutMs = timeout?.let { if (it.isInfinite()) 0uL else it.inWholeMilliseconds.coerceAtLeast(1).toULong() },
        cancel = null,
        progress = onProgress?.let(::ProgressBridge),
    )
}

private class ProgressBridge(private val listener: ProgressListener) : NativeProgressListener {
    override fun onProgress(sent: Long, total: Long) {
        runCatching { listener.onProgress(Progress(sent, total)) }
    }
}

/**
 * A call as a flow of its progress: it starts when the flow is collected, the flow ends when it has succeeded and fails with
 * its exception, and cancelling the collector cancels it. A collector that is slow misses steps in between, nothing is queued
 * without bound.
 *
 * ```
 * progressOf { options -> ra.uploadVideo(id, Source.of(file), options) }.collect { println("${it.sent} of ${it.total}") }
 * ```
 */
public fun progressOf(options: RequestOptions = RequestOptions(), call: suspend (RequestOptions) -> Unit): Flow<Progress> = channelFlow {
    call(options.withProgress { progress -> trySend(progress) })
}
