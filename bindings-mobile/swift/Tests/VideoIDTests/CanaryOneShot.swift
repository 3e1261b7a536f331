import Foundation
import VideoID

/// The canary's part of the One-Shot API.
extension Provocations {
    func oneShot(_ dialect: Dialect) async throws {
        try await sandbox.reset()
        try await sandbox.control("PUT", "/settings", .object(["one_shot": .object(["external": .bool(true)])]))
        var config = try OneShotConfig(json: JSON.object(try sandbox.oneShotSettings()).encoded)
        config.dialect = dialect
        let client = try OneShot(config) { [seen] in seen.show($0) }
        config.billingUsername = Canaries.of("billing user")
        config.billingPassword = Canaries.of("billing password")
        seen.show(config)
        seen.show(client)
        try await provoke("billing_rejected") { try await OneShot(config) { [seen] in seen.show($0) }.createVideoid(videoid) }
        try await tokens(client, dialect)
        let submitted = try await provoke { try await self.submitted(client) }
        guard let submitted, let outcome = submitted else { throw Failure("not submitted") }
        try await officer(client, outcome.handle)
        try await signature(client, outcome.handle.requestPk, dialect)
        try await link(client, outcome.handle.requestPk, dialect)
        // What the faults were for that were not met.
        try await sandbox.reset()
    }

    private var videoid: NewVideoId {
        NewVideoId(
            mobilePhoneNumber: Canaries.of("phone"), email: Canaries.of("email"), profile: "PFnubeQAFCiudadano",
            billingUsername: nil, billingPassword: nil, extra: JSON.object(["more": .string(Canaries.of("extra"))]).encoded)
    }

    private var right: OneShotRao { get throws { try OneShotRao(json: try sandbox.oneShotRao.encoded) } }

    private var wrong: OneShotRao {
        OneShotRao(username: Canaries.of("username"), password: Canaries.of("password"), pin: Canaries.of("pin"), rao: "1400")
    }

    /// An answer of that dialect that succeeds.
    private func success(_ operation: String, _ dialect: Dialect, _ data: JSON) async throws {
        let (status, key): (JSON, String) = dialect == .legacy ? ("200 OK", "details") : ("success", "detail")
        try await answer(operation, 200, .object(["status": status, key: data]))
    }

    private func tokens(_ client: OneShot, _ dialect: Dialect) async throws {
        let uid = Canaries.of("token")
        let shown = JSON.object([
            "username": .string(Canaries.of("username")), "password": "true", "pin": "true", "NOTE": "a note", "own": .string(Canaries.of("extra")),
        ])
        try await success("create_token", dialect, .object(["token_uid": .string(uid), "own": .string(Canaries.of("extra"))]))
        try await success("get_token", dialect, shown)
        try await success("list_tokens", dialect, .object([uid: shown]))
        let billing: [String: JSON] = [
            "billing_username": .string(Canaries.of("billing user")), "billing_password": .string(Canaries.of("billing password")),
        ]
        try await success("get_settings", dialect, .object(["billing": .object(billing)]))
        let new = NewToken(username: Canaries.of("username"), password: Canaries.of("password"), pin: Canaries.of("pin"))
        seen.show(new)
        let created = try await provoke { try await client.createToken(new) }
        guard let token = created?.tokenUid, token.rawValue == uid else { throw Failure("no token") }
        seen.show(token)
        seen.show([token: OneShotRao(token: token, rao: "1400")])
        try await provoke { try await client.getToken(token) }
        try await provoke { try await client.listTokens() }
        let settings = try await provoke { try await client.getSettings() }
        guard let settings, settings.billing.contains(Canaries.of("billing user")) else { throw Failure("no settings") }
        try await provoke("token_unknown") { try await client.deleteToken(token) }
    }

