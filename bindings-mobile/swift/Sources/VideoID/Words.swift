import VideoIDNative

extension Status {
    /// The status of that word of the service; a word that this version does not know is kept.
    public init(word: String) { self = statusFromWord(word: word) }

    /// The operations that the documents allow next, in snake_case. Advice, not a rule: the server decides. Empty for an unknown status.
    public var nextSteps: [String] { statusNextSteps(status: self) }

    /// Whether nothing more is to be done by the registration authority.
    public var isFinal: Bool { statusIsFinal(status: self) }
}

/// About the library itself.
public enum Library {
    /// Its version.
    public static var version: String { VideoIDNative.version() }

    /// The names of all operations, in snake_case.
    public static var operations: [String] { VideoIDNative.operations() }

    /// Every error code of this version, with its category and meaning.
    public static var errorCodes: [ErrorCodeInfo] { VideoIDNative.errorCodes() }
}
