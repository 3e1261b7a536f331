/// A scenario, or one of its variants laid over it: one test case.
struct Case: Sendable {
    let title: String
    let scenario: JSON
    /// What `${variant.x}` gives, in a scenario with variants.
    let values: JSON?

    private static let known: Set = [
        "name", "args", "cards", "settings", "faults", "config", "one_shot", "identity", "upload_identity", "trust", "url", "values", "received", "received_mode",
    ]

    /// The test cases of a scenario: one for each variant, or itself.
    static func all(of scenario: JSON) throws -> [Case] {
        let name = try scenario.text("name")
        guard let variants = scenario["variants"]?.array else { return [Case(title: name, scenario: scenario, values: nil)] }
        let names = try variants.map { try $0.text("name") }
        guard Set(names).count == names.count else { throw Failure("\(name): two variants have one name") }
        return try variants.map { variant in
            let unknown = Set(variant.object.keys).subtracting(known)
            guard unknown.isEmpty else { throw Failure("\(name): unknown in a variant: \(unknown)") }
            let laid = try scenario.with(variant, of: Set(names))
            return Case(title: "\(name)[\(try variant.text("name"))]", scenario: laid, values: variant["values"] ?? .object([:]))
        }
    }
}

extension JSON {
    fileprivate func with(_ variant: JSON, of names: Set<String>) throws -> JSON {
        let own = try variant.text("name")
        var out = object
        out["variants"] = nil
        out["sandbox"] = part("sandbox").laid("settings", variant["settings"]).replaced(variant, ["args", "cards", "faults"])
        out["client"] = part("client").laid("config", variant["config"]).laid("one_shot", variant["one_shot"]).replaced(variant, ["identity", "upload_identity", "trust", "url"])
        out["steps"] = .array(
            try need("steps").array.compactMap { step in
                guard let only = step["only"]?.array.compactMap(\.string) else { return step }
                guard names.isSuperset(of: only) else { throw Failure("a step is for a variant that is not there: \(only)") }
                return only.contains(own) ? .object(step.object.filter { $0.key != "only" }) : nil
            })
        return JSON.object(out).replaced(variant, ["received", "received_mode"])
    }

    private func part(_ key: String) -> JSON { self[key] ?? .object([:]) }

    /// Each member of `more` in place of the one of its name in the object at `key`.
    private func laid(_ key: String, _ more: JSON?) -> JSON {
        guard let more else { return self }
        return .object(object.merging([key: .object(part(key).object.merging(more.object) { $1 })]) { $1 })
    }

    private func replaced(_ variant: JSON, _ keys: [String]) -> JSON {
        .object(object.merging(variant.object.filter { keys.contains($0.key) }) { $1 })
    }
}
