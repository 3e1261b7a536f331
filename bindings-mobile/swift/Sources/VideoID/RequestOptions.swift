import Foundation
import VideoIDNative

/// Options of one call. A call ends early when its task is cancelled; nothing else is needed for that.
public struct RequestOptions: Sendable {
    /// Time limit in seconds of the whole call with its repetitions. `nil`: the client's `timeouts.total`; `.infinity`: none.
    public var timeout: TimeInterval?
    /// Is told of progress: on a worker thread, never on the main thread, at most some twenty times a second.
    public var onProgress: (@Sendable (TransferProgress) -> Void)?

    /// Options; all of them may be left out.
    public init(timeout: TimeInterval? = nil, onProgress: (@Sendable (TransferProgress) -> Void)? = nil) {
        self.timeout = timeout
        self.onProgress = onProgress
    }

    func toNative(_ cancel: CancelToken) -> CallOptions {
        // 0 is no limit there, so that a limit of no time at all is one millisecond.
        let limit = timeout.map { $0.isFinite ? UInt64(max(1, milliseconds($0))) : 0 }
        return CallOptions(timeoutMs: limit, cancel: cancel, progress: onProgress.map(ProgressBridge.init))
    }
}

private final class ProgressBridge: ProgressListener {
    private let listener: @Sendable (TransferProgress) -> Void

    init(_ listener: @escaping @Sendable (TransferProgress) -> Void) {
        self.listener = listener
    }

    func onProgress(sent: Int64, total: Int64) {
        listener(TransferProgress(sent: sent, total: total))
    }
}

/// Seconds as milliseconds. What is no number is 0, which the core refuses where it matters; what is too large is the largest.
func milliseconds(_ seconds: TimeInterval) -> Int64 {
    let milliseconds = (seconds * 1000).rounded()
    if milliseconds.isNaN { return 0 }
    return Int64(exactly: milliseconds) ?? (milliseconds < 0 ? .min : .max)
}

/// Makes a native call that ends when the task is cancelled.
func calling<T: Sendable>(_ options: RequestOptions, _ body: (CallOptions) async throws -> T) async throws -> T {
    let token = CancelToken()
    return try await cancelling(token) { try await body(options.toNative(token)) }
}

/// Runs what the token ends, and uses the token when the task is cancelled.
func cancelling<T: Sendable>(_ token: CancelToken, _ body: () async throws -> T) async throws -> T {
    try await withTaskCancellationHandler {
        do {
            return try await body()
        } catch {
            let own = ownError(error)
            if Task.isCancelled, (own as? VideoIDError)?.code == "cancelled" { throw CancellationError() }
            throw own
        }
    } onCancel: {
        token.cancel()
    }
}

/// A call as a stream of its progress: it starts at once, the stream ends when it has succeeded and throws its error, and it is
/// cancelled when the stream is given up. A reader that is slow misses steps in between; nothing is queued without bound.
///
/// ```swift
/// for try await step in progress(of: { try await ra.uploadVideo(identifier, video: Source(url: file), options: $0) }) {
///     print(step.sent, step.total)
/// }
/// ```
public func progress<T>(
    options: RequestOptions = RequestOptions(),
    of call: @escaping @Sendable (RequestOptions) async throws -> T
) -> AsyncThrowingStream<TransferProgress, any Error> {
    AsyncThrowingStream(bufferingPolicy: .bufferingNewest(64)) { continuation in
        var watched = options
        watched.onProgress = { continuation.yield($0) }
        let running = Task { [watched] in
            do {
                _ = try await call(watched)
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in running.cancel() }
    }
}
