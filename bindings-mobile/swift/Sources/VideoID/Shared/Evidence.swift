import Foundation
import VideoIDNative

/// The evidence of a remote identification, checked and ready to be sent: acceptance of the terms, images, data of the document,
/// security checks, similarity.
///
/// It refers to the files of its images; they must be there, unchanged, until it is sent. Immutable; may be used from several tasks
/// at once. Its description shows no content.
public final class Evidence: Sendable, CustomStringConvertible {
    let native: VideoIDNative.Evidence

    init(_ native: VideoIDNative.Evidence) {
        self.native = native
    }

    /// What was found while it was built.
    public var report: EvidenceReport { native.report() }

    /// Length of the JSON body in bytes, exactly as it will be announced.
    public var contentLength: Int64 { native.contentLength() }

    /// SHA-256 of the JSON body in lower-case hex. Reads the images.
    public func sha256() async throws -> String {
        try await working { try await self.native.sha256() }
    }

    /// Writes the JSON body to a file that only its owner can read. It holds personal data.
    public func writeJSON(to url: URL) async throws {
        try await working { try await self.native.writeJson(path: url.path) }
    }

    public var description: String { "Evidence" }
}

/// Collects the pieces of ``Evidence`` without reading anything.
public struct EvidenceBuilder: Sendable, CustomStringConvertible, CustomReflectable {
    /// The user's acceptance of the terms.
    public var acceptance: Acceptance?
    /// Front of the identity document: JPEG or PNG.
    public var documentFront: Source?
    /// Rear of the identity document; a passport has none.
    public var documentRear: Source?
    /// The portrait cut out of the document. Optional.
    public var documentPhoto: Source?
    /// The holder, as the camera saw them.
    public var documentOwner: Source?
    /// What was read from the document, and the contact data that was confirmed.
    public var ocrData: OcrData?
    /// The security checks, each with where its value comes from. The library claims none by itself.
    public var securityChecks: SecurityChecks?
    /// How much the portrait and the selfie resemble each other: 0 to 100, or a word.
    public var similarityLevel: SimilarityLevel?
    /// Further keys of `videoid_data`, a JSON object as text.
    public var extra: Extra
    /// Size limits other than the default ones.
    public var limits: Limits?
    /// Refuses what is otherwise only advised against: evidence with pieces missing.
    public var strict: Bool

    /// A builder; everything may be given here or set later.
    public init(
        documentFront: Source? = nil, documentRear: Source? = nil, documentPhoto: Source? = nil, documentOwner: Source? = nil,
        acceptance: Acceptance? = nil, ocrData: OcrData? = nil, securityChecks: SecurityChecks? = nil,
        similarityLevel: SimilarityLevel? = nil, extra: Extra = "", limits: Limits? = nil, strict: Bool = false
    ) {
        self.documentFront = documentFront
        self.documentRear = documentRear
        self.documentPhoto = documentPhoto
        self.documentOwner = documentOwner
        self.acceptance = acceptance
        self.ocrData = ocrData
        self.securityChecks = securityChecks
        self.similarityLevel = similarityLevel
        self.extra = extra
        self.limits = limits
        self.strict = strict
    }

    /// Checks everything and gives the evidence. Reads the images on a background thread. Repeating is safe.
    ///
    /// - Throws: one ``VideoIDError`` for all fields at fault, listed in ``VideoIDError/fields``; pieces that are only missing are warnings
    ///   in ``Evidence/report`` unless ``strict`` is set.
    public func build() async throws -> Evidence {
        Evidence(try await working { try await buildEvidence(input: try input()) })
    }

    /// As ``build()``, but gives all findings instead of failing.
    public func check() async throws -> EvidenceReport {
        try await working { try await checkEvidence(input: try input()) }
    }

    public var description: String { "EvidenceBuilder" }

    /// Shows no content.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }

    private func input() throws -> EvidenceInput {
        EvidenceInput(
            acceptance: acceptance, documentFront: try documentFront?.forReading(), documentRear: try documentRear?.forReading(),
            documentPhoto: try documentPhoto?.forReading(), documentOwner: try documentOwner?.forReading(), ocrData: ocrData,
            securityChecks: securityChecks, similarityLevel: similarityLevel, extra: extra, limits: limits, strict: strict)
    }
}

/// Looks at a video as an upload would: MP4 by its bytes, whole, not too large. Reads a few headers, on a background thread.
///
/// - Throws: ``VideoIDError`` with `video_unrecognised`, `video_damaged`, `source_empty`, `source_unreadable` or `field_invalid`.
public func checkVideo(_ video: Source, limits: Limits? = nil) async throws -> VideoInfo {
    try await working { try await VideoIDNative.checkVideo(video: try video.forReading(), limits: limits) }
}
