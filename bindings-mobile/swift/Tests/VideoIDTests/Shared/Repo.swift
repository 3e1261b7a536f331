import Foundation

/// Where the tests find the repository, its fixtures and the sandbox; all of it comes from the environment.
enum Repo {
    static let root = URL(fileURLWithPath: required("VIDEOID_REPO"))
    static let sandbox = URL(fileURLWithPath: required("VIDEOID_SANDBOX"))

    static func file(_ path: String) throws -> URL {
        let url = root.appendingPathComponent(path)
        guard FileManager.default.fileExists(atPath: url.path) else { throw Failure("the repository has no \(path)") }
        return url
    }

    /// May be missing: some tests want that.
    static func fixture(_ name: String) -> URL { root.appendingPathComponent("tests/fixtures/\(name)") }

    /// The JSON files of a folder, by name. A folder that is missing gives none, which its test reports.
    static func json(in folder: String) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { root.appendingPathComponent(folder).appendingPathComponent($0) }
    }

    private static func required(_ name: String) -> String {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
            fatalError("set \(name), as `cargo xtask test` does")
        }
        return value
    }
}

/// A folder that is removed at the end.
func inTempFolder<T>(_ body: (URL) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("videoid-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
