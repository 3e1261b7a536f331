"""A program that uses much of the package, for the type checker. It is never run."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import videoid
from videoid import (
    AsyncExternalVideoId,
    AsyncRegistrationAuthority,
    Bundle,
    CancelToken,
    Evidence,
    ExternalVideoId,
    NewRequest,
    RaId,
    RegistrationAuthority,
    RequestPk,
    SecurityCheck,
    SecurityChecks,
    Source,
    Status,
)


def sync(rao: videoid.RaoCredentials) -> str:
    hooks: list[videoid.HookEvent] = []
    with RegistrationAuthority(registration_authority="121", timeouts={"idle": 1000}, hooks=hooks.append) as ra:
        card = ra.get_first_unused_scratchcard(RaId("121"), timeout=timedelta(seconds=5))
        request = ra.create_request(NewRequest(profile="p", email="anna@example.com", scratchcard=card.sn))
        evidence = Evidence.build(
            document_front=Path("front.jpg"),
            document_owner=b"\xff\xd8",
            security_checks=SecurityChecks(liveliness=SecurityCheck(passed=True, provenance=videoid.Provenance.ATTESTED)),
            similarity_level="high",
        )
        ra.upload_evidence(request.pk, evidence, cancel=CancelToken(), progress=lambda sent, total: None)
        with Path("video.mp4").open("rb") as file:
            ra.upload_video(videoid.VideoIdentifier("x"), file, timeout=5)
        ra.upload_video(videoid.VideoIdentifier("x"), Source.stream([b"x"], 1))
        pages: list[videoid.Request] = ra.list_requests(videoid.RequestFilter(page=2)).results
        data = ra.get_request(pages[0].pk, "images").videoid_data
        if data is not None and data.video_identifier is not None:
            ra.download_video(data.video_identifier, "video.mp4")
        status: Status = ExternalVideoId(ra, store=print, on_event=lambda event: print(event.status)).validate(rao).status
        steps: list[str] = status.next_steps()
        bundle = Bundle.load("folder")
        assert bundle.evidence.report.images[0].width > 0
        return status + steps[0]


def flows(ra: RegistrationAuthority, rao: videoid.RaoCredentials, inbox: videoid.WebhookInbox) -> list[videoid.WayOn]:
    eidas = videoid.EidasVideoId(ra, on_event=lambda event: print(event.step))
    link: str | None = eidas.start(NewRequest(profile="p", email="anna@example.com")).videoid_link
    seen = eidas.wait_for_user(timedelta(days=1), poll=0.5, inbox=inbox)
    ways: list[videoid.WayOn] = seen.ways_on + eidas.ways_on() + Status.VIDEOERROR.ways_on(videoid.Flow.CLASSIC)
    eidas.complete({"profile": "p"}, [videoid.EvidenceDocument("label", Path("x.pdf")), ("label", b"x")], progress=lambda sent, total: None)
    classic = videoid.ClassicRequest.resume(ra, eidas.state)
    classic.submit({"profile": "p"}, [videoid.ClassicDocument("document_front", "x.jpg"), (videoid.DocumentType.CONTRACT, b"x")])
    papers: videoid.OfficerOutcome = classic.papers(rao.rao_id)
    print(link, papers.declaration, classic.cancel().status)
    request: videoid.Request = ra.wait_for(RequestPk(1), [Status.ISSUED, "ENROLLREADY"], deadline=5, inbox=inbox)
    pks: list[RequestPk] = [found.pk for found in ra.requests({"page": 1}, timeout=5)]
    cards: list[videoid.ScratchcardSn] = [card.sn for card in ra.scratchcards()]
    certificate = ra.client_certificate() or ra.replace_identity({"certificate_file": "x"})
    known = videoid.profile("p")
    report = videoid.check_request({"profile": "p"}, "classic")
    print(request.status, pks, cards, certificate.days_left, known and known.required, report.findings[0].rule, len(videoid.profiles()))
    print(videoid.parse_webhook(b"{}").request_pk, inbox.receive("{}").status)
    return ways


async def main(rao: videoid.RaoCredentials) -> videoid.OfficerOutcome:
    async with AsyncRegistrationAuthority.from_env(strict=True) as ra:

        async def store(state: str) -> None:
            await asyncio.sleep(0)

        flow = AsyncExternalVideoId(ra, store=store)
        await ra.cancel_request(RequestPk(1))
        await ra.wait_for(RequestPk(1), Status.ISSUED, deadline=timedelta(minutes=1))
        async for found in ra.requests(videoid.RequestFilter(page=2)):
            await ra.validate_request(found.pk)
        eidas = videoid.AsyncEidasVideoId.resume(ra, flow.state, store=store)
        await eidas.wait_for_operator(videoid.WaitLimits(deadline_ms=1000))
        try:
            await flow.refuse(rao, "blurred")
        except videoid.RequestTimeoutError as error:
            print(error.retry_after or 0.0, error.fields[0].field, error.wire == videoid.Wire.NOT_SENT)
        return await flow.approve(rao)
