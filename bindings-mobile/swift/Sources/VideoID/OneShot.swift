import Foundation
import VideoIDNative

/// A client of the One-Shot API: from the identification to the signed document, on an Optimizer of the vendor's or the customer's own.
///
/// One set of methods serves both of the API's dialects, see `OneShotConfig.dialect`; what one of them lacks fails with `unsupported`, and a
/// server that speaks the other one with `wrong_dialect`. One client serves any number of tasks at once and keeps its connections: make one and
/// ``close()`` it at the end. Cancelling the task cancels the call and closes its connection. Billing account, officers' credentials and tokens
/// belong on a backend, never in an app.
public final class OneShot: Sendable, CustomStringConvertible {
    let native: VideoIDNative.OneShot

    /// A client. Reads the TLS files of the settings, nothing else: it opens no connection.
    ///
    /// - Parameter onEvent: is told of attempts, repetitions and outcomes, on a worker thread; nothing personal is in the events.
    /// - Throws: ``VideoIDError`` of category ``ErrorCategory/config`` where the settings cannot work.
    public init(_ config: OneShotConfig, onEvent: (@Sendable (HookEvent) -> Void)? = nil) throws {
        native = try VideoID.native { try VideoIDNative.OneShot(config: config, hooks: onEvent.map(HookBridge.init)) }
    }

    /// The settings that it was made with, the billing password among them.
    public var config: OneShotConfig { native.config() }

    /// Asks the Optimizer whether it is there. Safe to repeat.
    @discardableResult
    public func hello(options: RequestOptions = RequestOptions()) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.hello(options: $0) }
    }

    /// What the Optimizer says of itself. Safe to repeat.
    public func version(options: RequestOptions = RequestOptions()) async throws -> ServerVersion {
        try await calling(options) { try await self.native.version(options: $0) }
    }

    /// The settings of the Optimizer. The billing password is among them, as Base64: show them to nobody. Safe to repeat.
    public func getSettings(options: RequestOptions = RequestOptions()) async throws -> OneShotSettings {
        try await calling(options) { try await self.native.getSettings(options: $0) }
    }

    /// Changes the settings of the Optimizer: the sections that are given, as whole sections. A billing password in them goes as it is given: as
    /// Base64, as it is read. Where the answer is lost the error is `ambiguous`: read the settings.
    @discardableResult
    public func updateSettings(_ settings: OneShotSettings, options: RequestOptions = RequestOptions()) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.updateSettings(settings: settings, options: $0) }
    }

    /// Stores an officer's credentials on the Optimizer under a token. What the token does not hold comes with each call. Where the answer is
    /// lost the error is `ambiguous`: list the tokens. The same credentials cannot be stored twice.
    public func createToken(_ token: NewToken, options: RequestOptions = RequestOptions()) async throws -> CreatedToken {
        try await calling(options) { try await self.native.createToken(token: token, options: $0) }
    }

    /// What a token holds, without its secrets. Safe to repeat.
    public func getToken(_ tokenUid: TokenUid, options: RequestOptions = RequestOptions()) async throws -> Token {
        try await calling(options) { try await self.native.getToken(tokenUid: tokenUid, options: $0) }
    }

    /// Deletes a token. The demo token of the vendor's test installation cannot be deleted. Where the answer is lost the error is `ambiguous`:
    /// list the tokens.
    @discardableResult
    public func deleteToken(_ tokenUid: TokenUid, options: RequestOptions = RequestOptions()) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.deleteToken(tokenUid: tokenUid, options: $0) }
    }

    /// All tokens of the Optimizer. Safe to repeat.
    public func listTokens(options: RequestOptions = RequestOptions()) async throws -> TokenList {
        try await calling(options) { try await self.native.listTokens(options: $0) }
    }

    /// Ends the client: calls that come after it fail with `client_closed`, calls that are under way go on. May be called twice.
    public func close() {
        native.closeClient()
    }

    public var description: String { "OneShot" }
}

extension OneShotConfig {
    /// The settings from the environment; each field's documentation names its variable.
    ///
    /// - Throws: ``VideoIDError`` with `config_invalid`.
    public static func fromEnvironment() throws -> OneShotConfig {
        try native { try oneShotConfigFromEnv() }
    }
}
