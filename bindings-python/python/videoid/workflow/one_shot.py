"""The workflows of the One-Shot API: from the create call to the signed documents on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from videoid import _native as native
from videoid._waiting import limits
from videoid.workflow._base import Stateful

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from typing_extensions import Self

    from videoid._models import (
        DownloadedFile,
        NewVideoId,
        OneShotOutcome,
        OneShotRao,
        OneShotStarted,
        Otp,
        SavedDocuments,
        Signing,
        VideoIdHandle,
        WorkflowEvent,
    )
    from videoid._native import CancelToken, WaitLimits, WebhookInbox
    from videoid._types import Duration, ProgressCallback, SourceLike
    from videoid._words import OtpDelivery
    from videoid.evidence import Evidence
    from videoid.one_shot import OneShot

__all__ = ["OneShotEidas", "OneShotExternal"]


class OneShotWorkflow(Stateful):
    """What both workflows share."""

    __slots__ = ()

    _flow: ClassVar[str]
    _native: native.OneShotWorkflow

    def __init__(
        self,
        client: OneShot,
        *,
        store: Callable[[str], None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
        _state: str | None = None,
    ) -> None:
        self._native = native.OneShotWorkflow(client._native, self._flow, _state, store, on_event)

    @classmethod
    def resume(
        cls,
        client: OneShot,
        state: str,
        *,
        store: Callable[[str], None] | None = None,
        on_event: Callable[[WorkflowEvent], object] | None = None,
    ) -> Self:
        """A workflow that goes on from a state that was kept, in this language or another one.

        Errors: `format_unsupported`; `field_invalid` for what is no state, or is one of another flow.
        """
        return cls(client, store=store, on_event=on_event, _state=state)

    def look(
        self,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OneShotOutcome:
        """Reads the request and says where it stands. Safe to repeat.

        Errors: those of `get_oneshot_request`; `workflow_step` before the request exists.
        """
        return self._native.look((timeout, cancel, None))

    def adopt(self, handle: VideoIdHandle | dict[str, Any]) -> None:
        """Goes on with a request that was found after the answer of the create call was lost.

        Errors: `workflow_step` where the workflow has a request already.
        """
        self._native.adopt(handle, (None, None, None))

    def create_anew(self) -> None:
        """Says that the create call whose answer was lost was not carried out, as the registration authority knows: the next step
        creates the request.

        Errors: `workflow_step` where no such call is open.
        """
        self._native.create_anew((None, None, None))

    def validate(
        self,
        rao: OneShotRao | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OneShotOutcome:
        """Validates as an officer: the first step of the 2-step mode, in the dialect Legacy. May be called again after an error: it
        looks at the request first.

        Errors: `unsupported` in Current; those of the calls; `unexpected_status`.
        """
        return self._native.validate(rao, (timeout, cancel, None))

    def approve(
        self,
        rao: OneShotRao | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OneShotOutcome:
        """Approves as an officer and reads the status back. Nothing is sent where the request is ENROLLREADY already. An approval that
        leaves it short of that is an outcome with `approved` false. May be called again after an error: it looks at the request first.

        Errors: those of the calls, `rao_rejected` for example; `unexpected_status` where an officer cannot decide yet or it was refused.
        """
        return self._native.approve(rao, (timeout, cancel, None))

    def refuse(
        self,
        rao: OneShotRao | dict[str, Any],
        reason: str,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OneShotOutcome:
        """Refuses as an officer, with a reason, and reads the status back. May be called again after an error: it looks at the request
        first.

        Errors: `field_missing` without a reason; those of the calls; `unexpected_status`.
        """
        return self._native.refuse(rao, reason, (timeout, cancel, None))

    def documents(
        self,
        documents: Sequence[SourceLike],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> OneShotOutcome:
        """Uploads the documents to be signed, at most ten, once. Each is a path, bytes, a file object that can seek or `Source`. Called
        again with the same ones it looks what has arrived. `progress` counts the upload.

        Errors: those of `upload_documents`; `field_invalid` for others than those of the state; `unexpected_status` before the approval.
        """
        return self._native.documents(documents, (timeout, cancel, progress))

    def contract(
        self,
        path: str | PathLike[str],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> DownloadedFile:
        """Downloads the service contract into a file, to be shown to the signer. Safe to repeat.

        Errors: those of `get_contract`; `unexpected_status` before the approval.
        """
        return self._native.contract(path, (timeout, cancel, progress))

    def contract_shown(self) -> None:
        """Keeps that the signer has seen the contract. Nothing is signed before.

        Errors: `workflow_step` before `contract`.
        """
        self._native.contract_shown((None, None, None))

    def otp(
        self,
        delivery_method: OtpDelivery | str | None = None,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> Otp:
        """Sends the signer a one-time password, at most one a minute. Not needed with an external unlock.

        Errors: `otp_too_soon`; those of `generate_otp`; `unexpected_status` before the approval and after the signature.
        """
        return self._native.otp(delivery_method, (timeout, cancel, None))

    def sign(
        self,
        signing: Signing | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OneShotOutcome:
        """Signs all documents and reads the status back: `Signing(secret=otp)`. Where the answer of an earlier call was lost and the
        request is ISSUED, nothing is sent.

        Errors: `workflow_step` before documents are uploaded and the contract was shown; `otp_invalid`; those of `sign`.
        """
        return self._native.sign(signing, (timeout, cancel, None))

    def save(
        self,
        folder: str | PathLike[str],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> SavedDocuments:
        """Saves each signed document into the folder, which must exist: `signed.pdf`, or `signed-1.pdf` and so on in the order of the
        upload. Each is synced to disk and looked at: it parses, its signature covers it, the digest matches. What is whole already
        there is not downloaded again. Whether the signer's certificate is trusted is not looked at.

        Errors: `signed_document_invalid`; those of `get_document`; `unexpected_status` before the signature.
        """
        return self._native.save(folder, (timeout, cancel, progress))

    def delete(
        self,
        folder: str | PathLike[str],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OneShotOutcome:
        """Deletes all documents of the request from the Optimizer, which never does so by itself: only when this is called, and only
        where each signed document is in the folder as `save` left it.

        Errors: `workflow_step` before they are saved; `signed_document_invalid`, `source_unreadable` where one is not there any more;
        those of `delete_documents`.
        """
        return self._native.delete(folder, (timeout, cancel, None))

    def cancel(
        self,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> None:
        """Cancels the request. Its scratchcard stays consumed.

        Errors: those of `cancel_oneshot_request`; `workflow_step` before there is a request.
        """
        self._native.cancel((timeout, cancel, None))


class OneShotExternal(OneShotWorkflow):
    """One External VideoID on the One-Shot API, from the create call to the signed documents: the evidence comes from the customer.

    `store` is called with the state as JSON before each call that changes something and after its outcome; where it raises,
    the workflow stops there, and what it raised is what the step raises. `on_event` is told of steps, statuses and warnings.
    Both run in the calling thread. The state holds ids, step and digests; no evidence, no documents, no credentials, no link.
    After an error the same step may be called again: it looks at the service first and goes on from there.
    """

    __slots__ = ()

    _flow: ClassVar[str] = "external_videoid"

    def submit(
        self,
        videoid: NewVideoId | dict[str, Any],
        evidence: Evidence,
        video: SourceLike,
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> OneShotOutcome:
        """Creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW. `progress` counts each upload from
        zero. Which piece goes first, and whether VIDEOINCOMPLETE is a failure, is in the settings (`assumptions`).

        May be called again after an error: what was done is not done twice. After VIDEOERROR, and where the service stays in
        VIDEOINCOMPLETE though both were uploaded, other evidence and video may be brought; both are uploaded anew then.

        Errors: those of the calls; `unexpected_status`; `field_invalid` where evidence or video are not those of the state; `ambiguous`
        where the answer of the create call is lost: then `adopt` or `create_anew`.
        """
        return self._native.submit(videoid, evidence._native, video, (timeout, cancel, progress))


class OneShotEidas(OneShotWorkflow):
    """One eIDAS VideoID on the One-Shot API, from the create call to the signed documents: the user identifies at a link.

    `store` is called with the state as JSON before each call that changes something and after its outcome; where it raises,
    the workflow stops there, and what it raised is what the step raises. `on_event` is told of steps, statuses and warnings.
    Both run in the calling thread. The state holds ids, step and digests; no evidence, no documents, no credentials, no link.
    After an error the same step may be called again: it looks at the service first and goes on from there.
    """

    __slots__ = ()

    _flow: ClassVar[str] = "eidas_videoid"

    def start(
        self,
        videoid: NewVideoId | dict[str, Any],
        *,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OneShotStarted:
        """Creates the request and gives the link for the signer, `videoid_link`, which is a secret. Called again it gives the same
        request, with the link where the service shows it.

        Errors: those of `create_videoid`; `ambiguous` where its answer is lost: then `adopt` or `create_anew`.
        """
        return self._native.start(videoid, (timeout, cancel, None))

    def wait_for_user(
        self,
        deadline: Duration | WaitLimits,
        *,
        poll: Duration | None = None,
        max_poll: Duration | None = None,
        inbox: WebhookInbox | None = None,
        timeout: Duration | None = None,
        cancel: CancelToken | None = None,
    ) -> OneShotOutcome:
        """Waits until the user has finished, left or failed: VIDEOREVIEW and beyond, VIDEOINCOMPLETE, VIDEOERROR. The last two are
        outcomes with their ways on. It reads at once, then after `poll` (default 2 seconds) and longer and longer pauses up to
        `max_poll` (default 60 seconds). `deadline` is in seconds or a `timedelta`; as `WaitLimits` it holds the pauses too. With an
        `inbox` a webhook for the request brings the next read forward; only what a read shows counts.

        Safe to repeat: it only reads.

        Errors: `wait_deadline` (`RequestTimeoutError`); `workflow_step` before `start`; `field_invalid` for the limits; those of
        `get_oneshot_request` that are not retryable.
        """
        return self._native.wait_for_user(limits(deadline, poll, max_poll), inbox, (timeout, cancel, None))
