import Foundation

/// Prints one JSON object a line.
enum Output {
    enum Member {
        case text(String)
        case number(Int64)
    }

    /// What is nil is left out.
    static func say(_ members: [(String, Member?)]) {
        let texts = members.compactMap { name, value -> String? in
            switch value {
            case .text(let text)?: "\"\(name)\":\(quoted(text))"
            case .number(let number)?: "\"\(name)\":\(number)"
            case nil: nil
            }
        }
        let line = "{" + texts.joined(separator: ",") + "}\n"
        // One write, so that lines of several threads do not mix.
        FileHandle.standardOutput.write(Data(line.utf8))
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": out += "\\\(scalar)"
            case _ where scalar.value < 0x20: out += "\\u" + String(format: "%04x", scalar.value)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
