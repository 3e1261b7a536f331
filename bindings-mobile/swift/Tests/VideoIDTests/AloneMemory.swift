import Foundation
import Testing
import VideoID

/// Memory does not grow with the files, nor with what was made and let go: peak of private memory over a control process that does all but
/// that, after a warm-up. The bound is twice the goal of 4 MB. Run with nothing beside it.
extension All {
    @Suite(.serialized)
    struct AloneMemory {
        private let bound: Int64 = 8 * 1024 * 1024
        private let sandbox: Sandbox
        private let config: String

        init() throws {
            sandbox = try Sandbox.with(["--discard-uploads"])
            config = JSON.object([
                "environment": "custom", "api_url": .string(try sandbox.text("ra_url")), "upload_url": .string(try sandbox.text("upload_url")),
                "registration_authority": .string(try sandbox.raID), "video_pk": "request_pk", "timeouts": .object(["idle": .number("0")]),
            ]).encoded
        }

        @Test func fourImagesOf20MBAndAVideoOf500MB() async throws {
            try await inTempFolder { folder in
                try await sandbox.reset()
                try writeJPEG(folder.appendingPathComponent("large.jpg"), 20_000_000, Repo.fixture("specimen/document_front.jpg"))
                try writeMP4(folder.appendingPathComponent("large.mp4"), 500_000_000)
                try compare("upload", folder)
            }
        }

        @Test func aRequestWith40MBOfImagesReadBackTwentyTimes() async throws {
            try await inTempFolder { folder in
                try await sandbox.reset()
                // A first process leaves a request with evidence behind; its images are then made large.
                _ = try grown("control_read_back", folder)
                let requests = try await sandbox.control("GET", "/requests")
                let pk = try #require((requests["requests"]?.array ?? requests.array).first?["pk"]?.int)
                try await sandbox.control("POST", "/requests/\(pk)/images", .object(["megabytes": .number("40")]))
                try compare("read_back", folder, [String(pk)])
            }
        }

        /// Both ways; what comes back is what went up.
        @Test(arguments: ["current", "legacy"])
        func aVideoOf200MBUpAndBackOnTheOneShotAPI(_ dialect: String) async throws {
            // One that keeps what is uploaded.
            let keeping = try Sandbox.with()
            try await keeping.reset()
            try await inTempFolder { folder in
                let (video, back) = (folder.appendingPathComponent("large.mp4"), folder.appendingPathComponent("back.mp4"))
                try writeMP4(video, 200_000_000)
                try vary(video)
                let external = try keeping.ready.need("one_shot").need("ra").need("external_id")
                let settings = try keeping.oneShotSettings().merging(["dialect": .string(dialect), "registration_authority": external]) { $1 }
                try compare("one_shot", folder, config: JSON.object(settings).encoded)
                #expect(try same(video, back))
            }
        }

        /// Bytes that differ from place to place, where those of the generated video are all the same.
        private func vary(_ video: URL) throws {
            let out = try FileHandle(forWritingTo: video)
            for at in stride(from: 1_000_000, to: 199_000_000, by: 777_777) {
                try out.seek(toOffset: UInt64(at))
                try out.write(contentsOf: Data((0..<4096).map { UInt8(truncatingIfNeeded: at / 777 &* 31 &+ $0 &* 7) }))
            }
            try out.close()
        }

        /// Compares in pieces.
        private func same(_ one: URL, _ other: URL) throws -> Bool {
            let (one, other) = (try FileHandle(forReadingFrom: one), try FileHandle(forReadingFrom: other))
            while true {
                let (a, b) = (try one.read(upToCount: 1 << 20) ?? Data(), try other.read(upToCount: 1 << 20) ?? Data())
                if a != b { return false }
                if a.isEmpty { return true }
            }
        }

        @Test func tenThousandObjectsOfEachKind() async throws {
            try await inTempFolder { folder in
                try await sandbox.reset()
                try compare("objects", folder)
            }
        }

        private func compare(_ what: String, _ folder: URL, _ more: [String] = [], config: String? = nil) throws {
            let control = try grown("control_\(what)", folder, more, config)
            let measured = try grown(what, folder, more, config)
            print("\(what): private memory grew by \(measured / 1024) KB, in the control process by \(control / 1024) KB")
            #expect(measured - control < bound, "\(what): \((measured - control) / 1024) KB over the control process")
        }

        /// How much the private memory of a process grew between `ready` and `done`, at its peak.
        private func grown(_ what: String, _ folder: URL, _ more: [String] = [], _ other: String? = nil) throws -> Int64 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("VideoIDMemory")
            process.arguments = [what, other ?? config, folder.path, Repo.root.appendingPathComponent("tests/fixtures").path] + more
            let (input, output) = (Pipe(), Pipe())
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            defer {
                try? input.fileHandleForWriting.close()
                process.waitUntilExit()
            }
            try expect("ready", output)
            let before = privateBytes(process.processIdentifier)
            let sampler = Sampler(process.processIdentifier)
            try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8))
            try expect("done", output)
            return max(sampler.stop(), privateBytes(process.processIdentifier)) - before
        }

        private func expect(_ word: String, _ output: Pipe) throws {
            var line = Data()
            while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) { line += byte }
            guard line == Data(word.utf8) else { throw Failure("the measured process did not say \(word)") }
        }
    }
}

/// Memory that is a process's own and not a file's.
private func privateBytes(_ process: Int32) -> Int64 {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") } ?? ""
    return (Int64(line.filter(\.isNumber)) ?? 0) * 1024
}

/// Looks at a process again and again, on a thread of its own, and remembers the most.
private final class Sampler: @unchecked Sendable {
    private let lock = NSLock()
    private let ended = DispatchSemaphore(value: 0)
    private var running = true
    private var peak: Int64 = 0

    init(_ process: Int32) {
        Thread.detachNewThread { [self] in
            while lock.withLock({ running }) {
                let now = privateBytes(process)
                lock.withLock { peak = max(peak, now) }
                Thread.sleep(forTimeInterval: 0.005)
            }
            ended.signal()
        }
    }

    func stop() -> Int64 {
        lock.withLock { running = false }
        ended.wait()
        return lock.withLock { peak }
    }
}
