import Foundation
import VideoID

/// What a scenario does while a call waits. Used by one scenario, one call after the other.
final class Meanwhile: @unchecked Sendable {
    /// The scenario's inbox for webhooks.
    let inbox = WebhookInbox()
    private let sandbox: Sandbox
    private var relayed = 0

    init(_ sandbox: Sandbox) { self.sandbox = sandbox }

    /// The call, with these beside it. What is not done when the call ends is left out.
    func beside<T: Sendable>(_ items: [JSON], _ call: @escaping @Sendable () async throws -> T) async throws -> T {
        try await withThrowingTaskGroup(of: T.self) { group in
            group.addTask { try await call() }
            group.addTask {
                for item in items { try await self.perform(item) }
                while true { try await Task.sleep(nanoseconds: 1_000_000_000) }
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw Failure("nothing came of the call") }
            return result
        }
    }

    private func perform(_ item: JSON) async throws {
        guard let after = item["after_ms"]?.int, item.object.count == 2 else { throw Failure("not to be done meanwhile: \(item)") }
        try await Task.sleep(nanoseconds: UInt64(after) * 1_000_000)
        if let control = item["control"] {
            try await sandbox.control(try control.text("method"), try control.text("path"), control["body"])
        } else if let text = item["webhook"]?.string {
            receive(text)
        } else if let json = item["webhook_json"] {
            receive(json.encoded)
        } else if item["relay"]?.bool == true {
            try await relay()
        } else {
            throw Failure("not to be done meanwhile: \(item)")
        }
    }

    /// What the sandbox delivered and was not relayed before.
    private func relay() async throws {
        let all = try await sandbox.control("GET", "/webhooks?personal=true").need("deliveries").array
        let fresh = all.dropFirst(relayed)
        relayed = all.count
        for delivery in fresh {
            let body = try delivery.need("body")
            receive(body.string ?? body.encoded)
        }
    }

    private func receive(_ body: String) {
        // Whether the inbox takes it is the product's matter.
        _ = try? inbox.receive(body)
    }
}
