"""The flows in one program: External VideoID, eIDAS VideoID and classic, each from a scratchcard to ENROLLREADY, and on the One-Shot
API External and eIDAS VideoID to the signed document.

    python external_videoid.py --ra-url URL --upload-url URL --ra 121 --front F --rear F --photo F --owner F --video F \
        [--out DIR] [--rao-username … --rao-password … --rao-pin … --rao-id 1400] [--refuse REASON]
    python external_videoid.py --ra-url URL --upload-url URL --ra 121 --bundle DIR [--out DIR] …
    python external_videoid.py --flow ra-eidas --ra-url URL --upload-url URL --ra 121 --document F [--out DIR] …
    python external_videoid.py --flow classic --ra-url URL --upload-url URL --ra 121 --front F --rear F --owner F --document F …
    python external_videoid.py --flow oneshot-external --one-shot-url URL --dialect current --ra 121 --env sandbox --front F --rear F \
        --photo F --owner F --video F --document F --out DIR …
    python external_videoid.py --flow oneshot-eidas --one-shot-url URL --dialect legacy --ra 121 --env sandbox --document F --out DIR …

With `--bundle` evidence and video come from a folder that a device saved. The officer's credentials may come from
VIDEOID_RAO_USERNAME, _PASSWORD, _PIN and _ID instead: a command line can be seen by others. The billing account of the One-Shot API
comes from VIDEOID_BILLING_USERNAME and _PASSWORD. It prints one JSON object a line. In the flows of that API it is the signer's page
too: it reads the one-time password from its standard input.
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
    Bundle,
    ClassicDocument,
    ClassicRequest,
    DocumentType,
    EidasVideoId,
    Evidence,
    EvidenceDocument,
    ExternalVideoId,
    NewRequest,
    NewVideoId,
    OcrData,
    OfficerOutcome,
    OneShot,
    OneShotEidas,
    OneShotExternal,
    OneShotOutcome,
    OneShotRao,
    RaoCredentials,
    RegistrationAuthority,
    RequestUpdate,
    SecurityCheck,
    SecurityChecks,
    Signing,
    Source,
    Status,
    VideoIdError,
    WorkflowEvent,
)

EMAIL = "anna@example.com"
PHONE = "+34600000000"
# What each flow cannot do without.
COLLECTED = ("front", "owner", "video")
RA = ("ra_url", "upload_url")
ONE_SHOT = ("one_shot_url", "document", "out")
NEEDED = {
    "external": (*RA, *COLLECTED),
    "ra-eidas": (*RA, "document"),
    "classic": (*RA, "front", "owner", "document"),
    "oneshot-external": (*ONE_SHOT, *COLLECTED),
    "oneshot-eidas": ONE_SHOT,
}


def say(**event: Any) -> None:
    print(json.dumps(event), flush=True)


def officer(given: argparse.Namespace) -> RaoCredentials:
    found = {name: getattr(given, f"rao_{name}") or os.environ.get(f"VIDEOID_RAO_{name.upper()}") for name in ("username", "password", "pin", "id")}
    if missing := [name for name, value in found.items() if not value]:
        sys.exit(f"the officer's credentials are missing: {', '.join(missing)}")
    return RaoCredentials(username=found["username"] or "", password=found["password"] or "", pin=found["pin"] or "", rao_id=found["id"] or "")


class Told:
    """Prints what a workflow tells, and the progress of the step that is under way."""

    def __init__(self) -> None:
        self.step: str | None = None

    def event(self, event: WorkflowEvent) -> None:
        if event.kind == "status":
            say(event="status", status=event.status, request_pk=event.request_pk)
        elif event.kind == "step":
            self.step = event.step
            say(event="step", operation=event.step)
        elif event.kind == "warning":
            say(event="warning", text=event.text)

    def progress(self, sent: int, total: int) -> None:
        say(event="progress", operation=self.step, sent=sent, total=total)


def done(outcome: OfficerOutcome | OneShotOutcome) -> None:
    request_pk = outcome.handle.request_pk if isinstance(outcome, OneShotOutcome) else outcome.request_pk
    say(event="done", status=outcome.status, videoid_status=outcome.videoid_status, request_pk=request_pk)


def keep(given: argparse.Namespace, kind: str, name: str, content: bytes) -> None:
    if given.out is None:
        return
    path: Path = given.out / name
    # Only the owner may read it: it holds personal data.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    if kind != "state":
        say(event="file", kind=kind, path=str(path))


def keep_papers(given: argparse.Namespace, papers: OfficerOutcome) -> None:
    if papers.declaration is not None:
        keep(given, "declaration", "declaration.txt", papers.declaration.receipt.encode())
    if papers.contract is not None:
        keep(given, "contract", "contract.pdf", papers.contract.content)


def evidence_and_video(given: argparse.Namespace) -> tuple[Evidence, Source | str]:
    """From the bundle where there is one, each file of which is checked; else of the single files."""
    if given.bundle is not None:
        bundle = Bundle.load(given.bundle)
        video: Source | str | None = bundle.video if given.video is None else given.video
        if video is None:
            sys.exit("the bundle holds no video: add --video")
        return bundle.evidence, video
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
            email=EMAIL,
            mobile_phone_number=PHONE,
            id_document_type="IDC",
            id_document_country="ES",
        ),
        security_checks=SecurityChecks(
            liveliness=SecurityCheck(passed=True, provenance="attested", by="the liveness product"),
            document_notexpired=SecurityCheck(passed=True, provenance="asserted"),
        ),
        similarity_level=87,
    )
    return evidence, given.video


def external(ra: RegistrationAuthority, given: argparse.Namespace) -> None:
    """The customer's platform has collected evidence and video; the customer's officer validates."""
    told = Told()
    evidence, video = evidence_and_video(given)
    # What is stored would let another process go on after a crash.
    flow = ExternalVideoId(ra, store=lambda state: keep(given, "state", "state.json", state.encode()), on_event=told.event)
    flow.submit(
        NewRequest(profile="PFnubeQAFCiudadano", email=EMAIL, mobile_phone_number=PHONE),
        evidence,
        video,
        progress=told.progress,
    )
    if given.refuse is not None:
        done(flow.refuse(officer(given), given.refuse))
        return
    keep_papers(given, flow.validate(officer(given)))
    # `secrets` (PIN, PUK, enrollment code, ERC) would go to the holder here. They cannot be had again.
    done(flow.approve(officer(given)))


def eidas(ra: RegistrationAuthority, given: argparse.Namespace) -> None:
    """The user identifies on the vendor's page, the vendor's operator validates; the officer completes and approves."""
    told = Told()
    profile = "PFnubeQAFEmpresa"
    flow = EidasVideoId(ra, store=lambda state: keep(given, "state", "state.json", state.encode()), on_event=told.event)
    # `started.videoid_link` goes to the user, and to nobody else.
    started = flow.start(NewRequest(profile=profile, email=EMAIL, mobile_phone_number=PHONE))
    say(event="waiting", **{"for": "user"})
    seen = flow.wait_for_user(60, poll=0.2, max_poll=1)
    if seen.status in (Status.VIDEOINCOMPLETE, Status.VIDEOERROR):
        # `seen.ways_on` says what can be done now.
        say(event="done", status=seen.status, videoid_status=seen.videoid_status, request_pk=seen.request_pk)
        return
    say(event="waiting", **{"for": "operator"})
    seen = flow.wait_for_operator(60, poll=0.2, max_poll=1)
    if seen.status != Status.CREATED or seen.videoid_status == "REFUSED":
        # Refused; or ready at once, as the profiles of natural persons are.
        say(event="done", status=seen.status, videoid_status=seen.videoid_status, request_pk=seen.request_pk)
        return
    update = RequestUpdate(
        profile=profile,
        scratchcard=started.scratchcard,
        email=EMAIL,
        country_name="ES",
        mobile_phone_number=PHONE,
        title="Manager",
        responsible_name="ANNA MARIA",
        responsible_first_surname="ERIKSSON",
        responsible_serial="D23145890",
        organization_name="EXAMPLE UTOPIA SL",
        organization_tax_number="B00000000",
        organization_country="ES",
        organization_email="office@example.com",
        validity_time=730,
        secure_element=2,
    )
    flow.complete(update, [EvidenceDocument("Company register extract", given.document)], progress=told.progress)
    rao = officer(given)
    keep_papers(given, flow.papers(rao.rao_id))
    done(flow.approve(rao))


def classic(ra: RegistrationAuthority, given: argparse.Namespace) -> None:
    """The officer identifies the holder, and the documents are uploaded."""
    told = Told()
    flow = ClassicRequest(ra, store=lambda state: keep(given, "state", "state.json", state.encode()), on_event=told.event)
    request = NewRequest(
        profile="PFnubeQAFCiudadano",
        email=EMAIL,
        mobile_phone_number=PHONE,
        given_name="ANNA MARIA",
        surname_1="ERIKSSON",
        serial_number="D23145890",
        id_document_type="IDC",
        id_document_country="ES",
        country_name="ES",
        validity_time=730,
        secure_element=2,
    )
    pieces = {
        DocumentType.DOCUMENT_FRONT: given.front,
        DocumentType.DOCUMENT_REAR: given.rear,
        DocumentType.DOCUMENT_OWNER: given.owner,
        DocumentType.EXTRA_DOCUMENT: given.document,
    }
    documents = [ClassicDocument(kind, path) for kind, path in pieces.items() if path is not None]
    flow.submit(request, documents, progress=told.progress)
    rao = officer(given)
    keep_papers(given, flow.papers(rao.rao_id))
    done(flow.approve(rao))


def oneshot_external(client: OneShot, given: argparse.Namespace) -> None:
    """On the One-Shot API, with the evidence that the customer's platform has collected."""
    told = Told()
    flow = OneShotExternal(client, store=lambda state: keep(given, "state", "state.json", state.encode()), on_event=told.event)
    evidence, video = evidence_and_video(given)
    flow.submit(new_videoid(), evidence, video, progress=told.progress)
    to_the_signed_document(flow, told, given)


