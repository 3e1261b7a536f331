import Foundation
import VideoIDNative

extension RegistrationAuthority {
    /// Waits until a GET shows the request in one of the statuses, and gives it as that GET showed it.
    ///
    /// It looks at once, then with longer and longer pauses from `poll` to `maxPoll`; with an inbox a webhook for the request brings the next
    /// look forward. What a webhook claims is believed by nobody. A look that fails in a retryable way does not end the wait. The time limit
    /// of `options` counts for each look. Only reads, so it is safe to repeat; it ends when its task is cancelled.
    ///
    /// - Parameters:
    ///   - deadline: how many seconds to wait at most; needed, for no wait is without an end.
    ///   - poll: the first pause between two looks, in seconds.
    ///   - maxPoll: the longest one.
    /// - Throws: ``VideoIDError`` with `wait_deadline` (retryable) where it did not come in time, `unexpected_status` where none of them can come any
    ///   more, `field_missing`, `field_invalid`; those of ``getRequest(_:imagesTo:options:)`` that are not retryable.
    public func waitFor(
        _ requestPk: RequestPk, statuses: [Status], deadline: TimeInterval, poll: TimeInterval = 2, maxPoll: TimeInterval = 60,
        inbox: WebhookInbox? = nil, options: RequestOptions = RequestOptions()
    ) async throws -> Request {
        let wait = WaitFor(
            statuses: statuses, deadlineMs: milliseconds(deadline), pollMs: milliseconds(poll), maxPollMs: milliseconds(maxPoll))
        return try await calling(options) {
            try await self.native.waitFor(requestPk: requestPk, wait: wait, inbox: inbox?.native, options: $0)
        }
    }

    /// All requests that match, from the filter's page on.
    ///
    /// A page is read when its first request is asked for, so nothing is read ahead and a loop that is left leaves the rest unread; the
    /// address that the service names for the next page is never followed. Requests that are created meanwhile may shift the pages, so that
    /// one comes twice. A stream is read once; it ends early where its task is cancelled, and throws what
    /// ``listRequests(_:options:)`` would, and `unexpected_answer` where the service gives a page again.
    ///
    /// ```swift
    /// for try await request in ra.requests(RequestFilter(email: "anna@example.com")) {
    ///     print(request.pk)
    /// }
    /// ```
    public func requests(
        _ filter: RequestFilter = RequestFilter(), options: RequestOptions = RequestOptions()
    ) -> AsyncThrowingStream<Request, any Error> {
        listed(options, { try self.native.requests(filter: filter, options: $0) }, { try await $0.next() })
    }

    /// All scratchcards that match, as ``requests(_:options:)`` gives requests.
    public func scratchcards(
        _ filter: ScratchcardFilter = ScratchcardFilter(), options: RequestOptions = RequestOptions()
    ) -> AsyncThrowingStream<Scratchcard, any Error> {
        listed(options, { try self.native.scratchcards(filter: filter, options: $0) }, { try await $0.next() })
    }
}

/// A list of the native library as a stream that asks for an item when one is asked of it.
private func listed<Listing: Sendable, Item: Sendable>(
    _ options: RequestOptions, _ open: (CallOptions) throws -> Listing, _ next: @escaping @Sendable (Listing) async throws -> Item?
) -> AsyncThrowingStream<Item, any Error> {
    let token = CancelToken()
    // Opening reads nothing; a filter that cannot work shows with the first item.
    let listing = Result { try open(options.toNative(token)) }
    return AsyncThrowingStream { try await cancelling(token) { try await next(try listing.get()) } }
}
