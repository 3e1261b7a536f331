import Foundation
import VideoIDNative

/// The bytes of an image or a video.
///
/// Give a file where there is one: it is read in pieces and never stands in memory, while `Data` is copied into the native library
/// once. A file must not change while it is sent, which is checked. Its description shows no path and no content.
public struct Source: Sendable, CustomStringConvertible, CustomReflectable {
    /// What is behind it.
    let bytes: any SourceBytes

    /// A file.
    public init(url: URL) {
        self.init(native: VideoIDNative.Source.fromPath(path: url.path))
    }

    /// Bytes that are in memory already; they are copied.
    public init(data: Data) {
        self.init(native: VideoIDNative.Source.fromBytes(bytes: data))
    }

    init(native: VideoIDNative.Source) {
        bytes = Whole(native: native)
    }

    init(bytes: any SourceBytes) {
        self.bytes = bytes
    }

    /// The length in bytes.
    ///
    /// - Throws: ``VideoIDError`` with `source_unreadable` where a file does not exist.
    public var length: Int64 {
        get throws { try bytes.length() }
    }

    /// Whether it can be sent more than once.
    public var isReplayable: Bool { bytes.isReplayable }

    public var description: String { "Source" }

    /// Shows neither path nor content.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }

    /// The native source for a use that reads it before it is sent; a stream cannot be read there, which the core says.
    func forReading() throws -> VideoIDNative.Source {
        try bytes.forReading()
    }

    /// Runs a call that sends it.
    func sending<T: Sendable>(_ call: (VideoIDNative.Source) async throws -> T) async throws -> T {
        try await bytes.sending(call)
    }
}

/// What is behind a ``Source``.
protocol SourceBytes: Sendable {
    var isReplayable: Bool { get }

    func length() throws -> Int64

    func forReading() throws -> VideoIDNative.Source

    func sending<T: Sendable>(_ call: (VideoIDNative.Source) async throws -> T) async throws -> T
}

private struct Whole: SourceBytes {
    let native: VideoIDNative.Source

    var isReplayable: Bool { true }

    func length() throws -> Int64 { try VideoID.native { try native.byteCount() } }

    func forReading() -> VideoIDNative.Source { native }

    func sending<T: Sendable>(_ call: (VideoIDNative.Source) async throws -> T) async throws -> T { try await call(native) }
}
