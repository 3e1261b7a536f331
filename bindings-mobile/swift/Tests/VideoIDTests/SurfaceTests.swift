import Foundation
import Testing
import VideoID

/// What the built modules expose, read from them by the toolchain's own symbol extractor.
private struct Surface {
    private let facade: [Symbol]
    private let data: [Symbol]
    /// What the façade adds to the types of the generated module.
    private let added: [Symbol]
    /// The class that a class of the façade inherits from.
    private let parents: [String: String]

    private struct Symbol {
        let kind: String
        let path: [String]
        /// For a typealias: what it stands for.
        let target: String?
        /// Whether it has a comment of its own, or of the protocol that it follows.
        let documented: Bool
    }

    init(_ folder: URL) throws {
        // …/.build/<triple>/debug/VideoIDPackageTests.xctest
        let built = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for module in ["VideoID", "VideoIDNative"] {
            let command = [
                "swift-symbolgraph-extract", "-module-name", module, "-I", built.appendingPathComponent("Modules").path,
                "-I", package.appendingPathComponent("Sources/VideoIDFFI").path, "-target", built.deletingLastPathComponent().lastPathComponent,
                "-minimum-access-level", "public", "-output-dir", folder.path,
            ]
            let finished = try run(command, in: folder)
            guard finished.status == 0 else { throw Failure(finished.output) }
        }
        facade = try Surface.read(folder.appendingPathComponent("VideoID.symbols.json"))
        parents = try Surface.parents(folder.appendingPathComponent("VideoID.symbols.json"))
        data = try Surface.read(folder.appendingPathComponent("VideoIDNative.symbols.json"))
        added = try Surface.read(folder.appendingPathComponent("VideoID@VideoIDNative.symbols.json"))
    }

    private static func read(_ file: URL) throws -> [Symbol] {
        let graph = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        return ((graph?["symbols"] as? [[String: Any]]) ?? []).compactMap { symbol in
            guard let kind = (symbol["kind"] as? [String: Any])?["identifier"] as? String, let path = symbol["pathComponents"] as? [String] else { return nil }
            let fragments = (symbol["declarationFragments"] as? [[String: Any]]) ?? []
            let target = kind == "swift.typealias" ? fragments.last { $0["kind"] as? String == "typeIdentifier" }?["spelling"] as? String : nil
            return Symbol(kind: kind, path: path, target: target, documented: symbol["docComment"] != nil)
        }
    }

    private static func parents(_ file: URL) throws -> [String: String] {
        let graph = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        var names: [String: String] = [:]
        for symbol in (graph?["symbols"] as? [[String: Any]]) ?? [] {
            guard let id = (symbol["identifier"] as? [String: Any])?["precise"] as? String else { continue }
            names[id] = (symbol["pathComponents"] as? [String])?.joined(separator: ".")
        }
        var out: [String: String] = [:]
        for relation in (graph?["relationships"] as? [[String: Any]]) ?? [] where relation["kind"] as? String == "inheritsFrom" {
            guard let child = names[relation["source"] as? String ?? ""], let parent = names[relation["target"] as? String ?? ""] else { continue }
            out[child] = parent
        }
        return out
    }

    private func members(_ symbols: [Symbol], of type: String, _ kind: String) -> [String] {
        let own: Set = ["description", "debugDescription", "hashValue", "customMirror", "errorDescription", "localizedDescription", "failureReason", "helpAnchor", "recoverySuggestion"]
        let names = symbols.filter { $0.kind == kind && $0.path.count == 2 && $0.path[0] == type }
            .map { String($0.path[1].prefix { $0 != "(" }) }.filter { !own.contains($0) }
        return Set(names).sorted()
    }

    var operations: [String] { members(facade, of: "RegistrationAuthority", "swift.method").filter { $0 != "close" } }

    var oneShotOperations: [String] { members(facade, of: "OneShot", "swift.method").filter { $0 != "close" } }

    var options: [String] { members(facade, of: "RequestOptions", "swift.property") }

    var attributes: [String] { members(facade, of: "VideoIDError", "swift.property") }

    /// The names by which a program knows the values of the generated module, and their fields; ids and words are no models.
    var models: [String: [String]] {
        let structs = Set(data.filter { $0.kind == "swift.struct" && $0.path.count == 1 }.map { $0.path[0] })
        var out: [String: [String]] = [:]
        for alias in facade where alias.path.count == 1 {
            guard let target = alias.target, structs.contains(target) else { continue }
            let fields = members(data, of: target, "swift.property")
            if !fields.contains("rawValue") { out[alias.path[0]] = fields }
        }
        return out
    }

