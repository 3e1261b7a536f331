"""The classic flow: the officer identifies the holder, and the documents are uploaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from videoid.workflow._base import AsyncWorkflow, Workflow

if TYPE_CHECKING:
    from videoid._models import NewRequest, OfficerOutcome, RaoCredentials, Submission
    from videoid._native import CancelToken
    from videoid._types import Duration, ProgressCallback, SourceLike
    from videoid._words import DocumentType

__all__ = ["AsyncClassicRequest", "ClassicDocument", "ClassicRequest"]


@dataclass(frozen=True)
class ClassicDocument:
    """A document of a classic request: a side of the identity document, the holder with it, or a further one."""

    document_type: DocumentType | str
    """Which document it is."""
    document: SourceLike = field(repr=False)
    """The file: a path, bytes, a file object that can seek or `Source`. It must be such that can be read again."""


def _pairs(documents: Iterable[ClassicDocument | tuple[DocumentType | str, SourceLike]]) -> list[tuple[str, SourceLike]]:
    return [(one.document_type, one.document) if isinstance(one, ClassicDocument) else (one[0], one[1]) for one in documents]


class ClassicRequest(Workflow):
    """One classic request: takes a card, creates the request, uploads the documents, and does the officer's steps.

    `store` is called with the state as JSON before each call that changes something and after its outcome; where it raises,
    the workflow stops there, and what it raised is what the step raises. `on_event` is told of steps, statuses and warnings.
    Both run in the calling thread. The state holds ids, step and digests, no evidence, documents or credentials. After an error
    the same step may be called again: it looks at the service first and does nothing twice.
    """

    __slots__ = ()

    _flow: ClassVar[str] = "classic"

    def submit(
        self,
        request: NewRequest | dict[str, Any],
        documents: Iterable[ClassicDocument | tuple[DocumentType | str, SourceLike]] = (),
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Submission:
        """Takes a card, creates the request with `paperless_mode` 1 and uploads the documents (pairs of type and file do as well).
        It is CREATED then.

        `request` needs neither card nor `paperless_mode`. The documents are looked at before a card is spent. `progress` counts
        each upload from zero. May be called again after a failure: what was done is not done twice.

        Errors: those of the calls; `no_scratchcard`; `source_unreadable`, `image_damaged` and the like for a document;
        `body_not_repeatable` for a stream; `unexpected_status` for a request that was cancelled.
        """
        return self._native.submit_classic(request, _pairs(documents), (timeout, cancel, progress))

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
        """Approves the request and reads the status back; nothing is sent where it is ENROLLREADY already. May be called again
        after an error: it does not approve twice.

        Errors: those of the calls, `missing_documents` for example; `workflow_step` before `submit`; `unexpected_status`;
        `ambiguous` where the answer with the secrets was lost.
        """
        return self._native.approve(rao, (timeout, cancel, None))


class AsyncClassicRequest(AsyncWorkflow):
    """As `ClassicRequest`, for asyncio. `store` may be a coroutine function; it and `on_event` run in the event loop."""

    __slots__ = ()

    _flow: ClassVar[str] = "classic"

    async def submit(
        self,
        request: NewRequest | dict[str, Any],
        documents: Iterable[ClassicDocument | tuple[DocumentType | str, SourceLike]] = (),
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> Submission:
        """Takes a card, creates the request with `paperless_mode` 1 and uploads the documents (pairs of type and file do as well).
        It is CREATED then.

        `request` needs neither card nor `paperless_mode`. The documents are looked at before a card is spent. `progress` counts
        each upload from zero. May be called again after a failure: what was done is not done twice.

        Errors: those of the calls; `no_scratchcard`; `source_unreadable`, `image_damaged` and the like for a document;
        `body_not_repeatable` for a stream; `unexpected_status` for a request that was cancelled.
        """
        return await self._native.submit_classic_async(request, _pairs(documents), (timeout, cancel, progress))

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
        """Approves the request and reads the status back; nothing is sent where it is ENROLLREADY already. May be called again
        after an error: it does not approve twice.

        Errors: those of the calls, `missing_documents` for example; `workflow_step` before `submit`; `unexpected_status`;
        `ambiguous` where the answer with the secrets was lost.
        """
        return await self._native.approve_async(rao, (timeout, cancel, None))
