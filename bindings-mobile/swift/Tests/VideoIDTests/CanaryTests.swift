import Foundation
import Testing
import VideoID

/// No personal datum and no secret is seen where nobody asked for it: in descriptions, dumps, error texts, events and states.
final class Provocations: Sendable {
    let seen = Seen()
    let sandbox: Sandbox
    let folder: URL
    private let settings: [String: JSON]
    let person: [String: JSON]

    init(_ folder: URL) throws {
        self.folder = folder
        sandbox = try Sandbox.with()
        settings = [
            "environment": "custom", "api_url": .string(try sandbox.text("ra_url")), "upload_url": .string(try sandbox.text("upload_url")),
            "registration_authority": .string(try sandbox.raID), "video_pk": "request_pk", "retry": .object(["base_delay_ms": .number("1")]),
        ]
        person = [
            "given_name": .string(Canaries.of("given name")), "surname_1": .string(Canaries.of("surname")), "email": .string(Canaries.of("email")),
            "serial_number": .string(Canaries.of("serial")), "mobile_phone_number": .string(Canaries.of("phone")),
        ]
    }

    private func config(_ more: [String: JSON] = [:]) throws -> RaConfig {
        try RaConfig(json: JSON.object(settings.merging(more) { $1 }).encoded)
    }

    private func client(_ config: RaConfig) throws -> RegistrationAuthority {
        try RegistrationAuthority(config) { [seen] in seen.show($0) }
    }

    @discardableResult
    func provoke<T>(_ expected: String? = nil, _ call: () async throws -> T) async throws -> T? {
        do {
            let result = try await call()
            seen.show(result)
            guard let expected else { return result }
            throw Failure("expected \(expected), and it succeeded")
        } catch let error as VideoIDError {
            seen.show(error)
            seen.add("\(error.localizedDescription) \(error as NSError) \(error.fields) \(error.code) \(error.serverID ?? "") \(error.serverCode ?? "")")
            guard error.code == expected else { throw Failure("expected \(expected ?? "success"), got \(error)") }
            return nil
        }
    }

    func answer(_ operation: String, _ status: Int, _ body: JSON) async throws {
        let fault: [String: JSON] = [
            "operation": .string(operation), "kind": "body", "status": .number(String(status)), "body": body, "when": "before",
        ]
        try await sandbox.control("POST", "/faults", .array([.object(fault)]))
    }

    func specimen() throws -> EvidenceBuilder {
        let extra = JSON.object(["more": .string(Canaries.of("extra"))]).encoded
        return EvidenceBuilder(
            documentFront: Source(url: Repo.fixture("specimen/document_front.jpg")),
            documentRear: Source(url: Repo.fixture("specimen/document_rear.jpg")),
            documentOwner: Source(url: Repo.fixture("specimen/document_owner.jpg")),
            acceptance: Acceptance(ip: Canaries.of("ip"), userAgent: Canaries.of("agent"), date: 1_622_823_879_708, extra: extra),
            ocrData: try OcrData(json: JSON.object(person.merging(["more": .string(Canaries.of("extra"))]) { $1 }).encoded), extra: extra)
    }

    private func request() throws -> NewRequest {
        let more: [String: JSON] = [
            "profile": "PFnubeQAFCiudadano", "birth_date": .string(Canaries.of("birth")), "nickname": .string(Canaries.of("extra")),
        ]
        return try NewRequest(json: JSON.object(person.merging(more) { $1 }).encoded)
    }

    private let wrong = RaoCredentials(
        username: Canaries.of("username"), password: Canaries.of("password"), pin: Canaries.of("pin"), raoId: "1400")

    func run() async throws {
        try await sandbox.reset()
        try await beforeSending()
        let ra = try client(try config())
        seen.show(ra)
        try await flow(ra)
        try await answers(ra)
        try await sandbox.reset()
        try await classic(ra)
        try await eidas(ra)
        try await webhooks(ra)
        for dialect in [Dialect.current, .legacy] { try await oneShot(dialect) }
    }

