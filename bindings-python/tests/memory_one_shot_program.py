"""Sends a video and fetches it back on the One-Shot API, and prints the peak of this process's private memory in kB. Run by
test_one_shot_memory.py. The control does all but the transfer: every byte is read and written."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from typing import Any

import videoid
from peak import Peak

given: dict[str, Any] = json.loads(sys.argv[1])
small, large, back = given["small_video"], given["large_video"], given["back"]


def sync() -> int:
    with videoid.OneShot(**given["settings"]) as client:
        handles = [videoid.VideoIdHandle.from_dict(handle) for handle in given["handles"]]
        # A warm-up transfer: threads, buffers and code are there afterwards, in the control process too.
        client.upload_videoid_video(handles[0], small)
        client.download_videoid_video(handles[0], back)
        shutil.copyfile(small, back)
        peak = Peak()
        if given["what"] == "control":
            shutil.copyfile(large, back)
        else:
            client.upload_videoid_video(handles[1], large)
            client.download_videoid_video(handles[1], back)
        return peak.end()


async def asyncio_() -> int:
    async with videoid.AsyncOneShot(**given["settings"]) as client:
        handles = [videoid.VideoIdHandle.from_dict(handle) for handle in given["handles"]]
        await client.upload_videoid_video(handles[0], small)
        await client.download_videoid_video(handles[0], back)
        shutil.copyfile(small, back)
        peak = Peak()
        if given["what"] == "control":
            shutil.copyfile(large, back)
        else:
            await client.upload_videoid_video(handles[1], large)
            await client.download_videoid_video(handles[1], back)
        return peak.end()


print(asyncio.run(asyncio_()) if given["asyncio"] else sync())
