"""External VideoID in one program: evidence and video up to VIDEOREVIEW, then the officer's steps.

    python external_videoid.py --ra-url URL --upload-url URL --ra 121 --front F --rear F --photo F --owner F --video F \
        [--out DIR] [--rao-username … --rao-password … --rao-pin … --rao-id 1400] [--refuse REASON]

The officer's credentials may come from VIDEOID_RAO_USERNAME, _PASSWORD, _PIN and _ID instead: a command line can be seen by
others. It prints one JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from videoid import (
    Acceptance,
    Evidence,
    ExternalVideoId,
    NewRequest,
    OcrData,
    RaoCredentials,
    RegistrationAuthority,
    SecurityCheck,
    SecurityChecks,
    VideoIdError,
    WorkflowEvent,
)


def say(**event: Any) -> None:
    print(json.dumps(event), flush=True)


def officer(given: argparse.Namespace) -> RaoCredentials:
    found = {name: getattr(given, f"rao_{name}") or os.environ.get(f"VIDEOID_RAO_{name.upper()}") for name in ("username", "password", "pin", "id")}
    if missing := [name for name, value in found.items() if not value]:
        sys.exit(f"the officer's credentials are missing: {', '.join(missing)}")
    return RaoCredentials(username=found["username"] or "", password=found["password"] or "", pin=found["pin"] or "", rao_id=found["id"] or "")


def keep(given: argparse.Namespace, kind: str, name: str, content: bytes) -> None:
    if given.out is None:
        return
    path: Path = given.out / name
    # Only the owner may read it: it holds personal data.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    if kind != "state":
        say(event="file", kind=kind, path=str(path))


def story(given: argparse.Namespace) -> None:
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
    step = "submit"

    def on_event(event: WorkflowEvent) -> None:
        nonlocal step
        if event.kind == "status":
            say(event="status", status=event.status, request_pk=event.request_pk)
        elif event.kind == "step":
            step = event.step or step
        elif event.kind == "warning":
            say(event="warning", text=event.text)

    with RegistrationAuthority(
        environment="custom",
        api_url=given.ra_url,
        upload_url=given.upload_url,
        registration_authority=given.ra,
        video_pk="request_pk",
    ) as ra:
        evidence = Evidence.build(
            document_front=given.front,
            document_rear=given.rear,
            document_photo=given.photo,
            document_owner=given.owner,
            acceptance=Acceptance(
                description="I accept the terms and conditions",
                url_web_videoid="https://example.com/identify",
                ip="192.0.2.7",
                user_agent="Example/1.0",
                date=int(time.time() * 1000),
            ),
            ocr_data=OcrData(
                given_name="ANNA MARIA",
                surname_1="ERIKSSON",
                serial_number="D23145890",
                email="anna@example.com",
                mobile_phone_number="+34600000000",
                id_document_type="IDC",
                id_document_country="ES",
            ),
            security_checks=SecurityChecks(
                liveliness=SecurityCheck(passed=True, provenance="attested", by="the liveness product"),
                document_notexpired=SecurityCheck(passed=True, provenance="asserted"),
            ),
            similarity_level=87,
        )
        # What is stored would let another process go on after a crash.
        flow = ExternalVideoId(ra, store=lambda state: keep(given, "state", "state.json", state.encode()), on_event=on_event)
        flow.submit(
            NewRequest(profile="PFnubeQAFCiudadano", email="anna@example.com", mobile_phone_number="+34600000000"),
            evidence,
            given.video,
            progress=lambda sent, total: say(event="progress", operation=step, sent=sent, total=total),
        )
        if given.refuse is not None:
            refused = flow.refuse(officer(given), given.refuse)
            say(event="done", status=refused.status, videoid_status=refused.videoid_status)
            return
        validated = flow.validate(officer(given))
        if validated.declaration is not None:
            keep(given, "declaration", "declaration.txt", validated.declaration.receipt.encode())
        if validated.contract is not None:
            keep(given, "contract", "contract.pdf", validated.contract.content)
        # `secrets` (PIN, PUK, enrollment code, ERC) would go to the holder here. They cannot be had again.
        approved = flow.approve(officer(given))
        say(event="done", status=approved.status)


def main() -> int:
    parser = argparse.ArgumentParser(description="External VideoID from a scratchcard to ENROLLREADY")
    for name in ("ra-url", "upload-url", "ra", "front", "owner", "video"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("rear", "photo", "rao-username", "rao-password", "rao-pin", "rao-id", "refuse"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--out", type=Path)
    try:
        story(parser.parse_args())
    except VideoIdError as error:
        # The text is one line without personal data.
        say(event="error", code=error.code, text=str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