    /// What is found before anything is sent.
    private func beforeSending() async throws {
        let broken = folder.appendingPathComponent("\(Canaries.of("given name")).jpg")
        try Data(Canaries.of("image").utf8).write(to: broken)
        for value in [try request(), wrong, RequestFilter(email: Canaries.of("email")), try specimen(), Source(url: broken)] as [Any] { seen.show(value) }
        var builder = try specimen()
        builder.documentFront = Source(url: broken)
        try await provoke("image_unrecognised") { try await builder.build() }
        try await provoke { try await builder.check() }
        builder.documentFront = Source(url: folder.appendingPathComponent(Canaries.of("surname")))
        try await provoke("source_unreadable") { try await builder.build() }
        builder = try specimen()
        builder.ocrData = OcrData(mobilePhoneNumber: Canaries.of("serial"))
        try await provoke("field_invalid") { try await builder.build() }
        try await provoke("video_unrecognised") { try await checkVideo(Source(url: broken)) }
        try await provoke("field_invalid") { try Request(json: "{\"pk\":\"\(Canaries.of("serial"))\",\"status\":\"\(Canaries.of("surname"))\"}") }
        try await provoke("field_invalid") { try NewRequest(json: "{\"email\":\"\(Canaries.of("email"))\",\"profile\": ") }
        try await provoke("bundle_invalid") { try await EvidenceBundle.load(from: folder.appendingPathComponent(Canaries.of("surname"))) }
        let identity: [String: JSON] = [
            "certificate_pem": .string(Canaries.of("serial")), "key_pem": .string(Canaries.of("password")), "password": .string(Canaries.of("pin")),
        ]
        let bad = try config(["tls": .object(["identity": .object(identity)])])
        seen.show(bad)
        try await provoke("tls_identity_invalid") { try client(bad) }
        let proxy = try config(["proxy": .string("http://\(Canaries.of("username")):\(Canaries.of("pin"))@127.0.0.1:1")])
        seen.show(proxy)
        try await provoke("proxy_failed") { try await client(proxy).getRequest(RequestPk(1)) }
    }

    var echo: JSON {
        let said = "\(Canaries.of("email")) \(Canaries.of("given name")) \(Canaries.of("phone"))"
        return .object(["code": "500", "id": .string(Canaries.of("email")), "error": .string(said)])
    }

    /// The flow, with failures on the way.
    private func flow(_ ra: RegistrationAuthority) async throws {
        let built = try await provoke { try await specimen().build() }
        guard let evidence = built else { throw Failure("no evidence") }
        let video = Source(url: Repo.fixture("specimen.mp4"))
        try await provoke { try await EvidenceBundle.save(to: folder.appendingPathComponent("bundle"), evidence: evidence, video: video) }
        try await provoke { try await EvidenceBundle.load(from: folder.appendingPathComponent("bundle")) }
        let workflow = ExternalVideoID(ra, onEvent: { [seen] in seen.show($0) }, store: { [seen] in seen.add($0) })
        let options = RequestOptions { [seen] in seen.show($0) }
        let submitted = try await provoke { try await workflow.submit(try request(), evidence: evidence, video: video, options: options) }
        guard let submitted else { throw Failure("not submitted") }
        seen.add(workflow.state)
        seen.show(workflow)
        try await provoke { try await ra.getRequest(submitted.requestPk, imagesTo: folder) }
        try await provoke("rao_rejected") { try await workflow.approve(wrong) }
        try await provoke("rao_rejected") { try await ra.refuseVideoid(submitted.requestPk, rao: wrong, reason: Canaries.of("reason")) }
        let right = try RaoCredentials(json: try sandbox.rao.encoded)
        try await answer("validate_videoid", 500, echo)
        try await provoke("rejected") { try await ra.validateVideoid(submitted.requestPk, rao: right) }
        try await provoke { try await workflow.validate(right) }
        try await provoke { try await workflow.approve(right) }
        try await provoke { try await ra.getPreauthLink(submitted.requestPk) }
        let failing = ExternalVideoID(ra, store: { _ in throw Failure(Canaries.of("email")) })
        let thrown = try await failure { _ = try await failing.submit(try self.request(), evidence: evidence, video: video) }
        #expect(thrown is VideoIDError)
        seen.show(thrown)
    }

    private var right: RaoCredentials { get throws { try RaoCredentials(json: try sandbox.rao.encoded) } }

    /// The classic flow, and what is beside it.
    private func classic(_ ra: RegistrationAuthority) async throws {
        let images = ["front", "rear", "owner"].map { Source(url: Repo.fixture("specimen/document_\($0).jpg")) }
        let documents = zip([DocumentType.documentFront, .documentRear, .documentOwner], images).map { ClassicDocument($0, document: $1) }
        seen.show(documents)
        let workflow = ClassicRequest(ra, onEvent: { [seen] in seen.show($0) }, store: { [seen] in seen.add($0) })
        let broken = folder.appendingPathComponent("\(Canaries.of("given name")).jpg")
        try await provoke("image_unrecognised") {
            try await workflow.submit(try request(), documents: [ClassicDocument(.documentFront, document: Source(url: broken))])
        }
        let submitted = try await provoke { try await workflow.submit(try request(), documents: documents) }
        guard let pk = submitted?.requestPk else { throw Failure("not submitted") }
        seen.add(workflow.state)
        seen.show(workflow)
        try await provoke { try await ra.listRequestDocuments(pk) }
        try await provoke { try await ra.validateRequest(pk) }
        try await provoke { try checkRequest(try request(), flow: .classic) }
        let contact = ContactData(email: Canaries.of("email"), mobilePhoneNumber: Canaries.of("phone"))
        seen.show(contact)
        try await provoke { try await ra.checkContactData(contact) }
        try await provoke("rao_rejected") { try await workflow.approve(wrong) }
        try await provoke { try await workflow.papers(raoID: "1400") }
        try await provoke { try await workflow.approve(try right) }
        try await provoke { try await ra.listScratchcards() }
    }

