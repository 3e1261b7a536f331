import Foundation
import Testing
import VideoID

/// What runs one after the other: the tests share sandboxes, which are reset for each.
@Suite(.serialized)
struct All {}

struct Named: CustomTestStringConvertible, Sendable {
    let name: String
    let content: JSON

    var testDescription: String { name }

    static func vectors() throws -> [Named] { try Repo.json(in: "tests/vectors/evidence").map(Named.init(file:)) }

    init(file: URL) throws {
        content = try JSON(file: file)
        name = try content.text("name")
    }
}

extension All {
    /// Evidence in; the bytes, the report or the error of every other language out.
    @Test(arguments: try Named.vectors())
    func evidenceVector(_ vector: Named) async throws {
        let input = try vector.content.need("input")
        let expect = try vector.content.need("expect")
        try await inTempFolder { folder in
            if let report = expect["report"] {
                #expect(try wire(try await builder(input, Sources(folder)).check()) == report)
            }
            if let error = expect["error"] {
                let got = try await failure { _ = try await builder(input, Sources(folder)).build() }
                #expect(JSON.object((errorJSON(got)?.object ?? [:]).filter { error[$0.key] != nil }) == error)
                for (_, value) in input["ocr_data"]?.object ?? [:] {
                    if let text = value.string, text.count > 4 { #expect(!"\(got)".contains(text)) }
                }
                return
            }
            let evidence = try await builder(input, Sources(folder)).build()
            #expect(evidence.contentLength == expect["length"]?.int)
            #expect(try await evidence.sha256() == expect["sha256"]?.string)
            guard let body = expect["body_file"]?.string else { return }
            let written = folder.appendingPathComponent("body.json")
            try await evidence.writeJSON(to: written)
            #expect(try Data(contentsOf: written) == Data(contentsOf: try Repo.file("tests/vectors/evidence/\(body)")))
        }
    }
}

/// The error that the body throws; a failed test where it throws none.
func failure(_ body: () async throws -> Void) async throws -> any Error {
    do {
        try await body()
    } catch {
        return error
    }
    throw Failure("there was no error")
}
