"""Memory does not grow with the files: over a control process that does all but the transfer, less than 8 MB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import REQUEST, SPECIMEN, VIDEO, Sandbox, write_jpeg, write_mp4
from videoid import RegistrationAuthority

pytestmark = [pytest.mark.alone, pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="reads /proc")]

BOUND = 8 * 1024
SIDES = ("document_front", "document_rear", "document_photo", "document_owner")


@pytest.fixture(scope="module")
def sink() -> Any:
    found = Sandbox("--discard-uploads")
    yield found
    found.stop()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("large")
    return {
        "small": {side: str(SPECIMEN / f"{side}.jpg") for side in SIDES},
        "large": {side: str(write_jpeg(folder / f"{side}.jpg", 20_000_000 + at)) for at, side in enumerate(SIDES)},
        "small_video": str(VIDEO),
        "large_video": str(write_mp4(folder / "video.mp4", 500_000_000)),
    }


def peak(sink: Sandbox, files: dict[str, Any], what: str, is_async: bool) -> int:
    sink.reset()
    with RegistrationAuthority(**sink.settings) as ra:
        pks = [ra.create_request({**REQUEST, "scratchcard": ra.get_first_unused_scratchcard().sn, "videoid_mode": 1}).pk for _ in range(2)]
    if "read" in what:
        sink.control("POST", f"/requests/{pks[0]}/images", {"megabytes": 40})
        # The warm-up must not replace them: it goes to the other request.
        pks.reverse()
    given = {"settings": sink.settings, "what": what, "asyncio": is_async, "pks": pks, **files}
    program = Path(__file__).with_name("memory_program.py")
    done = subprocess.run([sys.executable, str(program), json.dumps(given)], capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    if what == "send":
        rows = sink.received("upload_evidence") + sink.received("upload_video")
        assert all(row["complete"] for row in rows) and max(row["bytes_read"] for row in rows) > 500_000_000
        assert sorted(row["bytes_read"] for row in rows)[-2] > 106_000_000
    return int(done.stdout)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "asyncio"])
def test_four_large_images_and_a_large_video(sink: Sandbox, files: dict[str, Any], is_async: bool) -> None:
    control, sent = peak(sink, files, "control", is_async), peak(sink, files, "send", is_async)
    print(f"sent 80 MB of images and 500 MB of video: +{sent - control} kB over {control} kB")
    assert sent - control < BOUND


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "asyncio"])
def test_large_images_read_back_twenty_times(sink: Sandbox, files: dict[str, Any], is_async: bool) -> None:
    control, read = peak(sink, files, "control of read", is_async), peak(sink, files, "read", is_async)
    print(f"read 40 MB of images twenty times: +{read - control} kB over {control} kB")
    assert read - control < BOUND
