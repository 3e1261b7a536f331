"""External VideoID: the caller's platform collects evidence and video, and the caller's officer validates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from videoid.workflow._base import AsyncWorkflow, Workflow

if TYPE_CHECKING:
    from videoid._models import NewRequest, OfficerOutcome, RaoCredentials, Submission
    from videoid._native import CancelToken
    from videoid._types import Duration, ProgressCallback, SourceLike
    from videoid.evidence import Evidence

__all__ = ["AsyncExternalVideoId", "ExternalVideoId"]


class ExternalVideoId(Workflow):
    """One External VideoID: takes a card, creates the request, uploads evidence and video, and does the officer's steps.

    `store` is called with the state as JSON before each call that changes something and after its outcome; where it raises,
    the workflow stops there, and what it raised is what the step raises. `on_event` is told of steps, statuses and warnings.
    Both run in the calling thread. The state holds ids, step and digests, no evidence, documents or credentials. After an error
    the same step may be called again: it looks at the service first and does nothing twice.
    """

    __slots__ = ()

    _flow: ClassVar[str] = "external_videoid"

    def submit(
        self,
        request: NewRequest | dict[str, Any],
        evidence: Evidence,
        video: SourceLike,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Submission:
        """Takes a card, creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW.

        `request` needs neither card nor `videoid_mode`. `progress` counts each upload from zero. May be called again after a
        failure: it looks at the server first and does nothing twice. After VIDEOERROR, or where VIDEOINCOMPLETE goes no further,
        it may bring other evidence and another video.
        """
        return self._native.submit(request, evidence._native, video, (timeout, cancel, progress))

    def validate(
        self,
        rao: RaoCredentials | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Validates, reads the status back, and fetches declaration and contract where it is CREATED."""
        return self._native.validate(rao, (timeout, cancel, None))

    def approve(
        self,
        rao: RaoCredentials | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Approves, after validating where that is still to do; nothing is sent where it is ENROLLREADY already."""
        return self._native.approve(rao, (timeout, cancel, None))

    def refuse(
        self,
        rao: RaoCredentials | dict[str, Any],
        reason: str,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Refuses with a reason and reads the status back."""
        return self._native.refuse(rao, reason, (timeout, cancel, None))


class AsyncExternalVideoId(AsyncWorkflow):
    """As `ExternalVideoId`, for asyncio. `store` may be a coroutine function; it and `on_event` run in the event loop."""

    __slots__ = ()

    _flow: ClassVar[str] = "external_videoid"

    async def submit(
        self,
        request: NewRequest | dict[str, Any],
        evidence: Evidence,
        video: SourceLike,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Submission:
        """Takes a card, creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW.

        `request` needs neither card nor `videoid_mode`. `progress` counts each upload from zero. May be called again after a
        failure: it looks at the server first and does nothing twice. After VIDEOERROR, or where VIDEOINCOMPLETE goes no further,
        it may bring other evidence and another video.
        """
        return await self._native.submit_async(request, evidence._native, video, (timeout, cancel, progress))

    async def validate(
        self,
        rao: RaoCredentials | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Validates, reads the status back, and fetches declaration and contract where it is CREATED."""
        return await self._native.validate_async(rao, (timeout, cancel, None))

    async def approve(
        self,
        rao: RaoCredentials | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Approves, after validating where that is still to do; nothing is sent where it is ENROLLREADY already."""
        return await self._native.approve_async(rao, (timeout, cancel, None))

    async def refuse(
        self,
        rao: RaoCredentials | dict[str, Any],
        reason: str,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OfficerOutcome:
        """Refuses with a reason and reads the status back."""
        return await self._native.refuse_async(rao, reason, (timeout, cancel, None))
