import Foundation
import VideoID

/// One of the five flows: to ENROLLREADY, on the One-Shot API to a signed document, or to a refusal.
struct Story {
    let arguments: Arguments

    func tell() async throws {
        switch arguments["flow"] ?? "external" {
        case "external": try await onTheRegistrationAuthority(external)
        case "ra-eidas": try await onTheRegistrationAuthority(eidas)
        case "classic": try await onTheRegistrationAuthority(classic)
        case "oneshot-external": try await onTheOptimizer(oneShotExternal)
        case "oneshot-eidas": try await onTheOptimizer(oneShotEidas)
        default: throw Arguments.Usage(text: "--flow is external, ra-eidas, classic, oneshot-external or oneshot-eidas")
        }
    }

    private func onTheRegistrationAuthority(_ flow: (RegistrationAuthority) async throws -> Void) async throws {
        var config = RaConfig(environment: .custom)
        config.apiUrl = try arguments.needed("ra-url")
        config.uploadUrl = try arguments.needed("upload-url")
        config.registrationAuthority = RaId(try arguments.needed("ra"))
        // Which id the evidence goes to is for the service to say; External VideoID alone needs it.
        config.videoPk = .requestPk
        let ra = try RegistrationAuthority(config)
        defer { ra.close() }
        try await flow(ra)
    }

    func officer() throws -> RaoCredentials {
        RaoCredentials(
            username: try arguments.secret("rao-username"), password: try arguments.secret("rao-password"), pin: try arguments.secret("rao-pin"),
            raoId: try arguments.secret("rao-id"))
    }

    func source(_ name: String) throws -> Source { Source(url: try arguments.file(name)) }

    /// Leaves what the officer saw in the folder.
    func keep(_ outcome: OfficerOutcome) throws {
        let folder = try arguments.file("out")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let contract = outcome.contract { try write(contract.content, "contract.pdf", "contract", folder) }
        if let declaration = outcome.declaration { try write(Data(declaration.receipt.utf8), "declaration.txt", "declaration", folder) }
    }

    func told(_ kind: String, _ path: String) {
        Output.say([("event", .text("file")), ("kind", .text(kind)), ("path", .text(path))])
    }

    private func write(_ data: Data, _ name: String, _ kind: String, _ folder: URL) throws {
        let file = folder.appendingPathComponent(name)
        // Only the owner may read it: it holds personal data.
        guard FileManager.default.createFile(atPath: file.path, contents: data, attributes: [.posixPermissions: 0o600]) else {
            throw CocoaError(.fileWriteUnknown)
        }
        told(kind, file.path)
    }

    func done(_ status: Status, _ requestPk: RequestPk, _ videoidStatus: String?) {
        Output.say([
            ("event", .text("done")), ("status", .text(status.description)), ("request_pk", .number(requestPk.rawValue)),
            ("videoid_status", videoidStatus.map { .text($0) }),
        ])
    }
}

/// Tells what a workflow tells. Events and progress come from threads of the library.
final class Told: @unchecked Sendable {
    private let lock = NSLock()
    private var step = "submit"

    func event(_ event: WorkflowEvent) {
        switch event.kind {
        case "step":
            guard let name = event.step else { return }
            lock.withLock { step = name }
            Output.say([("event", .text("step")), ("operation", .text(name))])
        case "status":
            Output.say([
                ("event", .text("status")), ("status", event.status.map { .text($0.description) }),
                ("request_pk", event.requestPk.map { .number($0.rawValue) }),
            ])
        case "warning": Output.say([("event", .text("warning")), ("text", event.text.map { .text($0) })])
        default: break
        }
    }

    var options: RequestOptions {
        RequestOptions { [self] progress in
            let operation = lock.withLock { step }
            Output.say([
                ("event", .text("progress")), ("operation", .text(operation)), ("sent", .number(progress.sent)), ("total", .number(progress.total)),
            ])
        }
    }
}
