import Foundation
import Testing
import VideoID

/// Waiting, page streams, webhooks and the workflows as a program uses them; what comes of each call in detail is for the scenarios.
extension All {
    private func created(_ ra: RegistrationAuthority) async throws -> RequestPk {
        let card = try await ra.getFirstUnusedScratchcard()
        return try await ra.createRequest(
            NewRequest(profile: "PFnubeQAFCiudadano", scratchcard: card.sn, email: "anna@example.com", videoidMode: 1)
        ).pk
    }

    private func received(_ operation: String) async throws -> Int {
        let list = try await Sandbox.with().control("GET", "/received")
        return (list["received"]?.array ?? list.array).filter { $0["operation"]?.string == operation }.count
    }

    private func code(_ body: () async throws -> Void) async throws -> String? { (try await failure(body) as? VideoIDError)?.code }

    @Test func aWaitEndsWithItsTask() async throws {
        let ra = try await client()
        let pk = try await created(ra)
        let running = Task { try await ra.waitFor(pk, statuses: [.issued], deadline: 600, inbox: WebhookInbox()) }
        try await Task.sleep(nanoseconds: 300_000_000)
        let cancelled = Date()
        running.cancel()
        let error = try await failure { _ = try await running.value }
        #expect(error is CancellationError)
        #expect(Date().timeIntervalSince(cancelled) < 5)
    }

    @Test func waitingForTheUserEndsWithItsTask() async throws {
        let ra = try await client()
        try await Sandbox.with().control("PUT", "/settings", .object(["external_auth": .bool(false)]))
        let workflow = EidasVideoID(ra)
        let started = try await workflow.start(NewRequest(profile: "PFnubeQAFCiudadano", email: "anna@example.com", mobilePhoneNumber: "+34600000000"))
        #expect(started.videoidLink?.isEmpty == false && !"\(started)".contains(started.videoidLink ?? "x"))
        let running = Task { try await workflow.waitForUser(deadline: 600) }
        try await Task.sleep(nanoseconds: 300_000_000)
        running.cancel()
        let error = try await failure { _ = try await running.value }
        #expect(error is CancellationError)
        // It lets others in: the workflow goes on.
        #expect(try await workflow.cancel().status == .cancelled)
    }

