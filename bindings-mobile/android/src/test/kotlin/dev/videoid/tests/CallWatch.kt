package dev.videoid.tests

import dev.videoid.RequestOptions
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration.Companion.milliseconds

/** The options of one step: time limit, progress, and cancellation the Kotlin way once enough bytes have moved. */
class CallWatch(name: String, options: JsonObject, private val onBytes: ((Long) -> Unit)?) {
    private val timeout = options["timeout_ms"]?.jsonPrimitive?.long?.milliseconds
    private val wanted = options["progress"]?.jsonPrimitive?.booleanOrNull ?: false
    private val cancelAfter = options["cancel_after_bytes"]?.jsonPrimitive?.long
    private val cancelBefore = options["cancel_before"]?.jsonPrimitive?.booleanOrNull ?: false

    /** A workflow makes several uploads and counts each from zero. */
    private val severalUploads = listOf("workflow_", "eidas_", "classic_", "one_shot_eidas_", "one_shot_external_").any(name::startsWith)
    private val seen = mutableListOf<Pair<Long, Long>>()

    init {
        val unknown = options.keys - setOf("timeout_ms", "progress", "cancel_after_bytes", "cancel_before")
        check(unknown.isEmpty()) { "unknown options $unknown" }
    }

    suspend fun <T> watch(call: suspend (RequestOptions) -> T): T = coroutineScope {
        val cancel = AtomicReference<() -> Unit>()
        val needed = wanted || cancelAfter != null || onBytes != null
        val options = RequestOptions(
            timeout,
            if (!needed) null else { progress ->
                synchronized(seen) { seen += Pair(progress.sent, progress.total) }
                onBytes?.invoke(progress.sent)
                if (cancelAfter != null && progress.sent >= cancelAfter) cancel.get()?.invoke()
            },
        )
        val running = async(start = kotlinx.coroutines.CoroutineStart.LAZY) { call(options) }
        cancel.set { running.cancel() }
        if (cancelBefore) running.cancel()
        running.await()
    }

    fun check(expected: String?) {
        val list = synchronized(seen) { seen.toList() }
        check(list.zipWithNext().all { (a, b) -> a.first <= b.first || severalUploads && a.first == a.second }) { "progress went back: $list" }
        check(list.all { (sent, total) -> total == 0L || sent <= total }) { "progress beyond the total: $list" }
        when (expected) {
            null -> Unit
            "complete" -> check(list.isNotEmpty() && list.last().run { first == second && first > 0 }) { "progress did not end with everything: ${list.takeLast(3)}" }
            else -> error("unknown expectation of progress: $expected")
        }
    }
}
