import Foundation
import VideoID

/// The calls of scenarios, by name. A call that is not here fails. Used by one scenario, one call after the other.
final class Calls: @unchecked Sendable {
    private let newClient: () throws -> RegistrationAuthority
    private let sources: Sources
    private var client: RegistrationAuthority?
    private var workflow: ExternalVideoID?
    private var evidences: [String: Evidence] = [:]
    private var bundles: [String: EvidenceBundle] = [:]

    init(_ newClient: @escaping () throws -> RegistrationAuthority, _ sources: Sources) {
        self.newClient = newClient
        self.sources = sources
    }

    private func ra() throws -> RegistrationAuthority {
        if let client { return client }
        let made = try newClient()
        client = made
        return made
    }

    private func flow() throws -> ExternalVideoID {
        if let workflow { return workflow }
        let made = ExternalVideoID(try ra())
        workflow = made
        return made
    }

    /// Makes the call and gives its result as JSON. The operations are in a generated table.
    func call(_ name: String, _ args: JSON, _ options: RequestOptions, saveAs: String?) async throws -> JSON {
        if let result = try await operation(name, ra, Given(calls: self, args: args), options) { return result }
        return try await localCall(name, args, options, saveAs: saveAs)
    }

    /// The arguments of an operation.
    private struct Given: OperationArguments {
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

        func evidence(_ name: String) throws -> Evidence { try calls.evidence(args) }
    }

    private func localCall(_ name: String, _ args: JSON, _ options: RequestOptions, saveAs: String?) async throws -> JSON {
        switch name {
        case "new_client":
            _ = try ra()
            return .null
        case "build_evidence":
            let evidence = try await builder(args, sources).build()
            evidences[saveAs ?? "evidence"] = evidence
            return .object(["report": try wire(evidence.report), "content_length": .number(String(evidence.contentLength))])
        case "check_evidence": return try wire(try await builder(args, sources).check())
        case "check_video":
            let limits: Limits? = args["limits"] == nil ? nil : try model(args, "limits")
            return try wire(try await checkVideo(try source(args.need("video")), limits: limits))
        case "save_bundle":
            let video = try args["video"].map { try source($0) }
            return try wire(try await EvidenceBundle.save(to: sources.place(try args.text("dir")), evidence: try evidence(args), video: video))
        case "load_bundle":
            let bundle = try await EvidenceBundle.load(from: sources.place(try args.text("dir")))
            bundles[saveAs ?? "bundle"] = bundle
            return .object(["manifest": try wire(bundle.manifest)])
        case "workflow_submit":
            return try wire(
                try await flow().submit(try model(args, "request"), evidence: try evidence(args), video: try source(args.need("video")), options: options))
        case "workflow_validate": return try wire(try await flow().validate(try model(args, "rao"), options: options))
        case "workflow_approve": return try wire(try await flow().approve(try model(args, "rao"), options: options))
        case "workflow_refuse":
            return try wire(try await flow().refuse(try model(args, "rao"), reason: try args.text("reason"), options: options))
        case "workflow_resume":
            // The state goes into a new client and a new workflow, as in another process.
            let state = try args["state"].map { $0.string ?? $0.encoded } ?? flow().state
            client = nil
            workflow = try ExternalVideoID(resuming: state, with: try ra())
            return .null
        case "status_next_steps": return .array(Status(word: try args.text("status")).nextSteps.map { .string($0) })
        default: throw Failure("unknown call \(name)")
        }
    }

    private func evidence(_ args: JSON) throws -> Evidence {
        let name = try args.text("evidence").drop { $0 == "$" }
        if name.hasSuffix(".evidence"), let bundle = bundles[String(name.dropLast(".evidence".count))] { return bundle.evidence }
        guard let evidence = evidences[String(name)] else { throw Failure("no evidence was saved as \(name)") }
        return evidence
    }

    private func source(_ spec: JSON) throws -> Source {
        guard let name = spec.string?.drop(while: { $0 == "$" }) else { return try sources.of(spec) }
        guard let video = bundles[String(name.prefix { $0 != "." })]?.video else { throw Failure("no video in \(name)") }
        return video
    }
}

/// A model as JSON by its own writing.
func wire(_ value: some WireJSON) throws -> JSON { try JSON(try value.json()) }

/// The model in an argument.
func model<T: WireJSON>(_ args: JSON, _ key: String) throws -> T { try T(json: try args.need(key).encoded) }

/// A builder with the arguments of `build_evidence`, which the vectors use too.
func builder(_ args: JSON, _ sources: Sources) throws -> EvidenceBuilder {
    var builder = EvidenceBuilder()
    for (key, value) in args.object {
        switch key {
        case "document_front": builder.documentFront = try sources.of(value)
        case "document_rear": builder.documentRear = try sources.of(value)
        case "document_photo": builder.documentPhoto = try sources.of(value)
        case "document_owner": builder.documentOwner = try sources.of(value)
        case "acceptance": builder.acceptance = try model(args, key)
        case "ocr_data": builder.ocrData = try model(args, key)
        case "security_checks": builder.securityChecks = try model(args, key)
        case "similarity_level": builder.similarityLevel = value.int.map { .score(score: $0) } ?? .word(word: value.string ?? value.encoded)
        case "extra": builder.extra = value.encoded
        case "limits": builder.limits = try model(args, key)
        case "strict": builder.strict = value.bool ?? false
        default: throw Failure("unknown argument \(key) of build_evidence")
        }
    }
    return builder
}

/// An error as scenarios and vectors write it; nil where it is none of the library's.
func errorJSON(_ error: any Error) -> JSON? {
    // Swift's own way to say that a call was cancelled.
    if error is CancellationError { return .object(["code": "cancelled", "category": "cancelled"]) }
    guard let error = error as? VideoIDError else { return nil }
    var out: [String: JSON] = [
        "code": .string(error.code), "category": .string(error.category.rawValue), "wire": .string(error.wire.rawValue),
        "retryable": .bool(error.isRetryable), "fields": .array(error.fields.map { .string($0.field) }),
    ]
    out["http_status"] = error.httpStatus.map { .number(String($0)) }
    out["server_code"] = error.serverCode.map { .string($0) }
    out["server_id"] = error.serverID.map { .string($0) }
    out["server_text"] = error.serverText.map { .string($0) }
    out["retry_after_ms"] = error.retryAfter.map { .number(String(Int64($0 * 1000))) }
    out["operation"] = error.operation.map { .string($0) }
    return .object(out)
}
