package dev.videoid

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import java.io.File
import java.io.InputStream
import java.nio.file.Path

/**
 * The bytes of an image or a video.
 *
 * Give a path where there is one: the file is read in pieces and never stands in memory, while a [ByteArray] is copied into
 * the native library once. A file must not change while it is sent, which is checked. [toString] shows no path and no content.
 */
public class Source private constructor(private val kind: Kind) {
    private sealed interface Kind {
        class Whole(val native: NativeSource) : Kind

        class Stream(val input: InputStream, val length: Long) : Kind
    }

    public companion object {
        /** A file. */
        @JvmStatic
        public fun of(file: File): Source = Source(Kind.Whole(native { NativeSource.fromPath(file.path) }))

        /** A file of the default file system. */
        @JvmStatic
        public fun of(path: Path): Source = of(path.toFile())

        /** Bytes that are in memory already; they are copied. */
        @JvmStatic
        public fun of(bytes: ByteArray): Source = Source(Kind.Whole(native { NativeSource.fromBytes(bytes) }))

        /**
         * A stream of exactly [length] bytes. It is read once, on an I/O thread, while it is sent, and closed at the end; where
         * it would have to be sent again the call fails with `body_not_repeatable`. For videos: images of evidence are looked
         * at before they are sent and cannot be streams.
         */
        @JvmStatic
        public fun of(input: InputStream, length: Long): Source {
            require(length >= 0) { "length: not negative" }
            return Source(Kind.Stream(input, length))
        }

        internal fun ofNative(native: NativeSource): Source = Source(Kind.Whole(native))
    }

    /** The length in bytes. @throws VideoIdException `source_unreadable` where a file does not exist. */
    public val length: Long get() = when (kind) {
        is Kind.Whole -> native { kind.native.byteCount() }
        is Kind.Stream -> kind.length
    }

    /** Whether it can be sent more than once. */
    public val isReplayable: Boolean get() = kind is Kind.Whole

    override fun toString(): String = if (kind is Kind.Stream) "Source(stream)" else "Source"

    /** The native source for a use that reads it before it is sent; a stream cannot be read there, which the core says. */
    internal fun forReading(): NativeSource = when (kind) {
        is Kind.Whole -> kind.native
        is Kind.Stream -> native { NativeSource.fromChannel(kind.length) }
    }

    /** Runs a call that sends it; a stream is pumped meanwhile. */
    internal suspend fun <T> sending(call: suspend (NativeSource) -> T): T = when (kind) {
        is Kind.Whole -> call(kind.native)
        is Kind.Stream -> pumped(kind, call)
    }

    private suspend fun <T> pumped(stream: Kind.Stream, call: suspend (NativeSource) -> T): T {
        val channel = native { NativeSource.fromChannel(stream.length) }
        val pump = Pump(stream.input, channel)
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
            runCatching { stream.input.close() }
        }
    }
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
