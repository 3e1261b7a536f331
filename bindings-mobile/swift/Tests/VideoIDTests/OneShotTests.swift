import Foundation
import Testing
import VideoID

/// The One-Shot API as a program uses it; what comes of each call in detail is for the scenarios.
func oneShot(_ dialect: Dialect = .current, onEvent: (@Sendable (HookEvent) -> Void)? = nil) async throws -> OneShot {
    let sandbox = try Sandbox.with()
    try await sandbox.reset()
    var config = try OneShotConfig(json: JSON.object(try sandbox.oneShotSettings()).encoded)
    config.dialect = dialect
    return try OneShot(config, onEvent: onEvent)
}

/// One person, who is to sign.
let signer = NewVideoId(mobilePhoneNumber: "+34600000000", email: "anna@example.com", profile: "PFnubeQAFCiudadano")

private func code(_ body: () async throws -> Void) async throws -> String? { (try await failure(body) as? VideoIDError)?.code }

private func rao() throws -> OneShotRao { try OneShotRao(json: try Sandbox.with().oneShotRao.encoded) }

private func evidence() async throws -> Evidence {
    try await EvidenceBuilder(
        documentFront: Source(url: Repo.fixture("specimen/document_front.jpg")), documentRear: Source(url: Repo.fixture("specimen/document_rear.jpg")),
        documentOwner: Source(url: Repo.fixture("specimen/document_owner.jpg")),
        ocrData: OcrData(
            givenName: "ANNA MARIA", surname1: "ERIKSSON", serialNumber: "D23145890", mobilePhoneNumber: "+34600000000", email: "anna@example.com",
            idDocumentType: "IDC", idDocumentCountry: "ES")
    ).build()
}

private func received(_ operation: String) async throws -> Int {
    let list = try await Sandbox.with().control("GET", "/received")
    return (list["received"]?.array ?? list.array).filter { $0["operation"]?.string == operation }.count
}

extension All {
    @Test(arguments: ["current", "legacy"])
    func fromTheIdentificationToTheSignedDocumentAndOnInAnotherObject(_ dialect: String) async throws {
        let client = try await oneShot(dialect == "legacy" ? .legacy : .current)
        let sandbox = try Sandbox.with()
        try await sandbox.control("PUT", "/settings", .object(["one_shot": .object(["external": .bool(true)])]))
        let (states, events, progress) = (Seen(), Seen(), Seen())
        let first = OneShotExternal(client, onEvent: { events.add($0.kind) }, store: { states.add($0) })
        let submitted = try await first.submit(
            signer, evidence: try await evidence(), video: Source(url: Repo.fixture("specimen.mp4")),
            options: RequestOptions { progress.add("\($0.sent) of \($0.total)") })
        #expect(submitted.status == .videoReview && submitted.waitsFor == .review && !submitted.approved)
        #expect(states.all.count >= 4 && events.all.contains("step") && !progress.all.isEmpty)

        try await inTempFolder { folder in
            let workflow = try OneShotExternal(resuming: states.all.last ?? "", with: client)
            let approved = try await workflow.approve(try rao())
            #expect(approved.approved && approved.handle.requestPk == submitted.handle.requestPk && approved.waitsFor == .documents)
            #expect(try await workflow.documents([Source(url: Repo.fixture("specimen/register_extract.pdf"))]).waitsFor == .contractShown)
            // Not without the signer having seen the contract.
            #expect(try await code { try await workflow.sign(Signing(secret: "000000")) } == "workflow_step")
            let contract = try await workflow.contract(to: folder.appendingPathComponent("contract.pdf"))
            #expect(contract.bytes > 500)
            try await workflow.contractShown()
            let otp = try await workflow.otp(.sms)
            #expect(otp.nextAllowedAt > 0)
            #expect(try await code { try await workflow.otp() } == "otp_too_soon")
            let typed = try await sandbox.control("GET", "/one-shot/requests/\(submitted.handle.requestPk)/otp").text("otp")
            #expect(try await workflow.sign(Signing(secret: typed)).status == .issued)
            let saved = try await workflow.save(to: folder).documents
            let signed = try #require(saved.first)
            #expect(saved.count == 1 && signed.signatures == 1 && signed.file.path == folder.appendingPathComponent("signed.pdf").path)
            let mode = try FileManager.default.attributesOfItem(atPath: signed.file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try Data(contentsOf: URL(fileURLWithPath: signed.file.path)).starts(with: Data("%PDF".utf8)))
            #expect(try await workflow.delete(savedIn: folder).waitsFor == .nothing)
            #expect(!workflow.state.contains(typed) && "\(workflow)" == "OneShotExternal")
        }
    }

