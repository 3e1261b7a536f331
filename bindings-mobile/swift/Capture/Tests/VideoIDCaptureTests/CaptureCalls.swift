import Foundation
import VideoID

/// The calls of the first tier, by name. Used by one scenario, one call after the other.
final class CaptureCalls {
    private let sources: Sources
    private var evidences: [String: Evidence] = [:]
    private var bundles: [String: EvidenceBundle] = [:]

    init(_ sources: Sources) { self.sources = sources }

    /// Makes the call and gives its result as JSON.
    func call(_ name: String, _ args: JSON, saveAs: String?) async throws -> JSON {
        switch name {
        case "build_evidence":
            let evidence = try await builder(args, sources).build()
            evidences[saveAs ?? "evidence"] = evidence
            return .object(["report": try wire(evidence.report), "content_length": .number(String(evidence.contentLength))])
        case "check_evidence": return try wire(try await builder(args, sources).check())
        case "check_video": return try wire(try await checkVideo(try source(args.need("video"))))
        case "save_bundle":
            let video = try args["video"].map { try source($0) }
            return try wire(try await EvidenceBundle.save(to: try place(args), evidence: try evidence(args), video: video))
        case "load_bundle":
            let bundle = try await EvidenceBundle.load(from: try place(args))
            bundles[saveAs ?? "bundle"] = bundle
            return .object(["manifest": try wire(bundle.manifest)])
        case "status_next_steps": return .array(Status(word: try args.text("status")).nextSteps.map { .string($0) })
        case "ways_on": return .array(Status(word: try args.text("status")).waysOn(try flow(args)).map { .string($0.description) })
        case "profiles": return .array(try profiles().map { try wire($0) })
        case "profile": return try profile(try args.text("name")).map { try wire($0) } ?? .null
        case "check_request": return try wire(try checkRequest(try model(args, "request"), flow: try flow(args)))
        case "parse_webhook":
            // With spaces behind it where a length is asked for.
            var body = Data(try args.text("body").utf8)
            let length = Int(args["pad_to"]?.int ?? 0)
            if body.count < length { body += Data(repeating: UInt8(ascii: " "), count: length - body.count) }
            return try wire(try parseWebhook(body))
        default: throw Failure("not a call of the first tier: \(name)")
        }
    }

    func file(_ file: JSON) throws {
        if let place = file["write"]?.string {
            try Data(try file.text("text").utf8).write(to: sources.place(place))
        } else if let place = file["append"]?.string {
            let out = try FileHandle(forWritingTo: sources.place(place))
            try out.seekToEnd()
            try out.write(contentsOf: Data(try file.text("text").utf8))
            try out.close()
        } else {
            try FileManager.default.removeItem(at: sources.place(try file.text("remove")))
        }
    }

    private func flow(_ args: JSON) throws -> Flow {
        switch try args.text("flow") {
        case "external_videoid": .externalVideoId
        case "eidas_videoid": .eidasVideoId
        case "classic": .classic
        case let word: .other(word: word)
        }
    }

    private func place(_ args: JSON) throws -> URL { sources.place(try args.text("dir")) }

    private func evidence(_ args: JSON) throws -> Evidence {
        let name = String(try args.text("evidence").drop { $0 == "$" })
        if name.hasSuffix(".evidence"), let bundle = bundles[String(name.dropLast(".evidence".count))] { return bundle.evidence }
        guard let evidence = evidences[name] else { throw Failure("no evidence was saved as \(name)") }
        return evidence
    }

    private func source(_ spec: JSON) throws -> Source {
        guard let name = spec.string?.drop(while: { $0 == "$" }) else { return try sources.of(spec) }
        guard let video = bundles[String(name.prefix { $0 != "." })]?.video else { throw Failure("no video in \(name)") }
        return video
    }
}

extension Source {
    /// The scenarios of the other package have streams, those of this one have none: a stream is only read while it is sent.
    init<S: AsyncSequence & Sendable>(stream: S, length: Int64) where S.Element == Data {
        fatalError("a stream of \(length) bytes: this package sends nothing")
    }
}
