import Foundation
import Testing
import VideoID

/// What the library tells its caller, and what comes of listeners, stores and streams.
func client(onEvent: (@Sendable (HookEvent) -> Void)? = nil) async throws -> RegistrationAuthority {
    let sandbox = try Sandbox.with()
    try await sandbox.reset()
    var config = RaConfig(environment: .custom)
    config.apiUrl = try sandbox.text("ra_url")
    config.uploadUrl = try sandbox.text("upload_url")
    config.registrationAuthority = RaId(try sandbox.raID)
    config.videoPk = .requestPk
    return try RegistrationAuthority(config, onEvent: onEvent)
}

func created(_ ra: RegistrationAuthority) async throws -> VideoIdentifier {
    let card = try await ra.getFirstUnusedScratchcard()
    let request = NewRequest(profile: "PFnubeQAFCiudadano", scratchcard: card.sn, email: "anna@example.com", videoidMode: 1)
    guard let identifier = try await ra.createRequest(request).videoidData?.videoIdentifier else { throw Failure("no identifier") }
    return identifier
}

private func evidence() async throws -> Evidence {
    try await EvidenceBuilder(
        documentFront: Source(url: Repo.fixture("specimen/document_front.jpg")),
        documentRear: Source(data: Data(contentsOf: Repo.fixture("specimen/document_rear.jpg"))),
        documentOwner: Source(url: Repo.fixture("specimen/document_owner.jpg"))
    ).build()
}

extension All {
    @Test func progressAsAStreamEndsWithEverything() async throws {
        let ra = try await client()
        let identifier = try await created(ra)
        var steps: [TransferProgress] = []
        for try await step in progress(of: { try await ra.uploadVideo(identifier, video: Source(url: Repo.fixture("specimen.mp4")), options: $0) }) {
            steps.append(step)
        }
        #expect(steps.last.map { $0.sent == $0.total && $0.sent > 1000 } == true)
        #expect(steps.map(\.sent) == steps.map(\.sent).sorted())
    }

    @Test func aStreamOfProgressFailsWithTheCall() async throws {
        let ra = try await client()
        let body = try await evidence()
        let error = try await failure {
            for try await _ in progress(of: { try await ra.uploadEvidence(RequestPk(1), evidence: body, options: $0) }) {}
        }
        #expect((error as? VideoIDError)?.code == "not_found")
    }

    @Test func anErrorIsHumanText() async throws {
        let ra = try await client()
        let thrown = try await failure { _ = try await ra.getRequest(RequestPk(1)) }
        let error = try #require(thrown as? VideoIDError)
        #expect(error.category == .api && error.operation == "get_request" && error.httpStatus == 404 && error.wire == .answered)
        #expect(error.localizedDescription.hasPrefix("not_found in get_request (HTTP 404)"))
        #expect(thrown.localizedDescription == error.text && "\(error)" == error.text && !error.text.contains("\n"))
    }

    @Test func aClosedClientSaysSo() async throws {
        let ra = try await client()
        ra.close()
        ra.close()
        let error = try await failure { _ = try await ra.getFirstUnusedScratchcard() }
        #expect((error as? VideoIDError)?.code == "client_closed")
    }

    @Test func theStoreIsAskedBeforeACallAndTheStateGoesOnElsewhere() async throws {
        let ra = try await client()
        let states = Seen()
        let workflow = ExternalVideoID(ra, store: { states.add($0) })
        let request = NewRequest(profile: "PFnubeQAFCiudadano", email: "anna@example.com")
        let video = Source(url: Repo.fixture("specimen.mp4"))
        let submission = try await workflow.submit(request, evidence: try await evidence(), video: video)
        #expect(submission.status == .videoReview && states.all.count >= 4)
        let rao = try RaoCredentials(json: try Sandbox.with().rao.encoded)
        let outcome = try await ExternalVideoID(resuming: states.all.last ?? "", with: ra).approve(rao)
        #expect(outcome.status == .enrollReady)
    }

    @Test func aStoreThatFailsEndsTheWorkflowBeforeAnythingIsSent() async throws {
        let ra = try await client()
        let workflow = ExternalVideoID(ra, store: { _ in throw Failure("the disk is full") })
        let body = try await evidence()
        let error = try await failure {
            _ = try await workflow.submit(
                NewRequest(profile: "PFnubeQAFCiudadano", email: "anna@example.com"), evidence: body, video: Source(url: Repo.fixture("specimen.mp4")))
        }
        #expect(error is VideoIDError && !"\(error)".contains("disk"))
        #expect(try await !Sandbox.with().control("GET", "/received").encoded.contains("create_request"))
    }

    @Test func anImageCannotBeAStream() async throws {
        let data = try Data(contentsOf: Repo.fixture("specimen/document_front.jpg"))
        let builder = EvidenceBuilder(documentFront: Source(stream: pieces(of: data), length: Int64(data.count)))
        let error = try await failure { _ = try await builder.build() }
        #expect((error as? VideoIDError)?.code == "body_not_repeatable")
    }

    @Test func listenersAreCalledOffTheMainThread() async throws {
        let threads = Seen()
        let ra = try await client { _ in threads.add(Thread.isMainThread ? "main" : "other") }
        let identifier = try await created(ra)
        let options = RequestOptions { _ in threads.add(Thread.isMainThread ? "main" : "other") }
        try await ra.uploadVideo(identifier, video: Source(url: Repo.fixture("specimen.mp4")), options: options)
        #expect(threads.all.count > 4 && !threads.all.contains("main"))
    }
}