    @Test func waitingForTheSignerEndsWithItsTask() async throws {
        let client = try await oneShot()
        let workflow = OneShotEidas(client)
        #expect(try await code { _ = try await workflow.waitForUser(deadline: 1) } == "workflow_step")
        let started = try await workflow.start(signer)
        let link = try #require(started.videoidLink)
        #expect(!link.isEmpty && !"\(started)".contains(link) && !workflow.state.contains(link))
        let before = try await received("get_oneshot_request")
        let running = Task { try await workflow.waitForUser(deadline: 600, inbox: WebhookInbox()) }
        // It has begun once it has looked.
        while try await received("get_oneshot_request") == before { try await Task.sleep(nanoseconds: 20_000_000) }
        running.cancel()
        let error = try await failure { _ = try await running.value }
        #expect(error is CancellationError)
        // The workflow goes on.
        #expect(try await workflow.look().waitsFor == .user)
        try await workflow.cancel()
    }

    @Test func aRefusalNeedsAReasonAndIsAnOutcome() async throws {
        let client = try await oneShot()
        let workflow = OneShotEidas(client)
        let started = try await workflow.start(signer)
        try await Sandbox.with().control(
            "POST", "/one-shot/requests/\(started.handle.requestPk)/identification", .object(["outcome": "finish"]))
        #expect(try await workflow.waitForUser(deadline: 60, poll: 0.1).status == .videoReview)
        #expect(try await code { _ = try await workflow.refuse(try rao(), reason: "") } == "field_missing")
        #expect(try await workflow.refuse(try rao(), reason: "blurred").videoidStatus == "REFUSED")
    }

    @Test func aOneShotStateIsOfItsFlowAndAStoreThatFailsEndsItBeforeTheCall() async throws {
        let client = try await oneShot()
        let external = OneShotExternal(client)
        #expect(throws: VideoIDError.self) { _ = try OneShotEidas(resuming: external.state, with: client) }
        #expect(throws: VideoIDError.self) { _ = try OneShotExternal(resuming: "{}x", with: client) }
        #expect(try OneShotExternal(resuming: external.state, with: client).state == external.state)
        #expect(try await code { _ = try await external.look() } == "workflow_step")
        #expect(try await code { try await external.createAnew() } == "workflow_step")
        let failing = OneShotEidas(client, store: { _ in throw Failure("the disk is full") })
        let error = try await failure { _ = try await failing.start(signer) }
        #expect(error is VideoIDError && !"\(error)".contains("disk"))
        #expect(try await received("create_videoid") == 0)
    }

