package dev.videoid

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import java.io.InputStream

/** What [Source.of] takes besides where something is sent. */
public abstract class MoreSources internal constructor() {
    /**
     * A stream of exactly [length] bytes. It is read once, on an I/O thread, while it is sent, and closed at the end; where
     * it would have to be sent again the call fails with `body_not_repeatable`. For videos: images of evidence are looked
     * at before they are sent and cannot be streams.
     */
    public fun of(input: InputStream, length: Long): Source {
        require(length >= 0) { "length: not negative" }
        return Source(StreamBytes(input, length))
    }
}

/** Runs a call that sends it; a stream is pumped meanwhile. */
internal suspend fun <T> Source.sending(call: suspend (NativeSource) -> T): T = bytes.sending(call)

private class StreamBytes(private val input: InputStream, override val length: Long) : SourceBytes {
    override val isReplayable: Boolean get() = false

    override fun forReading(): NativeSource = native { NativeSource.fromChannel(length) }

    override suspend fun <T> sending(call: suspend (NativeSource) -> T): T {
        val channel = forReading()
        val pump = Pump(input, channel)
        // Not a child of the caller's job: a read that blocks must not keep a cancelled call from ending.
        val job: Job = CoroutineScope(Dispatchers.IO).launch { pump.run() }
        try {
            return call(channel)
        } catch (e: Exception) {
            // What the caller's stream threw is told beside what came of it.
            throw own(e).also { failure -> pump.failure?.let(failure::addSuppressed) }
        } finally {
            job.cancel()
            runCatching { channel.finish() }
            // Ends a read that blocks, too.
            runCatching { input.close() }
        }
    }

    override fun toString(): String = "Source(stream)"
}

/** Moves a stream into the native library, piece by piece, no faster than it is sent. */
private class Pump(private val input: InputStream, private val channel: NativeSource) {
    @Volatile
    var failure: Exception? = null
        private set

    fun run() {
        try {
            val buffer = ByteArray(PIECE)
            while (true) {
                val n = input.read(buffer)
                if (n < 0) break
                if (n > 0) channel.pushBlocking(if (n == PIECE) buffer else buffer.copyOf(n))
            }
        } catch (e: java.io.IOException) {
            failure = e
        } catch (_: NativeVideoIdException) {
            // Nobody reads any more: the call has ended and says why.
        } finally {
            runCatching { channel.finish() }
        }
    }

    private companion object {
        const val PIECE = 64 * 1024
    }
}
