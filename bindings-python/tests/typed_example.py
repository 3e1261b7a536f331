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
    Dialect,
    Evidence,
    ExternalVideoId,
    NewRequest,
    NewVideoId,
    OneShot,
    OneShotEidas,
    OneShotExternal,
    OneShotOutcome,
    OneShotRao,
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


def one_shot(known: videoid.RaoCredentials, inbox: videoid.WebhookInbox) -> videoid.SavedDocuments:
    hooks: list[videoid.HookEvent] = []
    with OneShot(base_url="https://optimizer.example.com", dialect=Dialect.LEGACY, env="sandbox", hooks=hooks.append) as client:
        rao = OneShotRao(username=known.username, password=known.password, pin=known.pin, rao=known.rao_id)
        token: videoid.TokenUid = client.create_token(videoid.NewToken(username=known.username)).token_uid
        again = OneShotRao(token=token, rao=known.rao_id)
        new = NewVideoId(profile="p", email="anna@example.com", mobile_phone_number="+34600000000")
        created: videoid.CreatedVideoId = client.create_videoid(new, timeout=timedelta(seconds=5))
        handle: videoid.VideoIdHandle = created.handle
        client.upload_videoid_video(handle, Path("video.mp4"), cancel=CancelToken(), progress=lambda sent, total: None)
        client.approve_oneshot_videoid(handle, again)
        uids: list[videoid.DocumentUid] = [one.uid for one in client.upload_documents(handle.request_pk, ["a.pdf", b"%PDF", Path("b.pdf")]).documents]
        client.get_document(handle.request_pk, uids[0], videoid.DocumentVersion.SIGNED, "signed.pdf")
        client.generate_otp(handle.request_pk, "sms")
        made = client.create_oneshot_request({"profile": "p"}, "front.jpg", "owner.jpg", document_rear=b"", extra_document=Path("x.jpg"))
        link: str | None = OneShotEidas(client, store=print, on_event=lambda event: print(event.step)).start(new).videoid_link
        flow = OneShotEidas.resume(client, "{}")
        seen: OneShotOutcome = flow.wait_for_user(timedelta(days=1), poll=0.5, inbox=inbox)
        waits: videoid.OneShotWait = seen.waits_for
        external = OneShotExternal(client)
        external.submit({"profile": "p"}, Evidence.build(document_front="front.jpg"), "video.mp4", progress=lambda sent, total: None)
        external.adopt(handle)
        external.documents(("a.pdf",), progress=lambda sent, total: None)
        print(link, waits, made.request_pk, external.contract("contract.pdf").sha256, external.otp(videoid.OtpDelivery.WHATSAPP).next_allowed_at)
        external.contract_shown()
        external.sign(videoid.Signing(secret="864201"))
        external.approve(rao).approved
        external.cancel()
        return external.save(Path("folder"))


async def one_shot_in_a_loop(rao: OneShotRao) -> OneShotOutcome:
    async with videoid.AsyncOneShot.from_env(strict=True, dialect="legacy") as client:

        async def store(state: str) -> None:
            await asyncio.sleep(0)

        eidas = videoid.AsyncOneShotEidas(client, store=store)
        await eidas.start({"profile": "p"})
        seen = await eidas.wait_for_user(videoid.WaitLimits(deadline_ms=1000))
        flow = videoid.AsyncOneShotExternal.resume(client, eidas.state, store=store)
        tokens: list[videoid.Token] = (await client.list_tokens()).tokens
        print(seen.ways_on, tokens, (await flow.save("folder")).documents[0].file.path, await client.delete_images())
        return await flow.refuse(rao, "blurred")


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
