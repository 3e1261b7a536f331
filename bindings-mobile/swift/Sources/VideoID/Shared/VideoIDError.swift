import Foundation
import VideoIDNative

/// The kind of trouble, for code that decides by a `switch` of a few cases.
public enum ErrorCategory: String, Sendable, CaseIterable {
    /// The client is not set up so that the call could be made.
    case config
    /// What was given breaks a rule; nothing was sent.
    case validation
    /// The network, TLS or a time limit.
    case transport
    /// The service answered, and the answer is not the one asked for.
    case api
    /// The answer was lost, and what was asked for may have been done: look before repeating.
    case ambiguous
    /// The caller cancelled by other means than its task.
    case cancelled
    /// A defect of this library.
    case `internal`
}

/// What may have happened on the wire when a call failed.
public enum Wire: String, Sendable, CaseIterable {
    /// Nothing that the service could act on was sent.
    case notSent = "not_sent"
    /// The request may have been processed; no answer says so.
    case mayBeProcessed = "may_be_processed"
    /// The service answered.
    case answered
}

/// The one error of this library.
///
/// `localizedDescription`, `description` and `debugDescription` are one line for people, without personal data. Decide by
/// ``category``, or by ``code`` where more detail is needed; new codes may come with any version. A task that is cancelled gets
/// `CancellationError`, as everywhere in Swift, not this error.
public struct VideoIDError: LocalizedError, Sendable {
    /// What went wrong, as a stable name, for example `scratchcard_invalid`. The glossary of codes says what to do.
    public let code: String
    /// The category of the code.
    public let category: ErrorCategory
    /// One line for people, without personal data.
    public let text: String
    /// The operation that failed, in snake_case as in the documentation, where one was called.
    public let operation: String?
    /// What may have happened on the wire.
    public let wire: Wire
    /// Whether the same call may be repeated as it is, without looking first and without doing anything twice.
    public let isRetryable: Bool
    /// HTTP status of the answer, where there was one.
    public let httpStatus: Int?
    /// The service's own code, which often differs from the HTTP status.
    public let serverCode: String?
    /// The service's reference of the error, to be quoted to its support.
    public let serverID: String?
    /// What the service wrote. It may repeat what was sent: show it to a person, do not log it. Not part of any description.
    public let serverText: String?
    /// How many seconds the service asks to wait before the next call.
    public let retryAfter: TimeInterval?
    /// The id that the hooks gave for the same call.
    public let correlationID: String?
    /// The fields that break a rule, and which rule; never the value.
    public let fields: [FieldIssue]

    /// What `localizedDescription` shows.
    public var errorDescription: String? { text }
}

extension VideoIDError {
    init(_ native: VideoIdError) {
        switch native {
        case .Failed(
            let code, let category, let text, let operation, let wire, let retryable, let httpStatus, let serverCode, let serverID, let serverText,
            let retryAfter, let correlationID, let fields):
            self.init(
                code: code, category: ErrorCategory(rawValue: category) ?? .internal, text: text, operation: operation,
                wire: Wire(rawValue: wire) ?? .mayBeProcessed, isRetryable: retryable, httpStatus: httpStatus.map(Int.init), serverCode: serverCode,
                serverID: serverID, serverText: serverText?.value, retryAfter: retryAfter.map { TimeInterval($0) / 1000 },
                correlationID: correlationID, fields: fields)
        }
    }
}

extension VideoIDError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { text }

    public var debugDescription: String { text }

    /// What `dump` and test frameworks show: without ``serverText``.
    public var customMirror: Mirror {
        Mirror(self, children: ["code": code, "category": category, "text": text, "wire": wire, "isRetryable": isRetryable], displayStyle: .struct)
    }
}

/// Runs native code and turns its errors into the library's own.
func native<T>(_ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch {
        throw ownError(error)
    }
}

/// Runs native work that is not a call: it reads or writes files, on a thread of the library's own, and goes on to its end where the task
/// is cancelled meanwhile.
func working<T: Sendable>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch {
        throw ownError(error)
    }
}

/// A native error as the library's own; others, a `CancellationError` for example, as they are.
func ownError(_ error: any Error) -> any Error {
    if error is CancellationError || error is VideoIDError { return error }
    if let failed = error as? VideoIdError { return VideoIDError(failed) }
    // What is left are the generated code's own errors: a panic of the native code. Its text may hold anything, so only the
    // fact is passed on.
    return VideoIDError(
        code: "internal", category: .internal, text: "internal: a defect of this library ended the call; please report it", operation: nil,
        wire: .mayBeProcessed, isRetryable: false, httpStatus: nil, serverCode: nil, serverID: nil, serverText: nil, retryAfter: nil,
        correlationID: nil, fields: [])
}
