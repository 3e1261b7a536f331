"""Sends or reads much, and prints the peak of this process's private memory in kB. Run by test_memory.py."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import videoid
from peak import Peak

given: dict[str, Any] = json.loads(sys.argv[1])


def images(which: str) -> dict[str, str]:
    found: dict[str, str] = given[which]
    return found


def identifier(ra: videoid.RegistrationAuthority, pk: videoid.RequestPk) -> videoid.VideoIdentifier:
    data = ra.get_request(pk).videoid_data
    assert data is not None and data.video_identifier is not None
    return data.video_identifier


def sync() -> int:
    with videoid.RegistrationAuthority(**given["settings"]) as ra:
        pks = [videoid.RequestPk(pk) for pk in given["pks"]]
        names = [identifier(ra, pk) for pk in pks]
        # A warm-up transfer: threads, buffers and code are there afterwards, in the control process too.
        ra.upload_evidence(pks[0], videoid.Evidence.build(**images("small")))
        ra.upload_video(names[0], given["small_video"])
        ra.get_request(pks[0])
        peak = Peak()
        if given["what"] == "send":
            ra.upload_evidence(pks[1], videoid.Evidence.build(**images("large")))
            ra.upload_video(names[1], given["large_video"])
        elif given["what"] == "read":
            for _ in range(20):
                request = ra.get_request(pks[1])
                assert request.videoid_data is not None and request.videoid_data.data is not None
                assert sum(image.base64_length for image in request.videoid_data.data.images) > 50_000_000
        return peak.end()


async def asyncio_() -> int:
    async with videoid.AsyncRegistrationAuthority(**given["settings"]) as ra:
        pks = [videoid.RequestPk(pk) for pk in given["pks"]]
        names = []
        for pk in pks:
            data = (await ra.get_request(pk)).videoid_data
            assert data is not None and data.video_identifier is not None
            names.append(data.video_identifier)
        await ra.upload_evidence(pks[0], await videoid.Evidence.build_async(**images("small")))
        await ra.upload_video(names[0], given["small_video"])
        await ra.get_request(pks[0])
        peak = Peak()
        if given["what"] == "send":
            await ra.upload_evidence(pks[1], await videoid.Evidence.build_async(**images("large")))
            await ra.upload_video(names[1], given["large_video"])
        elif given["what"] == "read":
            for _ in range(20):
                await ra.get_request(pks[1])
        return peak.end()


print(asyncio.run(asyncio_()) if given["asyncio"] else sync())
