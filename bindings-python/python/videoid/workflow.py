"""The External VideoID workflow: from a scratchcard to ENROLLREADY."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from videoid import _native as native
from videoid._types import ProgressCallback, SourceLike
from videoid.client import AsyncRegistrationAuthority, RegistrationAuthority

if TYPE_CHECKING:
    from videoid._models import NewRequest, OfficerOutcome, RaoCredentials, Submission, WorkflowEvent
    from videoid._native import CancelToken
    from videoid.evidence import Evidence

__all__ = ["AsyncExternalVideoId", "ExternalVideoId"]


class ExternalVideoId:
    """One External VideoID: takes a card, creates the request, uploads evidence and video, and does the officer's steps.

    `store` is called with the state as JSON before each call that changes something and after its outcome; where it raises,
    the workflow stops before the call. `on_event` is told of steps, statuses and warnings. Both run in the calling thread.
    The state holds ids, step and digests, no evidence and no credentials.
    """

    __slots__ = ("_native",)

    def __init__(
        self,
        ra: RegistrationAuthority,
        *,
        store: Callable[[str], None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
        _state: str | None = None,
    ) -> None:
        self._native = native.Workflow(ra._native, _state, store, on_event)

    @classmethod
    def resume(
        cls,
        ra: RegistrationAuthority,
        state: str,
        *,
        store: Callable[[str], None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
    ) -> ExternalVideoId:
        """A workflow that goes on from a state that was kept, in this language or another one.

        Errors: `format_unsupported`; `field_invalid` for what is no state.
        """
        return cls(ra, store=store, on_event=on_event, _state=state)

    @property
    def state(self) -> str:
        """The state as JSON."""
        return self._native.state()

    def submit(
        self,
        request: NewRequest | dict[str, Any],
        evidence: Evidence,
        video: SourceLike,
        *,
        timeout: float | timedelta | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Submission:
        """Takes a card, creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW.

        `request` needs neither card nor `videoid_mode`. `progress` counts each upload from zero. May be called again after
        a failure: it looks at the server first and does nothing twice.
        """
        return self._native.submit(request, evidence._native, video, (timeout, cancel, progress))

    def validate(
        self, rao: RaoCredentials | dict[str, Any], *, timeout: float | timedelta | None = None, cancel: CancelToken | None = None
    ) -> OfficerOutcome:
        """Validates, reads the status back, and fetches declaration and contract where it is CREATED."""
        return self._native.officer("validate", rao, (timeout, cancel, None))

    def approve(
        self, rao: RaoCredentials | dict[str, Any], *, timeout: float | timedelta | None = None, cancel: CancelToken | None = None
    ) -> OfficerOutcome:
        """Approves, after validating where that is still to do; nothing is sent where it is ENROLLREADY already."""
        return self._native.officer("approve", rao, (timeout, cancel, None))

    def refuse(
        self,
        rao: RaoCredentials | dict[str, Any],
        reason: str,
        *,
        timeout: float | timedelta | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Refuses with a reason and reads the status back."""
        return self._native.refuse(rao, reason, (timeout, cancel, None))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class AsyncExternalVideoId:
    """As `ExternalVideoId`, for asyncio. `store` may be a coroutine function; it and `on_event` run in the event loop."""

    __slots__ = ("_native",)

    def __init__(
        self,
        ra: AsyncRegistrationAuthority,
        *,
        store: Callable[[str], Awaitable[None] | None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
        _state: str | None = None,
    ) -> None:
        self._native = native.Workflow(ra._native, _state, store, on_event)

    @classmethod
    def resume(
        cls,
        ra: AsyncRegistrationAuthority,
        state: str,
        *,
        store: Callable[[str], Awaitable[None] | None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
    ) -> AsyncExternalVideoId:
        """A workflow that goes on from a state that was kept, in this language or another one.

        Errors: `format_unsupported`; `field_invalid` for what is no state.
        """
        return cls(ra, store=store, on_event=on_event, _state=state)

    @property
    def state(self) -> str:
        """The state as JSON."""
        return self._native.state()

    async def submit(
        self,
        request: NewRequest | dict[str, Any],
        evidence: Evidence,
        video: SourceLike,
        *,
        timeout: float | timedelta | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Submission:
        """Takes a card, creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW.

        `request` needs neither card nor `videoid_mode`. `progress` counts each upload from zero. May be called again after
        a failure: it looks at the server first and does nothing twice.
        """
        return await self._native.submit_async(request, evidence._native, video, (timeout, cancel, progress))

    async def validate(
        self, rao: RaoCredentials | dict[str, Any], *, timeout: float | timedelta | None = None, cancel: CancelToken | None = None
    ) -> OfficerOutcome:
        """Validates, reads the status back, and fetches declaration and contract where it is CREATED."""
        return await self._native.officer_async("validate", rao, (timeout, cancel, None))

    async def approve(
        self, rao: RaoCredentials | dict[str, Any], *, timeout: float | timedelta | None = None, cancel: CancelToken | None = None
    ) -> OfficerOutcome:
        """Approves, after validating where that is still to do; nothing is sent where it is ENROLLREADY already."""
        return await self._native.officer_async("approve", rao, (timeout, cancel, None))

    async def refuse(
        self,
        rao: RaoCredentials | dict[str, Any],
        reason: str,
        *,
        timeout: float | timedelta | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Refuses with a reason and reads the status back."""
        return await self._native.refuse_async(rao, reason, (timeout, cancel, None))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
