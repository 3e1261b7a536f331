"""The workflows of the One-Shot API in Python's own forms: stores, events, progress, waiting, resuming, errors."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import videoid
from support import VIDEO, Sandbox, eventually
from test_one_shot import DIALECTS, NEW, PDF, evidence
from videoid import AsyncOneShot, AsyncOneShotEidas, AsyncOneShotExternal, OneShot, OneShotEidas, OneShotExternal, OneShotRao, OneShotWait, Signing, WayOn


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def external(sandbox: Sandbox) -> Sandbox:
    sandbox.control("PUT", "/settings", {"one_shot": {"external": True}})
    return sandbox


def test_external_to_the_signed_document(external: Sandbox, dialect: str, tmp_path: Path) -> None:
    states: list[str] = []
    events: list[videoid.WorkflowEvent] = []
    threads: set[int] = set()
    seen: list[tuple[int, int]] = []

    def store(state: str) -> None:
        threads.add(threading.get_ident())
        states.append(state)

    # However slow this machine is, the second one-time password is too soon.
    external.control("PUT", "/settings", {"one_shot": {"otp_interval_seconds": 86400, "otp_seconds": 86400}})
    rao = OneShotRao.from_dict(external.one_shot_rao)
    with OneShot(**external.one_shot_settings, dialect=dialect) as client:
        flow = OneShotExternal(client, store=store, on_event=events.append)
        assert repr(flow) == "OneShotExternal()"
        submitted = flow.submit(NEW, evidence(), VIDEO, progress=lambda sent, total: seen.append((sent, total)))
        pk = submitted.handle.request_pk
        assert submitted.status == "VIDEOREVIEW" and submitted.waits_for == OneShotWait.REVIEW and not submitted.approved
        assert seen[-1][0] == seen[-1][1] and len({total for _, total in seen}) == 2
        with pytest.raises(videoid.VideoIdError) as early:
            flow.sign(Signing(secret="000000"))
        assert early.value.code == "unexpected_status" and isinstance(early.value, videoid.ConflictError)
        assert flow.approve(rao).approved
        # A new client, as another process has it: the state is all that it needs.
        flow = OneShotExternal.resume(OneShot(**external.one_shot_settings, dialect=dialect), flow.state, store=store)
        assert flow.documents([PDF, io.BytesIO(PDF)]).waits_for == OneShotWait.CONTRACT_SHOWN
        assert flow.contract(tmp_path / "contract.pdf").path == str(tmp_path / "contract.pdf")
        assert flow.contract_shown() is None  # type: ignore[func-returns-value]
        sent = flow.otp()
        otp = external.otp(pk)
        assert otp not in repr(sent) and otp not in flow.state
        with pytest.raises(videoid.VideoIdError) as wrong:
            flow.sign(Signing(secret="000000" if otp != "000000" else "111111"))
        assert wrong.value.code == "otp_invalid"
        with pytest.raises(videoid.ApiError) as soon:
            flow.otp("sms")
        assert soon.value.code == "otp_too_soon"
        assert flow.sign(Signing(secret=otp)).status == "ISSUED"
        saved = flow.save(tmp_path).documents
        assert [Path(one.file.path).name for one in saved] == ["signed-1.pdf", "signed-2.pdf"] and all(one.signatures == 1 for one in saved)
        assert all((tmp_path / f"signed-{at}.pdf").read_bytes().startswith(b"%PDF") for at in (1, 2))
        assert not external.received("delete_documents")
        assert flow.delete(tmp_path).waits_for == OneShotWait.NOTHING
        assert external.received("delete_documents")
        with pytest.raises(videoid.VideoIdError):
            client.get_document(pk, saved[0].uid, "signed", tmp_path / "again.pdf")
    assert threads == {threading.get_ident()}
    assert [event.status for event in events if event.kind == "status"][0] == "VIDEOPENDING"
    assert {"create_videoid", "upload_videoid_evidences", "upload_videoid_video"} <= {event.step for event in events if event.kind == "step"}
    for secret in (*(value for name, value in external.rao.items() if name != "rao_id"), otp, external.ready["one_shot"]["billing"]["password"], NEW["email"]):
        assert not any(secret in state for state in states)


def test_eidas_in_a_loop(sandbox: Sandbox, dialect: str, tmp_path: Path) -> None:
    states: list[str] = []

    async def store(state: str) -> None:
        await asyncio.sleep(0)
        states.append(state)

    async def main() -> None:
        async with AsyncOneShot(**sandbox.one_shot_settings, dialect=dialect) as client:
            inbox = videoid.WebhookInbox()
            flow = AsyncOneShotEidas(client, store=store)
            started = await flow.start(videoid.NewVideoId(**NEW))
            pk = started.handle.request_pk
            assert started.videoid_link and started.videoid_link not in repr(started) and "videoid_link=***" in repr(started)
            assert not any(started.videoid_link in state for state in states)
            await asyncio.to_thread(sandbox.identify, pk, "leave")
            left = await flow.wait_for_user(timedelta(seconds=30), poll=timedelta(milliseconds=20))
            assert left.status == "VIDEOINCOMPLETE" and WayOn.SEND_LINK in left.ways_on

            def user() -> None:
                sandbox.identify(pk)
                inbox.receive(json.dumps({"request": pk}))

            await asyncio.to_thread(sandbox.control, "PUT", f"/one-shot/requests/{pk}/status", {"status": "VIDEOPENDING"})
            waiting = asyncio.ensure_future(flow.wait_for_user(120, poll=110, inbox=inbox))
            read = len(sandbox.received("get_oneshot_request"))
            while len(sandbox.received("get_oneshot_request")) == read:
                await asyncio.sleep(0.02)
            await asyncio.to_thread(user)
            # Without the webhook the next look would come almost two minutes later.
            assert (await asyncio.wait_for(waiting, 60)).status == "VIDEOREVIEW"
            assert (await flow.approve(sandbox.one_shot_rao)).approved
            flow = AsyncOneShotEidas.resume(client, flow.state, store=store)
            await flow.documents((PDF,))
            await flow.contract(tmp_path / "contract.pdf")
            assert await flow.contract_shown() is None  # type: ignore[func-returns-value]
            await flow.otp(videoid.OtpDelivery.SMS)
            assert (await flow.sign({"secret": sandbox.otp(pk)})).status == "ISSUED"
            saved = await flow.save(str(tmp_path))
            assert [Path(one.file.path).name for one in saved.documents] == ["signed.pdf"]
            assert (await flow.look()).status == "ISSUED"
            assert (await flow.delete(tmp_path)).status == "ISSUED"

    asyncio.run(main())
    assert len(states) > 10


def test_cancelling_a_task_ends_its_wait(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncOneShot(**sandbox.one_shot_settings) as client:
            flow = AsyncOneShotEidas(client)
            await flow.start(NEW)
            waiting = asyncio.ensure_future(flow.wait_for_user(600, poll=0.02))
            while len(sandbox.received("get_oneshot_request")) < 3:
                await asyncio.sleep(0.01)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            # The workflow is free at once: the same step again, and another one.
            with pytest.raises(videoid.RequestTimeoutError) as caught:
                await flow.wait_for_user(0.1, poll=0.02)
            assert caught.value.code == "wait_deadline" and isinstance(caught.value, TimeoutError)
            assert (await flow.look()).status == "VIDEOPENDING"
            token = videoid.CancelToken()
            asyncio.get_running_loop().call_later(0.1, token.cancel)
            with pytest.raises(videoid.OperationCancelledError):
                await flow.wait_for_user(600, cancel=token)
            assert await flow.cancel() is None  # type: ignore[func-returns-value]
            with pytest.raises(videoid.ValidationError) as ended:
                await flow.look()
            assert ended.value.code == "workflow_step" and len(sandbox.received("cancel_oneshot_request")) == 1

    asyncio.run(main())


def test_a_wait_leaves_room_for_other_steps(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncOneShot(**sandbox.one_shot_settings) as client:
            flow = AsyncOneShotEidas(client)
            await flow.start(NEW)
            waiting = asyncio.ensure_future(flow.wait_for_user(600, poll=0.02))
            while not sandbox.received("get_oneshot_request"):
                await asyncio.sleep(0.01)
            assert (await flow.look()).status == "VIDEOPENDING" and not waiting.done()
            await flow.cancel()
            # It may see it itself, or find that its workflow ended.
            try:
                assert (await asyncio.wait_for(waiting, 60)).status == "CANCELLED"
            except videoid.VideoIdError as error:
                assert error.code in ("workflow_step", "unexpected_status")

    asyncio.run(main())


def test_a_wait_is_cancelled_from_another_thread(sandbox: Sandbox) -> None:
    token = videoid.CancelToken()
    with OneShot(**sandbox.one_shot_settings) as client:
        flow = OneShotEidas(client)
        flow.start(NEW)
        canceller = threading.Thread(target=lambda: eventually(lambda: sandbox.received("get_oneshot_request"), 60) and token.cancel())
        canceller.start()
        with pytest.raises(videoid.OperationCancelledError):
            flow.wait_for_user(600, poll=0.02, cancel=token)
        canceller.join()
        with pytest.raises(videoid.ValidationError) as caught:
            flow.wait_for_user(0)
        assert caught.value.fields


def test_a_lost_create_is_adopted_or_made_anew(external: Sandbox, dialect: str) -> None:
    def lose() -> None:
        external.control("POST", "/faults", [{"operation": "create_videoid", "kind": "drop", "when": "after"}])

    with OneShot(**external.one_shot_settings, dialect=dialect) as client:
        lose()
        flow = OneShotExternal(client)
        for _ in range(2):
            with pytest.raises(videoid.AmbiguousError):
                flow.submit(NEW, evidence(), VIDEO)
        assert len(external.received("create_videoid")) == 1
        handle = client.create_videoid(NEW).handle
        flow.adopt(handle)
        assert flow.submit(NEW, evidence(), VIDEO).handle == handle
        with pytest.raises(videoid.ValidationError) as caught:
            flow.adopt(handle.to_dict())
        assert caught.value.code == "workflow_step"
        lose()
        flow = OneShotExternal(client)
        with pytest.raises(videoid.AmbiguousError):
            flow.submit(NEW, evidence(), VIDEO)
        flow.create_anew()
        assert flow.submit(NEW, evidence(), VIDEO).handle != handle

    async def main() -> None:
        async with AsyncOneShot(**external.one_shot_settings, dialect=dialect) as client:
            lose()
            flow = AsyncOneShotExternal(client)
            with pytest.raises(videoid.AmbiguousError):
                await flow.submit(NEW, evidence(), VIDEO)
            await flow.create_anew()
            assert (await flow.submit(NEW, evidence(), VIDEO)).status == "VIDEOREVIEW"
            refused = await flow.refuse(external.one_shot_rao, "blurred")
            assert refused.videoid_status == "REFUSED" and refused.waits_for == OneShotWait.NOTHING

    asyncio.run(main())


def test_a_store_that_fails_stops_the_step_before_the_call(sandbox: Sandbox) -> None:
    def store(_: str) -> None:
        raise OSError("no room")

    async def later(_: str) -> None:
        await asyncio.sleep(0)
        raise OSError("no room")

    with OneShot(**sandbox.one_shot_settings) as client, pytest.raises(OSError, match="no room"):
        OneShotEidas(client, store=store).start(NEW)

    async def main() -> None:
        async with AsyncOneShot(**sandbox.one_shot_settings) as client:
            with pytest.raises(OSError, match="no room"):
                await AsyncOneShotEidas(client, store=later).start(NEW)

    asyncio.run(main())
    assert not sandbox.received("create_videoid")
    with pytest.raises(TypeError, match="store"):
        OneShotEidas(client, store="state.json")  # type: ignore[arg-type]


def test_states_are_of_their_flow(sandbox: Sandbox) -> None:
    with OneShot(**sandbox.one_shot_settings) as client, videoid.RegistrationAuthority(**sandbox.settings) as ra:
        eidas = OneShotEidas(client)
        eidas.start(NEW)
        for wrong in (eidas.state, videoid.ExternalVideoId(ra).state, "{}", "[1]", ""):
            with pytest.raises(videoid.ValidationError) as caught:
                OneShotExternal.resume(client, wrong)
            assert caught.value.code in ("field_invalid", "format_unsupported")
        with pytest.raises(videoid.ValidationError):
            videoid.EidasVideoId.resume(ra, eidas.state)
        with pytest.raises(TypeError):
            OneShotEidas(ra)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            videoid.EidasVideoId(client)  # type: ignore[arg-type]


def test_a_damaged_file_deletes_nothing(external: Sandbox, tmp_path: Path) -> None:
    with OneShot(**external.one_shot_settings) as client:
        flow = OneShotExternal(client)
        pk = flow.submit(NEW, evidence(), VIDEO).handle.request_pk
        flow.approve(external.one_shot_rao)
        flow.documents([PDF])
        flow.contract(tmp_path / "contract.pdf")
        flow.contract_shown()
        # An unlock that is not the vendor's needs no one-time password.
        unlock: Any = Signing(ext_unlock_type="token", ext_unlock_value="opens-it")
        assert "opens-it" not in repr(unlock)
        assert flow.sign(unlock).status == "ISSUED" and not external.received("generate_otp")
        signed = Path(flow.save(tmp_path).documents[0].file.path)
        content = bytearray(signed.read_bytes())
        content[len(content) // 2] ^= 1
        signed.write_bytes(content)
        with pytest.raises(videoid.VideoIdError) as caught:
            flow.delete(tmp_path)
        assert caught.value.code == "signed_document_invalid" and not external.received("delete_documents")
        signed.unlink()
        # What is gone is fetched again.
        assert flow.save(tmp_path).documents[0].signatures == 1
        flow.delete(tmp_path)
        assert client.get_oneshot_request(pk).status == "ISSUED"
