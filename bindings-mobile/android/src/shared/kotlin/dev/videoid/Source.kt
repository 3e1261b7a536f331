package dev.videoid

import java.io.File
import java.nio.file.Path

/**
 * The bytes of an image or a video.
 *
 * Give a path where there is one: the file is read in pieces and never stands in memory, while a [ByteArray] is copied into
 * the native library once. A file must not change while it is sent, which is checked. [toString] shows no path and no content.
 */
public class Source internal constructor(internal val bytes: SourceBytes) {
    /** Makes sources. */
    public companion object : MoreSources() {
        /** A file. */
        @JvmStatic
        public fun of(file: File): Source = ofNative(native { NativeSource.fromPath(file.path) })

        /** A file of the default file system. */
        @JvmStatic
        public fun of(path: Path): Source = of(path.toFile())

        /** Bytes that are in memory already; they are copied. */
        @JvmStatic
        public fun of(bytes: ByteArray): Source = ofNative(native { NativeSource.fromBytes(bytes) })

        /**
         * A regular file that is open already. It is opened anew: the descriptor may be closed when this returns.
         *
         * @throws VideoIdException `source_unreadable` where the descriptor is not one of a regular file.
         */
        @JvmStatic
        public fun ofDescriptor(descriptor: Int): Source = ofNative(native { NativeSource.fromFileDescriptor(descriptor) })

        internal fun ofNative(native: NativeSource): Source = Source(Whole(native))
    }

    /** The length in bytes. @throws VideoIdException `source_unreadable` where a file does not exist. */
    public val length: Long get() = bytes.length

    /** Whether it can be sent more than once. */
    public val isReplayable: Boolean get() = bytes.isReplayable

    override fun toString(): String = bytes.toString()

    /** The native source for a use that reads it before it is sent; a stream cannot be read there, which the core says. */
    internal fun forReading(): NativeSource = bytes.forReading()
}

/** What is behind a [Source]. */
internal interface SourceBytes {
    val length: Long

    val isReplayable: Boolean

    fun forReading(): NativeSource

    /** Runs a call that sends it. */
    suspend fun <T> sending(call: suspend (NativeSource) -> T): T = call(forReading())
}

private class Whole(private val native: NativeSource) : SourceBytes {
    override val length: Long get() = native { native.byteCount() }

    override val isReplayable: Boolean get() = true

    override fun forReading(): NativeSource = native

    override fun toString(): String = "Source"
}