def oneshot_eidas(client: OneShot, given: argparse.Namespace) -> None:
    """On the One-Shot API, with the user on the vendor's page."""
    told = Told()
    flow = OneShotEidas(client, store=lambda state: keep(given, "state", "state.json", state.encode()), on_event=told.event)
    # What it gives has the link, which goes to the user and to nobody else.
    flow.start(new_videoid())
    say(event="waiting", **{"for": "user"})
    seen = flow.wait_for_user(60, poll=0.2, max_poll=1)
    if seen.status in (Status.VIDEOINCOMPLETE, Status.VIDEOERROR):
        # `seen.ways_on` says what can be done now.
        done(seen)
        return
    to_the_signed_document(flow, told, given)


def new_videoid() -> NewVideoId:
    return NewVideoId(profile="PFnubeQAFCiudadano", email=EMAIL, mobile_phone_number=PHONE)


def to_the_signed_document(flow: OneShotExternal | OneShotEidas, told: Told, given: argparse.Namespace) -> None:
    """The officer decides; the signer reads the contract, types the one-time password, and has the document."""
    known = officer(given)
    rao = OneShotRao(username=known.username, password=known.password, pin=known.pin, rao=known.rao_id)
    if given.refuse is not None:
        done(flow.refuse(rao, given.refuse))
        return
    approved = flow.approve(rao)
    if not approved.approved:
        done(approved)
        return
    flow.documents([given.document], progress=told.progress)
    contract = given.out / "contract.pdf"
    flow.contract(contract)
    say(event="file", kind="contract", path=str(contract))
    # Here the signer reads it.
    flow.contract_shown()
    flow.otp()
    say(event="waiting", request_pk=approved.handle.request_pk, **{"for": "otp"})
    if not (typed := sys.stdin.readline().strip()):
        say(event="error", code="usage", text="the one-time password was not typed")
        sys.exit(1)
    signed = flow.sign(Signing(secret=typed))
    for saved in flow.save(given.out).documents:
        say(event="file", kind="signed", path=saved.file.path)
    done(signed)


