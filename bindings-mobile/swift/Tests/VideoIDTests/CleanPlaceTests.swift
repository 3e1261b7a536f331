import Foundation
import Testing
import VideoID

extension All {
    /// A package of its own that depends on a copy of this one runs the README's lines.
    @Test func aPackageOfItsOwnRunsTheLinesOfTheReadme() async throws {
        try await inTempFolder { folder in
            let readme = try String(contentsOf: package.appendingPathComponent("README.md"), encoding: .utf8)
            let blocks = readme.components(separatedBy: "```swift\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
            #expect(blocks.count == 4)
            try prepare(folder, blocks.joined(separator: "\n"))
            let sandbox = try Sandbox.with()
            try await sandbox.reset()
            let config: [String: JSON] = [
                "environment": "custom", "api_url": .string(try sandbox.text("ra_url")), "upload_url": .string(try sandbox.text("upload_url")),
                "registration_authority": .string(try sandbox.raID), "video_pk": "request_pk",
            ]
            let library = try #require(ProcessInfo.processInfo.environment["VIDEOID_NATIVE_DIR"])
            let command = ["swift", "run", "-Xlinker", "-L\(library)", "-Xlinker", "-rpath", "-Xlinker", library]
            let external = try sandbox.ready.need("one_shot").need("ra").need("external_id")
            let environment = [
                "README_CONFIG": JSON.object(config).encoded, "README_RAO": try sandbox.rao.encoded, "README_CONTROL": try sandbox.text("control_url"),
                "README_ONE_SHOT": JSON.object(try sandbox.oneShotSettings().merging(["registration_authority": external]) { $1 }).encoded,
                "README_ONE_SHOT_RAO": try sandbox.oneShotRao.encoded,
            ]
            let finished = try run(command, in: folder.appendingPathComponent("program"), environment: environment)
            let wanted = ["VIDEOREVIEW", "ENROLLREADY", "classic: ENROLLREADY", "found ", "lacks ", "45 profiles", "claims VIDEOREVIEW", "ISSUED: ", "signed.pdf"]
            #expect(finished.status == 0 && wanted.allSatisfy { finished.output.contains($0) }, "\(finished.output.suffix(3000))")
            #expect(!finished.output.contains("warning:"), "\(finished.output)")
            let status = try await sandbox.control("GET", "/requests")["requests"]?.array.first?["status"]
            #expect(status == "ENROLLREADY")
        }
    }

    /// The program's package, a copy of this one beside it, and the files that the README names.
    private func prepare(_ folder: URL, _ readme: String) throws {
        let files = FileManager.default
        let copy = folder.appendingPathComponent("VideoID")
        try files.createDirectory(at: copy, withIntermediateDirectories: true)
        // The tests and their program stay behind: a package that is depended on has none.
        let manifest = try String(contentsOf: package.appendingPathComponent("Package.swift"), encoding: .utf8)
        let kept = manifest.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("path: \"Tests/") && !$0.contains(".testTarget(") }
        try Data(kept.joined(separator: "\n").utf8).write(to: copy.appendingPathComponent("Package.swift"))
        try files.copyItem(at: package.appendingPathComponent("Sources"), to: copy.appendingPathComponent("Sources"))
        let program = folder.appendingPathComponent("program")
        let sources = program.appendingPathComponent("Sources/program")
        try files.createDirectory(at: sources, withIntermediateDirectories: true)
        let own = """
            // swift-tools-version:6.0
            import PackageDescription

            let package = Package(
                name: "program", dependencies: [.package(path: "../VideoID")],
                targets: [.executableTarget(name: "program", dependencies: ["VideoID"])])
            """
        try Data(own.utf8).write(to: program.appendingPathComponent("Package.swift"))
        try Data(readme.utf8).write(to: sources.appendingPathComponent("Readme.swift"))
        let main = ##"""
            import Foundation
            import VideoID

            #if canImport(FoundationNetworking)
                import FoundationNetworking
            #endif

            let given = ProcessInfo.processInfo.environment
            let (config, rao) = (try RaConfig(json: given["README_CONFIG"] ?? ""), try RaoCredentials(json: given["README_RAO"] ?? ""))
            try await identify(config, rao)
            let (ra, inbox) = (try RegistrationAuthority(config), WebhookInbox())
            try await enrol(ra, rao)
            let claimed = try received(Data(#"{"status": "VIDEOREVIEW", "request": 45013}"#.utf8), inbox)
            print("claims \(claimed.map(\.description) ?? "nothing")")
            try await review(ra, inbox)
            let photos = try await EvidenceBuilder(
                documentFront: Source(url: URL(fileURLWithPath: "front.jpg")), documentRear: Source(url: URL(fileURLWithPath: "rear.jpg")),
                documentOwner: Source(url: URL(fileURLWithPath: "selfie.jpg")),
                ocrData: OcrData(
                    givenName: "ANNA MARIA", surname1: "ERIKSSON", serialNumber: "D23145890", mobilePhoneNumber: "+34600000000",
                    email: "anna@example.com", idDocumentType: "IDC", idDocumentCountry: "ES")
            ).build()
            let (oneShot, officer) = (try OneShotConfig(json: given["README_ONE_SHOT"] ?? ""), try OneShotRao(json: given["README_ONE_SHOT_RAO"] ?? ""))
            try await sign(oneShot, officer, photos, typed: onThePhone)

            /// What the signer's phone shows.
            @Sendable func onThePhone(_ pk: RequestPk) async throws -> String {
                let control = ProcessInfo.processInfo.environment["README_CONTROL"] ?? ""
                let sent = try Data(contentsOf: URL(string: "\(control)/one-shot/requests/\(pk)/otp")!)
                return (try JSONSerialization.jsonObject(with: sent) as? [String: Any])?["otp"] as? String ?? ""
            }
            """##
        try Data(main.utf8).write(to: sources.appendingPathComponent("main.swift"))
        for (name, fixture) in ["front.jpg": "document_front.jpg", "rear.jpg": "document_rear.jpg", "selfie.jpg": "document_owner.jpg"] {
            try files.copyItem(at: Repo.fixture("specimen/\(fixture)"), to: program.appendingPathComponent(name))
        }
        try files.copyItem(at: Repo.fixture("specimen/register_extract.pdf"), to: program.appendingPathComponent("agreement.pdf"))
        try files.copyItem(at: Repo.fixture("specimen.mp4"), to: program.appendingPathComponent("video.mp4"))
    }
}
