package dev.videoid

import java.io.File

/**
 * Evidence, with its video where there is one, in a folder: plain file names, sizes and SHA-256 in `manifest.json`, readable by its
 * owner only. A bundle that any language of this library has saved can be loaded in any other.
 */
public class Bundle private constructor(internal val native: NativeBundle) : AutoCloseable {
    /** The evidence; its images are the files of the folder. */
    public val evidence: Evidence get() = Evidence(native { native.evidence() })

    /** The video, where the bundle has one. */
    public val video: Source? get() = native { native.video() }?.let(Source::ofNative)

    /** What the folder holds. */
    public val manifest: BundleManifest get() = native { native.manifest() }

    override fun close(): Unit = native.close()

    override fun toString(): String = "Bundle"

    public companion object {
        /**
         * Saves evidence as a folder, which must not exist or be empty. Half a bundle is never seen: it is renamed into place when it
         * is whole. Not safe to repeat at the same place.
         *
         * @throws VideoIdException `bundle_invalid` where something is there already, `file_not_written`.
         */
        public suspend fun save(folder: File, evidence: Evidence, video: Source? = null): BundleManifest =
            native { nativeSaveBundle(folder.path, evidence.native, video?.forReading()) }

        /**
         * Loads a bundle and checks all of it.
         *
         * @throws VideoIdException `bundle_invalid`, `bundle_altered`, `format_unsupported`.
         */
        public suspend fun load(folder: File): Bundle = native { Bundle(nativeLoadBundle(folder.path)) }
    }
}
