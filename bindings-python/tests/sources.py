"""What sending from each kind of source costs in memory: processes that send, beside processes that do all but that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from support import REQUEST, SPECIMEN, VIDEO, Sandbox, write_jpeg, write_mp4
from videoid import RegistrationAuthority

KINDS = ("path", "bytes", "file", "stream")
SIDES = ("document_front", "document_rear", "document_photo", "document_owner")


def files(folder: Path, image: int, video: int) -> dict[str, Any]:
    """Files of those sizes, and small ones."""
    return {
        "small": {"images": {side: str(SPECIMEN / f"{side}.jpg") for side in SIDES}, "video": str(VIDEO)},
        "large": {
            "images": {side: str(write_jpeg(folder / f"{side}.jpg", image + at)) for at, side in enumerate(SIDES)},
            "video": str(write_mp4(folder / "video.mp4", video)),
        },
    }


def growth(sink: Sandbox, files: dict[str, Any], kind: str, is_async: bool) -> tuple[int, int]:
    """By how many kB sending raised the peak, and the peak of the control."""
    control, sent = (_peak(sink, files, kind, is_async, send) for send in (False, True))
    return sent - control, control


def _peak(sink: Sandbox, files: dict[str, Any], kind: str, is_async: bool, send: bool) -> int:
    sink.reset()
    with RegistrationAuthority(**sink.settings) as ra:
        pks = [ra.create_request({**REQUEST, "scratchcard": ra.get_first_unused_scratchcard().sn, "videoid_mode": 1}).pk for _ in range(2)]
    given = {"settings": sink.settings, "kind": kind, "asyncio": is_async, "send": send, "pks": pks, "files": files}
    program = Path(__file__).with_name("sources_program.py")
    done = subprocess.run([sys.executable, str(program), json.dumps(given)], capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    if send:
        rows = [row for name in ("upload_evidence", "upload_video") for row in sink.received(name)]
        wanted = Path(files["large"]["video"]).stat().st_size
        assert len(rows) == 4 and all(row["complete"] for row in rows) and max(row["bytes_read"] for row in rows) > wanted
    return int(done.stdout)
