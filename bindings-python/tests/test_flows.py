"""The eIDAS and the classic workflow in Python's own forms: stores, events, progress, documents, resuming."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import videoid
from support import REQUEST, SPECIMEN, Sandbox
from videoid import (
    AsyncEidasVideoId,
    AsyncRegistrationAuthority,
    ClassicDocument,
    ClassicRequest,
    DocumentType,
    EidasVideoId,
    EvidenceDocument,
    ExternalVideoId,
    NewRequest,
    RegistrationAuthority,
    Source,
    Status,
    WayOn,
)

FRONT, REAR, OWNER = (SPECIMEN / f"document_{side}.jpg" for side in ("front", "rear", "owner"))
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
COMPANY = {"profile": "PFnubeQAFEmpresa", "email": "anna@example.com", "mobile_phone_number": "+34600000000"}
PERSON = {
    **REQUEST, "given_name": "ANNA MARIA", "surname_1": "ERIKSSON", "serial_number": "D23145890", "id_document_type": "IDC",
    "id_document_country": "ES", "country_name": "ES", "validity_time": 730, "secure_element": 2,
}
UPDATE = {
    "country_name": "ES", "title": "Manager", "responsible_name": "ANNA MARIA", "responsible_first_surname": "ERIKSSON",
    "responsible_serial": "D23145890", "organization_name": "EXAMPLE UTOPIA SL", "organization_tax_number": "B00000000",
    "organization_country": "ES", "organization_email": "office@example.com", "validity_time": 730, "secure_element": 2,
}  # fmt: skip


@pytest.fixture
def eidas(sandbox: Sandbox) -> Sandbox:
    sandbox.control("PUT", "/settings", {"external_auth": False})
    return sandbox


def act(sandbox: Sandbox, pk: int, who: str, action: str) -> None:
    sandbox.control("POST", f"/requests/{pk}/{who}", {"action": action})


def test_eidas_from_the_link_to_the_approval(eidas: Sandbox) -> None:
    states: list[str] = []
    events: list[videoid.WorkflowEvent] = []
    seen: list[tuple[int, int]] = []
    with RegistrationAuthority(**eidas.settings) as ra:
        flow = EidasVideoId(ra, store=states.append, on_event=events.append)
        assert flow.ways_on() == []
        started = flow.start(COMPANY)
        assert started.videoid_link is not None and started.videoid_link.startswith("http")
        assert started.videoid_link not in repr(started) and "videoid_link=***" in repr(started)
        act(eidas, started.request_pk, "user", "leave")
        left = flow.wait_for_user(10, poll=0.02)
        assert left.status == Status.VIDEOINCOMPLETE and WayOn.SEND_LINK in left.ways_on == flow.ways_on()
        assert left.videoid_link == started.videoid_link and started.videoid_link not in repr(left)
        act(eidas, started.request_pk, "user", "finish")
        assert flow.wait_for_user(timedelta(seconds=10), poll=timedelta(milliseconds=20)).status == Status.VIDEOREVIEW
        act(eidas, started.request_pk, "operator", "validate")
        limits = videoid.WaitLimits(deadline_ms=10_000, poll_ms=20)
        assert flow.wait_for_operator(limits).status == Status.CREATED
        # A new client, as another process has it: the state is all that it needs.
        flow = EidasVideoId.resume(RegistrationAuthority(**eidas.settings), flow.state, store=states.append)
        update = {**COMPANY, **UPDATE, "scratchcard": started.scratchcard}
        documents: Any = [EvidenceDocument("Register", PDF), ("Card", FRONT), ("Photo", io.BytesIO(OWNER.read_bytes())), ("Rear", Source.path(REAR))]
        completed = flow.complete(update, documents, progress=lambda sent, total: seen.append((sent, total)))
        assert completed.status == Status.CREATED and len({total for _, total in seen}) == 4 and seen[-1][0] == seen[-1][1]
        papers = flow.papers(eidas.rao["rao_id"])
        assert papers.contract is not None and papers.contract.content.startswith(b"%PDF") and papers.declaration is not None
        assert flow.approve(eidas.rao).status == Status.ENROLLREADY
    assert json.loads(states[-1])["flow"] == "eidas_videoid"
    assert [event.status for event in events if event.kind == "status"][0] == Status.VIDEOPENDING
    assert "create_request" in [event.step for event in events if event.kind == "step"]
    assert not eidas.received("validate_videoid")
    labels = [row for row in eidas.received("upload_videoid_evidence_document")]
    assert len(labels) == 4


def test_eidas_in_a_loop(eidas: Sandbox) -> None:
    states: list[str] = []

    async def store(state: str) -> None:
        await asyncio.sleep(0)
        states.append(state)

    async def main() -> None:
        async with AsyncRegistrationAuthority(**eidas.settings) as ra:
            inbox = videoid.WebhookInbox()
            flow = AsyncEidasVideoId(ra, store=store)
            started = await flow.start(NewRequest(**REQUEST))

            def user() -> None:
                act(eidas, started.request_pk, "user", "finish")
                inbox.receive(json.dumps({"request": started.request_pk}))

            asyncio.get_running_loop().call_later(0.1, user)
            # Without the webhook the next look would come after the deadline.
            assert (await flow.wait_for_user(20, poll=60, inbox=inbox)).status == Status.VIDEOREVIEW
            act(eidas, started.request_pk, "operator", "refuse")
            refused = await flow.wait_for_operator(10, poll=0.02)
            assert refused.videoid_status == "REFUSED" and WayOn.CANCEL_AND_NEW_CARD in refused.ways_on
            assert (await flow.cancel()).status == Status.CANCELLED
            again = await flow.start(NewRequest(**REQUEST))
            assert again.request_pk != started.request_pk and again.scratchcard != started.scratchcard

    asyncio.run(main())
    assert states


def test_cancelling_a_task_ends_its_wait(eidas: Sandbox) -> None:
    async def main() -> None:
        async with AsyncRegistrationAuthority(**eidas.settings) as ra:
            flow = AsyncEidasVideoId(ra)
            await flow.start(COMPANY)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(flow.wait_for_user(60, poll=0.02), 0.3)
            reads = len(eidas.received("get_request"))
            await asyncio.sleep(0.3)
            assert len(eidas.received("get_request")) == reads
            # The workflow goes on with the same step.
            with pytest.raises(videoid.RequestTimeoutError) as caught:
                await flow.wait_for_user(0.1, poll=0.02)
            assert caught.value.code == "wait_deadline" and isinstance(caught.value, TimeoutError)

    asyncio.run(main())


def test_classic_with_documents_of_every_kind(sandbox: Sandbox) -> None:
    seen: list[tuple[int, int]] = []
    events: list[videoid.WorkflowEvent] = []
    documents: Any = [
        ClassicDocument(DocumentType.DOCUMENT_FRONT, FRONT),
        ClassicDocument("document_rear", REAR.read_bytes()),
        ("document_owner", io.BytesIO(OWNER.read_bytes())),
        (DocumentType.EXTRA_DOCUMENT, PDF),
    ]
    with RegistrationAuthority(**sandbox.settings) as ra:
        flow = ClassicRequest(ra, on_event=events.append)
        with pytest.raises(videoid.ValidationError) as caught:
            flow.papers("1400")
        assert caught.value.code == "workflow_step"
        submission = flow.submit(PERSON, documents, progress=lambda sent, total: seen.append((sent, total)))
        assert submission.status == Status.CREATED and submission.videoid_pk is None
        assert len(sandbox.received("upload_request_document")) == 4 and seen[-1][0] == seen[-1][1]
        # The same step again uploads nothing twice, in another workflow with the same state neither.
        again = ClassicRequest.resume(ra, flow.state)
        assert again.submit(PERSON, documents).request_pk == submission.request_pk
        assert len(sandbox.received("upload_request_document")) == 4
        with pytest.raises(videoid.ValidationError) as caught:
            ExternalVideoId.resume(ra, flow.state)
        assert caught.value.fields
        assert again.papers(sandbox.rao["rao_id"]).declaration is not None
        outcome = again.approve(sandbox.rao)
        assert outcome.status == Status.ENROLLREADY and outcome.secrets is not None
        assert outcome.secrets.pin and outcome.secrets.pin not in repr(outcome)
    assert "upload_request_document" in [event.step for event in events]


def test_a_stream_is_no_document(sandbox: Sandbox) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        with pytest.raises(videoid.ValidationError) as caught:
            ClassicRequest(ra).submit(PERSON, [("document_front", Source.stream([FRONT.read_bytes()], FRONT.stat().st_size))])
        assert caught.value.code == "body_not_repeatable"
        with pytest.raises(TypeError, match="document"):
            ClassicRequest(ra).submit(PERSON, [("document_front", 5)])  # type: ignore[list-item]
    assert not sandbox.received("create_request")


def test_documents_do_not_show_their_files() -> None:
    for one in (EvidenceDocument("Register", "/home/anna-eriksson/x.pdf"), ClassicDocument("document_front", Path("/home/anna-eriksson/x.jpg"))):
        assert "eriksson" not in repr(one)


def test_workflows_survive_a_fork(eidas: Sandbox) -> None:
    # In test_process.py a whole program forks; here the states of all three are those of their flow.
    with RegistrationAuthority(**eidas.settings) as ra:
        words = {json.loads(kind(ra).state).get("flow", "external_videoid") for kind in (ExternalVideoId, EidasVideoId, ClassicRequest)}
    assert words == {"external_videoid", "eidas_videoid", "classic"}


class Odd(BaseException):
    """No Exception, as KeyboardInterrupt is none."""


RAISED: list[Callable[[], BaseException]] = [
    lambda: OSError("no room"),
    lambda: StopIteration("mine"),
    lambda: StopAsyncIteration("mine"),
    lambda: GeneratorExit("mine"),
    lambda: Odd("mine"),
    lambda: asyncio.CancelledError("mine"),
    lambda: asyncio.TimeoutError("mine"),
]


@pytest.mark.parametrize("make", RAISED, ids=lambda make: type(make()).__name__)
def test_whatever_a_store_raises_ends_the_step_before_the_call(sandbox: Sandbox, make: Callable[[], BaseException]) -> None:
    def store(_: str) -> None:
        raise make()

    async def later(_: str) -> None:
        await asyncio.sleep(0)
        raise make()

    kind: type[BaseException] = type(make())
    with RegistrationAuthority(**sandbox.settings) as ra, pytest.raises(kind):
        ClassicRequest(ra, store=store).submit(PERSON, [("document_front", FRONT)])

    async def main() -> None:
        # A future takes no StopIteration, nor does a coroutine: what Python makes of it is a RuntimeError.
        wanted = RuntimeError if issubclass(kind, StopIteration) else kind
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            for how in (store, later):
                flow = videoid.AsyncClassicRequest(ra, store=how)
                with pytest.raises(wanted):
                    await asyncio.wait_for(flow.submit(PERSON, [("document_front", FRONT)]), 10)

    asyncio.run(main())
    assert not sandbox.received("create_request")


def test_a_store_that_fails_once_is_asked_again(sandbox: Sandbox) -> None:
    kept: list[str] = []

    def store(state: str) -> None:
        if len(kept) == 1 and not failed.is_set():
            failed.set()
            raise OSError("no room")
        kept.append(state)

    failed = threading.Event()
    with RegistrationAuthority(**sandbox.settings) as ra:
        flow = ClassicRequest(ra, store=store)
        with pytest.raises(OSError, match="no room"):
            flow.submit(PERSON, [("document_front", FRONT)])
        assert flow.submit(PERSON, [("document_front", FRONT)]).status == Status.CREATED
    assert failed.is_set() and len(sandbox.received("create_request")) == 1
