import Foundation
import Testing
import VideoID

/// A cancelled task closes the connection of its upload, long before all has been sent. Run with nothing beside it.
extension All {
    @Suite(.serialized)
    struct AloneCancellation {
        private let total: Int64 = 200_000_000

        /// A video that the service reads slowly, and what has to come of it.
        private func upload(_ body: (RegistrationAuthority, VideoIdentifier, URL) async throws -> Void) async throws {
            try await inTempFolder { folder in
                let file = folder.appendingPathComponent("video.mp4")
                try writeMP4(file, total)
                let ra = try await client()
                let identifier = try await created(ra)
                let sandbox = try Sandbox.with()
                try await sandbox.control(
                    "POST", "/faults", .array([.object(["operation": "upload_video", "kind": "slow_reading", "ms": .number("50")])]))
                try await body(ra, identifier, file)
                try await wasBrokenOff("upload_video")
            }
        }

        private func wasBrokenOff(_ operation: String) async throws {
            for _ in 0..<100 {
                let received = try await Sandbox.with().control("GET", "/received").array.last { $0["operation"]?.string == operation }
                if let received, received["complete"]?.bool == false, let bytes = received["bytes_read"]?.int, bytes > 0 {
                    #expect(bytes < total / 2)
                    return
                }
                try await Task.sleep(nanoseconds: 50_000_000)
            }
            Issue.record("the service saw no connection that was broken off")
        }

        @Test func cancellingTheTaskClosesTheConnectionToTheOptimizer() async throws {
            try await inTempFolder { folder in
                let file = folder.appendingPathComponent("video.mp4")
                try writeMP4(file, total)
                let client = try await oneShot()
                let handle = try await client.createVideoid(signer).handle
                let sandbox = try Sandbox.with()
                try await sandbox.control(
                    "POST", "/faults", .array([.object(["operation": "upload_videoid_video", "kind": "slow_reading", "ms": .number("50")])]))
                let begun = Flag()
                let running = Task {
                    defer { begun.raise() }
                    return try await client.uploadVideoidVideo(
                        handle, video: Source(url: file), options: RequestOptions { if $0.sent > 1_000_000 { begun.raise() } })
                }
                await begun.wait()
                running.cancel()
                let error = try await failure { _ = try await running.value }
                #expect(error is CancellationError)
                try await wasBrokenOff("upload_videoid_video")
            }
        }

        @Test func cancellingTheTaskClosesTheConnection() async throws {
            try await upload { ra, identifier, file in
                let begun = Flag()
                let running = Task {
                    defer { begun.raise() }
                    return try await ra.uploadVideo(
                        identifier, video: Source(url: file), options: RequestOptions { if $0.sent > 1_000_000 { begun.raise() } })
                }
                await begun.wait()
                running.cancel()
                let error = try await failure { _ = try await running.value }
                #expect(error is CancellationError)
            }
        }

        @Test func givingUpTheStreamOfProgressClosesTheConnection() async throws {
            try await upload { ra, identifier, file in
                for try await step in progress(of: { try await ra.uploadVideo(identifier, video: Source(url: file), options: $0) }) {
                    if step.sent > 1_000_000 { break }
                }
            }
        }

        @Test func cancellingEndsAStreamThatGivesNothingMore() async throws {
            try await upload { ra, identifier, _ in
                let begun = Flag()
                let given = Seen()
                let stream = AsyncStream<Data> {
                    if given.all.count == 40 {
                        // Nothing more ever comes.
                        begun.raise()
                        try? await Task.sleep(nanoseconds: 60_000_000_000)
                        return nil
                    }
                    given.add("a piece")
                    return Data(count: 64 * 1024)
                }
                let running = Task { [total] in
                    defer { begun.raise() }
                    return try await ra.uploadVideo(
                        identifier, video: Source(stream: stream, length: total))
                }
                await begun.wait()
                running.cancel()
                let error = try await failure { _ = try await running.value }
                #expect(error is CancellationError)
            }
        }
    }
}

/// Something that has happened.
private final class Flag: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func raise() { continuation.yield() }

    func wait() async { for await _ in stream { return } }
}
