import Foundation
import VideoID

/// The One-Shot API, External and eIDAS VideoID: identified, approved, and on to the signed document.
extension Story {
    /// External VideoID: evidence and video are here.
    func oneShotExternal(_ client: OneShot) async throws {
        let told = Told()
        let workflow = OneShotExternal(client, onEvent: told.event)
        let evidence = try await evidence().build()
        _ = try await workflow.submit(signer, evidence: evidence, video: try source("video"), options: told.options)
        try await decidedAndSigned(workflow, told)
    }

    /// eIDAS VideoID: the user identifies on the vendor's page.
    func oneShotEidas(_ client: OneShot) async throws {
        let told = Told()
        let workflow = OneShotEidas(client, onEvent: told.event)
        // The service sends the user the link. `videoidLink` of what `start` gives has it too, for a page of one's own; it is never printed.
        _ = try await workflow.start(signer)
        Output.say([("event", .text("waiting")), ("for", .text("user"))])
        let seen = try await workflow.waitForUser(deadline: 60, poll: 0.2, maxPoll: 1)
        if seen.status == .videoIncomplete || seen.status == .videoError {
            // `seen.waysOn` says what is open now.
            return done(seen)
        }
        try await decidedAndSigned(workflow, told)
    }

    /// From the officer's decision on both workflows have the same steps.
    private func decidedAndSigned(_ workflow: OneShotWorkflow, _ told: Told) async throws {
        let rao = try oneShotOfficer()
        if let reason = arguments["refuse"] { return done(try await workflow.refuse(rao, reason: reason)) }
        let approved = try await workflow.approve(rao)
        // In 2-step mode it may have been validated only: its status says so, and nothing can be signed yet.
        guard approved.approved else { return done(approved) }
        let folder = try arguments.file("out")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await workflow.documents([try source("document")], options: told.options)

        let contract = try await workflow.contract(to: folder.appendingPathComponent("contract.pdf"))
        self.told("contract", contract.path)
        // Here the signer reads it. Without this word the workflow does not sign.
        try await workflow.contractShown()

        try await workflow.otp()
        Output.say([("event", .text("waiting")), ("for", .text("otp")), ("request_pk", .number(approved.handle.requestPk.rawValue))])
        guard let typed = readLine()?.trimmingCharacters(in: .whitespaces), !typed.isEmpty else {
            throw Arguments.Usage(text: "the one-time password is read from standard input, which is closed")
        }
        let signed = try await workflow.sign(Signing(secret: typed))
        for document in try await workflow.save(to: folder).documents { self.told("signed", document.file.path) }
        // `workflow.delete(savedIn: folder)` would now delete the documents from the Optimizer, which never does so by itself.
        done(signed)
    }

    func onTheOptimizer(_ flow: (OneShot) async throws -> Void) async throws {
        var config = OneShotConfig(environment: .custom)
        config.baseUrl = try arguments.needed("one-shot-url")
        switch arguments["dialect"] ?? "current" {
        case "current": config.dialect = .current
        case "legacy": config.dialect = .legacy
        default: throw Arguments.Usage(text: "--dialect is current or legacy")
        }
        config.registrationAuthority = RaId(try arguments.needed("ra"))
        config.env = arguments["env"] == "prod" ? .prod : .sandbox
        // In clear: the client encodes the password as the service wants it.
        config.billingUsername = try arguments.secret("billing-username")
        config.billingPassword = try arguments.secret("billing-password")
        let client = try OneShot(config)
        defer { client.close() }
        try await flow(client)
    }

    /// One person, who is to sign.
    private var signer: NewVideoId {
        NewVideoId(mobilePhoneNumber: "+34600000000", email: "anna@example.com", profile: "PFnubeQAFCiudadano")
    }

    private func oneShotOfficer() throws -> OneShotRao {
        let rao = try officer()
        return OneShotRao(username: rao.username, password: rao.password, pin: rao.pin, rao: rao.raoId)
    }

    private func done(_ outcome: OneShotOutcome) {
        done(outcome.status, outcome.handle.requestPk, outcome.videoidStatus)
    }
}
