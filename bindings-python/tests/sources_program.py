"""Sends four images and a video that come from one kind of source, and prints the peak of this process's private memory in kB.
Run by test_memory_sources.py and figures.py: `sources_program.py JSON`, with `kind`, `asyncio`, `send`, `settings`, `pks`, `files`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import videoid
from peak import Peak

given: dict[str, Any] = json.loads(sys.argv[1])
PIECE = 256 * 1024


def pieces(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece


async def async_pieces(path: str) -> AsyncIterator[bytes]:
    for piece in pieces(path):
        yield piece


def source(path: str, is_image: bool) -> Any:
    """The file as that kind of source. Bytes are in memory before anything is measured, also where nothing is sent."""
    kind = given["kind"]
    if kind == "bytes":
        return Path(path).read_bytes()
    if kind == "file":
        return open(path, "rb")  # noqa: SIM115
    if kind == "stream" and not is_image:
        length = Path(path).stat().st_size
        return videoid.Source.stream(async_pieces(path) if given["asyncio"] else pieces(path), length)
    # An image is read twice, when it is checked and when it is sent: an iterator cannot be one.
    return path


def loaded(which: str) -> tuple[dict[str, Any], Any]:
    files = given["files"][which]
    return {side: source(path, True) for side, path in files["images"].items()}, source(files["video"], False)


def identifier(request: videoid.Request) -> videoid.VideoIdentifier:
    assert request.videoid_data is not None and request.videoid_data.video_identifier is not None
    return request.videoid_data.video_identifier


def sync() -> int:
    small, large = loaded("small"), loaded("large")
    with videoid.RegistrationAuthority(**given["settings"]) as ra:
        pks = [videoid.RequestPk(pk) for pk in given["pks"]]
        names = [identifier(ra.get_request(pk)) for pk in pks]

        def send(at: int, images: dict[str, Any], video: Any) -> None:
            ra.upload_evidence(pks[at], videoid.Evidence.build(**images))
            ra.upload_video(names[at], video)

        # A warm-up transfer: threads, buffers and code are there afterwards, in the control process too.
        send(0, *small)
        peak = Peak()
        if given["send"]:
            send(1, *large)
        return peak.end()


async def asyncio_() -> int:
    small, large = loaded("small"), loaded("large")
    async with videoid.AsyncRegistrationAuthority(**given["settings"]) as ra:
        pks = [videoid.RequestPk(pk) for pk in given["pks"]]
        names = [identifier(await ra.get_request(pk)) for pk in pks]

        async def send(at: int, images: dict[str, Any], video: Any) -> None:
            await ra.upload_evidence(pks[at], await videoid.Evidence.build_async(**images))
            await ra.upload_video(names[at], video)

        await send(0, *small)
        peak = Peak()
        if given["send"]:
            await send(1, *large)
        return peak.end()


print(asyncio.run(asyncio_()) if given["asyncio"] else sync())
