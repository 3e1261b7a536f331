import Foundation
import VideoID

/// The calls of scenarios, by name. A call that is not here fails. Used by one scenario, one call after the other.
final class Calls: @unchecked Sendable {
    let sources: Sources
    let meanwhile: Meanwhile
    private let setup: ClientSetup
    private var client: RegistrationAuthority?
    private var oneShotClient: OneShot?
    private var workflow: (any Workflow)?
    private var oneShotWorkflow: OneShotWorkflow?
    private var evidences: [String: Evidence] = [:]
    private var bundles: [String: EvidenceBundle] = [:]

    init(_ setup: ClientSetup, _ sources: Sources, _ meanwhile: Meanwhile) {
        self.setup = setup
        self.sources = sources
        self.meanwhile = meanwhile
    }

    private func ra() throws -> RegistrationAuthority {
        if let client { return client }
        let made = try setup.make()
        client = made
        return made
    }

    private func oneShot() throws -> OneShot {
        if let oneShotClient { return oneShotClient }
        let made = try setup.makeOneShot()
        oneShotClient = made
        return made
    }

    /// The scenario's workflow of the One-Shot API; the first call of one makes it.
    func oneShotFlow(_ call: String) throws -> OneShotWorkflow {
        if let oneShotWorkflow { return oneShotWorkflow }
        let client = try oneShot()
        let made = call.hasPrefix(Calls.oneShotEidas) ? OneShotEidas(client) : OneShotExternal(client)
        oneShotWorkflow = made
        return made
    }

    func resumeOneShot(_ call: String, state given: JSON?) throws {
        let state = try given.map { $0.string ?? $0.encoded } ?? oneShotFlow(call).state
        oneShotClient = nil
        let client = try oneShot()
        oneShotWorkflow =
            try call.hasPrefix(Calls.oneShotEidas) ? OneShotEidas(resuming: state, with: client) : OneShotExternal(resuming: state, with: client)
    }

    /// The scenario's workflow; the first call of one makes it.
    func flow(_ call: String) throws -> any Workflow {
        if let workflow { return workflow }
        let ra = try ra()
        let made: any Workflow
        switch call.prefix(while: { $0 != "_" }) {
        case "eidas": made = EidasVideoID(ra)
        case "classic": made = ClassicRequest(ra)
        default: made = ExternalVideoID(ra)
        }
        workflow = made
        return made
    }

    /// The state goes into a new client and a new workflow, as in another process.
    func resume(_ call: String, state given: JSON?) throws {
        let state = try given.map { $0.string ?? $0.encoded } ?? flow(call).state
        client = nil
        switch call.prefix(while: { $0 != "_" }) {
        case "eidas": workflow = try EidasVideoID(resuming: state, with: try ra())
        case "classic": workflow = try ClassicRequest(resuming: state, with: try ra())
        default: workflow = try ExternalVideoID(resuming: state, with: try ra())
        }
    }

    /// Makes the call and gives its result as JSON. The operations are in a generated table.
    func call(_ name: String, _ args: JSON, _ options: RequestOptions, saveAs: String?) async throws -> JSON {
        let given = Given(calls: self, args: args)
        if let result = try await operation(name, ra, given, options) { return result }
        if let result = try await oneShotOperation(name, oneShot, given, options) { return result }
        if let result = try await ofOneShotWorkflow(name, given, options) { return result }
        if let result = try await ofWorkflow(name, given, options) { return result }
        if let result = try withoutNetwork(name, given) { return result }
        return try await other(name, given, options, saveAs: saveAs)
    }

    /// The arguments of a call.
    struct Given: OperationArguments {
        let calls: Calls
        let args: JSON

        func only(_ names: [String]) throws {
            let unknown = Set(args.object.keys).subtracting(names)
            guard unknown.isEmpty else { throw Failure("unknown arguments: \(unknown.sorted())") }
        }

        func has(_ name: String) -> Bool { args[name].map { !$0.isNull } ?? false }

        func text(_ name: String) throws -> String { try args.text(name) }

        func number(_ name: String) throws -> Int64 {
            guard let value = try args.need(name).int else { throw Failure("\(name) is no number") }
            return value
        }

        func json(_ name: String) throws -> String { try args.need(name).encoded }

        func file(_ name: String) throws -> URL { calls.sources.place(try args.text(name)) }

        func source(_ name: String) throws -> Source { try calls.source(args.need(name)) }

        func sources(_ name: String) throws -> [Source] { try args.need(name).array.map { try calls.source($0) } }

        func evidence(_ name: String) throws -> Evidence { try calls.evidence(args) }

        func model<T: WireJSON>(_ name: String) throws -> T { try T(json: try json(name)) }

        /// Milliseconds as the seconds of this language.
        func seconds(_ name: String, or standard: TimeInterval? = nil) throws -> TimeInterval {
            if let standard, !has(name) { return standard }
            return TimeInterval(try number(name)) / 1000
        }

        /// The scenario's inbox, where the call is to have it.
        var inbox: WebhookInbox? { args["inbox"]?.bool == true ? calls.meanwhile.inbox : nil }
    }