    @Test func aWebhookBringsTheNextLookForward() async throws {
        let ra = try await client()
        let pk = try await created(ra)
        let inbox = WebhookInbox()
        let begun = Date()
        async let shown = ra.waitFor(pk, statuses: [.cancelled], deadline: 60, poll: 30, maxPoll: 30, inbox: inbox)
        try await Task.sleep(nanoseconds: 300_000_000)
        try await ra.cancelRequest(pk)
        try inbox.receive(#"{"event_type":"REQUEST_CANCELED","request":{"pk":\#(pk),"status":"CANCELLED"}}"#)
        #expect(try await shown.status == .cancelled)
        #expect(Date().timeIntervalSince(begun) < 20)
    }

    @Test func aDeadlineIsSecondsAndNeeded() async throws {
        let ra = try await client()
        let pk = try await created(ra)
        let begun = Date()
        let error = try await failure { _ = try await ra.waitFor(pk, statuses: [.issued], deadline: 0.5, poll: 0.1) }
        let late = try #require(error as? VideoIDError)
        #expect(late.code == "wait_deadline" && late.category == .transport && late.isRetryable)
        #expect((0.4..<10).contains(Date().timeIntervalSince(begun)))
        for (deadline, wanted) in [(0.0, "field_missing"), (.nan, "field_missing"), (-1, "field_invalid")] {
            #expect(try await code { _ = try await ra.waitFor(pk, statuses: [.issued], deadline: deadline) } == wanted)
        }
        #expect(try await code { _ = try await ra.waitFor(pk, statuses: [], deadline: 1) } == "field_missing")
        // Longer than any number of milliseconds; the status is there at once.
        #expect(try await ra.waitFor(pk, statuses: [.videoPending], deadline: .infinity, poll: .greatestFiniteMagnitude).pk == pk)
    }

    @Test func aPageIsReadWhenItsFirstItemIsAskedFor() async throws {
        let ra = try await client()
        for _ in 0..<12 { _ = try await created(ra) }
        var seen: [RequestPk] = []
        let stream = ra.requests()
        #expect(try await received("list_requests") == 0)
        for try await request in stream {
            seen.append(request.pk)
            if seen.count == 3 { break }
        }
        #expect(try await received("list_requests") == 1)
        // What was broken off stops nothing else.
        var all: Set<RequestPk> = []
        for try await request in ra.requests() { all.insert(request.pk) }
        #expect(all.count == 12 && all.isSuperset(of: seen))
        #expect(try await received("list_requests") == 3)
        #expect(try await code { for try await _ in ra.requests(RequestFilter(page: 0)) {} } == "field_invalid")
        var cards = 0
        for try await _ in ra.scratchcards() { cards += 1 }
        #expect(cards > 12)
    }

    @Test func aStreamOfPagesEndsWithItsTask() async throws {
        let ra = try await client()
        _ = try await created(ra)
        try await Sandbox.with().control(
            "POST", "/faults", .array([.object(["operation": "list_requests", "kind": "delay", "ms": .number("30000")])]))
        let begun = Date()
        let running = Task { () -> Int in
            var count = 0
            for try await _ in ra.requests() { count += 1 }
            return count
        }
        try await Task.sleep(nanoseconds: 300_000_000)
        running.cancel()
        let count = try? await running.value
        #expect((count ?? 0) == 0 && Date().timeIntervalSince(begun) < 10)
    }

    @Test func aWebhookIsReadFromBytesAndFromText() async throws {
        let text = #"{"status":"VIDEOREVIEW","previous_status":"VIDEOPENDING","request":46760,"date":"2021-07-20T08:08:21.132394"}"#
        let webhook = try parseWebhook(text)
        #expect(try parseWebhook(Data(text.utf8)) == webhook)
        #expect(webhook.status == .videoReview && webhook.requestPk == RequestPk(46760) && webhook.date?.iso == "2021-07-20T08:08:21.132394")
        for broken in [Data("not JSON, anna@example.com".utf8), Data([0xFF, 0xFE]), Data(), Data(repeating: UInt8(ascii: " "), count: 70_000)] {
            let error = try await failure { _ = try WebhookInbox().receive(broken) }
            #expect((error as? VideoIDError)?.code == "webhook_invalid" && !"\(error)".contains("anna"))
        }
    }

    @Test func whatAProfileLacksIsAWarningAndStrictlyAnError() async throws {
        let kinds = Seen()
        let ra = try await client { kinds.add($0.kind) }
        let card = try await ra.getFirstUnusedScratchcard()
        let request = NewRequest(profile: "PFnubeQAFCiudadano", scratchcard: card.sn, email: "anna@example.com")
        let report = try checkRequest(request, flow: .classic)
        #expect(report.findings.contains { $0.field == "given_name" && $0.code == "field_missing" })
        _ = try? await ra.createRequest(request)
        #expect(kinds.all.contains("warning"))
        #expect(profiles().count == 45 && profile("PFnubeQAFCiudadano")?.naturalPerson == true && profile("unheard of") == nil)
        #expect(Status.videoIncomplete.waysOn(.eidasVideoId).contains(.sendLink) && Status.enrollReady.waysOn(.classic).isEmpty)
        #expect(WayOn.cancelAndNewCard.description == "cancel_and_new_card" && Flow.eidasVideoId.description == "eidas_videoid")
    }

    @Test func aStateIsOfItsFlow() async throws {
        let ra = try await client()
        let classic = ClassicRequest(ra)
        #expect(classic.waysOn.isEmpty)
        #expect(try await code { try await classic.cancel() } == "workflow_step")
        #expect(throws: VideoIDError.self) { _ = try EidasVideoID(resuming: classic.state, with: ra) }
        #expect(throws: VideoIDError.self) { _ = try ExternalVideoID(resuming: "{}x", with: ra) }
        let again: any Workflow = try ClassicRequest(resuming: classic.state, with: ra)
        #expect(again.state == classic.state)
    }

    @Test func theSettingsCarryTheAssumptionsAndComeFromTheEnvironment() throws {
        var config = RaConfig()
        config.assumptions.uploadOrder = .videoFirst
        config.assumptions.repeatReadingPosts = false
        #expect(config.certificateWarningDays == 30)
        #expect(try JSON(config.json())["assumptions"]?["upload_order"] == "video_first")
        #expect(try RaConfig(json: config.json()) == config)
        #expect(try RaConfig.fromEnvironment().environment == .sandbox)
    }

    @Test func theClientCertificateIsReplacedWhileRunning() async throws {
        let sandbox = try Sandbox.with(["--tls", "--mutual-tls"])
        try await sandbox.reset()
        let setup = ClientSetup(client: .object([:]), arguments: ["--tls"], sandbox: sandbox)
        let ra = try setup.make()
        let before = try #require(ra.clientCertificate)
        #expect(before.notAfterMs > before.notBeforeMs && !before.serialNumber.isEmpty)
        let next = try ClientIdentity(json: try #require(try setup.identity("encrypted")).encoded)
        #expect(try await ra.replaceIdentity(next).serialNumber == before.serialNumber)
        let wrong = try ClientIdentity(json: try #require(try setup.identity("key_mismatch")).encoded)
        #expect(try await code { try await ra.replaceIdentity(wrong) } == "tls_key_mismatch")
        _ = try await ra.getFirstUnusedScratchcard()
    }
}
