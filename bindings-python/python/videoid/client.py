"""The clients of the Registration Authority API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from videoid import _native as native
from videoid._closing import AsyncClosing, Closing
from videoid._config import merged
from videoid._native import CancelToken, HookEvent, RaConfig, WaitFor, WaitLimits, WebhookInbox
from videoid._operations import AsyncOperations, Operations, Settings
from videoid._waiting import wait

if TYPE_CHECKING:
    from videoid._ids import RequestPk
    from videoid._models import CertificateInfo, ClientIdentity, Request, RequestFilter, Scratchcard, ScratchcardFilter
    from videoid._types import Duration
    from videoid._words import Status

    from typing_extensions import Self, Unpack

__all__ = ["AsyncRegistrationAuthority", "RegistrationAuthority"]


class _Client:
    """What both clients share."""

    __slots__ = ("_native",)

    _native: native.Client

    def __init__(
        self,
        config: RaConfig | None = None,
        *,
        hooks: Callable[[HookEvent], object] | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        """A client with these settings: an `RaConfig`, its fields as keyword arguments, or both.

        Reads the TLS files that the settings name; opens no connection. `hooks` is called with every attempt, repetition and
        outcome, on a thread of the library and in their order.

        Errors: `ConfigError`, naming the field.
        """
        self._native = native.Client(merged(RaConfig, Settings.__annotations__, config, dict(settings)), hooks)

    @classmethod
    def from_env(cls, *, hooks: Callable[[HookEvent], object] | None = None, **settings: Unpack[Settings]) -> Self:
        """A client with the settings of the environment variables that the fields of `RaConfig` name; keyword arguments
        come before them."""
        return cls(native.config_from_env(), hooks=hooks, **settings)

    @property
    def config(self) -> RaConfig:
        """The settings."""
        return self._native.config

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._native.closed

    def client_certificate(self) -> CertificateInfo | None:
        """What is known of the client certificate that is shown to the API: until when it is valid, and how many days are left.
        `None` where there is none. From `certificate_warning_days` before its end the hooks get a `warning`."""
        return self._native.client_certificate()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(environment={str(self.config.environment)!r}, closed={self.closed})"


class RegistrationAuthority(Operations, _Client, Closing):
    """A client of the Registration Authority API.

    May be used from several threads at once. Ctrl-C ends a call. It works in a forked child, with connections of its own.
    Use it in a `with` block, or call `close`.
    """

    __slots__ = ()

    def wait_for(
        self,
        request_pk: RequestPk,
        statuses: Status | str | Iterable[Status | str] | WaitFor,
        *,
        deadline: Duration | WaitLimits | None = None,
        poll: Duration | None = None,
        max_poll: Duration | None = None,
        inbox: WebhookInbox | None = None,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Request:
        """Waits until a read of the request shows one of the wanted statuses, and gives the request as it was read then.

        `deadline` is needed, in seconds or as `timedelta` (or `WaitLimits`, with the pauses too); a `WaitFor` in the place of the
        statuses holds everything. It reads at once, then after `poll` (default 2 seconds) and longer and longer pauses up to
        `max_poll` (default 60 seconds). With an `inbox` a webhook for the request brings the next read forward. Nothing that a
        webhook says is believed. `timeout` is the limit of each read, not of the wait. Ctrl-C ends it, and so does `cancel`.

        Safe to repeat: it only reads.

        Errors:
        `wait_deadline` (`RequestTimeoutError`) where the status did not come in time; `unexpected_status` where the request shows
        one after which none of the wanted ones comes, CANCELLED for example; those of `get_request` that are not retryable.
        """
        wanted = wait(statuses, deadline, poll, max_poll)
        return self._native.wait_for(request_pk, wanted, inbox, (timeout, cancel, None))

    def requests(
        self,
        filter: RequestFilter | dict[str, Any] | None = None,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Iterator[Request]:
        """All requests that match, from the filter's page on: the pages are read one after the other while it is iterated. The
        next page is asked for by its number; the address that the service names for it is never followed. It may be broken off at
        any time: nothing more is read then.

        Safe to repeat. Requests that are created meanwhile may shift the pages, so that one comes twice.

        Errors: those of `list_requests`, and `unexpected_answer` where the service gives a page again before its count is reached.
        """
        pages = native.Requests(self._native, filter, (timeout, cancel, None))

        def items() -> Iterator[Request]:
            while (item := pages.next()) is not None:
                yield item

        return items()

    def scratchcards(
        self,
        filter: ScratchcardFilter | dict[str, Any] | None = None,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Iterator[Scratchcard]:
        """All scratchcards that match, with their secrets where the service shows them, as `requests` gives requests. Safe to
        repeat."""
        pages = native.Scratchcards(self._native, filter, (timeout, cancel, None))

        def items() -> Iterator[Scratchcard]:
            while (item := pages.next()) is not None:
                yield item

        return items()

    def replace_identity(self, identity: ClientIdentity | dict[str, Any]) -> CertificateInfo:
        """Shows another client certificate from now on. Nothing is interrupted: running calls end on their connections, later
        ones open new ones. `config` still says what the client was made with. Reads the files that `identity` names. Safe to
        repeat.

        Errors: `tls_identity_invalid` or `tls_key_mismatch`; then the identity in use stays.
        """
        return self._native.replace_identity(identity)


class AsyncRegistrationAuthority(AsyncOperations, _Client, AsyncClosing):
    """A client of the Registration Authority API for asyncio.

    Cancelling a task that awaits a call ends the call and closes its connection. May be used from several event loops. Use it
    in an `async with` block, or call `close`. The constructor reads the TLS files; nothing else blocks.
    """

    __slots__ = ()

    async def wait_for(
        self,
        request_pk: RequestPk,
        statuses: Status | str | Iterable[Status | str] | WaitFor,
        *,
        deadline: Duration | WaitLimits | None = None,
        poll: Duration | None = None,
        max_poll: Duration | None = None,
        inbox: WebhookInbox | None = None,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Request:
        """Waits until a read of the request shows one of the wanted statuses, and gives the request as it was read then.

        `deadline` is needed, in seconds or as `timedelta` (or `WaitLimits`, with the pauses too); a `WaitFor` in the place of the
        statuses holds everything. It reads at once, then after `poll` (default 2 seconds) and longer and longer pauses up to
        `max_poll` (default 60 seconds). With an `inbox` a webhook for the request brings the next read forward. Nothing that a
        webhook says is believed. `timeout` is the limit of each read, not of the wait. Cancelling the task ends it.

        Safe to repeat: it only reads.

        Errors:
        `wait_deadline` (`RequestTimeoutError`) where the status did not come in time; `unexpected_status` where the request shows
        one after which none of the wanted ones comes, CANCELLED for example; those of `get_request` that are not retryable.
        """
        wanted = wait(statuses, deadline, poll, max_poll)
        return await self._native.wait_for_async(request_pk, wanted, inbox, (timeout, cancel, None))

    def requests(
        self,
        filter: RequestFilter | dict[str, Any] | None = None,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> AsyncIterator[Request]:
        """All requests that match, from the filter's page on: the pages are read one after the other while it is iterated. The
        next page is asked for by its number; the address that the service names for it is never followed. It may be broken off at
        any time: nothing more is read then.

        Safe to repeat. Requests that are created meanwhile may shift the pages, so that one comes twice.

        Errors: those of `list_requests`, and `unexpected_answer` where the service gives a page again before its count is reached.
        """
        pages = native.Requests(self._native, filter, (timeout, cancel, None))

        async def items() -> AsyncIterator[Request]:
            while (item := await pages.next_async()) is not None:
                yield item

        return items()

    def scratchcards(
        self,
        filter: ScratchcardFilter | dict[str, Any] | None = None,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> AsyncIterator[Scratchcard]:
        """All scratchcards that match, with their secrets where the service shows them, as `requests` gives requests. Safe to
        repeat."""
        pages = native.Scratchcards(self._native, filter, (timeout, cancel, None))

        async def items() -> AsyncIterator[Scratchcard]:
            while (item := await pages.next_async()) is not None:
                yield item

        return items()

    async def replace_identity(self, identity: ClientIdentity | dict[str, Any]) -> CertificateInfo:
        """Shows another client certificate from now on. Nothing is interrupted: running calls end on their connections, later
        ones open new ones. `config` still says what the client was made with. Reads the files that `identity` names. Safe to
        repeat.

        Errors: `tls_identity_invalid` or `tls_key_mismatch`; then the identity in use stays.
        """
        return await self._native.replace_identity_async(identity)
