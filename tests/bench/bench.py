"""One contender: `bench.py CONTENDER WORK API_URL UPLOAD_URL FOLDER`; see README.md."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Callable

NAMES = ("document_front", "document_rear", "document_photo", "document_owner")
IDENTIFIER = "b3b4a2a2-8d6e-4a8e-9d4c-0a2f6f1f9c11"
DATA = {"ocr_data": {"given_name": "ANNA MARIA"}, "security_checks": {"liveliness": True}, "similarity_level": 87}
ACCEPTANCE = {"description": "I accept", "date": 1780000000000}


def body(folder: Path) -> dict[str, object]:
    """The evidence as one would write it by hand."""
    images = {name: base64.b64encode((folder / f"{name}.jpg").read_bytes()).decode() for name in NAMES}
    return {"acceptance": ACCEPTANCE, "videoid_data": {"images": images, **DATA}}


def by_requests(work: str, api: str, upload: str) -> Callable[[Path], None]:
    import requests

    session = requests.Session()
    session.trust_env = False

    def evidence(folder: Path) -> None:
        session.put(f"{api}/videoid/1", json=body(folder)).raise_for_status()

    def video(folder: Path) -> None:
        with (folder / "video.mp4").open("rb") as file:
            session.post(f"{upload}/v1/upload/video/{IDENTIFIER}/", files={"video": file}).raise_for_status()

    return {"evidence": evidence, "video": video}[work]


def by_httpx(work: str, api: str, upload: str) -> Callable[[Path], None]:
    import httpx

    client = httpx.Client(trust_env=False, timeout=None)

    def evidence(folder: Path) -> None:
        client.put(f"{api}/videoid/1", json=body(folder)).raise_for_status()

    def video(folder: Path) -> None:
        with (folder / "video.mp4").open("rb") as file:
            client.post(f"{upload}/v1/upload/video/{IDENTIFIER}/", files={"video": file}).raise_for_status()

    return {"evidence": evidence, "video": video}[work]


def by_videoid(work: str, api: str, upload: str) -> Callable[[Path], None]:
    import videoid
    from videoid import Acceptance, Evidence, OcrData, RegistrationAuthority

    ra = RegistrationAuthority(environment="custom", api_url=api, upload_url=upload, registration_authority="121", video_pk="request_pk")
    built: dict[Path, videoid.Evidence] = {}

    def build(folder: Path) -> None:
        built[folder] = Evidence.build(
            **{name: folder / f"{name}.jpg" for name in NAMES},
            acceptance=Acceptance(description="I accept", date=1780000000000),
            ocr_data=OcrData(given_name="ANNA MARIA"),
            similarity_level=87,
        )

    def evidence(folder: Path) -> None:
        ra.upload_evidence(1, built[folder])

    def video(folder: Path) -> None:
        ra.upload_video(IDENTIFIER, folder / "video.mp4")

    if work == "evidence":
        for folder in (FOLDER / "small", FOLDER):
            build(folder)
    return {"evidence": evidence, "build": build, "video": video}[work]


def say(word: str) -> None:
    print(word, flush=True)
    sys.stdin.readline()


contender, work, api, upload, folder = sys.argv[1:]
FOLDER = Path(folder)
idle = work.startswith("control-")
make = {"requests": by_requests, "httpx": by_httpx, "videoid": by_videoid}[contender]
run = make(work.removeprefix("control-"), api, upload)
run(FOLDER / "small")
say("ready")
if not idle:
    run(FOLDER)
say("done")
