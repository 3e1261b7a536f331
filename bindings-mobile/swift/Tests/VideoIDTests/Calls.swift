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

    /// Makes the call and gives its result as JSON.
    func call(_ name: String, _ args: JSON, _ options: RequestOptions, saveAs: String?) async throws -> JSON {
        switch name {
        case "get_first_unused_scratchcard":
            let authority = args["registration_authority"]?.string.map { RaId($0) }
            return try wire(try await ra().getFirstUnusedScratchcard(registrationAuthority: authority, options: options))
        case "create_request": return try wire(try await ra().createRequest(try model(args, "request"), options: options))
        case "get_request":
            return try wire(try await ra().getRequest(try pk(args), imagesTo: args["images_dir"]?.string.map(sources.place), options: options))
        case "list_requests":
            return try wire(try await ra().listRequests(args["filter"] == nil ? RequestFilter() : try model(args, "filter"), options: options))
        case "cancel_request": return try wire(try await ra().cancelRequest(try pk(args), options: options))
        case "upload_evidence": return try wire(try await ra().uploadEvidence(try pk(args), evidence: try evidence(args), options: options))
        case "upload_video":
            return try wire(
                try await ra().uploadVideo(VideoIdentifier(try args.text("video_identifier")), video: try source(args.need("video")), options: options))
        case "download_video":
            let identifier = VideoIdentifier(try args.text("video_identifier"))
            return try wire(try await ra().downloadVideo(identifier, to: sources.place(try args.text("path")), options: options))
        default: return try await officerCall(name, args, options, saveAs: saveAs)
        }
    }

    private func officerCall(_ name: String, _ args: JSON, _ options: RequestOptions, saveAs: String?) async throws -> JSON {
        switch name {
        case "validate_videoid": return try wire(try await ra().validateVideoid(try pk(args), rao: try model(args, "rao"), options: options))
        case "refuse_videoid":
            return try wire(
                try await ra().refuseVideoid(try pk(args), rao: try model(args, "rao"), reason: try args.text("reason"), options: options))
        case "generate_declaration":
            return try wire(try await ra().generateDeclaration(try pk(args), raoID: try args.text("rao_id"), options: options))
        case "get_request_document":
            let type = DocumentType(word: try args.text("document_type"))
            return try wire(try await ra().getRequestDocument(try pk(args), documentType: type, raoID: args["rao_id"]?.string, options: options))
        case "generate_document":
            return try wire(try await ra().generateDocument(try pk(args), doctype: GeneratedDocument(word: try args.text("doctype")), options: options))
        case "approve_request":
            return try wire(try await ra().approveRequest(try pk(args), rao: try model(args, "rao"), lang: args["lang"]?.string, options: options))
        case "get_preauth_link": return try wire(try await ra().getPreauthLink(try pk(args), options: options))
        case "new_client":
            _ = try ra()
            return .null
        default: return try await localCall(name, args, options, saveAs: saveAs)
        }
    }

    private func localCall(_ name: String, _ args: JSON, _ options: RequestOptions, saveAs: String?) async throws -> JSON {
        switch name {
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

    private func pk(_ args: JSON) throws -> RequestPk {
        guard let value = args["request_pk"]?.int else { throw Failure("no request_pk") }
        return RequestPk(value)
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

extension DocumentType {
    /// The value of a word: those that the library names, or the word itself.
    init(word: String) {
        let known: [DocumentType] = [.documentFront, .documentRear, .documentOwner, .extraDocument, .contract, .signedContract]
        self = known.first { $0.description == word } ?? .other(word: word)
    }
}

extension GeneratedDocument {
    init(word: String) {
        let known: [GeneratedDocument] = [.contract, .contractRenew]
        self = known.first { $0.description == word } ?? .other(word: word)
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
