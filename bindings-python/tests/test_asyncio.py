"""The asyncio client: cancelling, many at once, callbacks in the loop."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import videoid
from support import REQUEST, SPECIMEN, VIDEO, Sandbox, eventually, write_mp4
from videoid import AsyncExternalVideoId, AsyncRegistrationAuthority, Evidence, NewRequest, Source, Status

FRONT, REAR, OWNER = (SPECIMEN / f"document_{side}.jpg" for side in ("front", "rear", "owner"))


async def identifier(ra: AsyncRegistrationAuthority) -> videoid.VideoIdentifier:
    card = await ra.get_first_unused_scratchcard()
    made = await ra.create_request({**REQUEST, "scratchcard": card.sn, "videoid_mode": 1})
    request = await ra.get_request(made.pk)
    assert request.videoid_data is not None and request.videoid_data.video_identifier is not None
    return request.videoid_data.video_identifier


def test_cancelling_a_task_closes_the_connection(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.control("POST", "/faults", [{"operation": "upload_video", "kind": "slow_reading", "ms": 50}])
    size = 60_000_000
    video = write_mp4(tmp_path / "video.mp4", size)

    async def main() -> None:
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            begun = asyncio.Event()
            task = asyncio.ensure_future(ra.upload_video(await identifier(ra), video, progress=lambda s, t: s > 2_000_000 and begun.set()))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    rows = eventually(lambda: [row for row in sandbox.received("upload_video") if not row["complete"]])
    assert rows and rows[0]["bytes_read"] < size / 2


def test_wait_for_and_token(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_request", "kind": "delay", "ms": 20000, "times": 2}])

    async def main() -> None:
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(ra.get_request(videoid.RequestPk(1)), 0.2)
            token = videoid.CancelToken()
            asyncio.get_running_loop().call_later(0.2, token.cancel)
            with pytest.raises(videoid.OperationCancelledError):
                await ra.get_request(videoid.RequestPk(1), cancel=token)

    asyncio.run(main())


def test_callbacks_run_in_the_loop_with_the_callers_context(sandbox: Sandbox) -> None:
    who: contextvars.ContextVar[str] = contextvars.ContextVar("who", default="nobody")
    seen: set[tuple[int, str]] = set()

    def note(*_: Any) -> None:
        seen.add((threading.get_ident(), who.get()))

    async def store(_: str) -> None:
        await asyncio.sleep(0)
        note()

    async def main() -> None:
        who.set("caller")
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            built = await Evidence.build_async(document_front=FRONT, document_rear=REAR, document_owner=OWNER)
            flow = AsyncExternalVideoId(ra, store=store, on_event=note)
            submission = await flow.submit(NewRequest(**REQUEST), built, VIDEO, progress=note)
            assert submission.status == Status.VIDEOREVIEW
            again = AsyncExternalVideoId.resume(ra, flow.state)
            assert (await again.approve(sandbox.rao)).status == Status.ENROLLREADY

    asyncio.run(main())
    assert seen == {(threading.get_ident(), "caller")}


def test_exceptions_of_callbacks_end_the_call(sandbox: Sandbox) -> None:
    async def store(_: str) -> None:
        raise OSError("no room")

    def progress(sent: int, total: int) -> None:
        raise KeyError("mine")

    async def main() -> None:
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            built = await Evidence.build_async(document_front=FRONT)
            with pytest.raises(OSError, match="no room"):
                await AsyncExternalVideoId(ra, store=store).submit(NewRequest(**REQUEST), built, VIDEO)
            with pytest.raises(KeyError, match="mine"):
                await ra.upload_video(await identifier(ra), VIDEO, progress=progress)

    asyncio.run(main())


def test_async_iterators(sandbox: Sandbox) -> None:
    async def chunks(fail: bool = False) -> AsyncIterator[bytes]:
        with VIDEO.open("rb") as file:
            while piece := file.read(10_000):
                await asyncio.sleep(0)
                yield piece
                if fail:
                    raise OSError("the camera went away")

    async def main() -> None:
        length = VIDEO.stat().st_size
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            assert (await ra.upload_video(await identifier(ra), Source.stream(chunks(), length))).status
            with pytest.raises(OSError, match="camera"):
                await ra.upload_video(await identifier(ra), Source.stream(chunks(fail=True), length))
            # One that was read already is not read again.
            source, name = Source.stream(chunks(), length), await identifier(ra)
            await ra.upload_video(name, source)
            with pytest.raises(videoid.VideoIdError) as caught:
                await ra.upload_video(await identifier(ra), source)
            assert caught.value.code == "body_not_repeatable"

    asyncio.run(main())


def test_fifty_workflows_at_once(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/settings", {"share_card": True})

    async def one(ra: AsyncRegistrationAuthority, number: int) -> tuple[int, videoid.Submission]:
        built = await Evidence.build_async(document_front=FRONT, document_rear=REAR, document_owner=OWNER, ocr_data={"given_name": f"NAME{number}"})
        return number, await AsyncExternalVideoId(ra).submit({**REQUEST, "given_name": f"NAME{number}"}, built, VIDEO)

    async def main() -> list[tuple[int, videoid.Submission]]:
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            before = threading.active_count()
            done = await asyncio.gather(*(one(ra, number) for number in range(50)))
            assert threading.active_count() == before
            return done

    done = asyncio.run(main())
    kept = sandbox.control("GET", "/requests")["requests"]
    assert len(kept) == 50 and len({submission.request_pk for _, submission in done}) == 50
    for number, submission in done:
        state = sandbox.control("GET", f"/requests/{submission.request_pk}?personal=true")
        assert state["fields"]["given_name"] == f"NAME{number}"
        assert state["evidence"]["ocr_data"]["given_name"] == f"NAME{number}"
        assert state["status"] == "VIDEOREVIEW"


def test_the_loop_is_never_blocked(sandbox: Sandbox, tmp_path: Path) -> None:
    video = write_mp4(tmp_path / "video.mp4", 100_000_000)

    async def main() -> None:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.005)
                ticks += 1

        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            name = await identifier(ra)
            sandbox.control("POST", "/faults", [{"operation": "upload_video", "kind": "delay", "ms": 300}])
            ticking = asyncio.ensure_future(tick())
            await ra.upload_video(name, video)
            ticking.cancel()
        assert ticks > 10

    asyncio.run(main())


def test_without_a_loop() -> None:
    with pytest.raises(RuntimeError, match="loop"):
        videoid._native.provoke_panic_async()


def test_panics_can_be_caught() -> None:
    async def main() -> None:
        with pytest.raises(videoid.InternalError):
            await videoid._native.provoke_panic_async()

    asyncio.run(main())


def test_bundle_and_checks(tmp_path: Path) -> None:
    async def main() -> None:
        built = await Evidence.build_async(document_front=FRONT)
        await videoid.Bundle.save_async(tmp_path / "bundle", built, VIDEO)
        bundle = await videoid.Bundle.load_async(tmp_path / "bundle")
        assert bundle.evidence.sha256() == built.sha256()
        assert (await videoid.check_video_async(VIDEO)).checked
        report = await Evidence.check_async(document_front=SPECIMEN / "none.jpg")
        assert report.findings[-1].severity in ("error", "warning")

    asyncio.run(main())
