"""Figures of this package on this machine, for a report; nothing here passes or fails.

    python bindings-python/tests/figures.py

Prints two tables: by how much a heartbeat of 10 ms in the event loop comes late while the library works, beside an idle loop in
the same process; and by how much sending raises the peak of private memory, for each kind of source. It wants the installed
package and the sandbox, as the tests do, and an otherwise idle machine.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import sources
from support import REQUEST, Sandbox
from videoid import AsyncRegistrationAuthority, Evidence, RequestPk, VideoIdentifier

BEAT = 0.010
IDLE = 3.0
MB = 1_000_000


async def late(work: Callable[[], Awaitable[object]]) -> tuple[float, list[float]]:
    """How long the work took, and by how many milliseconds each beat came late meanwhile."""
    slips: list[float] = []

    async def beat() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT)
            slips.append((time.perf_counter() - before - BEAT) * 1000)

    beating = asyncio.ensure_future(beat())
    await asyncio.sleep(BEAT)
    began = time.perf_counter()
    await work()
    took = time.perf_counter() - began
    beating.cancel()
    return took, slips


async def identifier(ra: AsyncRegistrationAuthority) -> tuple[RequestPk, VideoIdentifier]:
    card = await ra.get_first_unused_scratchcard()
    made = await ra.create_request({**REQUEST, "scratchcard": card.sn, "videoid_mode": 1})
    data = (await ra.get_request(made.pk)).videoid_data
    assert data is not None and data.video_identifier is not None
    return made.pk, data.video_identifier


async def heartbeat(sink: Sandbox, files: dict[str, dict[str, str]], video: str) -> None:
    async with AsyncRegistrationAuthority(**sink.settings) as ra:
        pk, _ = await identifier(ra)
        # A request takes one video.
        names = [(await identifier(ra))[1] for _ in range(3)]
        built = await Evidence.build_async(**files["images"])
        data = Path(video).read_bytes()

        async def calls() -> None:
            async def some() -> None:
                for _ in range(1250):
                    await ra.get_request(pk)

            await asyncio.gather(*(some() for _ in range(8)))

        async def building() -> None:
            for _ in range(200):
                await Evidence.build_async(**files["images"])

        async def sending() -> None:
            for _ in range(5):
                await ra.upload_evidence(pk, built)

        works: dict[str, Callable[[], Awaitable[object]]] = {
            "idle": lambda: asyncio.sleep(IDLE),
            "10,000 reads of a request, 8 at a time": calls,
            "evidence of 4 images of 4 MB built 200 times": building,
            "evidence of 4 images of 4 MB sent five times": sending,
            "video of 500 MB from a path": lambda: ra.upload_video(names[0], video),
            "video of 500 MB from bytes": lambda: ra.upload_video(names[1], data),
            "video of 500 MB from a file object": lambda: ra.upload_video(names[2], open(video, "rb")),  # noqa: SIM115
        }
        print("| 10 ms heartbeat, late by (ms) | seconds | beats | median | 99 % | most |\n| --- | ---: | ---: | ---: | ---: | ---: |")
        for what, work in works.items():
            took, slips = await late(work)
            slips.sort()
            at99 = slips[min(len(slips) - 1, int(len(slips) * 0.99))] if slips else 0.0
            middle, most = (statistics.median(slips), slips[-1]) if slips else (0.0, 0.0)
            print(f"| {what} | {took:.2f} | {len(slips)} | {middle:.2f} | {at99:.2f} | {most:.2f} |", flush=True)


def memory(sink: Sandbox, folder: Path) -> None:
    files = sources.files(folder, 20 * MB, 500 * MB)
    print("\n| 4 images of 20 MB and a video of 500 MB from | sync | asyncio |\n| --- | ---: | ---: |")
    for kind in sources.KINDS:
        more = [sources.growth(sink, files, kind, is_async)[0] / 1000 for is_async in (False, True)]
        print(f"| {kind} | {more[0]:+.1f} MB | {more[1]:+.1f} MB |", flush=True)


def main() -> None:
    sink = Sandbox("--discard-uploads")
    try:
        with tempfile.TemporaryDirectory() as folder:
            made = sources.files(Path(folder), 4 * MB, 500 * MB)["large"]
            asyncio.run(heartbeat(sink, made, made["video"]))
            memory(sink, Path(folder))
    finally:
        sink.stop()


if __name__ == "__main__":
    main()
