import Foundation
import VideoID

/// External VideoID from a scratchcard to ENROLLREADY, or to a refusal.
struct Story {
    let arguments: Arguments

    func tell() async throws {
        var config = RaConfig(environment: .custom)
        config.apiUrl = try arguments.needed("ra-url")
        config.uploadUrl = try arguments.needed("upload-url")
        config.registrationAuthority = RaId(try arguments.needed("ra"))
        config.videoPk = .requestPk
        let rao = RaoCredentials(
            username: try arguments.secret("rao-username"), password: try arguments.secret("rao-password"), pin: try arguments.secret("rao-pin"),
            raoId: try arguments.secret("rao-id"))
        let ra = try RegistrationAuthority(config)
        defer { ra.close() }

        let step = Step()
        let workflow = ExternalVideoID(ra) { event in
            if let name = event.step { step.set(name) }
            guard let status = event.status else { return }
            Output.say([
                ("event", .text("status")), ("status", .text(status.description)), ("request_pk", event.requestPk.map { .number($0.rawValue) }),
            ])
        }
        let options = RequestOptions { progress in
            Output.say([
                ("event", .text("progress")), ("operation", .text(step.get())), ("sent", .number(progress.sent)), ("total", .number(progress.total)),
            ])
        }
        let request = NewRequest(profile: "PFnubeQAFCiudadano", email: "anna@example.com", mobilePhoneNumber: "+34600000000")
        let submission = try await workflow.submit(
            request, evidence: try await evidence().build(), video: Source(url: try arguments.file("video")), options: options)

        if let reason = arguments["refuse"] {
            let outcome = try await workflow.refuse(rao, reason: reason)
            Output.say([
                ("event", .text("done")), ("status", .text(outcome.status.description)),
                ("videoid_status", outcome.videoidStatus.map { .text($0) }),
            ])
            return
        }
        try keep(try await workflow.validate(rao))
        let approved = try await workflow.approve(rao)
        Output.say([
            ("event", .text("done")), ("status", .text(approved.status.description)), ("request_pk", .number(submission.requestPk.rawValue)),
        ])
    }

    private func evidence() throws -> EvidenceBuilder {
        let attested = SecurityCheck(passed: true, provenance: .attested, by: "example")
        return EvidenceBuilder(
            documentFront: Source(url: try arguments.file("front")),
            documentRear: arguments["rear"].map { Source(url: URL(fileURLWithPath: $0)) },
            documentPhoto: arguments["photo"].map { Source(url: URL(fileURLWithPath: $0)) },
            documentOwner: Source(url: try arguments.file("owner")),
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

    /// Leaves what the officer saw in the folder.
    private func keep(_ outcome: OfficerOutcome) throws {
        let folder = try arguments.file("out")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let contract = outcome.contract { try write(contract.content, "contract.pdf", "contract", folder) }
        if let declaration = outcome.declaration { try write(Data(declaration.receipt.utf8), "declaration.txt", "declaration", folder) }
    }

    private func write(_ data: Data, _ name: String, _ kind: String, _ folder: URL) throws {
        let file = folder.appendingPathComponent(name)
        try data.write(to: file)
        Output.say([("event", .text("file")), ("kind", .text(kind)), ("path", .text(file.path))])
    }
}

/// The operation that runs. Events and progress come from threads of the library.
final class Step: @unchecked Sendable {
    private let lock = NSLock()
    private var name = "submit"

    func set(_ name: String) { lock.withLock { self.name = name } }

    func get() -> String { lock.withLock { name } }
}
