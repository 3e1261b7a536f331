import Foundation

/// JSON that keeps numbers as they were written: what goes into a vector must come out to the last digit.
enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(_ text: String) throws {
        var parser = Parser(Array(text.utf8))
        self = try parser.document()
    }

    init(file: URL) throws {
        try self.init(String(decoding: Data(contentsOf: file), as: UTF8.self))
    }

    subscript(key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    /// The member; a failed test where there is none.
    func need(_ key: String) throws -> JSON {
        guard let value = self[key] else { throw Failure("no \(key) in \(self)") }
        return value
    }

    var object: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
    var array: [JSON] { if case .array(let items) = self { items } else { [] } }
    var string: String? { if case .string(let text) = self { text } else { nil } }
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    var int: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }
    var isNull: Bool { self == .null }

    func text(_ key: String) throws -> String {
        guard let text = try need(key).string else { throw Failure("\(key) is no text") }
        return text
    }

    /// Compact JSON, members by name.
    var encoded: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let text): text
        case .string(let text): JSON.quoted(text)
        case .array(let items): "[" + items.map(\.encoded).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { JSON.quoted($0.key) + ":" + $0.value.encoded }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 0x20: out += "\\u" + String(format: "%04x", scalar.value)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

extension JSON: CustomStringConvertible {
    var description: String { encoded }
}

extension JSON: ExpressibleByStringLiteral {
    init(stringLiteral value: String) { self = .string(value) }
}

/// Why a test failed.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

private struct Parser {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws -> JSON {
        let value = try value()
        skipSpace()
        guard at == bytes.count else { throw broken() }
        return value
    }

    private func broken() -> Failure { Failure("not JSON at byte \(at)") }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ literal: String) -> Bool {
        guard bytes[at...].starts(with: literal.utf8) else { return false }
        at += literal.utf8.count
        return true
    }

    private mutating func value() throws -> JSON {
        skipSpace()
        guard at < bytes.count else { throw broken() }
        if take("null") { return .null }
        if take("true") { return .bool(true) }
        if take("false") { return .bool(false) }
        switch bytes[at] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["): return .array(try list(until: "]") { try $0.value() })
        case UInt8(ascii: "{"): return .object(try members())
        default: return .number(try number())
        }
    }

    private mutating func members() throws -> [String: JSON] {
        let pairs: [(String, JSON)] = try list(until: "}") { parser in
            parser.skipSpace()
            let key = try parser.string()
            parser.skipSpace()
            guard parser.take(":") else { throw parser.broken() }
            return (key, try parser.value())
        }
        return Dictionary(pairs) { $1 }
    }

    private mutating func list<T>(until end: String, _ item: (inout Parser) throws -> T) throws -> [T] {
        at += 1
        var items: [T] = []
        skipSpace()
        if at < bytes.count, take(end) { return items }
        while true {
            items.append(try item(&self))
            skipSpace()
            guard at < bytes.count else { throw broken() }
            if take(end) { return items }
            guard take(",") else { throw broken() }
        }
    }

    private mutating func number() throws -> String {
        let start = at
        while at < bytes.count, "+-.eE0123456789".utf8.contains(bytes[at]) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard Double(text) != nil else { throw broken() }
        return text
    }

    private mutating func string() throws -> String {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw broken() }
        at += 1
        var units: [UInt8] = []
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            if bytes[at] == UInt8(ascii: "\\") {
                at += 1
                guard at < bytes.count else { throw broken() }
                units += try escape()
            } else {
                units.append(bytes[at])
                at += 1
            }
        }
        guard at < bytes.count else { throw broken() }
        at += 1
        return String(decoding: units, as: UTF8.self)
    }

    private mutating func escape() throws -> [UInt8] {
        let letter = bytes[at]
        at += 1
        switch letter {
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try unit()
            if (0xD800..<0xDC00).contains(code), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") {
                at += 2
                code = 0x10000 + ((code - 0xD800) << 10) + (try unit() - 0xDC00)
            }
            return Array(String(UnicodeScalar(code) ?? "\u{FFFD}").utf8)
        default: return [letter]
        }
    }

    private mutating func unit() throws -> UInt32 {
        guard at + 4 <= bytes.count, let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16) else { throw broken() }
        at += 4
        return code
    }
}
