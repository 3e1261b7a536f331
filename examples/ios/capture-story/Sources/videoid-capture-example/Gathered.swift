import Foundation
import VideoID

/// What an app has gathered when the person has been filmed.
struct Gathered: Sendable {
    var front: Source
    var rear: Source?
    var owner: Source
    /// What the products for text recognition, liveness and face match have found.
    var recognised: Recognised

    /// Checks what was gathered and makes evidence of it; the same in the program and in the app.
    func evidence() async throws -> Evidence {
        let attested = SecurityCheck(passed: true, provenance: .attested, by: recognised.by)
        return try await EvidenceBuilder(
            documentFront: front, documentRear: rear, documentOwner: owner,
            // The address of the acceptance is the backend's to add: a device knows only its local one.
            acceptance: Acceptance(
                descriptionText: "I accept the terms and conditions and the privacy policy",
                urlDocPrivacypolicy: "https://example.com/privacy", urlDocTermsconditions: "https://example.com/terms",
                userAgent: "videoid capture example", date: Int64(Date().timeIntervalSince1970 * 1000)),
            ocrData: recognised.data,
            securityChecks: SecurityChecks(
                documentsMatch: attested, dataIntegrity: attested, documentNotcopy: attested, documentNotexpired: attested,
                liveliness: SecurityCheck(passed: recognised.isAlive, provenance: .attested, by: recognised.by)),
            similarityLevel: .score(score: recognised.similarity)
        ).build()
    }
}

/// What other products have found, and who says so.
struct Recognised: Sendable {
    var data: OcrData
    var isAlive: Bool
    var similarity: Int64
    var by: String
}
