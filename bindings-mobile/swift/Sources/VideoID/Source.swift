import Foundation
import VideoIDNative

/// The bytes of an image or a video.
///
/// Give a file where there is one: it is read in pieces and never stands in memory, while `Data` is copied into the native library
/// once. A file must not change while it is sent, which is checked. Its description shows no path and no content.
public struct Source: Sendable, CustomStringConvertible, CustomReflectable {
    enum Kind: Sendable {
        case whole(VideoIDNative.Source)
        case stream(length: Int64, pump: @Sendable (VideoIDNative.Source) async throws -> Void)
    }

    let kind: Kind

    /// A file.
    public init(url: URL) {
        kind = .whole(VideoIDNative.Source.fromPath(path: url.path))
    }

    /// Bytes that are in memory already; they are copied.
    public init(data: Data) {
        kind = .whole(VideoIDNative.Source.fromBytes(bytes: data))
    }

    /// A stream of exactly `length` bytes in all. It is read once, while it is sent; where it would have to be sent again the call fails
    /// with `body_not_repeatable`. For videos: images of evidence are looked at before they are sent and cannot be streams.
    public init<S: AsyncSequence & Sendable>(stream: S, length: Int64) where S.Element == Data {
        kind = .stream(length: length) { channel in
            for try await piece in stream {
                try await channel.push(chunk: piece)
            }
        }
    }

    init(native: VideoIDNative.Source) {
        kind = .whole(native)
    }

    /// The length in bytes.
    ///
    /// - Throws: ``VideoIDError`` with `source_unreadable` where a file does not exist.
    public var length: Int64 {
        get throws {
            switch kind {
            case .whole(let native): try VideoID.native { try native.byteCount() }
            case .stream(let length, _): length
            }
        }
    }

    /// Whether it can be sent more than once.
    public var isReplayable: Bool {
        if case .whole = kind { true } else { false }
    }

    public var description: String { "Source" }

    /// Shows neither path nor content.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }

    /// The native source for a use that reads it before it is sent; a stream cannot be read there, which the core says.
    func forReading() throws -> VideoIDNative.Source {
        switch kind {
        case .whole(let native): native
        case .stream(let length, _): try VideoIDNative.Source.fromChannel(length: length)
        }
    }

    /// Runs a call that sends it; a stream is pumped meanwhile.
    func sending<T: Sendable>(_ call: (VideoIDNative.Source) async throws -> T) async throws -> T {
        switch kind {
        case .whole(let native):
            return try await call(native)
        case .stream(let length, let pump):
            let channel = try VideoIDNative.Source.fromChannel(length: length)
            // Not awaited at the end: a stream that never gives another element must not keep a call from ending.
            let pumping = Task {
                defer { channel.finish() }
                try await pump(channel)
            }
            defer {
                pumping.cancel()
                channel.finish()
            }
            return try await call(channel)
        }
    }
}
