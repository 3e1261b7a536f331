"""The sync client: settings, options, hooks, logging, sources, bundle, workflow."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import videoid
from support import REQUEST, SPECIMEN, VIDEO, Sandbox, eventually, write_mp4
from videoid import Evidence, ExternalVideoId, NewRequest, RegistrationAuthority, Source, Status

FRONT, REAR, OWNER = (SPECIMEN / f"document_{side}.jpg" for side in ("front", "rear", "owner"))


def evidence() -> Evidence:
    return Evidence.build(document_front=FRONT, document_rear=REAR, document_owner=OWNER)


def new_request(ra: RegistrationAuthority) -> videoid.Request:
    card = ra.get_first_unused_scratchcard()
    made = ra.create_request({**REQUEST, "scratchcard": card.sn, "videoid_mode": 1})
    return ra.get_request(made.pk)


def identifier(request: videoid.Request) -> videoid.VideoIdentifier:
    assert request.videoid_data is not None and request.videoid_data.video_identifier is not None
    return request.videoid_data.video_identifier


def test_the_ten_lines_of_the_readme(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    lines = re.findall(r"```python\n(.*?)```", readme, re.S)[0]
    for name, source in {"front.jpg": FRONT, "rear.jpg": REAR, "selfie.jpg": OWNER, "video.mp4": VIDEO}.items():
        (tmp_path / name).symlink_to(source)
    monkeypatch.chdir(tmp_path)
    for name, value in {"ENVIRONMENT": "custom", "RA_URL": sandbox.ready["ra_url"], "UPLOAD_URL": sandbox.ready["upload_url"], "RA": "121", "VIDEO_PK": "request_pk"}.items():
        monkeypatch.setenv(f"VIDEOID_{name}", value)
    names: dict[str, Any] = {name: sandbox.rao[name] for name in ("username", "password", "pin")}
    exec(lines, names)
    assert names["outcome"].status == Status.ENROLLREADY


def test_settings_from_config_and_arguments(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    config = videoid.RaConfig(**sandbox.settings, strict=True)
    ra = RegistrationAuthority(config, video_pk="videoid_pk")
    assert ra.config.strict and ra.config.video_pk == "videoid_pk" and ra.config.api_url == sandbox.ready["ra_url"]
    monkeypatch.setenv("VIDEOID_ENVIRONMENT", "production")
    monkeypatch.setenv("VIDEOID_RA", "7")
    ra = RegistrationAuthority.from_env(registration_authority="8")
    assert (ra.config.environment, ra.config.registration_authority) == ("production", "8")
    assert "production" in repr(ra)


def test_hooks_hear_of_every_call(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_first_unused_scratchcard", "kind": "status", "status": 503}])
    heard: list[videoid.HookEvent] = []
    with RegistrationAuthority(**sandbox.settings, retry={"base_delay_ms": 1}, hooks=heard.append) as ra:
        ra.get_first_unused_scratchcard()
    assert videoid._native.flush_callbacks()
    assert [event.kind for event in heard] == ["attempt", "retry", "attempt", "outcome"]
    assert {event.operation for event in heard} == {"get_first_unused_scratchcard"}
    assert len({event.correlation_id for event in heard}) == 1
    assert heard[0].http_status == 503 and heard[-1].code is None


def test_a_hook_that_raises_harms_no_call(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    unraisable: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)

    def hook(_: videoid.HookEvent) -> None:
        raise ValueError("a hook")

    with RegistrationAuthority(**sandbox.settings, hooks=hook) as ra:
        ra.get_first_unused_scratchcard()
    # Both events, so that none is heard of when the next test runs.
    assert videoid._native.flush_callbacks() and len(unraisable) == 2


def test_logging_hook(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "videoid.calls"), RegistrationAuthority(**sandbox.settings, hooks=videoid.logging_hook()) as ra:
        ra.get_first_unused_scratchcard()
        videoid._native.flush_callbacks()
    assert [record.levelname for record in caplog.records] == ["DEBUG", "INFO"]
    assert "operation=get_first_unused_scratchcard" in caplog.records[-1].getMessage()


def test_progress_is_in_the_calling_thread_and_ends_whole(sandbox: Sandbox, tmp_path: Path) -> None:
    video = write_mp4(tmp_path / "video.mp4", 30_000_000)
    seen: list[tuple[int, int, int]] = []
    with RegistrationAuthority(**sandbox.settings) as ra:
        ra.upload_video(identifier(new_request(ra)), video, progress=lambda s, t: seen.append((s, t, threading.get_ident())))
    assert {thread for _, _, thread in seen} == {threading.get_ident()}
    assert [s for s, _, _ in seen] == sorted(s for s, _, _ in seen) and seen[-1][0] == seen[-1][1] > 30_000_000
    assert len({total for _, total, _ in seen}) == 1


def test_an_exception_in_progress_ends_the_call(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.control("POST", "/faults", [{"operation": "upload_video", "kind": "slow_reading", "ms": 50}])
    video = write_mp4(tmp_path / "video.mp4", 40_000_000)

    def progress(sent: int, total: int) -> None:
        raise KeyError("mine")

    with RegistrationAuthority(**sandbox.settings) as ra:
        request = new_request(ra)
        with pytest.raises(KeyError, match="mine"):
            ra.upload_video(identifier(request), video, progress=progress)
    with pytest.raises(TypeError):
        ra.upload_video(identifier(request), video, progress=1)  # type: ignore[arg-type]


def test_cancel_closes_the_connection(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.control("POST", "/faults", [{"operation": "upload_video", "kind": "slow_reading", "ms": 50}])
    size = 60_000_000
    video, token = write_mp4(tmp_path / "video.mp4", size), videoid.CancelToken()

    def progress(sent: int, total: int) -> None:
        if sent > 2_000_000:
            token.cancel()

    with RegistrationAuthority(**sandbox.settings) as ra, pytest.raises(videoid.OperationCancelledError) as caught:
        ra.upload_video(identifier(new_request(ra)), video, cancel=token, progress=progress)
    assert caught.value.code == "cancelled" and token.cancelled
    row = eventually(lambda: [row for row in sandbox.received("upload_video") if not row["complete"]])[0]
    assert row["bytes_read"] < size / 2


def test_cancel_from_another_thread(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_request", "kind": "delay", "ms": 20000}])
    token = videoid.CancelToken()
    threading.Timer(0.3, token.cancel).start()
    with RegistrationAuthority(**sandbox.settings) as ra, pytest.raises(videoid.OperationCancelledError):
        ra.get_request(videoid.RequestPk(1), cancel=token)


@pytest.mark.parametrize("timeout", [0.2, timedelta(milliseconds=200)])
def test_timeouts(sandbox: Sandbox, timeout: float | timedelta) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_request", "kind": "delay", "ms": 20000}])
    with RegistrationAuthority(**sandbox.settings) as ra, pytest.raises(videoid.RequestTimeoutError):
        ra.get_request(videoid.RequestPk(1), timeout=timeout)
    for bad in (-1, float("nan"), "soon"):
        with pytest.raises((ValueError, TypeError), match="timeout"):
            ra.get_request(videoid.RequestPk(1), timeout=bad)  # type: ignore[arg-type]


class NoSeek(io.RawIOBase):
    """A stream that can only be read, as a pipe."""

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self.data.read(size)


@pytest.mark.parametrize("kind", ["str", "path", "bytes", "bytearray", "memoryview", "file", "bytesio", "iterator", "pipe", "source"])
def test_every_kind_of_source(sandbox: Sandbox, kind: str) -> None:
    data = VIDEO.read_bytes()
    sources: dict[str, Any] = {
        "str": str(VIDEO), "path": VIDEO, "bytes": data, "bytearray": bytearray(data), "memoryview": memoryview(data),
        "bytesio": io.BytesIO(data), "source": Source.path(VIDEO),
        "iterator": Source.stream((data[at : at + 5000] for at in range(0, len(data), 5000)), len(data)),
        "pipe": Source.file(NoSeek(data), len(data)),  # type: ignore[arg-type]
    }
    with VIDEO.open("rb") as file, RegistrationAuthority(**sandbox.settings) as ra:
        request = new_request(ra)
        ra.upload_video(identifier(request), file if kind == "file" else sources[kind])
        assert not file.closed
    state = sandbox.control("GET", f"/requests/{request.pk}")
    assert state["video"]["sha256"] == hashlib.sha256(data).hexdigest()


def test_sources_say_what_they_are(tmp_path: Path) -> None:
    source = Source.path(tmp_path / "anna-eriksson.mp4")
    assert repr(source) == "Source(path)" and source.replayable and source
    with pytest.raises(videoid.ValidationError) as caught:
        source.length  # noqa: B018
    assert "anna" not in str(caught.value)
    assert Source.bytes(b"abc").length == 3
    assert not Source.stream(iter([b"abc"]), 3).replayable
    for bad in (5, object()):
        with pytest.raises(TypeError, match="document_front"):
            Evidence.build(document_front=bad)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Source.stream"):
        Evidence.build(document_front=iter([b"abc"]))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="length"):
        Source.file(NoSeek(b"abc"))  # type: ignore[arg-type]


def test_an_iterator_that_raises_or_is_short(sandbox: Sandbox) -> None:
    def broken() -> Any:
        yield b"x" * 1000
        raise OSError("the camera went away")

    with RegistrationAuthority(**sandbox.settings) as ra:
        request = new_request(ra)
        with pytest.raises(OSError, match="camera"):
            ra.upload_video(identifier(request), Source.stream(broken(), 5_000_000))
        with pytest.raises(videoid.ValidationError) as caught:
            ra.upload_video(identifier(request), Source.stream([b"x" * 1000], 5_000_000))
        assert caught.value.code == "source_changed"
        with pytest.raises(TypeError):
            ra.upload_video(identifier(request), Source.stream(["text"], 5))  # type: ignore[list-item]

    async def chunks() -> Any:
        yield b"x"

    with pytest.raises(TypeError, match="Async"):
        ra.upload_video(identifier(request), Source.stream(chunks(), 1))


def test_file_objects_begin_where_they_stand() -> None:
    file = io.BytesIO(b"junk" + FRONT.read_bytes())
    file.seek(4)
    built = Evidence.build(document_front=file)
    assert built.sha256() == Evidence.build(document_front=FRONT).sha256()
    assert file.tell() == 4


def test_read_back_and_documents(sandbox: Sandbox, tmp_path: Path) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        flow = ExternalVideoId(ra)
        submission = flow.submit(NewRequest(**REQUEST), evidence(), VIDEO)
        request = ra.get_request(submission.request_pk, tmp_path)
        assert request.videoid_data is not None and request.videoid_data.data is not None
        images = {image.name: image.path for image in request.videoid_data.data.images}
        assert Path(images["document_front"] or "").read_bytes() == FRONT.read_bytes()
        found = ra.list_requests(videoid.RequestFilter(scratchcard=submission.scratchcard))
        assert [one.pk for one in found.results] == [submission.request_pk]
        video = ra.download_video(identifier(request), tmp_path / "back.mp4")
        assert Path(video.path).read_bytes() == VIDEO.read_bytes()
        outcome = flow.validate(sandbox.rao)
        assert outcome.contract is not None and outcome.contract.content.startswith(b"%PDF")
        assert outcome.declaration is not None and outcome.declaration.receipt
        assert outcome.secrets is not None and outcome.secrets.pin


def test_bundle_and_workflow_in_another_process(sandbox: Sandbox, tmp_path: Path) -> None:
    manifest = videoid.Bundle.save(tmp_path / "bundle", evidence(), VIDEO)
    assert manifest.format == 1
    bundle = videoid.Bundle.load(tmp_path / "bundle")
    assert bundle.video is not None and "Bundle(" in repr(bundle)
    states: list[str] = []
    events: list[videoid.WorkflowEvent] = []
    with RegistrationAuthority(**sandbox.settings) as ra:
        flow = ExternalVideoId(ra, store=states.append, on_event=events.append)
        flow.submit(NewRequest(**REQUEST), bundle.evidence, bundle.video)
        assert states and [e.status for e in events if e.kind == "status"][-1] == Status.VIDEOREVIEW
        program = "import sys, json, videoid; s = json.loads(sys.argv[1]); ra = videoid.RegistrationAuthority(**s['settings'])\nprint(videoid.ExternalVideoId.resume(ra, s['state']).refuse(s['rao'], 'blurred').videoid_status)"
        given = json.dumps({"settings": sandbox.settings, "state": flow.state, "rao": sandbox.rao})
        said = subprocess.run([sys.executable, "-c", program, given], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "REFUSED"


def test_a_store_that_fails_stops_the_workflow_before_the_call(sandbox: Sandbox) -> None:
    def store(_: str) -> None:
        raise OSError("no room")

    with RegistrationAuthority(**sandbox.settings) as ra:
        with pytest.raises(OSError, match="no room"):
            ExternalVideoId(ra, store=store).submit(NewRequest(**REQUEST), evidence(), VIDEO)

        async def coroutine(_: str) -> None: ...

        with pytest.raises(TypeError, match="AsyncExternalVideoId"):
            ExternalVideoId(ra, store=coroutine).submit(NewRequest(**REQUEST), evidence(), VIDEO)  # type: ignore[arg-type]
    assert not sandbox.received("create_request")


def test_many_threads_at_once(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/settings", {"share_card": True})
    done: list[videoid.Submission] = []
    with RegistrationAuthority(**sandbox.settings) as ra:
        def work(number: int) -> None:
            built = Evidence.build(document_front=FRONT, document_rear=REAR, document_owner=OWNER, ocr_data={"given_name": f"NAME{number}"})
            done.append(ExternalVideoId(ra).submit({**REQUEST, "given_name": f"NAME{number}"}, built, VIDEO))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len({one.request_pk for one in done}) == 20 and {one.status for one in done} == {Status.VIDEOREVIEW}
    assert len(sandbox.control("GET", "/requests")["requests"]) == 20


def test_the_interpreter_is_free_while_a_call_waits(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_first_unused_scratchcard", "kind": "delay", "ms": 500}])
    ticks = 0
    with RegistrationAuthority(**sandbox.settings) as ra:
        thread = threading.Thread(target=ra.get_first_unused_scratchcard)
        thread.start()
        while thread.is_alive():
            ticks += 1
            time.sleep(0.01)
    assert ticks > 10
