import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The sandbox as a child process, spoken to by its control API. It ends with this process.
final class Sandbox: @unchecked Sendable {
    /// What it says when it is up.
    let ready: JSON
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    private init(_ arguments: [String]) throws {
        process.executableURL = Repo.sandbox
        process.arguments = ["--exit-with-parent"] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) { line += byte }
        ready = try JSON(String(decoding: line, as: UTF8.self))
    }

    func text(_ key: String) throws -> String { try ready.text(key) }

    var raID: String { get throws { try ready.need("ra").text("id") } }
    var rao: JSON { get throws { try ready.need("rao") } }

    /// The settings of a One-Shot client in JSON, of the dialect Current.
    func oneShotSettings() throws -> [String: JSON] {
        let known = try ready.need("one_shot")
        let billing = try known.need("billing")
        return [
            "environment": "custom", "base_url": .string(try text("one_shot_url")), "registration_authority": try known.need("ra").need("id"),
            "env": try known.need("env"), "billing_username": try billing.need("username"), "billing_password": try billing.need("password"),
        ]
    }

    /// The officer's credentials, with their id as the One-Shot API names it.
    var oneShotRao: JSON {
        get throws {
            let rao = try rao
            return .object(rao.object.filter { $0.key != "rao_id" }.merging(["rao": try rao.need("rao_id")]) { $1 })
        }
    }

    func pki(_ name: String) throws -> String { try text("pki_dir") + "/" + name }

    @discardableResult
    func control(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        guard let url = URL(string: try text("control_url") + path) else { throw Failure("no address: \(path)") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        request.httpBody = body.map { Data($0.encoded.utf8) }
        let (data, status) = try await Self.send(request)
        let text = String(decoding: data, as: UTF8.self)
        guard status < 300 else { throw Failure("control \(method) \(path): \(text)") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty ? .null : try JSON(text)
    }

    /// Not `URLSession.data(for:)`: when its task is cancelled just as the answer comes, Foundation on Linux waits for itself for ever.
    /// A control call is short, so it is left to end.
    private static func send(_ request: URLRequest) async throws -> (Data, Int) {
        try await withCheckedThrowingContinuation { continuation in
            URLSession.shared.dataTask(with: request) { data, response, error in
                if let status = (response as? HTTPURLResponse)?.statusCode {
                    continuation.resume(returning: (data ?? Data(), status))
                } else {
                    continuation.resume(throwing: error ?? Failure("no answer to a control call"))
                }
            }.resume()
        }
    }

    func reset(cards: Int64? = nil) async throws {
        try await control("POST", "/reset", cards.map { .object(["cards": .number(String($0))]) })
    }

    /// The one that runs with these arguments, started at the first use.
    static func with(_ arguments: [String] = []) throws -> Sandbox { try running.get(arguments) }

    private static let running = Running()

    private final class Running: @unchecked Sendable {
        private let lock = NSLock()
        private var sandboxes: [[String]: Sandbox] = [:]

        func get(_ arguments: [String]) throws -> Sandbox {
            try lock.withLock {
                if let there = sandboxes[arguments] { return there }
                let started = try Sandbox(arguments)
                sandboxes[arguments] = started
                return started
            }
        }
    }
}
