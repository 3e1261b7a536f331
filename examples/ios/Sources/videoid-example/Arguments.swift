import Foundation

/// What the program was told. Credentials may come from the environment, where `ps` does not show them.
struct Arguments {
    struct Usage: Error {
        let text: String
    }

    private static let known: Set = [
        "ra-url", "upload-url", "ra", "rao-username", "rao-password", "rao-pin", "rao-id", "front", "rear", "photo", "owner", "video", "out", "refuse",
        "flow", "document", "one-shot-url", "dialect", "env", "billing-username", "billing-password",
    ]

    private var given: [String: String] = [:]

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), Self.known.contains(String(name.dropFirst(2))) else { throw Usage(text: "unknown: \(name)") }
            guard let value = rest.popFirst() else { throw Usage(text: "\(name) needs a value") }
            given[String(name.dropFirst(2))] = value
        }
    }

    subscript(name: String) -> String? { given[name] }

    func needed(_ name: String) throws -> String {
        guard let value = given[name] else { throw Usage(text: "--\(name) is needed") }
        return value
    }

    func file(_ name: String) throws -> URL { URL(fileURLWithPath: try needed(name)) }

    /// `--rao-pin` or VIDEOID_RAO_PIN, for example.
    func secret(_ name: String) throws -> String {
        let variable = "VIDEOID_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
        guard let value = given[name] ?? ProcessInfo.processInfo.environment[variable] else {
            throw Usage(text: "--\(name) or \(variable) is needed")
        }
        return value
    }
}
