import Foundation
import Testing

extension All {
    /// Memory does not grow with what was made and let go: private memory over a control process that makes next to nothing.
    @Test func aloneTenThousandEvidencesAndBundles() async throws {
        try await inTempFolder { folder in
            let (control, measured) = (try grown(1, folder.appendingPathComponent("control")), try grown(10_000, folder.appendingPathComponent("measured")))
            print("private memory grew by \(measured / 1024) KB, in the control process by \(control / 1024) KB")
            #expect(measured - control < 8 * 1024 * 1024)
        }
    }

    private func grown(_ count: Int, _ folder: URL) throws -> Int64 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("VideoIDCaptureMemory")
        process.arguments = [String(count), folder.path, try Repo.file("tests/vectors/evidence/images/front.jpg").path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        try expect("ready", output)
        let before = try privateBytes(process.processIdentifier)
        try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8))
        try expect("done", output)
        return try privateBytes(process.processIdentifier) - before
    }

    private func expect(_ word: String, _ output: Pipe) throws {
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) { line += byte }
        guard line == Data(word.utf8) else { throw Failure("the measured process did not say \(word)") }
    }

    /// Memory that is a process's own and not a file's.
    private func privateBytes(_ process: Int32) throws -> Int64 {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") }), let kb = Int64(line.filter(\.isNumber)) else {
            throw Failure("the system does not tell the memory of a process")
        }
        return kb * 1024
    }
}
