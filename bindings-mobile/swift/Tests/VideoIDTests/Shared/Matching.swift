import Foundation

/// What of `expected` is not in `actual`; empty where all of it is. Objects are subsets, arrays go element by element.
func differences(_ expected: JSON, _ actual: JSON?, _ path: String = "") -> [String] {
    if case .object(let rule) = expected, rule["$type"] != nil || rule["$match"] != nil { return loosely(rule, actual, path) }
    if expected == .null, actual == nil { return [] }
    guard let actual else { return ["\(path): missing, expected \(expected)"] }
    switch (expected, actual) {
    case (.object(let wanted), .object(let got)):
        return wanted.sorted { $0.key < $1.key }.flatMap { differences($0.value, got[$0.key], "\(path)/\($0.key)") }
    case (.array(let wanted), .array(let got)):
        guard wanted.count == got.count else { return ["\(path): expected \(wanted.count) elements, got \(got.count)"] }
        return zip(wanted, got).enumerated().flatMap { differences($1.0, $1.1, "\(path)/\($0)") }
    case (.number(let wanted), .number(let got)):
        return Double(wanted) == Double(got) ? [] : ["\(path): expected \(wanted), got \(got)"]
    default:
        return expected == actual ? [] : ["\(path): expected \(expected), got \(actual)"]
    }
}

private func loosely(_ rule: [String: JSON], _ actual: JSON?, _ path: String) -> [String] {
    if let pattern = rule["$match"]?.string {
        let text: String? =
            switch actual {
            case .string(let text): text
            case .number(let text): text
            case .bool(let value): String(value)
            default: nil
            }
        let found = text?.range(of: pattern, options: .regularExpression) != nil
        return found ? [] : ["\(path): does not match \(pattern)"]
    }
    let type = rule["$type"]?.string ?? ""
    let fits: Bool
    switch (type, actual) {
    case ("present", let value): fits = value != nil && value != .null
    case ("absent", let value): fits = value == nil || value == .null
    case ("string", .string), ("number", .number), ("bool", .bool), ("object", .object), ("array", .array): fits = true
    default: fits = false
    }
    return fits ? [] : ["\(path): is not \(type)"]
}

extension JSON {
    /// The value that a JSON pointer names.
    func at(_ pointer: String) throws -> JSON {
        try pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().reduce(self) { here, step in
            let key = step.replacingOccurrences(of: "~1", with: "/").replacingOccurrences(of: "~0", with: "~")
            if case .array(let items) = here, let index = Int(key), items.indices.contains(index) { return items[index] }
            guard let value = here[key] else { throw Failure("no \(pointer) in the result") }
            return value
        }
    }

    /// With `${name}` replaced: as the value itself where it is the whole text, as text inside a longer one.
    func filled(_ saved: [String: JSON]) throws -> JSON {
        switch self {
        case .object(let members): .object(try members.mapValues { try $0.filled(saved) })
        case .array(let items): .array(try items.map { try $0.filled(saved) })
        case .string(let text): try JSON.filled(text, saved)
        default: self
        }
    }

    private static func filled(_ text: String, _ saved: [String: JSON]) throws -> JSON {
        var out = ""
        var rest = text[...]
        while let start = rest.range(of: "${"), let end = rest.range(of: "}", range: start.upperBound..<rest.endIndex) {
            let name = String(rest[start.upperBound..<end.lowerBound])
            // `rao.rao_id` goes into an object.
            let steps = name.split(separator: ".").map(String.init)
            guard let value = steps.dropFirst().reduce(saved[steps.first ?? ""], { $0?[$1] }) else { throw Failure("nothing was saved as \(name)") }
            if start.lowerBound == text.startIndex, end.upperBound == text.endIndex { return value }
            out += rest[..<start.lowerBound] + (value.string ?? value.encoded)
            rest = rest[end.upperBound...]
        }
        return .string(out + rest)
    }
}