    @Test func documentsAreFilesBytesOrDigestsAndNoStreams() async throws {
        let client = try await oneShot()
        let paper = try Data(contentsOf: Repo.fixture("specimen/register_extract.pdf"))
        let pk = RequestPk(1)
        #expect(try await code { _ = try await client.uploadDocuments(pk, documents: []) } == "field_missing")
        let stream = Source(stream: pieces(of: paper), length: Int64(paper.count))
        #expect(try await code { _ = try await client.uploadDocuments(pk, documents: [stream]) } == "body_not_repeatable")
        #expect(try await code { _ = try await client.uploadDocuments(pk, documents: [Source(data: Data("a text".utf8))]) } == "document_unrecognised")
        #expect(try await code { _ = try await client.uploadImage(stream) } == "body_not_repeatable")
        // Both are what they should be, so that the service is asked; it has no such request.
        let hash = DocumentHash(
            messageDigest: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", digestAlgorithm: "sha256WithRSAEncryption", addAuthAttribute: 1, addSigningTime: 1)
        let both = [Source(data: paper), Source(data: Data(try hash.json().utf8))]
        #expect(try await code { _ = try await client.uploadDocuments(pk, documents: both) } == "not_found")
    }

    @Test func aTokenDoesNotShowItself() throws {
        let secret = "0fca9a7e-0d29-4f4e-8c17-ba9d6e1c7a29"
        let token = TokenUid(secret)
        let seen = Seen()
        for value: Any in [
            token, Optional(token) as Any, [token: token], OneShotRao(token: token, rao: "1400"), CreatedToken(tokenUid: token), Token(tokenUid: token),
            TokenList(tokens: [Token(tokenUid: token)]), NewOneShotRequest(profile: "PFnubeQAFCiudadano", token: token),
        ] { seen.show(value) }
        seen.add("\(token) \(token.description) \(String(describing: token)) \(String(reflecting: token))")
        #expect(seen.all.count == 9)
        #expect(seen.all.filter { $0.contains(secret) } == [])
        // It is there where it is asked for.
        #expect(token.rawValue == secret)
        #expect(try CreatedToken(tokenUid: token).json().contains(secret))
        #expect(try JSONDecoder().decode(TokenUid.self, from: try JSONEncoder().encode(token)) == token)
    }

    @Test func aOneShotClientHasItsSettingsAndIsClosed() async throws {
        let kinds = Seen()
        let client = try await oneShot { kinds.add($0.kind) }
        try await client.hello()
        #expect(kinds.all.contains("outcome") || kinds.all.contains("attempt"))
        let password = try #require(client.config.billingPassword)
        #expect(!password.isEmpty && !"\(client.config)".contains(password) && client.config.dialect == .current)
        #expect(try OneShotConfig(json: client.config.json()) == client.config)
        let fresh = try OneShotConfig.fromEnvironment()
        #expect(fresh.environment == .sandbox && fresh.dialect == .current && fresh.billingPassword == nil)
        var broken = client.config
        broken.baseUrl = "not an address"
        #expect(throws: VideoIDError.self) { _ = try OneShot(broken) }
        client.close()
        client.close()
        #expect(try await code { try await client.hello() } == "client_closed")
        #expect("\(client)" == "OneShot")
    }

    @Test func aBillingPasswordThatLooksEncodedIsAWarningAndEncodedAllTheSame() async throws {
        let warnings = Seen()
        var config = try await oneShot().config
        let password = try #require(config.billingPassword)
        config.billingPassword = Data(password.utf8).base64EncodedString()
        let client = try OneShot(config) { if $0.kind == "warning" { warnings.add("\($0)") } }
        #expect(try await code { _ = try await client.createVideoid(signer) } == "billing_rejected")
        #expect(warnings.all.count == 1 && !warnings.all.contains { $0.contains(config.billingPassword ?? "") })
    }

    @Test func theWrongDialectSaysWhichOneIsSpoken() async throws {
        let client = try await oneShot(.legacy)
        try await Sandbox.with().control("PUT", "/settings", .object(["one_shot": .object(["dialect": "current"])]))
        let error = try await failure { try await client.hello() }
        let wrong = try #require(error as? VideoIDError)
        #expect(wrong.code == "wrong_dialect" && wrong.localizedDescription.lowercased().contains("current"))
        #expect(try await code { try await oneShot().validateOneshotVideoid(VideoIdHandle(requestPk: RequestPk(1)), rao: try rao()) } == "unsupported")
    }
}