STORIES = {"external": external, "ra-eidas": eidas, "classic": classic}
ONE_SHOT_STORIES = {"oneshot-external": oneshot_external, "oneshot-eidas": oneshot_eidas}


def tell(given: argparse.Namespace) -> None:
    if given.flow in ONE_SHOT_STORIES:
        with OneShot(
            environment="custom",
            base_url=given.one_shot_url,
            dialect=given.dialect,
            registration_authority=given.ra,
            env=given.env,
            billing_username=os.environ.get("VIDEOID_BILLING_USERNAME"),
            # In clear: the client encodes it.
            billing_password=os.environ.get("VIDEOID_BILLING_PASSWORD"),
        ) as client:
            ONE_SHOT_STORIES[given.flow](client, given)
        return
    with RegistrationAuthority(
        environment="custom",
        api_url=given.ra_url,
        upload_url=given.upload_url,
        registration_authority=given.ra,
        # Which id the evidence upload takes; only External VideoID uploads evidence.
        video_pk="request_pk" if given.flow == "external" else None,
    ) as ra:
        STORIES[given.flow](ra, given)


def run(given: argparse.Namespace) -> int:
    if given.flow not in NEEDED:
        say(event="error", code="usage", text=f"--flow: one of {', '.join(NEEDED)}")
        return 1
    instead = COLLECTED if given.bundle is not None and given.flow.endswith("external") else ()
    needed = [name for name in NEEDED[given.flow] if name not in instead]
    if missing := [name for name in needed if getattr(given, name) is None]:
        say(event="error", code="usage", text=f"needed for --flow {given.flow}: {', '.join('--' + name.replace('_', '-') for name in missing)}")
        return 1
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
    try:
        tell(given)
    except VideoIdError as error:
        # The text is one line without personal data.
        say(event="error", code=error.code, text=str(error))
        return 1
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="VideoID and classic requests to ENROLLREADY, or on the One-Shot API to the signed document")
    parser.add_argument("--ra", required=True)
    where = ("ra-url", "upload-url", "one-shot-url", "env")
    what = ("front", "rear", "photo", "owner", "video", "document", "bundle", "refuse")
    for name in (*where, *what, "rao-username", "rao-password", "rao-pin", "rao-id"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--flow", default="external")
    parser.add_argument("--dialect", default="current")
    parser.add_argument("--out", type=Path)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
