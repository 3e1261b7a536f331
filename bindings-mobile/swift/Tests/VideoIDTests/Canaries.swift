import Foundation

/// Data that is recognised wherever it appears. None of it belongs to a person.
enum Canaries {
    static let all: [String: String] = [
        "given name": "KANARINAME", "surname": "KANARISURNAME", "serial": "X77KANARI77", "email": "kanari.mail@example.com",
        "phone": "+34677123987", "birth": "17/09/1977", "extra": "KANARIEXTRA", "ip": "203.0.113.177", "agent": "KanariAgent/7.7",
        "username": "kanariuser", "password": "kanari:pass/word+7", "pin": "kanaripin77", "reason": "kanari reason", "image": "KANARIIMAGEBYTES",
        "billing user": "kanaribilling@example.com", "billing password": "kanari:bill/7", "token": "ca7a71ca-7a71-4a71-8a71-ca7a71ca7a71", "otp": "KANARIOTP7",
        "unlock": "KANARIUNLOCK", "signature text": "KANARISIGNATURE", "file name": "KANARIFILE.pdf", "link": "https://x.example/kanarilink",
    ]

    static func of(_ name: String) -> String { all[name] ?? "" }

    /// How a value may hide: plain, hex, URL-encoded, a list of bytes, and Base64 at each of the three alignments.
    static func forms(_ value: String) -> Set<String> {
        let raw = Data(value.utf8)
        let base64 = (0..<3).map { shift -> String in
            let text = (Data(repeating: 0, count: shift) + raw).base64EncodedString().replacingOccurrences(of: "=", with: "")
            // The first and the last characters depend on the neighbours.
            return String(text.dropFirst(shift == 0 ? 0 : 4).dropLast(2))
        }
        let encoded = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~"))) ?? value
        let hidden = [
            value, raw.map { String(format: "%02x", $0) }.joined(), encoded, encoded.replacingOccurrences(of: "%20", with: "+"),
            raw.map { String($0) }.joined(separator: ", "),
        ]
        return Set((hidden + base64).map { $0.lowercased() })
    }

    /// The names of what is seen in a text.
    static func seen(in text: String, of values: [String: String] = all) -> [String] {
        let lower = text.lowercased()
        return values.filter { forms($0.value).contains { lower.contains($0) } }.keys.sorted()
    }
}

/// Everything that was shown, from any thread.
final class Seen: @unchecked Sendable {
    private let lock = NSLock()
    private var lines: [String] = []

    /// All the ways in which Swift shows a value that nobody asked for its fields.
    func show(_ value: Any) {
        var dumped = ""
        dump(value, to: &dumped)
        add("\(value) \(String(reflecting: value)) \([value]) \(dumped)")
    }

    func add(_ line: String) { lock.withLock { lines.append(line) } }

    var all: [String] { lock.withLock { lines } }
}
