import Foundation
import VideoID

// One process whose memory is measured: it warms up, says `ready`, waits for a line, makes and lets go so many evidences and bundles, says `done`
// and ends when its input does. Arguments: how many, a folder that is not there, an image.

let given = CommandLine.arguments
let (count, folder, image) = (Int(given[1]) ?? 0, URL(fileURLWithPath: given[2]), URL(fileURLWithPath: given[3]))

func once() async throws {
    let evidence = try await EvidenceBuilder(documentFront: Source(url: image)).build()
    let bundle = try await EvidenceBundle.load(from: folder)
    guard evidence.contentLength > 0, !bundle.evidence.report.findings.isEmpty else { fatalError("an empty evidence") }
}

func say(_ word: String) { FileHandle.standardOutput.write(Data("\(word)\n".utf8)) }

try await EvidenceBundle.save(to: folder, evidence: try await EvidenceBuilder(documentFront: Source(url: image)).build())
for _ in 0..<500 { try await once() }
say("ready")
_ = readLine()
for _ in 0..<count { try await once() }
say("done")
_ = readLine()
