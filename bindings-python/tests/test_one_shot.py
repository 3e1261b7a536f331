"""The clients of the One-Shot API: settings, both dialects, sources, secrets, cancelling, errors."""

from __future__ import annotations

import asyncio
import inspect
import io
import pickle
import threading
from pathlib import Path
from typing import Any

import pytest
import videoid
from support import SPECIMEN, VIDEO, Sandbox, eventually, write_mp4
from videoid import AsyncOneShot, Dialect, Evidence, NewVideoId, OneShot, OneShotConfig, OneShotRao, Source

FRONT, REAR, OWNER = (SPECIMEN / f"document_{side}.jpg" for side in ("front", "rear", "owner"))
PDF = (SPECIMEN / "register_extract.pdf").read_bytes()
NEW: dict[str, Any] = {"profile": "PFnubeQAFCiudadano", "email": "anna@example.com", "mobile_phone_number": "+34600000000"}
DIALECTS = ("current", "legacy")


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def external(sandbox: Sandbox) -> Sandbox:
    sandbox.control("PUT", "/settings", {"one_shot": {"external": True}})
    return sandbox


def evidence() -> Evidence:
    return Evidence.build(
        document_front=FRONT,
        document_rear=REAR,
        document_owner=OWNER,
        acceptance=videoid.Acceptance(description="I accept", ip="192.0.2.17", user_agent="Example/1.0", date=1780000000000),
        ocr_data=videoid.OcrData(given_name="ANNA MARIA", surname_1="ERIKSSON", serial_number="X123456781234", id_document_type="IDC"),
        security_checks=videoid.SecurityChecks(otp_validation=videoid.SecurityCheck(passed=True, provenance="asserted")),
        similarity_level=87,
    )


def approved(client: OneShot, sandbox: Sandbox) -> videoid.VideoIdHandle:
    handle = client.create_videoid(NEW).handle
    client.upload_videoid_evidences(handle, evidence())
    client.upload_videoid_video(handle, VIDEO)
    client.approve_oneshot_videoid(handle, sandbox.one_shot_rao)
    return handle