    private func submitted(_ client: OneShot) async throws -> OneShotOutcome? {
        let new = NewOneShotRequest(
            profile: "PFnubeQAFCiudadano", givenName: Canaries.of("given name"), surname1: Canaries.of("surname"), serialNumber: Canaries.of("serial"),
            email: Canaries.of("email"), mobilePhoneNumber: Canaries.of("phone"), username: Canaries.of("username"), password: Canaries.of("password"),
            pin: Canaries.of("pin"))
        seen.show(new)
        seen.show(videoid)
        let image = Source(url: Repo.fixture("specimen/document_front.jpg"))
        try await provoke("rao_rejected") { try await client.createOneshotRequest(new, documentFront: image, documentOwner: image) }
        let workflow = OneShotExternal(client, onEvent: { [seen] in seen.show($0) }, store: { [seen] in seen.add($0) })
        var builder = try specimen()
        builder.acceptance = nil
        let evidence = try await builder.build()
        let outcome = try await provoke {
            try await workflow.submit(videoid, evidence: evidence, video: Source(url: Repo.fixture("specimen.mp4")))
        }
        seen.show(workflow)
        seen.add(workflow.state)
        if let pk = outcome?.handle.requestPk { try await provoke { try await client.getOneshotRequest(pk) } }
        return outcome
    }

    /// Decisions, and answers that repeat what was sent.
    private func officer(_ client: OneShot, _ handle: VideoIdHandle) async throws {
        seen.show(wrong)
        try await provoke("rao_rejected") { try await client.approveOneshotVideoid(handle, rao: wrong) }
        try await answer("create_videoid", 500, .object(["status": "500 Internal Server Error", "details": .object(["email": .array([.string(Canaries.of("email"))])])]))
        let said = JSON.object(["loc": .array(["body", "email"]), "msg": .string(Canaries.of("email")), "type": "value_error", "input": .string(Canaries.of("phone"))])
        try await answer("refuse_oneshot_videoid", 422, .object(["detail": .array([said])]))
        try await failed { try await client.createVideoid(videoid) }
        try await failed { try await client.refuseOneshotVideoid(handle, rao: wrong, reason: Canaries.of("reason")) }
        try await provoke { try await client.approveOneshotVideoid(handle, rao: try right) }
    }

    private func signature(_ client: OneShot, _ pk: RequestPk, _ dialect: Dialect) async throws {
        let paper = folder.appendingPathComponent(Canaries.of("file name"))
        try Data(Canaries.of("image").utf8).write(to: paper)
        try await provoke("document_unrecognised") { try await client.uploadDocuments(pk, documents: [Source(url: paper)]) }
        try await provoke { try await client.uploadDocuments(pk, documents: [Source(url: Repo.fixture("specimen/register_extract.pdf"))]) }
        let named = JSON.object(["filename": .string(Canaries.of("file name")), "own": .string(Canaries.of("extra"))])
        try await success("list_documents", dialect, .object(["ab12": named]))
        let listed = try await provoke { try await client.listDocuments(pk) }
        guard listed?.documents.first?.filename == Canaries.of("file name") else { throw Failure("no documents") }
        var signing = Signing(secret: Canaries.of("otp"))
        if dialect == .current { signing.appearance = SignatureAppearance(text: Canaries.of("signature text")) }
        seen.show(signing)
        try await failed { try await client.sign(pk, signing: signing) }
        let external = Signing(extUnlockType: "pin", extUnlockValue: Canaries.of("unlock"))
        seen.show(external)
        try await provoke { try? await client.sign(pk, signing: external) }
    }

    /// The signer's link is in the answer to the create call.
    private func link(_ client: OneShot, _ pk: RequestPk, _ dialect: Dialect) async throws {
        let link = Canaries.of("link")
        let made: [String: JSON] = [
            "request_pk": .number(String(pk.rawValue)), "videoid_pk": .number("16673"), "videoid_link": .string(link), "own": .string(Canaries.of("extra")),
        ]
        try await success("create_videoid", dialect, .object(made))
        let workflow = OneShotEidas(client, onEvent: { [seen] in seen.show($0) }, store: { [seen] in seen.add($0) })
        let started = try await provoke { try await workflow.start(videoid) }
        guard started?.videoidLink == link else { throw Failure("no link") }
        seen.show(workflow)
        seen.add(workflow.state)
    }

    /// A call that fails, with whatever code.
    private func failed<T>(_ call: () async throws -> T) async throws {
        let error = try await failure { _ = try await call() }
        guard let error = error as? VideoIDError else { throw error }
        seen.show(error)
        seen.add("\(error.localizedDescription) \(error as NSError) \(error.fields) \(error.code) \(error.serverID ?? "") \(error.serverCode ?? "")")
    }
}
