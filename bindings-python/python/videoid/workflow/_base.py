"""What the workflows have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from videoid import _native as native

if TYPE_CHECKING:
    from typing_extensions import Self

    from videoid._models import Progressed, WorkflowEvent
    from videoid._native import CancelToken
    from videoid._types import Duration
    from videoid._words import WayOn
    from videoid.client import AsyncRegistrationAuthority, RegistrationAuthority


class Stateful:
    """What all workflows share."""

    __slots__ = ("_native",)

    _native: native.Workflow | native.OneShotWorkflow

    @property
    def state(self) -> str:
        """The state as JSON: ids, step and digests; no evidence, no documents, no credentials."""
        return self._native.state()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class _Shared(Stateful):
    """What both kinds share."""

    __slots__ = ()

    _flow: ClassVar[str]
    _native: native.Workflow

    def ways_on(self) -> list[WayOn]:
        """What can be done where the request does not go ahead, by the status that the service showed last: after
        VIDEOINCOMPLETE and VIDEOERROR for example. Sends nothing. Empty before there is a request. Advice, not a rule."""
        return self._native.ways_on()


class Workflow(_Shared):
    """A workflow for sync code."""

    __slots__ = ()

    def __init__(
        self,
        ra: RegistrationAuthority,
        *,
        store: Callable[[str], None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
        _state: str | None = None,
    ) -> None:
        self._native = native.Workflow(ra._native, self._flow, _state, store, on_event)

    @classmethod
    def resume(
        cls,
        ra: RegistrationAuthority,
        state: str,
        *,
        store: Callable[[str], None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
    ) -> Self:
        """A workflow that goes on from a state that was kept, in this language or another one.

        Errors: `format_unsupported`; `field_invalid` for what is no state, or is one of another flow.
        """
        return cls(ra, store=store, on_event=on_event, _state=state)

    def cancel(self, *, timeout: Duration | None = None, cancel: CancelToken | None = None) -> Progressed:
        """Cancels the request and forgets it: the next first step takes another card. The card of the cancelled one stays
        consumed. May be called again after an error: it looks at the request first.

        Errors: `workflow_step` before there is a request; `unexpected_status` for one that is issued; `invalid_status` where the
        service does not cancel it; `ambiguous`.
        """
        return self._native.cancel((timeout, cancel, None))


class AsyncWorkflow(_Shared):
    """A workflow for asyncio."""

    __slots__ = ()

    def __init__(
        self,
        ra: AsyncRegistrationAuthority,
        *,
        store: Callable[[str], Awaitable[None] | None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
        _state: str | None = None,
    ) -> None:
        self._native = native.Workflow(ra._native, self._flow, _state, store, on_event)

    @classmethod
    def resume(
        cls,
        ra: AsyncRegistrationAuthority,
        state: str,
        *,
        store: Callable[[str], Awaitable[None] | None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
    ) -> Self:
        """A workflow that goes on from a state that was kept, in this language or another one.

        Errors: `format_unsupported`; `field_invalid` for what is no state, or is one of another flow.
        """
        return cls(ra, store=store, on_event=on_event, _state=state)

    async def cancel(self, *, timeout: Duration | None = None, cancel: CancelToken | None = None) -> Progressed:
        """Cancels the request and forgets it: the next first step takes another card. The card of the cancelled one stays
        consumed. May be called again after an error: it looks at the request first.

        Errors: `workflow_step` before there is a request; `unexpected_status` for one that is issued; `invalid_status` where the
        service does not cancel it; `ambiguous`.
        """
        return await self._native.cancel_async((timeout, cancel, None))