def test_settings_from_config_and_arguments(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    config = OneShotConfig(**sandbox.one_shot_settings, strict=True)
    client = OneShot(config, dialect=Dialect.LEGACY)
    assert client.config.strict and client.config.dialect == "legacy" and client.config.base_url == sandbox.ready["one_shot_url"]
    assert "dialect='legacy'" in repr(client) and "closed=False" in repr(client)
    monkeypatch.setenv("VIDEOID_ONESHOT_URL", sandbox.ready["one_shot_url"])
    monkeypatch.setenv("VIDEOID_ONESHOT_DIALECT", "legacy")
    monkeypatch.setenv("VIDEOID_BILLING_USERNAME", "someone")
    client = OneShot.from_env(billing_username="another")
    assert (client.config.environment, client.config.dialect, client.config.billing_username) == ("custom", "legacy", "another")
    monkeypatch.setenv("VIDEOID_ONESHOT_DIALECT", "dutch")
    with pytest.raises(videoid.ConfigError) as caught:
        OneShot.from_env()
    assert caught.value.fields[0].field == "VIDEOID_ONESHOT_DIALECT"
    with pytest.raises(videoid.ConfigError):
        OneShot(environment="production")
    with pytest.raises(TypeError):
        OneShot(api_url="http://127.0.0.1:1")  # type: ignore[call-arg]


def test_it_ends_with_its_block(sandbox: Sandbox) -> None:
    with OneShot(**sandbox.one_shot_settings) as client:
        assert client.hello().status is not None and not client.closed
    assert client.closed and "closed=True" in repr(client)
    client.close()
    with pytest.raises(videoid.VideoIdError) as caught:
        client.hello()
    assert caught.value.code == "client_closed"

    async def main() -> None:
        async with AsyncOneShot(**sandbox.one_shot_settings, dialect="legacy") as client:
            assert (await client.version()).version
        assert client.closed
        with pytest.raises(videoid.VideoIdError) as caught:
            await client.hello()
        assert caught.value.code == "client_closed"

    asyncio.run(main())


def test_the_operations_are_methods_of_both() -> None:
    assert len(videoid.ONE_SHOT_OPERATIONS) == 33 == len(set(videoid.ONE_SHOT_OPERATIONS))
    assert not set(videoid.ONE_SHOT_OPERATIONS) & set(videoid.OPERATIONS)
    for name in videoid.ONE_SHOT_OPERATIONS:
        assert callable(getattr(OneShot, name)) and inspect.iscoroutinefunction(getattr(AsyncOneShot, name))


def test_secrets_are_not_shown(sandbox: Sandbox, dialect: str) -> None:
    secret = sandbox.ready["one_shot"]["billing"]["password"]
    with OneShot(**sandbox.one_shot_settings, dialect=dialect) as client:
        rao = OneShotRao.from_dict(sandbox.one_shot_rao)
        token = client.create_token({name: value for name, value in sandbox.one_shot_rao.items() if name != "rao"})
        held, listed = client.get_token(token.token_uid), client.list_tokens()
        with_token = OneShotRao(token=token.token_uid, rao=sandbox.rao["rao_id"])
        seen = " ".join(map(repr, (client, client.config, rao, token, held, listed, with_token, [with_token], videoid.Signing(secret="864201"))))
        assert any(one.token_uid == token.token_uid for one in listed.tokens)
        assert token.token_uid not in seen and "token_uid=***" in repr(token) and "token=***" in repr(with_token)
        for hidden in (secret, "864201", sandbox.rao["password"], sandbox.rao["pin"]):
            assert hidden not in seen
        # The value itself is there for who asks for it, and so it is after a pickle.
        assert pickle.loads(pickle.dumps(with_token)) == with_token and with_token.token == token.token_uid
        client.delete_token(token.token_uid)
        with pytest.raises(videoid.VideoIdError) as caught:
            client.get_token(token.token_uid)
        assert caught.value.code == "token_unknown"
        assert token.token_uid not in repr(caught.value) + str(caught.value) + caught.value.detail


def test_a_billing_password_that_looks_like_base64_is_warned_of(sandbox: Sandbox) -> None:
    heard: list[videoid.HookEvent] = []
    settings = {**sandbox.one_shot_settings, "billing_password": "QjFsbC1pbmc="}
    with OneShot(**settings, hooks=heard.append) as client, pytest.raises(videoid.ApiError) as caught:
        client.create_videoid(NEW)
    assert caught.value.code == "billing_rejected"
    videoid._native.flush_callbacks()
    warnings = [event for event in heard if event.kind == "warning"]
    assert warnings and "Base64" in str(warnings[0].to_json()) and "QjFsbC1pbmc=" not in "".join(event.to_json() for event in heard)


def test_the_other_dialect_is_named(sandbox: Sandbox) -> None:
    for spoken, asked in (DIALECTS, DIALECTS[::-1]):
        sandbox.control("PUT", "/settings", {"one_shot": {"dialect": spoken}})
        with OneShot(**sandbox.one_shot_settings, dialect=asked) as client, pytest.raises(videoid.VideoIdError) as caught:
            client.hello()
        assert caught.value.code == "wrong_dialect" and isinstance(caught.value, videoid.ConfigError)
        assert spoken.capitalize() in str(caught.value) or spoken in str(caught.value)


def test_documents_of_every_kind(external: Sandbox, dialect: str, tmp_path: Path) -> None:
    path = tmp_path / "contract.pdf"
    path.write_bytes(PDF)
    with OneShot(**external.one_shot_settings, dialect=dialect) as client:
        pk = approved(client, external).request_pk
        assert client.get_oneshot_request(pk).status == "ENROLLREADY"
        documents: list[Any] = [path, str(path), PDF, bytearray(PDF), io.BytesIO(PDF), Source.path(path)]
        seen: list[tuple[int, int]] = []
        uploaded = client.upload_documents(pk, documents, progress=lambda sent, total: seen.append((sent, total))).documents
        assert len(uploaded) == 6 and seen[-1][0] == seen[-1][1]
        with pytest.raises(videoid.ValidationError) as caught:
            client.upload_documents(pk, [Source.stream([PDF], len(PDF))])
        assert caught.value.code == "body_not_repeatable"
        assert client.upload_documents(pk, (PDF,)).documents[0].uid
        listed = client.list_documents(pk).documents
        assert len(listed) == 7 and {one.uid for one in listed} > {one.uid for one in uploaded}
        back = client.get_document(pk, uploaded[0].uid, "original", tmp_path / "back.pdf")
        assert (tmp_path / "back.pdf").read_bytes() == PDF and back.bytes == len(PDF)
        assert (tmp_path / "back.pdf").stat().st_mode & 0o777 == 0o600
        for wrong in (str(path), PDF, path, {"a": path}, None):
            with pytest.raises(TypeError, match="documents"):
                client.upload_documents(pk, wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"documents\[1\]"):
            client.upload_documents(pk, [PDF, 5])  # type: ignore[list-item]
        with pytest.raises(videoid.ValidationError) as caught:
            client.upload_documents(pk, [FRONT.read_bytes()])
        assert caught.value.code in ("document_unrecognised", "unsupported_type")
        with pytest.raises(videoid.ValidationError) as caught:
            client.upload_documents(pk, [PDF] * 11)
        assert caught.value.code == "field_invalid"


def test_a_request_with_pictures_some_of_which_may_be_left_out(sandbox: Sandbox, dialect: str) -> None:
    request = {
        **NEW, "given_name": "ANNA MARIA", "surname_1": "ERIKSSON", "serial_number": "D23145890", "id_document_type": "IDC",
        "id_document_country": "ES", **{name: value for name, value in sandbox.one_shot_rao.items() if name != "rao"},
    }  # fmt: skip
    with OneShot(**sandbox.one_shot_settings, dialect=dialect) as client:
        first = client.create_oneshot_request(request, FRONT, OWNER, document_rear=REAR)
        # A passport has no rear.
        passport = {**request, "id_document_type": "PAS"}
        second = client.create_oneshot_request(passport, FRONT.read_bytes(), io.BytesIO(OWNER.read_bytes()), extra_document=REAR)
        assert first.request_pk != second.request_pk
    rows = sandbox.received("create_oneshot_request")
    files = [{part["name"] for part in row["body"] if part.get("filename")} for row in rows]
    assert files == [{"document_front", "document_rear", "document_owner"}, {"document_front", "document_owner", "extra_document"}]


def test_a_video_goes_up_and_comes_back(external: Sandbox, dialect: str, tmp_path: Path) -> None:
    video = write_mp4(tmp_path / "video.mp4", 5_000_000)
    seen: list[tuple[int, int]] = []
    with OneShot(**external.one_shot_settings, dialect=dialect) as client:
        handle = client.create_videoid(NewVideoId(**NEW)).handle
        client.upload_videoid_video(handle, video, progress=lambda sent, total: seen.append((sent, total)))
        assert seen[-1][0] == seen[-1][1] > 5_000_000 and [sent for sent, _ in seen] == sorted(sent for sent, _ in seen)
        down: list[tuple[int, int]] = []
        client.download_videoid_video(handle.to_dict(), tmp_path / "back.mp4", progress=lambda sent, total: down.append((sent, total)))
        assert (tmp_path / "back.mp4").read_bytes() == video.read_bytes() and down[-1][0] == 5_000_000


def test_an_upload_is_cancelled_by_a_token(external: Sandbox, dialect: str, tmp_path: Path) -> None:
    external.control("POST", "/faults", [{"operation": "upload_videoid_video", "kind": "slow_reading", "ms": 50}])
    size = 60_000_000
    video, token = write_mp4(tmp_path / "video.mp4", size), videoid.CancelToken()
    with OneShot(**external.one_shot_settings, dialect=dialect) as client:
        handle = client.create_videoid(NEW).handle
        with pytest.raises(videoid.OperationCancelledError):
            client.upload_videoid_video(handle, video, cancel=token, progress=lambda sent, total: sent > 2_000_000 and token.cancel())
    broken_off(external, size)


def test_an_upload_is_cancelled_with_its_task(external: Sandbox, dialect: str, tmp_path: Path) -> None:
    external.control("POST", "/faults", [{"operation": "upload_videoid_video", "kind": "slow_reading", "ms": 50}])
    size = 60_000_000
    video = write_mp4(tmp_path / "video.mp4", size)

    async def main() -> None:
        async with AsyncOneShot(**external.one_shot_settings, dialect=dialect) as client:
            handle = (await client.create_videoid(NEW)).handle
            begun = asyncio.Event()
            task = asyncio.ensure_future(client.upload_videoid_video(handle, video, progress=lambda s, t: s > 2_000_000 and begun.set()))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # The client goes on.
            assert (await client.get_oneshot_request(handle.request_pk)).status == "VIDEOPENDING"

    asyncio.run(main())
    broken_off(external, size)


def broken_off(sandbox: Sandbox, size: int) -> None:
    rows = eventually(lambda: [row for row in sandbox.received("upload_videoid_video") if not row["complete"]], 30)
    assert rows and rows[0]["bytes_read"] < size / 2


def test_many_threads_and_tasks_share_a_client(sandbox: Sandbox) -> None:
    made: list[int] = []
    with OneShot(**sandbox.one_shot_settings) as client:
        threads = [threading.Thread(target=lambda: made.append(client.create_videoid(NEW).handle.request_pk)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    async def main() -> list[int]:
        async with AsyncOneShot(**sandbox.one_shot_settings, dialect="legacy") as client:
            return [one.handle.request_pk for one in await asyncio.gather(*(client.create_videoid(NEW) for _ in range(8)))]

    assert len({*made, *asyncio.run(main())}) == 16


def test_errors_have_their_class_and_travel(sandbox: Sandbox, dialect: str) -> None:
    with OneShot(**sandbox.one_shot_settings, dialect=dialect) as client:
        handle = client.create_videoid(NEW).handle
        cases: list[tuple[Any, str, type[Exception]]] = [
            (lambda: client.get_oneshot_request(videoid.RequestPk(1)), "not_found", videoid.NotFoundError),
            (lambda: client.create_videoid({**NEW, "registration_authority": sandbox.ready["one_shot"]["ra"]["without_videoid_id"]}), "videoid_not_enabled", videoid.ApiError),
            (lambda: client.refuse_oneshot_videoid(handle, sandbox.one_shot_rao, ""), "field_missing", videoid.ValidationError),
            (lambda: client.get_token("0" * 32), "token_unknown", videoid.ApiError),
            (lambda: client.create_videoid({**NEW, "email": ""}), "field_missing", videoid.ValidationError),
        ]
        for call, code, kind in cases:
            with pytest.raises(kind) as caught:
                call()
            error: Any = caught.value
            assert error.code == code, error
            again = pickle.loads(pickle.dumps(error))
            assert (type(again), again.code, again.operation, str(again)) == (type(error), error.code, error.operation, str(error))
        if dialect == "current":
            with pytest.raises(videoid.VideoIdError) as unsupported:
                client.validate_oneshot_videoid(handle, sandbox.one_shot_rao)
            assert unsupported.value.code == "unsupported"
        with pytest.raises(TypeError, match="rao"):
            client.approve_oneshot_videoid(handle, "officer")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="handle"):
            client.approve_oneshot_videoid(handle.request_pk, sandbox.one_shot_rao)  # type: ignore[arg-type]
