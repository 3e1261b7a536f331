import Foundation
import Testing
import VideoID

extension Case: CustomTestStringConvertible {
    var testDescription: String { title }

    /// The scenarios of the first tier whose target is Swift. They need no sandbox: nothing is sent.
    static func scenarios() throws -> [Case] {
        try Repo.json(in: "tests/scenarios").filter { $0.lastPathComponent != "schema.json" }.map { try JSON(file: $0) }
            .filter { $0["tier"]?.int == 1 && $0["target"]?.array.contains("swift") == true }
            .flatMap { try Case.all(of: $0) }
    }
}

extension All {
    @Test(arguments: try Case.scenarios())
    func scenario(_ test: Case) async throws {
        let unknown = Set(test.scenario.object.keys).subtracting(["name", "about", "tier", "target", "steps"])
        #expect(unknown.isEmpty, "what a scenario of the first tier has not")
        try await inTempFolder { folder in
            let calls = CaptureCalls(Sources(folder))
            for (index, step) in try test.scenario.need("steps").array.enumerated() {
                do {
                    try await self.step(step, calls)
                } catch {
                    throw Failure("step \(index + 1): \(error)")
                }
            }
        }
    }

    private func step(_ step: JSON, _ calls: CaptureCalls) async throws {
        if let file = step["file"] { return try calls.file(file) }
        let unknown = Set(step.object.keys).subtracting(["call", "args", "save_as", "expect"])
        guard unknown.isEmpty else { throw Failure("unknown in a step: \(unknown)") }
        let (name, args, wanted) = (try step.text("call"), step["args"] ?? .object([:]), step["expect"]?["error"])
        let result: JSON
        do {
            result = try await calls.call(name, args, saveAs: step["save_as"]?.string)
        } catch {
            guard let wanted, let got = errorJSON(error) else { throw error }
            return try agree(wanted, got)
        }
        if let wanted { throw Failure("succeeded, expected the error \(wanted)") }
        if let expected = step["expect"]?["result"] { try agree(expected, result) }
    }

    private func agree(_ expected: JSON, _ actual: JSON) throws {
        let found = differences(expected, actual)
        if !found.isEmpty { throw Failure(found.joined(separator: "\n") + "\nin \(actual)") }
    }

    @Test func anErrorIsOneLineForPeopleWithoutWhatWasGiven() async throws {
        let error = try await failure { _ = try await EvidenceBuilder(documentFront: Source(url: URL(fileURLWithPath: "/nowhere/eriksson.jpg"))).build() }
        let own = try #require(error as? VideoIDError)
        #expect(own.code == "source_unreadable" && own.category == .validation)
        #expect(own.fields.map(\.field) == ["videoid_data.images.document_front"])
        for shown in [error.localizedDescription, "\(error)", String(reflecting: error)] {
            #expect(shown.hasPrefix("source_unreadable: ") && !shown.contains("eriksson") && !shown.contains("\n"), "\(shown)")
        }
    }

    @Test func aBundleIsItsOwnersAlone() async throws {
        try await inTempFolder { folder in
            let bundle = folder.appendingPathComponent("bundle")
            let evidence = try await EvidenceBuilder(documentFront: Source(url: Repo.fixture("specimen/document_front.jpg"))).build()
            try await EvidenceBundle.save(to: bundle, evidence: evidence, video: Source(url: Repo.fixture("specimen.mp4")))
            let names = try FileManager.default.contentsOfDirectory(atPath: bundle.path).sorted()
            #expect(names == ["document_front.jpg", "evidence.json", "manifest.json", "video.mp4"])
            for name in names {
                let mode = try FileManager.default.attributesOfItem(atPath: bundle.appendingPathComponent(name).path)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(name)")
            }
        }
    }

    /// What runs on the main actor is not held up, and what it made may go to another task: all of it is `Sendable`.
    @MainActor @Test func theMainActorGetsItsEvidenceBack() async throws {
        let builder = EvidenceBuilder(documentFront: Source(url: Repo.fixture("specimen/document_front.jpg")))
        let evidence = try await builder.build()
        MainActor.assertIsolated()
        let length = await Task.detached { evidence.contentLength }.value
        #expect(length == evidence.contentLength && length > 0)
    }

    /// An app has no business with officers, cards or certificates, so that the sources have no name for them.
    @Test func nothingOfAClientIsThere() throws {
        let sources = try Repo.file("bindings-mobile/swift/Capture/Sources/VideoIDNative/VideoIDNative.swift")
        let text = try String(contentsOf: sources, encoding: .utf8)
        #expect(text.contains("public struct EvidenceInput"))
        for name in ["RegistrationAuthority", "OneShot", "Credentials", "Workflow", "RaConfig", "ClientIdentity", "WebhookInbox", "Listener"] {
            #expect(!text.contains("class \(name)") && !text.contains("struct \(name)") && !text.contains("protocol \(name)"), "\(name)")
        }
    }

    @Test func thePackageSaysWhatItDoesWithData() throws {
        let manifest = try Repo.file("bindings-mobile/swift/Capture/Sources/VideoID/PrivacyInfo.xcprivacy")
        let read = try PropertyListSerialization.propertyList(from: try Data(contentsOf: manifest), format: nil)
        let said = try #require(read as? [String: Any])
        #expect(said["NSPrivacyTracking"] as? Bool == false)
        #expect((said["NSPrivacyCollectedDataTypes"] as? [Any])?.isEmpty == true)
        #expect((said["NSPrivacyAccessedAPITypes"] as? [Any])?.count == 1)
    }
}
