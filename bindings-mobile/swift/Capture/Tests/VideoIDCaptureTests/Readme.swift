import Foundation
import Testing
import VideoID

// The lines of README.md, word by word: the test below compares them.

func collected(front: Source, rear: Source, selfie: Source, video: Source, read: OcrData, bundle: URL) async throws -> [Finding] {
    _ = try await checkVideo(video)
    let liveliness = SecurityCheck(passed: true, provenance: .attested, by: "your liveness product")
    let evidence = try await EvidenceBuilder(
        documentFront: front, documentRear: rear, documentOwner: selfie,
        acceptance: Acceptance(descriptionText: "I accept the terms", date: Int64(Date().timeIntervalSince1970 * 1000)),
        ocrData: read, securityChecks: SecurityChecks(liveliness: liveliness), similarityLevel: .score(score: 87)
    ).build()
    try await EvidenceBundle.save(to: bundle, evidence: evidence, video: video)
    return evidence.report.findings // advice: what an officer may miss
}

extension All {
    @Test func theLinesOfTheReadmeSaveABundle() async throws {
        let package = try Repo.file("bindings-mobile/swift/Capture")
        let readme = try String(contentsOf: package.appendingPathComponent("README.md"), encoding: .utf8)
        let blocks = readme.components(separatedBy: "```swift\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
        let here = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        #expect(blocks.count == 1 && blocks.allSatisfy(here.contains), "README.md and Readme.swift differ")

        try await inTempFolder { folder in
            func picture(_ name: String) -> Source { Source(url: Repo.fixture("specimen/document_\(name).jpg")) }
            let bundle = folder.appendingPathComponent("bundle")
            let read = OcrData(givenName: "ANNA MARIA", surname1: "ERIKSSON", mobilePhoneNumber: "+34600000000")
            let findings = try await collected(
                front: picture("front"), rear: picture("rear"), selfie: picture("owner"), video: Source(url: Repo.fixture("specimen.mp4")), read: read,
                bundle: bundle)
            #expect(findings.allSatisfy { !$0.field.isEmpty })
            #expect(try await EvidenceBundle.load(from: bundle).manifest.files.count == 5)
        }
    }
}
