import Foundation
import VideoID

extension Story {
    /// External VideoID: evidence and video are here, and the officer validates and approves, or refuses.
    func external(_ ra: RegistrationAuthority) async throws {
        let rao = try officer()
        let told = Told()
        let workflow = ExternalVideoID(ra, onEvent: told.event)
        let request = NewRequest(profile: "PFnubeQAFCiudadano", email: "anna@example.com", mobilePhoneNumber: "+34600000000")
        let evidence = try await evidence().build()
        let submission = try await workflow.submit(request, evidence: evidence, video: try source("video"), options: told.options)

        if let reason = arguments["refuse"] {
            let outcome = try await workflow.refuse(rao, reason: reason)
            return done(outcome.status, submission.requestPk, outcome.videoidStatus)
        }
        try keep(try await workflow.validate(rao))
        let approved = try await workflow.approve(rao)
        done(approved.status, submission.requestPk, approved.videoidStatus)
    }

    func evidence() throws -> EvidenceBuilder {
        let attested = SecurityCheck(passed: true, provenance: .attested, by: "example")
        return EvidenceBuilder(
            documentFront: try source("front"),
            documentRear: arguments["rear"].map { Source(url: URL(fileURLWithPath: $0)) },
            documentPhoto: arguments["photo"].map { Source(url: URL(fileURLWithPath: $0)) },
            documentOwner: try source("owner"),
            acceptance: Acceptance(
                descriptionText: "I accept the terms and conditions and the privacy policy",
                urlDocPrivacypolicy: "https://example.com/privacy",
                urlDocTermsconditions: "https://example.com/terms",
                urlWebVideoid: "https://example.com/identify",
                ip: "127.0.0.1",
                userAgent: "videoid example",
                date: Int64(Date().timeIntervalSince1970 * 1000)),
            ocrData: OcrData(
                givenName: "ANNA MARIA", surname1: "ERIKSSON", serialNumber: "D23145890", mobilePhoneNumber: "+34600000000",
                email: "anna@example.com", idDocumentType: "IDC", idDocumentCountry: "ES"),
            securityChecks: SecurityChecks(
                otpValidation: attested, documentsMatch: attested, dataIntegrity: attested, documentNotcopy: attested,
                documentNotexpired: attested, documentNotunderage: attested, liveliness: attested),
            similarityLevel: .score(score: 87))
    }
}
