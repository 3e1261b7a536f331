import Foundation
import VideoID

// The part of an app: what the camera has taken becomes a bundle, a folder that a backend takes. Prints one JSON object a line.
// Arguments: --front FILE [--rear FILE] --owner FILE --video FILE --out FOLDER; the folder must not exist or be empty.

struct Usage: Error {
    let text: String
}

func given() throws -> [String: URL] {
    var files: [String: URL] = [:]
    var rest = CommandLine.arguments.dropFirst()
    while let name = rest.popFirst() {
        guard ["--front", "--rear", "--owner", "--video", "--out"].contains(name) else { throw Usage(text: "unknown: \(name)") }
        guard let path = rest.popFirst() else { throw Usage(text: "\(name) needs a value") }
        files[name] = URL(fileURLWithPath: path)
    }
    return files
}

func capture(_ files: [String: URL]) async throws {
    func needed(_ name: String) throws -> URL {
        guard let file = files[name] else { throw Usage(text: "\(name) is needed") }
        return file
    }
    let film = Source(url: try needed("--video"))
    say(["event": "video", "bytes": try await checkVideo(film).bytes])
    // Another product's part, told here as it is drawn on the specimen.
    let recognised = Recognised(
        data: OcrData(
            givenName: "ANNA MARIA", surname1: "ERIKSSON", serialNumber: "D23145890", mobilePhoneNumber: "+34600000000", email: "anna@example.com",
            idDocumentType: "IDC", idDocumentCountry: "ES"),
        isAlive: true, similarity: 87, by: "example")
    let gathered = Gathered(
        front: Source(url: try needed("--front")), rear: files["--rear"].map { Source(url: $0) }, owner: Source(url: try needed("--owner")),
        recognised: recognised)
    let evidence = try await gathered.evidence()
    // Advice before anything leaves the device: what is missing now can still be filmed.
    for finding in evidence.report.findings { say(["event": "advice", "text": "\(finding.code): \(finding.field)"]) }
    let folder = try needed("--out")
    for file in try await EvidenceBundle.save(to: folder, evidence: evidence, video: film).files {
        say(["event": "file", "name": file.name, "bytes": file.bytes])
    }
    // What is sent is what can be read back.
    say(["event": "done", "files": try await EvidenceBundle.load(from: folder).manifest.files.count])
}

/// One JSON object as a line, with its members in alphabetical order.
func say(_ members: [String: Any]) {
    let data = (try? JSONSerialization.data(withJSONObject: members, options: [.sortedKeys, .withoutEscapingSlashes])) ?? Data()
    FileHandle.standardOutput.write(data + Data("\n".utf8))
}

do {
    try await capture(try given())
} catch let error as Usage {
    say(["event": "error", "code": "usage", "text": error.text])
    exit(1)
} catch let error as VideoIDError {
    say(["event": "error", "code": error.code, "text": error.localizedDescription])
    exit(1)
}
