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


async def main(rao: videoid.RaoCredentials) -> videoid.OfficerOutcome:
    async with AsyncRegistrationAuthority.from_env(strict=True) as ra:

        async def store(state: str) -> None:
            await asyncio.sleep(0)

        flow = AsyncExternalVideoId(ra, store=store)
        await ra.cancel_request(RequestPk(1))
        try:
            await flow.refuse(rao, "blurred")
        except videoid.RequestTimeoutError as error:
            print(error.retry_after or 0.0, error.fields[0].field, error.wire == videoid.Wire.NOT_SENT)
        return await flow.approve(rao)
