"""`progress=True`: a bar of tqdm where that is installed, and nothing where it is not."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import videoid
from support import REQUEST, SPECIMEN, VIDEO, Sandbox, write_mp4
from videoid import AsyncRegistrationAuthority, Evidence, ExternalVideoId, RegistrationAuthority, _progress


class Shown:
    """Stands in for tqdm and remembers what it was told."""

    all: list[Shown]

    def __init__(self, *, total: int, unit: str, unit_scale: bool, unit_divisor: int) -> None:
        self.total, self.n, self.closed = total, 0, 0
        assert (unit, unit_scale, unit_divisor) == ("B", True, 1024)
        type(self).all.append(self)

    def update(self, n: int) -> None:
        assert n >= 0 and not self.closed
        self.n += n

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Shown]:
    Shown.all = []
    monkeypatch.setattr(_progress, "bar", lambda: _progress.Bar(Shown))
    return Shown.all


def identifier(ra: RegistrationAuthority) -> videoid.VideoIdentifier:
    made = ra.create_request({**REQUEST, "scratchcard": ra.get_first_unused_scratchcard().sn, "videoid_mode": 1})
    data = ra.get_request(made.pk).videoid_data
    assert data is not None and data.video_identifier is not None
    return data.video_identifier


def test_a_bar_for_each_upload_of_a_workflow(sandbox: Sandbox, shown: list[Shown]) -> None:
    evidence = Evidence.build(**{f"document_{side}": SPECIMEN / f"document_{side}.jpg" for side in ("front", "rear", "owner")})
    with RegistrationAuthority(**sandbox.settings) as ra:
        ExternalVideoId(ra).submit(REQUEST, evidence, VIDEO, progress=True)
    assert [bar.total for bar in shown] == [row["bytes_read"] for row in sandbox.received() if row["operation"].startswith("upload_")]
    assert all(bar.n == bar.total and bar.closed for bar in shown)


def test_false_is_none(sandbox: Sandbox, shown: list[Shown]) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        ra.upload_video(identifier(ra), VIDEO, progress=False)
        with pytest.raises(TypeError, match="^progress: expected a callable or True, not int$"):
            ra.upload_video(videoid.VideoIdentifier("x"), VIDEO, progress=1)  # type: ignore[arg-type]
    assert shown == []


def test_it_is_closed_when_the_call_fails(sandbox: Sandbox, shown: list[Shown]) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        name = identifier(ra)
        sandbox.control("POST", "/faults", [{"operation": "upload_video", "kind": "status", "status": 400}])
        with pytest.raises(videoid.VideoIdError):
            ra.upload_video(name, VIDEO, progress=True)
    assert [bar.closed for bar in shown] == [1]


def test_asyncio_and_a_cancelled_task(sandbox: Sandbox, shown: list[Shown], tmp_path: Path) -> None:
    video = write_mp4(tmp_path / "video.mp4", 60_000_000)
    with RegistrationAuthority(**sandbox.settings) as ra:
        names = [identifier(ra) for _ in range(2)]

    async def main() -> None:
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            await ra.upload_video(names[0], VIDEO, progress=True)
            assert [(bar.n == bar.total, bar.closed) for bar in shown] == [(True, 1)]
            sandbox.control("POST", "/faults", [{"operation": "upload_video", "kind": "slow_reading", "ms": 50}])
            task = asyncio.ensure_future(ra.upload_video(names[1], video, progress=True))
            while len(shown) < 2:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # What still comes of it shows no other bar.
            await asyncio.sleep(0.1)

    asyncio.run(main())
    assert len(shown) == 2 and shown[1].closed == 1


PROGRAM = """
import json, sys
given = json.loads(sys.argv[1])
if given['without']:
    sys.modules['tqdm'] = None
import logging
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format='%(message)s')
from videoid import *
with RegistrationAuthority(**given['settings']) as ra:
    for name in given['names']:
        ra.upload_video(VideoIdentifier(name), given['video'], progress=True)
"""


@pytest.mark.parametrize("without", [False, True], ids=["tqdm", "without tqdm"])
def test_the_real_one(sandbox: Sandbox, without: bool) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        names = [identifier(ra) for _ in range(2)]
    given: dict[str, Any] = {"settings": sandbox.settings, "names": names, "video": str(VIDEO), "without": without}
    done = subprocess.run([sys.executable, "-W", "error", "-c", PROGRAM, json.dumps(given)], capture_output=True, text=True, check=True)
    assert len(sandbox.received("upload_video")) == 2
    if without:
        # Said once, where the program listens to it.
        assert done.stdout.count("pip install tqdm") == 1 and not done.stderr
    else:
        assert done.stderr.count("100%") == 2 and not done.stdout
