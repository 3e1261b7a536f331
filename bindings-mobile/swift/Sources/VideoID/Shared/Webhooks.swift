import Foundation
import VideoIDNative

/// Reads the body of a webhook, at most 64 KiB; both documented forms and mixtures of them.
///
/// Nothing is signed, so anybody can send one: what it claims counts once a GET of the request shows it, which the `waitFor` of a client
/// looks for.
///
/// - Throws: ``VideoIDError`` with `webhook_invalid`.
public func parseWebhook(_ body: Data) throws -> Webhook {
    try native { try VideoIDNative.parseWebhook(body: body) }
}

/// As the other one, for a body that is text already.
public func parseWebhook(_ body: String) throws -> Webhook {
    try parseWebhook(Data(body.utf8))
}
