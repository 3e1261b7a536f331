import Foundation
import VideoID

/// Runs one scenario against the sandbox that it asks for.
final class ScenarioRun {
    private let scenario: JSON
    private let sandbox: Sandbox
    private let sources: Sources
    private var saved: [String: JSON] = [:]
    private var changeOfNextCall: ((Int64) -> Void)?
    private let calls: Calls

    init(_ test: Case, _ folder: URL) throws {
        scenario = test.scenario
        let arguments = (scenario["sandbox"]?["args"]?.array ?? []).compactMap(\.string)
        sandbox = try Sandbox.with(arguments)
        sources = Sources(folder)
        let setup = ClientSetup(client: scenario["client"] ?? .object([:]), arguments: arguments, sandbox: sandbox)
        calls = Calls(setup, sources, Meanwhile(sandbox))
        saved["variant"] = test.values
    }

    func run() async throws {
        let setup = scenario["sandbox"]
        try await sandbox.reset(cards: setup?["cards"]?.int)
        if let settings = setup?["settings"] { try await sandbox.control("PUT", "/settings", settings) }
        if let faults = setup?["faults"] { try await sandbox.control("POST", "/faults", faults) }
        saved["rao"] = try sandbox.rao
        saved["ra"] = .string(try sandbox.raID)
        saved["one_shot"] = try sandbox.ready.need("one_shot")
        saved["one_shot_rao"] = try sandbox.oneShotRao
        for (index, step) in try scenario.need("steps").array.enumerated() {
            do {
                try await self.step(try step.filled(saved))
            } catch {
                throw Failure("step \(index + 1) (\(step["call"]?.string ?? step.encoded)): \(error)")
            }
        }
        try await received()
    }

    private func step(_ step: JSON) async throws {
        if let name = step["call"]?.string {
            try await call(name, step)
        } else if let control = step["control"] {
            let result = try await sandbox.control(try control.text("method"), try control.text("path"), control["body"])
            if let expected = step["expect"]?["result"] { try agree(expected, result) }
            try save(step, result)
        } else if let file = step["file"] {
            try self.file(file)
        } else {
            throw Failure("a step is a call, a control or a file")
        }
    }

    private func call(_ name: String, _ step: JSON) async throws {
        let watch = try CallWatch(name, step["options"] ?? .object([:]), onBytes: changeOfNextCall)
        changeOfNextCall = nil
        let unknown = Set(step.object.keys).subtracting(["call", "args", "options", "save", "save_as", "expect"])
        guard unknown.isEmpty else { throw Failure("unknown in a step: \(unknown)") }
        let wanted = step["expect"]?["error"]
        let (calls, args, saveAs) = (calls, step["args"] ?? .object([:]), step["save_as"]?.string)
        let result: JSON
        do {
            result = try await watch.watch { try await calls.call(name, args, $0, saveAs: saveAs) }
        } catch {
            guard let got = errorJSON(error) else { throw error }
            guard let wanted else { throw Failure("failed: \(got) \(error)") }
            // A task's own cancellation says no more than that.
            try agree(error is CancellationError ? .object(wanted.object.filter { got[$0.key] != nil }) : wanted, got)
            try watch.check(step["expect"]?["progress"]?.string)
            return
        }
        if let wanted { throw Failure("succeeded, expected the error \(wanted); result \(result)") }
        if let expected = step["expect"]?["result"] { try agree(expected, result) }
        try save(step, result)
        try watch.check(step["expect"]?["progress"]?.string)
    }

    private func save(_ step: JSON, _ result: JSON) throws {
        for (name, pointer) in step["save"]?.object ?? [:] { saved[name] = try result.at(pointer.string ?? "") }
    }

    private func file(_ file: JSON) throws {
        if let place = file["write"]?.string {
            let target = sources.place(place)
            try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            let content = try file["text"]?.string.map { Data($0.utf8) } ?? Data(contentsOf: try sources.file(file))
            try content.write(to: target)
        } else if let place = file["append"]?.string {
            let out = try FileHandle(forWritingTo: sources.place(place))
            try out.seekToEnd()
            try out.write(contentsOf: Data(try file.text("text").utf8))
            try out.close()
        } else if let place = file["remove"]?.string {
            try FileManager.default.removeItem(at: sources.place(place))
        } else {
            try changeDuringNextCall(sources.place(try file.text("append_during_next_call")), after: file["after_bytes"]?.int ?? 1)
        }
    }

    private func changeDuringNextCall(_ target: URL, after: Int64) throws {
        var done = false
        changeOfNextCall = { sent in
            guard !done, sent >= after, let out = try? FileHandle(forWritingTo: target) else { return }
            done = true
            _ = try? out.seekToEnd()
            try? out.write(contentsOf: Data([0]))
            try? out.close()
        }
    }

    private func received() async throws {
        guard let expected = try scenario["received"]?.filled(saved).array else { return }
        let answer = try await sandbox.control("GET", "/received?personal=true")
        let actual = answer["received"]?.array ?? answer.array
        if scenario["received_mode"]?.string == "contains" {
            var rest = actual[...]
            for one in expected {
                guard let at = rest.firstIndex(where: { differences(one, $0).isEmpty }) else {
                    throw Failure("not received, in this order: \(one); received \(summary(actual))")
                }
                rest = rest[(at + 1)...]
            }
        } else {
            guard expected.count == actual.count else { throw Failure("received \(summary(actual)), expected \(summary(expected))") }
            try agree(.array(expected), .array(actual))
        }
    }

    private func summary(_ list: [JSON]) -> String { list.map { $0["operation"]?.string ?? "?" }.joined(separator: ", ") }

    private func agree(_ expected: JSON, _ actual: JSON) throws {
        let found = differences(expected, actual)
        if !found.isEmpty { throw Failure(found.joined(separator: "\n") + "\nin \(actual)") }
    }
}