    /// The methods and properties of every type of the façade, and what it adds to those of the generated module.
    var methods: [String: [String]] {
        let kinds: Set = ["swift.method", "swift.property"]
        var out: [String: Set<String>] = [:]
        for symbol in facade + added where kinds.contains(symbol.kind) && symbol.path.count == 2 {
            out[symbol.path[0], default: []].insert(String(symbol.path[1].prefix { $0 != "(" }))
        }
        for (child, parent) in parents { out[child, default: []].formUnion(out[parent] ?? []) }
        return out.mapValues { $0.sorted() }
    }

    var classes: [String] {
        let kinds: Set = ["swift.class", "swift.struct", "swift.enum", "swift.protocol", "swift.typealias", "swift.func"]
        let names = facade.filter { kinds.contains($0.kind) && $0.path.count == 1 }.map { String($0.path[0].prefix { $0 != "(" }) }
        // What stands in the type of the library itself is a function elsewhere.
        let library = facade.filter { $0.kind == "swift.type.property" && $0.path.first == "Library" }.map { $0.path[1] }
        return Set(names + library).subtracting(models.keys).sorted()
    }

    /// What a program can use and no comment explains. What Swift prescribes explains itself.
    var undocumented: [String] {
        let prescribed: Set = [
            "description", "debugDescription", "customMirror", "errorDescription", "allCases", "AllCases", "RawValue", "init(rawValue:)", "rawValue", "hash(into:)",
            "hashValue", "encode(to:)", "init(from:)", "localizedDescription", "failureReason", "helpAnchor", "recoverySuggestion", "==(_:_:)", "!=(_:_:)",
            "init(json:)", "json()",
        ]
        let known = Set(facade.compactMap(\.target))
        // Of the generated module only what the façade gives a name.
        let shown = facade + data.filter { known.contains($0.path[0]) && !["swift.init", "swift.typealias"].contains($0.kind) }
        return shown.filter { !$0.documented && !prescribed.contains($0.path.last ?? "") }.map { "\($0.kind) \($0.path.joined(separator: "."))" }.sorted()
    }
}

extension All {
    /// Writes target/surface/swift.json; tests/README.md says the form.
    @Test func theSurfaceIsWrittenForTheComparisonWithTheOtherLanguages() async throws {
        try await inTempFolder { folder in
            let surface = try Surface(folder)
            let list = { (names: [String]) in JSON.array(names.map { .string($0) }) }
            let written = JSON.object([
                "operations": list(surface.operations), "one_shot_operations": list(surface.oneShotOperations), "options": list(surface.options), "models": .object(surface.models.mapValues(list)),
                "errors": .object([
                    "codes": list(Library.errorCodes.map(\.code)), "categories": list(ErrorCategory.allCases.map(\.rawValue)),
                    "attributes": list(surface.attributes),
                ]),
                "methods": .object(surface.methods.mapValues(list)), "classes": list(surface.classes),
            ])
            let target = Repo.root.appendingPathComponent("target/surface")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            try Data((written.encoded + "\n").utf8).write(to: target.appendingPathComponent("swift.json"))

            let camel = { (api: String) in
                Library.operations.filter { $0.api == api }.map { operation in
                    operation.name.split(separator: "_").enumerated().map { $0 == 0 ? String($1) : $1.capitalized }.joined()
                }
            }
            #expect(surface.operations == (camel("registration_authority") + ["replaceIdentity", "requests", "scratchcards", "waitFor"]).sorted())
            #expect(surface.oneShotOperations == camel("one_shot").sorted() && surface.oneShotOperations.count == 33)
            #expect(surface.methods["OneShotEidas"]?.contains("contractShown") == true && surface.methods["OneShotExternal"]?.contains("submit") == true)
            #expect(surface.undocumented == [])
            #expect(surface.options == ["onProgress", "timeout"])
            #expect(Set(surface.models["NewRequest"] ?? []).isSuperset(of: ["profile", "email", "extra", "descriptionText"]))
            #expect(Library.errorCodes.allSatisfy { ErrorCategory(rawValue: $0.category) != nil })
        }
    }

    @Test func theTableSaysWhatMayBeRepeatedAndWhatToLookAt() throws {
        let create = try #require(Library.operations.first { $0.name == "create_request" })
        #expect([create.repeat, create.method, create.route, create.host] == ["reconcile", "POST", "/requests/", "api"])
        #expect(!create.whenLost.isEmpty && create.errors.contains(400))
        let videoid = try #require(Library.operations.first { $0.name == "create_videoid" })
        #expect(videoid.api == "one_shot" && videoid.route == "/videoid" && videoid.host == "api")
        #expect(Library.operations.first { $0.name == "create_oneshot_request" }?.legacyRoute == "/request")
        #expect(Library.operations.filter { $0.host == "upload" }.map(\.name).contains("upload_video"))
        #expect(Library.operations.filter { $0.repeat == "safe" && !$0.whenLost.isEmpty }.isEmpty)
    }
}
