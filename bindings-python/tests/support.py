"""The sandbox as a child process, and the files that tests send."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

REPO = Path(os.environ.get("VIDEOID_REPO") or Path(__file__).resolve().parents[2])
FIXTURES = REPO / "tests" / "fixtures"
SPECIMEN = FIXTURES / "specimen"
VIDEO = FIXTURES / "specimen.mp4"

REQUEST = {"profile": "PFnubeQAFCiudadano", "email": "anna@example.com", "mobile_phone_number": "+34600000000"}


class Sandbox:
    """A sandbox that ends with this process."""

    def __init__(self, *args: str) -> None:
        binary = os.environ.get("VIDEOID_SANDBOX") or str(REPO / "target" / "ci" / "videoid-sandbox")
        self.args = args
        self.child = subprocess.Popen(
            [binary, "--exit-with-parent", *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.child.stdout is not None
        self.ready: dict[str, Any] = json.loads(self.child.stdout.readline())

    @property
    def settings(self) -> dict[str, Any]:
        """The fields of `RaConfig` for a sandbox without TLS."""
        return {
            "environment": "custom",
            "api_url": self.ready["ra_url"],
            "upload_url": self.ready["upload_url"],
            "registration_authority": self.ready["ra"]["id"],
            "video_pk": "request_pk",
        }

    @property
    def one_shot_settings(self) -> dict[str, Any]:
        """The fields of `OneShotConfig` for a sandbox without TLS."""
        there = self.ready["one_shot"]
        return {
            "environment": "custom",
            "base_url": self.ready["one_shot_url"],
            "registration_authority": there["ra"]["id"],
            "env": there["env"],
            "billing_username": there["billing"]["username"],
            "billing_password": there["billing"]["password"],
        }

    @property
    def rao(self) -> dict[str, str]:
        rao: dict[str, str] = self.ready["rao"]
        return rao

    @property
    def one_shot_rao(self) -> dict[str, str]:
        """The same officer as the One-Shot API names one."""
        return {"rao" if name == "rao_id" else name: value for name, value in self.rao.items()}

    def identify(self, request_pk: int, outcome: str = "finish") -> None:
        """Plays the user of a One-Shot request on the vendor's page."""
        self.control("POST", f"/one-shot/requests/{request_pk}/identification", {"outcome": outcome})

    def otp(self, request_pk: int) -> str:
        """What the signer of a One-Shot request reads on their phone."""
        return str(self.control("GET", f"/one-shot/requests/{request_pk}/otp")["otp"])

    def control(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.ready["control_url"] + path, data=data, method=method, headers={"content-type": "application/json"}
        )
        # A sandbox is on loopback: no proxy of the environment belongs between.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def reset(self, **body: Any) -> None:
        self.control("POST", "/reset", body)

    def received(self, operation: str | None = None) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.control("GET", "/received?personal=true")
        return [row for row in rows if operation is None or row["operation"] == operation]

    def stop(self) -> None:
        assert self.child.stdin is not None and self.child.stdout is not None
        self.child.stdin.close()
        self.child.wait(timeout=10)
        self.child.stdout.close()


_running: dict[tuple[str, ...], Sandbox] = {}


def sandbox(*args: str) -> Sandbox:
    """The sandbox with these arguments; one for each distinct list."""
    if args not in _running:
        _running[args] = Sandbox(*args)
    return _running[args]


def stop_all() -> None:
    while _running:
        _running.popitem()[1].stop()


def eventually(check: Any, seconds: float = 5.0) -> Any:
    """What `check` gives once it gives something, or its last answer."""
    end = time.monotonic() + seconds
    while True:
        found = check()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.02)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def write_mp4(path: Path, size: int) -> Path:
    """An MP4 of exactly that many bytes: `ftyp`, `moov`, and an `mdat` full of zeros that takes no room on disk."""
    moov = VIDEO.read_bytes()
    at = 0
    while moov[at + 4 : at + 8] != b"moov":
        at += struct.unpack(">I", moov[at : at + 4])[0]
    moov = moov[at : at + struct.unpack(">I", moov[at : at + 4])[0]]
    head = _box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + moov
    with path.open("wb") as out:
        out.write(head + struct.pack(">I", size - len(head)) + b"mdat")
        out.truncate(size)
    return path


def write_jpeg(path: Path, size: int) -> Path:
    """The specimen's front, filled up with comment segments to exactly that many bytes."""
    front = (SPECIMEN / "document_front.jpg").read_bytes()
    missing = size - len(front)
    assert missing == 0 or missing >= 4
    with path.open("wb") as out:
        out.write(front[:2])
        while missing:
            # A rest of one to three bytes would not fit into a segment of its own.
            length = min(missing, 65537) if not 0 < missing - 65537 < 4 else missing - 4
            out.write(b"\xff\xfe" + struct.pack(">H", length - 2) + b" " * (length - 4))
            missing -= length
        out.write(front[2:])
    assert path.stat().st_size == size
    return path
