import Foundation
import VideoIDNative

extension Source {
    /// A stream of exactly `length` bytes in all. It is read once, while it is sent; where it would have to be sent again the call fails
    /// with `body_not_repeatable`. For videos: images of evidence are looked at before they are sent and cannot be streams.
    public init<S: AsyncSequence & Sendable>(stream: S, length: Int64) where S.Element == Data {
        self.init(
            bytes: StreamBytes(announced: length) { channel in
                for try await piece in stream {
                    try await channel.push(chunk: piece)
                }
            })
    }
}

private struct StreamBytes: SourceBytes {
    let announced: Int64
    let pump: @Sendable (VideoIDNative.Source) async throws -> Void

    var isReplayable: Bool { false }

    func length() -> Int64 { announced }

    func forReading() throws -> VideoIDNative.Source { try VideoIDNative.Source.fromChannel(length: announced) }

    /// The stream is pumped while it is sent.
    func sending<T: Sendable>(_ call: (VideoIDNative.Source) async throws -> T) async throws -> T {
        let channel = try forReading()
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
