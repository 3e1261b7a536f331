package dev.videoid

import java.io.File
import java.nio.file.Path

/**
 * The evidence of a remote identification, checked and ready to be sent: acceptance of the terms, images, data of the document,
 * security checks, similarity.
 *
 * It refers to the files of its images; they must be there, unchanged, until it is sent. Immutable; may be used from several
 * coroutines at once. [close] frees it at once, otherwise the garbage collector does. [toString] shows no content.
 */
public class Evidence internal constructor(internal val native: NativeEvidence) : AutoCloseable {
    /** What was found while it was built. */
    public val report: EvidenceReport get() = native { native.report() }

    /** Length of the JSON body in bytes, exactly as it will be announced. */
    public val contentLength: Long get() = native { native.contentLength() }

    /** SHA-256 of the JSON body in lower-case hex. Reads the images. */
    public suspend fun sha256(): String = native { native.sha256() }

    /** Writes the JSON body to a file that only its owner can read. It holds personal data. */
    public suspend fun writeJson(file: File): Unit = native { native.writeJson(file.path) }

    override fun close(): Unit = native.close()

    override fun toString(): String = "Evidence"

    public companion object {
        /**
         * Collects and checks evidence. Reads the images on a background thread. Repeating is safe.
         *
         * @throws VideoIdException one for all fields at fault, listed in [VideoIdException.fields]; pieces that are only missing
         * are warnings in [report] unless [EvidenceBuilder.strict] is set.
         */
        public suspend fun build(collect: EvidenceBuilder.() -> Unit): Evidence = EvidenceBuilder().apply(collect).build()

        /** As [build], but gives all findings instead of failing. */
        public suspend fun check(collect: EvidenceBuilder.() -> Unit): EvidenceReport = EvidenceBuilder().apply(collect).check()
    }
}

/** Collects the pieces of [Evidence] without reading anything. Each function gives the builder back. Not for several threads at once. */
public class EvidenceBuilder {
    private val images = mutableMapOf<String, Source>()
    private var acceptance: Acceptance? = null
    private var ocrData: OcrData? = null
    private var securityChecks: SecurityChecks? = null
    private var similarityLevel: SimilarityLevel? = null
    private var extra: Extra = ""
    private var limits: Limits? = null
    private var strict = false

    /** The user's acceptance of the terms. */
    public fun acceptance(acceptance: Acceptance): EvidenceBuilder = apply { this.acceptance = acceptance }

    /** Front of the identity document: JPEG or PNG. */
    public fun documentFront(image: Source): EvidenceBuilder = image("document_front", image)

    /** Front of the identity document: JPEG or PNG. */
    public fun documentFront(image: File): EvidenceBuilder = documentFront(Source.of(image))

    /** Front of the identity document: JPEG or PNG. */
    public fun documentFront(image: Path): EvidenceBuilder = documentFront(Source.of(image))

    /** Front of the identity document: JPEG or PNG. */
    public fun documentFront(image: ByteArray): EvidenceBuilder = documentFront(Source.of(image))

    /** Rear of the identity document; a passport has none. */
    public fun documentRear(image: Source): EvidenceBuilder = image("document_rear", image)

    /** Rear of the identity document; a passport has none. */
    public fun documentRear(image: File): EvidenceBuilder = documentRear(Source.of(image))

    /** Rear of the identity document; a passport has none. */
    public fun documentRear(image: Path): EvidenceBuilder = documentRear(Source.of(image))

    /** Rear of the identity document; a passport has none. */
    public fun documentRear(image: ByteArray): EvidenceBuilder = documentRear(Source.of(image))

    /** The portrait cut out of the document. Optional. */
    public fun documentPhoto(image: Source): EvidenceBuilder = image("document_photo", image)

    /** The portrait cut out of the document. Optional. */
    public fun documentPhoto(image: File): EvidenceBuilder = documentPhoto(Source.of(image))

    /** The portrait cut out of the document. Optional. */
    public fun documentPhoto(image: Path): EvidenceBuilder = documentPhoto(Source.of(image))

    /** The portrait cut out of the document. Optional. */
    public fun documentPhoto(image: ByteArray): EvidenceBuilder = documentPhoto(Source.of(image))

    /** The holder, as the camera saw them. */
    public fun documentOwner(image: Source): EvidenceBuilder = image("document_owner", image)

    /** The holder, as the camera saw them. */
    public fun documentOwner(image: File): EvidenceBuilder = documentOwner(Source.of(image))

    /** The holder, as the camera saw them. */
    public fun documentOwner(image: Path): EvidenceBuilder = documentOwner(Source.of(image))

    /** The holder, as the camera saw them. */
    public fun documentOwner(image: ByteArray): EvidenceBuilder = documentOwner(Source.of(image))

    /** What was read from the document, and the contact data that was confirmed. */
    public fun ocrData(data: OcrData): EvidenceBuilder = apply { ocrData = data }

    /** The security checks, each with where its value comes from. The library claims none by itself. */
    public fun securityChecks(checks: SecurityChecks): EvidenceBuilder = apply { securityChecks = checks }

    /** How much the portrait and the selfie resemble each other, 0 to 100. */
    public fun similarityLevel(score: Int): EvidenceBuilder = similarityLevel(SimilarityLevel.Score(score.toLong()))

    /** How much the portrait and the selfie resemble each other, as a word. */
    public fun similarityLevel(word: String): EvidenceBuilder = similarityLevel(SimilarityLevel.Word(word))

    /** How much the portrait and the selfie resemble each other. */
    public fun similarityLevel(level: SimilarityLevel): EvidenceBuilder = apply { similarityLevel = level }

    /** Further keys of `videoid_data`, a JSON object as text. */
    public fun extra(json: String): EvidenceBuilder = apply { extra = json }

    /** Size limits other than the default ones. */
    public fun limits(limits: Limits): EvidenceBuilder = apply { this.limits = limits }

    /** Refuses what is otherwise only advised against: evidence with pieces missing. */
    public fun strict(strict: Boolean = true): EvidenceBuilder = apply { this.strict = strict }

    /** See [Evidence.build]. */
    public suspend fun build(): Evidence = native { Evidence(nativeBuildEvidence(input())) }

    /** See [Evidence.check]. */
    public suspend fun check(): EvidenceReport = native { nativeCheckEvidence(input()) }

    override fun toString(): String = "EvidenceBuilder"

    private fun image(name: String, source: Source) = apply { images[name] = source }

    private fun input() = NativeEvidenceInput(
        acceptance = acceptance,
        documentFront = images["document_front"]?.forReading(),
        documentRear = images["document_rear"]?.forReading(),
        documentPhoto = images["document_photo"]?.forReading(),
        documentOwner = images["document_owner"]?.forReading(),
        ocrData = ocrData,
        securityChecks = securityChecks,
        similarityLevel = similarityLevel,
        extra = extra,
        limits = limits,
        strict = strict,
    )
}

/**
 * Looks at a video as an upload would: MP4 by its bytes, whole, not too large. Reads a few headers, on a background thread.
 *
 * @throws VideoIdException `video_unrecognised`, `video_damaged`, `source_empty`, `source_unreadable`, `field_invalid`.
 */
public suspend fun checkVideo(video: Source, limits: Limits? = null): VideoInfo = native { nativeCheckVideo(video.forReading(), limits) }
