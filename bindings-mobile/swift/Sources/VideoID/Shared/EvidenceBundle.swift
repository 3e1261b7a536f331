import Foundation
import VideoIDNative

/// Evidence, with its video where there is one, in a folder: plain file names, sizes and SHA-256 in `manifest.json`, readable by its
/// owner only. A bundle that any language of this library has saved can be loaded in any other.
///
/// (`Bundle` in the other languages; here that name is Foundation's.)
public final class EvidenceBundle: Sendable, CustomStringConvertible {
    private let native: VideoIDNative.Bundle

    private init(_ native: VideoIDNative.Bundle) {
        self.native = native
    }

    /// Saves evidence as a folder, which must not exist or be empty. Half a bundle is never seen: it is renamed into place when it is
    /// whole. Not safe to repeat at the same place.
    ///
    /// - Throws: ``VideoIDError`` with `bundle_invalid` where something is there already, `file_not_written`.
    @discardableResult
    public static func save(to folder: URL, evidence: Evidence, video: Source? = nil) async throws -> BundleManifest {
        try await working {
            try await saveBundle(dir: folder.path, evidence: evidence.native, video: try video?.forReading())
        }
    }

    /// Loads a bundle and checks all of it.
    ///
    /// - Throws: ``VideoIDError`` with `bundle_invalid`, `bundle_altered`, `format_unsupported`.
    public static func load(from folder: URL) async throws -> EvidenceBundle {
        EvidenceBundle(try await working { try await loadBundle(dir: folder.path) })
    }

    /// The evidence; its images are the files of the folder.
    public var evidence: Evidence { Evidence(native.evidence()) }

    /// The video, where the bundle has one.
    public var video: Source? { native.video().map(Source.init(native:)) }

    /// What the folder holds.
    public var manifest: BundleManifest { native.manifest() }

    public var description: String { "EvidenceBundle" }
}
