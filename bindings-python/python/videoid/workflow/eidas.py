"""eIDAS VideoID: the user identifies on the vendor's page, and the vendor's operator validates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from videoid._waiting import limits
from videoid.workflow._base import AsyncWorkflow, Workflow

if TYPE_CHECKING:
    from videoid._models import NewRequest, OfficerOutcome, Progressed, RaoCredentials, RequestUpdate, Started
    from videoid._native import CancelToken, WaitLimits, WebhookInbox
    from videoid._types import Duration, ProgressCallback, SourceLike

__all__ = ["AsyncEidasVideoId", "EidasVideoId", "EvidenceDocument"]


@dataclass(frozen=True)
class EvidenceDocument:
    """A document that proves what the video of an eIDAS request does not, the power to represent for example."""

    label: str
    """What it is, in the customer's words: the service shows it to who approves."""
    document: SourceLike = field(repr=False)
    """The file: a path, bytes, a file object that can seek or `Source`. It must be such that can be read again."""


def _pairs(documents: Iterable[EvidenceDocument | tuple[str, SourceLike]]) -> list[tuple[str, SourceLike]]:
    return [(one.label, one.document) if isinstance(one, EvidenceDocument) else (one[0], one[1]) for one in documents]


class EidasVideoId(Workflow):
    """One eIDAS VideoID: creates the request, waits for the user and for the vendor's operator, adds what a profile that is not
    of a natural person needs, and approves. It never validates: that is the operator's.

    `store` is called with the state as JSON before each call that changes something and after its outcome; where it raises,
    the workflow stops there, and what it raised is what the step raises. `on_event` is told of steps, statuses and warnings.
    Both run in the calling thread. The state holds ids, step and digests, no evidence, documents or credentials. After an error
    the same step may be called again: it looks at the service first and does nothing twice.
    """

    __slots__ = ()

    _flow: ClassVar[str] = "eidas_videoid"

    def start(
        self,
        request: NewRequest | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Started:
        """Takes a card, creates the request and reads it back for the user's link, `videoid_link`, which is a secret.

        `request` needs neither card nor `videoid_mode`. E-mail and mobile phone are what the service writes to. May be called
        again, after an error or for the link: what was done is not done twice.

        Errors: those of the calls; `no_scratchcard`; `unexpected_status` for a request that was cancelled.
        """
        return self._native.start(request, (timeout, cancel, None))

    def wait_for_user(
        self,
        deadline: Duration | WaitLimits,
        *,
        poll: Duration | None = None,
        max_poll: Duration | None = None,
        inbox: WebhookInbox | None = None,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Progressed:
        """Waits until the user is done: VIDEOREVIEW or later, or VIDEOINCOMPLETE or VIDEOERROR, which are outcomes with their ways on
        and no errors. It reads at once, then after `poll` (default 2
        seconds) and longer and longer pauses up to `max_poll` (default 60 seconds). `deadline` is in seconds or a `timedelta`; as
        `WaitLimits` it holds the pauses too. With an `inbox` a webhook for the request brings the next read forward.

        Safe to repeat: it only reads.

        Errors: `wait_deadline` (`RequestTimeoutError`); `workflow_step` before `start`; `unexpected_status` for a request that was
        cancelled; those of `get_request` that are not retryable.
        """
        return self._native.wait("user", limits(deadline, poll, max_poll), inbox, (timeout, cancel, None))

    def wait_for_operator(
        self,
        deadline: Duration | WaitLimits,
        *,
        poll: Duration | None = None,
        max_poll: Duration | None = None,
        inbox: WebhookInbox | None = None,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Progressed:
        """Waits until the vendor's operator is done: CREATED, ENROLLREADY, ISSUED, or a VideoID that is REFUSED; also at
        VIDEOINCOMPLETE and VIDEOERROR, from where no operator leads on. It reads at once, then after `poll` (default 2
        seconds) and longer and longer pauses up to `max_poll` (default 60 seconds). `deadline` is in seconds or a `timedelta`; as
        `WaitLimits` it holds the pauses too. With an `inbox` a webhook for the request brings the next read forward.

        Safe to repeat: it only reads.

        Errors: `wait_deadline` (`RequestTimeoutError`); `workflow_step` before `start`; `unexpected_status` for a request that was
        cancelled; those of `get_request` that are not retryable.
        """
        return self._native.wait("operator", limits(deadline, poll, max_poll), inbox, (timeout, cancel, None))

    def complete(
        self,
        update: RequestUpdate | dict[str, Any] | None = None,
        documents: Iterable[EvidenceDocument | tuple[str, SourceLike]] = (),
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Progressed:
        """Gives a request in CREATED what its profile needs beside the video: first the update, then the documents, each with its
        label (pairs of label and file do as well). Nothing is sent where it is ENROLLREADY.

        What the update leaves out of profile, card, registration authority, e-mail and country is taken from the request.
        `progress` counts each upload from zero. May be called again after an error: nothing is done twice.

        Errors: those of the calls; `field_missing` without a label; `body_not_repeatable` for a stream; `workflow_step` before
        `start`; `unexpected_status` before the operator has validated and after a refusal.
        """
        return self._native.complete(update, _pairs(documents), (timeout, cancel, progress))

    def papers(
        self,
        rao_id: str,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Fetches declaration and contract of a request in CREATED, to be shown to the officer before `approve`. Gives neither
        where it is ENROLLREADY already. Taken as safe to repeat."""
        return self._native.papers(rao_id, (timeout, cancel, None))

    def approve(
        self,
        rao: RaoCredentials | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Approves a request in CREATED and reads the status back; nothing is sent where it is ENROLLREADY already. May be called
        again after an error: it does not approve twice.

        Errors: those of the calls; `workflow_step`; `unexpected_status`; `ambiguous` where the answer with the secrets was lost.
        """
        return self._native.approve(rao, (timeout, cancel, None))


class AsyncEidasVideoId(AsyncWorkflow):
    """As `EidasVideoId`, for asyncio. `store` may be a coroutine function; it and `on_event` run in the event loop."""

    __slots__ = ()

    _flow: ClassVar[str] = "eidas_videoid"

    async def start(
        self,
        request: NewRequest | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Started:
        """Takes a card, creates the request and reads it back for the user's link, `videoid_link`, which is a secret.

        `request` needs neither card nor `videoid_mode`. E-mail and mobile phone are what the service writes to. May be called
        again, after an error or for the link: what was done is not done twice.

        Errors: those of the calls; `no_scratchcard`; `unexpected_status` for a request that was cancelled.
        """
        return await self._native.start_async(request, (timeout, cancel, None))

    async def wait_for_user(
        self,
        deadline: Duration | WaitLimits,
        *,
        poll: Duration | None = None,
        max_poll: Duration | None = None,
        inbox: WebhookInbox | None = None,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Progressed:
        """Waits until the user is done: VIDEOREVIEW or later, or VIDEOINCOMPLETE or VIDEOERROR, which are outcomes with their ways on
        and no errors. It reads at once, then after `poll` (default 2
        seconds) and longer and longer pauses up to `max_poll` (default 60 seconds). `deadline` is in seconds or a `timedelta`; as
        `WaitLimits` it holds the pauses too. With an `inbox` a webhook for the request brings the next read forward.

        Safe to repeat: it only reads.

        Errors: `wait_deadline` (`RequestTimeoutError`); `workflow_step` before `start`; `unexpected_status` for a request that was
        cancelled; those of `get_request` that are not retryable.
        """
        return await self._native.wait_async("user", limits(deadline, poll, max_poll), inbox, (timeout, cancel, None))

    async def wait_for_operator(
        self,
        deadline: Duration | WaitLimits,
        *,
        poll: Duration | None = None,
        max_poll: Duration | None = None,
        inbox: WebhookInbox | None = None,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Progressed:
        """Waits until the vendor's operator is done: CREATED, ENROLLREADY, ISSUED, or a VideoID that is REFUSED; also at
        VIDEOINCOMPLETE and VIDEOERROR, from where no operator leads on. It reads at once, then after `poll` (default 2
        seconds) and longer and longer pauses up to `max_poll` (default 60 seconds). `deadline` is in seconds or a `timedelta`; as
        `WaitLimits` it holds the pauses too. With an `inbox` a webhook for the request brings the next read forward.

        Safe to repeat: it only reads.

        Errors: `wait_deadline` (`RequestTimeoutError`); `workflow_step` before `start`; `unexpected_status` for a request that was
        cancelled; those of `get_request` that are not retryable.
        """
        return await self._native.wait_async("operator", limits(deadline, poll, max_poll), inbox, (timeout, cancel, None))

    async def complete(
        self,
        update: RequestUpdate | dict[str, Any] | None = None,
        documents: Iterable[EvidenceDocument | tuple[str, SourceLike]] = (),
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Progressed:
        """Gives a request in CREATED what its profile needs beside the video: first the update, then the documents, each with its
        label (pairs of label and file do as well). Nothing is sent where it is ENROLLREADY.

        What the update leaves out of profile, card, registration authority, e-mail and country is taken from the request.
        `progress` counts each upload from zero. May be called again after an error: nothing is done twice.

        Errors: those of the calls; `field_missing` without a label; `body_not_repeatable` for a stream; `workflow_step` before
        `start`; `unexpected_status` before the operator has validated and after a refusal.
        """
        return await self._native.complete_async(update, _pairs(documents), (timeout, cancel, progress))

    async def papers(
        self,
        rao_id: str,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Fetches declaration and contract of a request in CREATED, to be shown to the officer before `approve`. Gives neither
        where it is ENROLLREADY already. Taken as safe to repeat."""
        return await self._native.papers_async(rao_id, (timeout, cancel, None))

    async def approve(
        self,
        rao: RaoCredentials | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Approves a request in CREATED and reads the status back; nothing is sent where it is ENROLLREADY already. May be called
        again after an error: it does not approve twice.

        Errors: those of the calls; `workflow_step`; `unexpected_status`; `ambiguous` where the answer with the secrets was lost.
        """
        return await self._native.approve_async(rao, (timeout, cancel, None))
