import Foundation
import Testing
@_spi(Testing) import VideoID

extension Named {
    /// The documented bodies of the operations that Swift has.
    static func bodies() throws -> [Named] {
        let own = Set(Library.operations.map(\.name))
        return try Repo.json(in: "tests/vectors/vendor").map(Named.init(file:)).filter { own.contains(try $0.content.text("operation")) }
    }
}

extension Case: CustomTestStringConvertible {
    var testDescription: String { title }

    /// The scenarios whose target is Swift, each with its variants. `VIDEOID_SCENARIO` picks a scenario or one of its variants.
    static func scenarios() throws -> [Case] {
        let only = ProcessInfo.processInfo.environment["VIDEOID_SCENARIO"] ?? ""
        return try Repo.json(in: "tests/scenarios").filter { $0.lastPathComponent != "schema.json" }.map { try JSON(file: $0) }
            .filter { $0["target"]?.array.contains("swift") == true }
            .flatMap { scenario in try Case.all(of: scenario).filter { only.isEmpty || $0.title == only || scenario["name"]?.string == only } }
    }
}

extension All {
    @Test(arguments: try Case.scenarios())
    func scenario(_ test: Case) async throws {
        try await inTempFolder { try await ScenarioRun(test, $0).run() }
    }

    /// What the service's documents show it to answer, and what becomes of it on this side of the border.
    @Test(arguments: try Named.bodies())
    func vendorVector(_ vector: Named) throws {
        let expect = try vector.content.need("expect")
        let parsed = {
            try Library.parseAnswer(
                operation: try vector.content.text("operation"), httpStatus: UInt16(try vector.content.need("http_status").int ?? 0),
                body: Data(try vector.content.text("body").utf8))
        }
        switch try vector.content.text("kind") {
        case "answer":
            let answer = try parsed()
            let (wanted, got) = (try expect.need("json"), try JSON(answer))
            #expect(differences(wanted, got).isEmpty)
            // Through this language's type and back, nothing is lost.
            let again = try JSON(throughModel(try expect.text("model"), answer))
            #expect(again == got)
        case "error":
            guard let error = failed(parsed) else { throw Failure("the answer was read") }
            #expect(error.operation == vector.content["operation"]?.string)
            let got = errorJSON(error)
            for (key, value) in try expect.need("error").object { #expect((got?[key] ?? .null) == value, "\(key)") }
            if let said = error.serverText, said.count > 5 { #expect(!"\(error) \(String(reflecting: error))".contains(said)) }
        case let kind: throw Failure("unknown kind of vector: \(kind)")
        }
    }
}

/// The library's error that the body throws.
private func failed(_ body: () throws -> String) -> VideoIDError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? VideoIDError
    }
}

/// The answer as this language's type of that name, and as JSON again.
private func throughModel(_ model: String, _ json: String) throws -> String {
    let types: [any WireJSON.Type] = [
        Acknowledgement.self, Approval.self, AsyncStatus.self, ContactDataCheck.self, CreatedRequest.self, CreatedToken.self, CreatedVideoId.self,
        Declaration.self, Document.self, ImageList.self, OneShotDocuments.self, OneShotSettings.self, Otp.self, PreauthLink.self, Refusal.self,
        Request.self, RequestDocuments.self, RequestFieldCheck.self, RequestPage.self, Scratchcard.self, ScratchcardPage.self, ScratchcardUse.self,
        ServerVersion.self, Token.self, TokenList.self, UploadedDocument.self, UploadedDocuments.self, UploadedImage.self,
    ]
    guard let type = types.first(where: { String(describing: $0) == model }) else { throw Failure("unknown model \(model)") }
    return try type.init(json: json).json()
}
