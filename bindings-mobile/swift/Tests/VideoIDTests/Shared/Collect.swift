import Foundation
import VideoID

/// A model as JSON by its own writing.
func wire(_ value: some WireJSON) throws -> JSON { try JSON(try value.json()) }

/// The model in an argument.
func model<T: WireJSON>(_ args: JSON, _ key: String) throws -> T { try T(json: try args.need(key).encoded) }

/// A builder with the arguments of `build_evidence`, which the vectors use too.
func builder(_ args: JSON, _ sources: Sources) throws -> EvidenceBuilder {
    var builder = EvidenceBuilder()
    for (key, value) in args.object {
        switch key {
        case "document_front": builder.documentFront = try sources.of(value)
        case "document_rear": builder.documentRear = try sources.of(value)
        case "document_photo": builder.documentPhoto = try sources.of(value)
        case "document_owner": builder.documentOwner = try sources.of(value)
        case "acceptance": builder.acceptance = try model(args, key)
        case "ocr_data": builder.ocrData = try model(args, key)
        case "security_checks": builder.securityChecks = try model(args, key)
        case "similarity_level": builder.similarityLevel = value.int.map { .score(score: $0) } ?? .word(word: value.string ?? value.encoded)
        case "extra": builder.extra = value.encoded
        case "limits": builder.limits = try model(args, key)
        case "strict": builder.strict = value.bool ?? false
        default: throw Failure("unknown argument \(key) of build_evidence")
        }
    }
    return builder
}

/// An error as scenarios and vectors write it; nil where it is none of the library's.
func errorJSON(_ error: any Error) -> JSON? {
    // Swift's own way to say that a call was cancelled.
    if error is CancellationError { return .object(["code": "cancelled", "category": "cancelled"]) }
    guard let error = error as? VideoIDError else { return nil }
    var out: [String: JSON] = [
        "code": .string(error.code), "category": .string(error.category.rawValue), "wire": .string(error.wire.rawValue),
        "retryable": .bool(error.isRetryable), "fields": .array(error.fields.map { .string($0.field) }),
    ]
    out["http_status"] = error.httpStatus.map { .number(String($0)) }
    out["server_code"] = error.serverCode.map { .string($0) }
    out["server_id"] = error.serverID.map { .string($0) }
    out["server_text"] = error.serverText.map { .string($0) }
    out["retry_after_ms"] = error.retryAfter.map { .number(String(Int64($0 * 1000))) }
    out["operation"] = error.operation.map { .string($0) }
    return .object(out)
}
