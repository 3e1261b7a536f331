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
        let milliseconds = timeout.map { $0.isFinite ? UInt64(max(1, ($0 * 1000).rounded())) : 0 }
        return CallOptions(timeoutMs: milliseconds, cancel: cancel, progress: onProgress.map(ProgressBridge.init))
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

/// Makes a native call that ends when the task is cancelled.
func calling<T: Sendable>(_ options: RequestOptions, _ body: (CallOptions) async throws -> T) async throws -> T {
    let token = CancelToken()
    return try await withTaskCancellationHandler {
        do {
            return try await body(options.toNative(token))
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
