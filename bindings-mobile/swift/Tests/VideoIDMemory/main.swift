import Foundation
import VideoID

// One process whose memory is measured. It warms up with one small transfer, says `ready`, waits for a line, does its part, says `done` and ends when
// its input does. Arguments: what, the settings as JSON, a folder with large.jpg and large.mp4, the folder of the fixtures, the request to be read back.

/// All that an upload needs, and the upload itself where it is asked for.
func transferred(_ ra: RegistrationAuthority, image: URL, video: URL, send: Bool) async throws -> RequestPk {
    let card = try await ra.getFirstUnusedScratchcard()
    let request = try await ra.createRequest(
        NewRequest(profile: "PFnubeQAFCiudadano", scratchcard: card.sn, email: "anna@example.com", videoidMode: 1))
    let source = Source(url: image)
    let evidence = try await EvidenceBuilder(documentFront: source, documentRear: source, documentPhoto: source, documentOwner: source).build()
    guard send, let identifier = request.videoidData?.videoIdentifier else { return request.pk }
    let watched = RequestOptions { _ in }
    try await ra.uploadEvidence(request.pk, evidence: evidence, options: watched)
    try await ra.uploadVideo(identifier, video: Source(url: video), options: watched)
    return request.pk
}

func say(_ word: String) { FileHandle.standardOutput.write(Data("\(word)\n".utf8)) }

let given = CommandLine.arguments
let (what, folder, fixtures) = (given[1], URL(fileURLWithPath: given[3]), URL(fileURLWithPath: given[4]))
if what.hasSuffix("one_shot") {
    let both = try UpAndBack(given[2], folder)
    try await both.run(fixtures.appendingPathComponent("specimen.mp4"), transfer: true)
    say("ready")
    _ = readLine()
    try await both.run(folder.appendingPathComponent("large.mp4"), transfer: what == "one_shot")
    say("done")
    _ = readLine()
    exit(0)
}
let ra = try RegistrationAuthority(RaConfig(json: given[2]))
let small = try await transferred(
    ra, image: fixtures.appendingPathComponent("specimen/document_front.jpg"), video: fixtures.appendingPathComponent("specimen.mp4"), send: true)
if what.hasSuffix("read_back") { _ = try await ra.getRequest(small) }
if what.hasSuffix("objects") { for _ in 0..<200 { try opened(given[2]) } }
say("ready")
_ = readLine()
switch what {
case "upload", "control_upload":
    _ = try await transferred(
        ra, image: folder.appendingPathComponent("large.jpg"), video: folder.appendingPathComponent("large.mp4"), send: what == "upload")
case "read_back":
    guard given.count > 5, let pk = Int64(given[5]) else { fatalError("which request?") }
    for _ in 0..<20 { _ = try await ra.getRequest(RequestPk(pk)) }
case "control_read_back": for _ in 0..<20 { _ = try await ra.getRequest(small) }
case "objects": for _ in 0..<10_000 { try opened(given[2]) }
case "control_objects": break
default: fatalError("unknown part: \(what)")
}
say("done")
_ = readLine()

/// One of each object that a program makes, and lets go of again.
func opened(_ config: String) throws {
    let ra = try RegistrationAuthority(RaConfig(json: config))
    let (external, eidas, classic, inbox) = (ExternalVideoID(ra), EidasVideoID(ra), ClassicRequest(ra), WebhookInbox())
    _ = try inbox.receive(#"{"status": "VIDEOREVIEW", "request": 7}"#)
    _ = (external.state, eidas.waysOn, classic.state, ra.requests())
    let client = try OneShot(OneShotConfig(environment: .custom, baseUrl: "http://127.0.0.1:1"))
    _ = (OneShotExternal(client).state, OneShotEidas(client).state)
    client.close()
    ra.close()
}