    /// Profiles, webhooks, words.
    private func withoutNetwork(_ name: String, _ args: Given) throws -> JSON? {
        switch name {
        case "status_next_steps":
            try args.only(["status"])
            return .array(Status(word: try args.text("status")).nextSteps.map { .string($0) })
        case "ways_on":
            try args.only(["status", "flow"])
            return words(Status(word: try args.text("status")).waysOn(Flow.from(try args.text("flow"))))
        case "profiles":
            try args.only([])
            return .array(try profiles().map { try wire($0) })
        case "profile":
            try args.only(["name"])
            return try profile(try args.text("name")).map { try wire($0) } ?? .null
        case "check_request":
            try args.only(["request", "flow"])
            return try wire(try checkRequest(try args.model("request"), flow: Flow.from(try args.text("flow"))))
        case "parse_webhook", "receive_webhook":
            try args.only(["body", "pad_to"])
            var body = Data(try args.text("body").utf8)
            let length = Int(args.has("pad_to") ? try args.number("pad_to") : 0)
            if body.count < length { body += Data(repeating: UInt8(ascii: " "), count: length - body.count) }
            return try wire(name == "parse_webhook" ? try parseWebhook(body) : try meanwhile.inbox.receive(body))
        default: return nil
        }
    }

    private func other(_ name: String, _ args: Given, _ options: RequestOptions, saveAs: String?) async throws -> JSON {
        switch name {
        case "new_client":
            try args.only([])
            _ = try ra()
            return .null
        case "new_one_shot_client":
            try args.only([])
            _ = try oneShot()
            return .null
        case "client_certificate":
            try args.only([])
            return try ra().clientCertificate.map { try wire($0) } ?? .null
        case "replace_identity":
            try args.only(["identity"])
            guard let identity = try setup.identity(try args.text("identity")) else { throw Failure("an identity is needed") }
            return try wire(try await ra().replaceIdentity(try ClientIdentity(json: identity.encoded)))
        case "wait_for":
            try args.only(["request_pk", "statuses", "deadline_ms", "poll_ms", "max_poll_ms", "inbox", "meanwhile"])
            let (ra, pk, inbox) = (try ra(), RequestPk(try args.number("request_pk")), args.inbox)
            let statuses = try args.args.need("statuses").array.compactMap(\.string).map { Status(word: $0) }
            let (deadline, poll, most) = (try args.seconds("deadline_ms"), try args.seconds("poll_ms", or: 2), try args.seconds("max_poll_ms", or: 60))
            return try await meanwhile.beside(args.args["meanwhile"]?.array ?? []) {
                try wire(try await ra.waitFor(pk, statuses: statuses, deadline: deadline, poll: poll, maxPoll: most, inbox: inbox, options: options))
            }
        case "collect_requests":
            try args.only(["filter"])
            return try await collected(try ra().requests(try args.model("filter"), options: options))
        case "collect_scratchcards":
            try args.only(["filter"])
            return try await collected(try ra().scratchcards(try args.model("filter"), options: options))
        case "build_evidence":
            let evidence = try await builder(args.args, sources).build()
            evidences[saveAs ?? "evidence"] = evidence
            return .object(["report": try wire(evidence.report), "content_length": .number(String(evidence.contentLength))])
        case "check_evidence": return try wire(try await builder(args.args, sources).check())
        case "check_video":
            try args.only(["video"])
            return try wire(try await checkVideo(try args.source("video")))
        case "save_bundle":
            try args.only(["dir", "evidence", "video"])
            let video = args.has("video") ? try args.source("video") : nil
            return try wire(try await EvidenceBundle.save(to: try args.file("dir"), evidence: try args.evidence("evidence"), video: video))
        case "load_bundle":
            try args.only(["dir"])
            let bundle = try await EvidenceBundle.load(from: try args.file("dir"))
            bundles[saveAs ?? "bundle"] = bundle
            return .object(["manifest": try wire(bundle.manifest)])
        default: throw Failure("unknown call \(name), or one of another workflow than the scenario's")
        }
    }

    private func collected(_ stream: AsyncThrowingStream<some WireJSON, any Error>) async throws -> JSON {
        var results: [JSON] = []
        for try await item in stream { results.append(try wire(item)) }
        return .object(["results": .array(results)])
    }

    private func evidence(_ args: JSON) throws -> Evidence {
        let name = try args.text("evidence").drop { $0 == "$" }
        if name.hasSuffix(".evidence"), let bundle = bundles[String(name.dropLast(".evidence".count))] { return bundle.evidence }
        guard let evidence = evidences[String(name)] else { throw Failure("no evidence was saved as \(name)") }
        return evidence
    }

    func source(_ spec: JSON) throws -> Source {
        guard let name = spec.string?.drop(while: { $0 == "$" }) else { return try sources.of(spec) }
        guard let video = bundles[String(name.prefix { $0 != "." })]?.video else { throw Failure("no video in \(name)") }
        return video
    }
}

func words(_ ways: [WayOn]) -> JSON { .array(ways.map { .string($0.description) }) }