    /// The eIDAS flow: a company's person, so that it is completed.
    private func eidas(_ ra: RegistrationAuthority) async throws {
        try await sandbox.control("PUT", "/settings", .object(["external_auth": .bool(false), "operator_result": "CREATED"]))
        let workflow = EidasVideoID(ra, onEvent: { [seen] in seen.show($0) }, store: { [seen] in seen.add($0) })
        let started = try await provoke {
            try await workflow.start(NewRequest(profile: "PFnubeQAFEmpresa", email: Canaries.of("email"), mobilePhoneNumber: Canaries.of("phone")))
        }
        guard let started, let link = started.videoidLink else { throw Failure("no link") }
        try await provoke("wait_deadline") { try await workflow.waitForUser(deadline: 0.3, poll: 0.1) }
        try await sandbox.control("POST", "/requests/\(started.requestPk)/user", .object(["action": "finish"]))
        try await provoke { try await workflow.waitForUser(deadline: 5, poll: 0.1) }
        try await sandbox.control("POST", "/requests/\(started.requestPk)/operator", .object(["action": "validate"]))
        try await provoke { try await workflow.waitForOperator(deadline: 5, poll: 0.1) }
        let update = RequestUpdate(
            profile: "PFnubeQAFEmpresa", scratchcard: started.scratchcard, email: Canaries.of("email"), countryName: "ES", validityTime: 730,
            secureElement: 2, mobilePhoneNumber: Canaries.of("phone"), organizationName: "EXAMPLE UTOPIA SL", organizationTaxNumber: "B00000000",
            organizationEmail: Canaries.of("email"), organizationCountry: "ES", responsibleName: Canaries.of("given name"),
            responsibleFirstSurname: Canaries.of("surname"), responsibleSerial: Canaries.of("serial"))
        let document = EvidenceDocument(label: Canaries.of("reason"), document: Source(data: Data("%PDF-1.7\n\(Canaries.of("image"))\n%%EOF\n".utf8)))
        seen.show(update)
        seen.show([document])
        try await answer("update_request", 500, echo)
        try await provoke("rejected") { try await ra.updateRequest(started.requestPk, update: update) }
        try await provoke { try await workflow.complete(update, documents: [document]) }
        try await provoke { try await workflow.approve(try right) }
        seen.add(workflow.state)
        #expect(!seen.all.contains { $0.contains(link) })
    }

    private func webhooks(_ ra: RegistrationAuthority) async throws {
        let body = JSON.object(["status": "VIDEOREVIEW", "request": .number("1"), "holder": .object(person)]).encoded
        try await provoke { try parseWebhook(body) }
        try await provoke { try WebhookInbox().receive(body) }
        try await provoke("webhook_invalid") { try parseWebhook(String(body.dropLast(3))) }
        seen.show(ra.requests(RequestFilter(email: Canaries.of("email"))))
    }

    /// Answers that repeat what was sent.
    private func answers(_ ra: RegistrationAuthority) async throws {
        let named = try await provoke { try await ra.getFirstUnusedScratchcard() }
        guard let card = named else { throw Failure("no card") }
        var full = try request()
        full.scratchcard = card.sn
        full.videoidMode = 1
        try await answer("create_request", 500, echo)
        try await provoke("rejected") { try await ra.createRequest(full) }
        try await answer("create_request", 400, .object(["detail": .string("\(Canaries.of("email")) is wrong")]))
        try await provoke("bad_request") { try await ra.createRequest(full) }
        try await answer("list_requests", 200, .object(["count": .string(Canaries.of("email")), "results": .string(Canaries.of("serial"))]))
        try await provoke("unexpected_answer") { try await ra.listRequests(RequestFilter(email: Canaries.of("email"))) }
        try await provoke { try await ra.listRequests(RequestFilter(email: Canaries.of("email"))) }
    }
}

extension All {
    @Test func nothingPersonalIsSeen() async throws {
        try await inTempFolder { folder in
            let provocations = try Provocations(folder)
            try await provocations.run()
            let seen = provocations.seen.all
            // It would find nothing in nothing.
            #expect(seen.count > 40 && seen.contains { $0.contains("create_request") })
            var values = Canaries.all
            for (name, value) in try Sandbox.with().rao.object where name != "rao_id" { values["rao \(name)"] = value.string }
            let found = Canaries.seen(in: seen.joined(separator: "\n"), of: values)
            let lines = found.isEmpty ? [] : seen.filter { !Canaries.seen(in: $0, of: values).isEmpty }.prefix(4).map { $0.prefix(600) }
            #expect(found.isEmpty, "\(lines)")
        }
    }

    @Test func aCanaryIsFoundInEveryDisguise() {
        let mail = Data(Canaries.of("email").utf8)
        let hidden = [
            (Data("x".utf8) + mail + Data("yz".utf8)).base64EncodedString(), mail.map { String(format: "%02X", $0) }.joined(),
            "mail=kanari.mail%40example.com",
        ]
        for text in hidden { #expect(Canaries.seen(in: "… \(text) …") == ["email"]) }
    }
}
