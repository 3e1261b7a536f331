import Foundation
import VideoIDNative

extension Status {
    /// The status of that word of the service; a word that this version does not know is kept.
    public init(word: String) { self = statusFromWord(word: word) }

    /// The operations that the documents allow next, in snake_case. Advice, not a rule: the server decides. Empty for an unknown status.
    public var nextSteps: [String] { statusNextSteps(status: self) }

    /// Whether nothing more is to be done by the registration authority.
    public var isFinal: Bool { statusIsFinal(status: self) }

    /// What can be done for a request of that flow that stands in this status and does not go ahead, the least costly first. Advice, not a
    /// rule. Empty where nothing is to be done, and for an unknown status.
    public func waysOn(_ flow: Flow) -> [WayOn] { statusWaysOn(status: self, flow: flow) }
}

/// About the library itself.
public enum Library {
    /// Its version.
    public static var version: String { VideoIDNative.version() }

    /// Every error code of this version, with its category and meaning.
    public static var errorCodes: [ErrorCodeInfo] { VideoIDNative.errorCodes() }
}
