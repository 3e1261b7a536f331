import Foundation
import VideoID

/// The options of one step: time limit, progress, and cancellation the Swift way once enough bytes have moved.
final class CallWatch: @unchecked Sendable {
    private let timeout: TimeInterval?
    private let wanted: Bool
    private let cancelAfter: Int64?
    private let cancelBefore: Bool
    /// A workflow makes several uploads and counts each from zero.
    private let severalUploads: Bool
    private let onBytes: ((Int64) -> Void)?
    private let lock = NSLock()
    private var seen: [TransferProgress] = []
    private var cancel: (@Sendable () -> Void)?

    init(_ name: String, _ options: JSON, onBytes: ((Int64) -> Void)?) throws {
        let unknown = Set(options.object.keys).subtracting(["timeout_ms", "progress", "cancel_after_bytes", "cancel_before"])
        guard unknown.isEmpty else { throw Failure("unknown options \(unknown)") }
        timeout = options["timeout_ms"]?.int.map { TimeInterval($0) / 1000 }
        wanted = options["progress"]?.bool ?? false
        cancelAfter = options["cancel_after_bytes"]?.int
        cancelBefore = options["cancel_before"]?.bool ?? false
        severalUploads = ["workflow_", "eidas_", "classic_", "one_shot_"].contains { name.hasPrefix($0) }
        self.onBytes = onBytes
    }

    func watch<T: Sendable>(_ call: @escaping @Sendable (RequestOptions) async throws -> T) async throws -> T {
        var options = RequestOptions(timeout: timeout)
        if wanted || cancelAfter != nil || onBytes != nil { options.onProgress = { self.moved($0) } }
        let running = Task { [options] in try await call(options) }
        lock.withLock { cancel = { running.cancel() } }
        if cancelBefore { running.cancel() }
        return try await running.value
    }

    private func moved(_ progress: TransferProgress) {
        lock.withLock {
            seen.append(progress)
            onBytes?(progress.sent)
            if let cancelAfter, progress.sent >= cancelAfter { cancel?() }
        }
    }

    func check(_ expected: String?) throws {
        let list = lock.withLock { seen }
        for (before, after) in zip(list, list.dropFirst()) where before.sent > after.sent && !(severalUploads && before.sent == before.total) { throw Failure("progress went back: \(before) \(after)") }
        for step in list where step.total != 0 && step.sent > step.total { throw Failure("progress beyond the total: \(step)") }
        switch expected {
        case nil: return
        case "complete":
            guard let last = list.last, last.sent == last.total, last.sent > 0 else { throw Failure("progress did not end with everything") }
        case let other?: throw Failure("unknown expectation of progress: \(other)")
        }
    }
}
