import Foundation
import VideoIDNative

/// Where a web server puts the webhooks that it receives, and where ``RegistrationAuthority`` and ``EidasVideoID`` look for them while they wait.
///
/// One is enough for a program. It keeps no webhook and no personal data, it only wakes who waits at that moment, and so does not grow
/// with what is received. May be used from any task.
public final class WebhookInbox: Sendable, CustomStringConvertible {
    let native = VideoIDNative.WebhookInbox()

    /// An inbox that nobody waits at.
    public init() {}

    /// Takes the body of a webhook and wakes those who wait for its request. Safe to repeat, to forge and to mix up: the worst that comes of
    /// it is a GET more. Answer the service with HTTP 200 in any case.
    ///
    /// - Throws: ``VideoIDError`` with `webhook_invalid`; nobody is woken then.
    @discardableResult
    public func receive(_ body: Data) throws -> Webhook {
        try VideoID.native { try native.receive(body: body) }
    }

    /// As the other one, for a body that is text already.
    @discardableResult
    public func receive(_ body: String) throws -> Webhook {
        try receive(Data(body.utf8))
    }

    public var description: String { "WebhookInbox" }
}
