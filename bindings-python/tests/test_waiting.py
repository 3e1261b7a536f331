"""Waiting for a status, webhooks, lists as iterators, the client certificate."""

from __future__ import annotations

import asyncio
import json
import pickle
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import support
import videoid
from support import REQUEST, Sandbox, eventually
from videoid import AsyncRegistrationAuthority, RegistrationAuthority, RequestPk, Status, WebhookInbox


def new(ra: RegistrationAuthority) -> RequestPk:
    return ra.create_request({**REQUEST, "scratchcard": ra.get_first_unused_scratchcard().sn, "videoid_mode": 1}).pk


def reads(sandbox: Sandbox) -> int:
    return len(sandbox.received("get_request"))


@pytest.mark.parametrize("deadline", [0.3, timedelta(milliseconds=300), videoid.WaitLimits(deadline_ms=300)], ids=["seconds", "timedelta", "limits"])
def test_a_deadline_that_passes(sandbox: Sandbox, deadline: Any) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        pk = new(ra)
        with pytest.raises(TimeoutError) as caught:
            ra.wait_for(pk, Status.VIDEOREVIEW, deadline=deadline, poll=0.02, max_poll=timedelta(seconds=0.05))
    error = caught.value
    assert isinstance(error, videoid.RequestTimeoutError) and error.code == "wait_deadline" and error.retryable
    assert "VIDEOPENDING" in str(error) and pickle.loads(pickle.dumps(error)).code == "wait_deadline"
    assert reads(sandbox) > 3


def test_a_status_that_is_there(sandbox: Sandbox) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        pk = new(ra)
        for wanted in ("VIDEOPENDING", Status.VIDEOPENDING, [Status.VIDEOREVIEW, "VIDEOPENDING"], iter({Status.VIDEOPENDING}), videoid.WaitFor(statuses=["VIDEOPENDING"], deadline_ms=5000)):
            assert ra.wait_for(pk, wanted, deadline=None if isinstance(wanted, videoid.WaitFor) else 5).pk == pk
        sandbox.control("PUT", f"/requests/{pk}/status", {"status": "CANCELLED"})
        with pytest.raises(videoid.ConflictError) as caught:
            ra.wait_for(pk, Status.VIDEOREVIEW, deadline=5)
    assert caught.value.code == "unexpected_status"


def test_what_a_wait_needs(sandbox: Sandbox) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        for wrong, field in (({}, "deadline_ms"), ({"deadline": -1}, "deadline_ms"), ({"deadline": 1, "poll": 0}, "poll_ms")):
            with pytest.raises(videoid.ValidationError) as caught:
                ra.wait_for(RequestPk(1), Status.CREATED, **wrong)  # type: ignore[arg-type]
            assert [issue.field for issue in caught.value.fields] == [field]
        with pytest.raises(videoid.ValidationError) as caught:
            ra.wait_for(RequestPk(1), [], deadline=1)
        assert caught.value.fields[0].field == "statuses"
        for bad in (float("nan"), float("inf"), timedelta.max):
            with pytest.raises(ValueError, match="deadline"):
                ra.wait_for(RequestPk(1), Status.CREATED, deadline=bad)
        with pytest.raises(TypeError, match="poll"):
            ra.wait_for(RequestPk(1), Status.CREATED, deadline=1, poll="2")  # type: ignore[arg-type]
    assert not reads(sandbox)


def test_a_token_ends_a_wait(sandbox: Sandbox) -> None:
    token = videoid.CancelToken()
    with RegistrationAuthority(**sandbox.settings) as ra:
        pk = new(ra)
        threading.Timer(0.2, token.cancel).start()
        with pytest.raises(videoid.OperationCancelledError):
            ra.wait_for(pk, Status.ISSUED, deadline=60, poll=0.02, cancel=token)


