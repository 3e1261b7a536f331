"""A video of 200 MB goes up and comes back byte by byte on the One-Shot API, in less than 8 MB over a control process."""

from __future__ import annotations

import filecmp
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from support import REQUEST, VIDEO, Sandbox, write_mp4
from videoid import OneShot

pytestmark = [pytest.mark.alone, pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="reads /proc")]

BOUND = 8 * 1024
SIZE = 200_000_000


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_mp4(tmp_path_factory.mktemp("large") / "video.mp4", SIZE)
    # Bytes that differ from place to place, where those of the made video are all the same.
    noise = random.Random(5)
    with made.open("r+b") as file:
        for at in range(1_000_000, SIZE - 1_000_000, 777_777):
            file.seek(at)
            file.write(noise.randbytes(4096))
    return made


def peak(sandbox: Sandbox, video: Path, what: str, dialect: str, is_async: bool, back: Path) -> int:
    sandbox.reset()
    sandbox.control("PUT", "/settings", {"one_shot": {"external": True}})
    settings = {**sandbox.one_shot_settings, "dialect": dialect}
    with OneShot(**settings) as client:
        handles = [client.create_videoid(REQUEST).handle.to_dict() for _ in range(2)]
    given = {
        "settings": settings, "what": what, "asyncio": is_async, "handles": handles, "back": str(back), "small_video": str(VIDEO), "large_video": str(video),
    }  # fmt: skip
    program = Path(__file__).with_name("memory_one_shot_program.py")
    done = subprocess.run([sys.executable, str(program), json.dumps(given)], capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    assert filecmp.cmp(video, back, shallow=False), "another video came back"
    if what == "transfer":
        assert max(row["bytes_read"] for row in sandbox.received("upload_videoid_video")) > SIZE
    return int(done.stdout)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "asyncio"])
@pytest.mark.parametrize("dialect", ["current", "legacy"])
def test_a_video_goes_up_and_comes_back(sandbox: Sandbox, video: Path, dialect: str, is_async: bool, tmp_path: Path) -> None:
    control = peak(sandbox, video, "control", dialect, is_async, tmp_path / "copy.mp4")
    moved = peak(sandbox, video, "transfer", dialect, is_async, tmp_path / "back.mp4")
    print(f"{dialect}: 200 MB of video up and back: +{moved - control} kB over {control} kB")
    (tmp_path / "copy.mp4").unlink()
    (tmp_path / "back.mp4").unlink()
    assert moved - control < BOUND