def test_a_cancelled_task_reads_no_more(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            with RegistrationAuthority(**sandbox.settings) as sync:
                pk = new(sync)
            task = asyncio.ensure_future(ra.wait_for(pk, Status.ISSUED, deadline=60, poll=0.02))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            before = reads(sandbox)
            await asyncio.sleep(0.2)
            assert reads(sandbox) == before > 1

    asyncio.run(main())


KINDS: list[Callable[[str], Any]] = [str, str.encode, lambda t: bytearray(t.encode()), lambda t: memoryview(t.encode())]


@pytest.mark.parametrize("form", KINDS, ids=["str", "bytes", "bytearray", "memoryview"])
def test_a_webhook_in_every_form_wakes_a_wait(sandbox: Sandbox, form: Callable[[str], Any]) -> None:
    inbox = WebhookInbox()
    with RegistrationAuthority(**sandbox.settings) as ra:
        pk = new(ra)
        body = form(json.dumps({"request": pk, "status": "VIDEOREVIEW", "event_type": "REQUEST_UPDATED"}))

        def server() -> None:
            eventually(lambda: reads(sandbox))
            sandbox.control("PUT", f"/requests/{pk}/status", {"status": "VIDEOREVIEW"})
            assert inbox.receive(body).request_pk == pk

        thread = threading.Thread(target=server)
        thread.start()
        since = time.monotonic()
        assert ra.wait_for(pk, Status.VIDEOREVIEW, deadline=30, poll=20, inbox=inbox).status == Status.VIDEOREVIEW
        assert time.monotonic() - since < 15
        thread.join()
    assert videoid.parse_webhook(body).status == Status.VIDEOREVIEW


def test_a_forged_webhook_is_not_believed(sandbox: Sandbox) -> None:
    inbox = WebhookInbox()
    with RegistrationAuthority(**sandbox.settings) as ra:
        pk = new(ra)
        threading.Timer(0.1, inbox.receive, [json.dumps({"request": pk, "status": "ISSUED"})]).start()
        with pytest.raises(videoid.RequestTimeoutError):
            ra.wait_for(pk, Status.ISSUED, deadline=0.8, poll=20, inbox=inbox)


def test_webhooks_that_are_none() -> None:
    inbox = WebhookInbox()
    for take in (videoid.parse_webhook, inbox.receive):
        for wrong in ("", "{", "[]", "5", b"\xff\xfe", b"{}" + b" " * 70_000):
            with pytest.raises(videoid.ValidationError) as caught:
                take(wrong)
            assert caught.value.code == "webhook_invalid"
        for strange in (5, None, {"request": 1}, [1]):
            with pytest.raises(TypeError, match="^body: expected"):
                take(strange)  # type: ignore[arg-type]
    hook = videoid.parse_webhook('{"request": {"pk": 7, "profile": "P"}, "scratchcard": "123", "secret": "ERIKSSON", "date": "2021-06-28T09:29:27.147"}')
    assert hook.request_pk == 7 and "ERIKSSON" not in repr(hook)
    assert hook.date is not None and hook.date.iso is not None and hook.date.iso.startswith("2021-06-28T09:29:27") and not hook.date.iso.endswith("Z")


def test_the_parts_without_a_client() -> None:
    names = [profile.name for profile in videoid.profiles()]
    assert len(names) == len(set(names)) >= 45
    known = videoid.profile("PFnubeQAFCiudadano")
    assert known is not None and known.natural_person and "email" in known.required
    assert videoid.profile("AProfileOfOnesOwn") is None
    report = videoid.check_request(videoid.NewRequest(**REQUEST), videoid.Flow.CLASSIC)
    assert "given_name" in [finding.field for finding in report.findings]
    report = videoid.check_request(REQUEST, "external_videoid")
    assert "given_name" not in [finding.field for finding in report.findings]
    assert Status.VIDEOERROR.ways_on(videoid.Flow.EIDAS_VIDEOID)[0] == videoid.WayOn.SEND_LINK
    assert Status("NEVER_HEARD_OF").ways_on("classic") == []
    with pytest.raises(TypeError, match="request"):
        videoid.check_request(5, "classic")  # type: ignore[arg-type]


def test_secrets_of_the_new_types_are_hidden() -> None:
    shown = repr(
        [
            videoid.PinUnlock(scratchcard="1", enrollment_code="4711A", newpin="4711B", otp="4711C"),
            videoid.ContactData(registration_authority="121", serial_number="4711D", email="4711E", mobile_phone_number="4711F"),
            videoid.RequestUpdate(profile="p", scratchcard="1", email="4711G", country_name="ES", responsible_name="4711H"),
            videoid.ClientIdentity(password="4711I"),
            WebhookInbox(),
        ]
    )
    assert "4711" not in shown and "WebhookInbox()" in shown


# Lists


@pytest.fixture
def thirty(sandbox: Sandbox) -> Sandbox:
    sandbox.reset(cards=30)
    with RegistrationAuthority(**sandbox.settings) as ra:
        for _ in range(25):
            new(ra)
    return sandbox


def pages(sandbox: Sandbox, operation: str = "list_requests") -> int:
    return len(sandbox.received(operation))


def test_lists_are_iterators(thirty: Sandbox) -> None:
    with RegistrationAuthority(**thirty.settings) as ra:
        listing = ra.requests()
        assert isinstance(listing, Iterator) and pages(thirty) == 0
        assert len({request.pk for request in listing}) == 25 and pages(thirty) == 3
        assert list(listing) == []
        assert len(list(ra.scratchcards())) == 30
        assert len(list(ra.requests({"page": 3}))) == 5
        assert len(list(ra.requests(videoid.RequestFilter(scratchcard="1256948")))) == 1
        with pytest.raises(TypeError, match="filter"):
            ra.requests(5)  # type: ignore[arg-type]
        with pytest.raises(videoid.ValidationError):
            next(ra.requests({"page": 0}))


def test_a_list_that_is_broken_off_reads_no_more(thirty: Sandbox) -> None:
    async def main() -> None:
        async with AsyncRegistrationAuthority(**thirty.settings) as ra:
            listing = ra.requests()
            assert isinstance(listing, AsyncIterator)
            async for request in listing:
                assert request.pk
                break
            await listing.aclose()  # type: ignore[attr-defined]
            assert pages(thirty) == 2
            assert len([card async for card in ra.scratchcards()]) == 30

    with RegistrationAuthority(**thirty.settings) as ra:
        for number, _ in enumerate(ra.requests()):
            if number == 5:
                break
        assert pages(thirty) == 1
        assert ra.get_first_unused_scratchcard().sn
        asyncio.run(main())
        assert pages(thirty) == 2


def test_cancelling_a_page_that_is_being_read(thirty: Sandbox) -> None:
    thirty.control("POST", "/faults", [{"operation": "list_requests", "kind": "delay", "ms": 20000, "skip": 1}])

    async def main() -> None:
        async with AsyncRegistrationAuthority(**thirty.settings) as ra:
            seen = []

            async def read() -> None:
                async for request in ra.requests():
                    seen.append(request.pk)

            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(read(), 0.5)
            assert len(seen) == 10
            # The client is none the worse for it.
            assert (await ra.get_first_unused_scratchcard()).sn

    asyncio.run(main())


def test_an_error_on_a_later_page_ends_the_list(thirty: Sandbox) -> None:
    thirty.control("POST", "/faults", [{"operation": "list_requests", "kind": "delay", "ms": 20000, "skip": 1, "times": 5}])
    with RegistrationAuthority(**thirty.settings, retry={"max_attempts": 1}) as ra:
        listing, seen = ra.requests(timeout=0.3), []
        with pytest.raises(videoid.RequestTimeoutError):
            for request in listing:
                seen.append(request)
        assert len(seen) == 10 and list(listing) == []


# The client certificate


def identity(sandbox: Sandbox, name: str, key: str, password: str | None = None) -> dict[str, Any]:
    folder = Path(sandbox.ready["pki_dir"])
    return {"certificate_file": str(folder / name), "key_file": str(folder / key), **({"password": password} if password else {})}


def test_the_identity_can_be_replaced_while_running() -> None:
    sandbox = support.sandbox("--tls", "--mutual-tls")
    sandbox.reset()
    trusted = {"ca_file": str(Path(sandbox.ready["pki_dir"]) / "ca.pem")}
    settings = {**sandbox.settings, "tls": {**trusted, "identity": identity(sandbox, "client.pem", "client.key")}, "upload_tls": trusted}
    heard: list[videoid.HookEvent] = []
    other = videoid.ClientIdentity.from_dict(identity(sandbox, "client.pem", "client-encrypted.key", "sandbox"))

    async def main() -> None:
        async with AsyncRegistrationAuthority(**settings) as ra:
            first = ra.client_certificate()
            assert first is not None and (await ra.replace_identity(other)).serial_number == first.serial_number
            with pytest.raises(videoid.ConfigError) as caught:
                await ra.replace_identity(identity(sandbox, "client.pem", "other.key"))
            assert caught.value.code == "tls_key_mismatch"
            assert (await ra.get_first_unused_scratchcard()).sn

    with RegistrationAuthority(**settings, certificate_warning_days=100_000, hooks=heard.append) as ra:
        info = ra.client_certificate()
        assert info is not None and info.not_after_ms > info.not_before_ms and info.days_left > 0
        assert ra.replace_identity(other) == info
        assert ra.get_first_unused_scratchcard().sn
        assert ra.config.tls.identity is not None and "password" not in repr(ra.config.tls)
    videoid._native.flush_callbacks()
    assert [event.text for event in heard if event.kind == "warning"]
    asyncio.run(main())
    with RegistrationAuthority(**support.sandbox().settings) as ra:
        assert ra.client_certificate() is None


def test_assumptions_are_settings(sandbox: Sandbox) -> None:
    with RegistrationAuthority(**sandbox.settings, assumptions={"upload_order": "video_first", "repeat_reading_posts": False}) as ra:
        assert ra.config.assumptions.upload_order == videoid.UploadOrder.VIDEO_FIRST
        assert not ra.config.assumptions.repeat_reading_posts
    with pytest.raises(videoid.ConfigError):
        RegistrationAuthority(**sandbox.settings, assumptions=videoid.Assumptions(video_format="avi"))
    with pytest.raises(videoid.ConfigError):
        RegistrationAuthority(environment="sandbox", api_url=videoid.RaConfig().api_url or "https://ra.uanataca.com/api/v1", registration_authority="121")
