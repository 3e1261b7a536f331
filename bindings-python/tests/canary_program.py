"""Provokes everything with recognisable data and prints whatever a program could see without asking for a value:
log records of every level, error texts with their causes and tracebacks, hook events, `repr` and `str` of every object.
Run by test_canary.py, which looks for the data in it."""

from __future__ import annotations

import asyncio
import json
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import quote

import videoid
from canary_tools import C, fault, given, hook, out, provoke, put, show, tell
from videoid import *

settings: dict[str, Any] = given["settings"]
rao = RaoCredentials(username=C["username"], password=C["password"], pin=C["pin"], rao_id="1400")
right = RaoCredentials.from_dict(given["rao"])
folder = Path(given["folder"])
broken = folder / f"{C['given_name']}.jpg"
broken.write_bytes(C["image"].encode())
person = {"given_name": C["given_name"], "surname_1": C["surname"], "serial_number": C["serial"], "email": C["email"], "mobile_phone_number": C["phone"]}
new = NewRequest(profile="PFnubeQAFCiudadano", **person, birth_date=C["birth"], extra={"nickname": C["extra"]})
acceptance = Acceptance(ip=C["ip"], user_agent=C["agent"], date=1622823879708, extra={"more": C["extra"]})
specimen: dict[str, str] = given["specimen"]
pieces: dict[str, Any] = {**specimen, "acceptance": acceptance, "ocr_data": OcrData(**person, extra={"more": C["extra"]}), "extra": {"more": C["extra"]}}
for value in (new, acceptance, pieces["ocr_data"], rao, RequestFilter(email=C["email"]), CardSecrets.from_dict({"pin": C["pin"]})):
    show(value)
    show([value])

# What is found before anything is sent.
provoke(lambda: Evidence.build(**{**pieces, "document_front": broken}), "image_unrecognised")
provoke(lambda: Evidence.build(**{**pieces, "document_front": folder / C["surname"]}), "source_unreadable")
provoke(lambda: Evidence.build(**{**pieces, "ocr_data": {**person, "mobile_phone_number": C["serial"]}}), "field_invalid")
provoke(lambda: Evidence.check(**{**pieces, "document_front": broken, "ocr_data": {**person, "email": C["agent"]}}))
provoke(lambda: videoid.check_video(broken), "video_unrecognised")
provoke(lambda: Request.from_dict({"pk": C["serial"], "status": C["surname"]}), "field_invalid")
provoke(lambda: NewRequest.from_json(f'{{"email": "{C["email"]}", "profile": '), "field_invalid")
provoke(lambda: NewRequest(profile="p", email=[C["email"]]), "TypeError")
provoke(lambda: NewRequest(profile="p", email="e", extra={C["email"]: {C["email"]}}), "TypeError")
provoke(lambda: Bundle.load(folder / C["surname"]), "bundle_invalid")
for bad, code in (
    ({"proxy": f"http://{C['username']}:{quote(C['password'], safe='')}@127.0.0.1:1"}, None),
    ({"tls": {"identity": {"certificate_pem": C["serial"], "key_pem": C["password"], "password": C["pin"]}}}, "tls_identity_invalid"),
    ({"tls": {"identity": {"pkcs12": C["password"].encode(), "password": C["pin"]}}}, "tls_identity_invalid"),
):
    if "tls" in bad and "pkcs12" in bad["tls"]["identity"]:
        bad = {"tls": TlsConfig(identity=ClientIdentity(**bad["tls"]["identity"]))}
    show(RaConfig(**settings, **bad))
    ra = provoke(lambda: RegistrationAuthority(**settings, **bad, retry={"max_attempts": 1}, hooks=hook), code)
    if ra is not None:
        provoke(lambda: ra.get_request(RequestPk(1)), "proxy_failed")

# The flow, with each kind of failure on the way.
ra = RegistrationAuthority(**settings, hooks=hook, retry={"base_delay_ms": 1})
evidence = provoke(lambda: Evidence.build(**pieces))
show(evidence.acceptance)
show(evidence.ocr_data)
provoke(lambda: Bundle.save(folder / "bundle", evidence, given["video"]))
provoke(lambda: Bundle.load(folder / "bundle"))
card = provoke(ra.get_first_unused_scratchcard)
full = {**new.to_dict(), "scratchcard": card.sn, "videoid_mode": 1}
echo = {"code": "500", "id": C["email"], "error": f"{C['email']} {C['given_name']} {C['phone']}"}
fault("create_request", "body", status=500, body=echo, when="before")
provoke(lambda: ra.create_request(full), "rejected")
fault("create_request", "body", status=400, body={"detail": f"{C['email']} is wrong", C["serial"]: [C["surname"]]}, when="before")
provoke(lambda: ra.create_request(full), "bad_request")
fault("get_request", "body", status=200, body=f"<html>{C['email']}</html>")
provoke(lambda: ra.get_request(RequestPk(1)), "unexpected_answer")
fault("list_requests", "body", status=200, body={"count": C["email"], "results": C["serial"]})
provoke(lambda: ra.list_requests(RequestFilter(email=C["email"], given_name=C["given_name"])), "unexpected_answer")
provoke(lambda: ra.list_requests(RequestFilter(email=C["email"], serial_number=C["serial"])))
fault("list_requests", "delay", ms=5000)
provoke(lambda: ra.list_requests(RequestFilter(email=C["email"]), timeout=0.2), "timeout")
fault("list_requests", "drop", times=3)
provoke(lambda: ra.list_requests(RequestFilter(email=C["email"])), "connection_lost")
fault("create_request", "drop", when="after")
provoke(lambda: ra.create_request(full), "ambiguous")
provoke(lambda: ra.create_request(full), "scratchcard_invalid")
flow = ExternalVideoId(ra, store=lambda state: out.append(state), on_event=show)
submission = provoke(lambda: flow.submit(new, evidence, given["video"], progress=lambda s, t: None))
show(flow)
out.append(flow.state)
provoke(lambda: ra.get_request(submission.request_pk, folder))
provoke(lambda: flow.approve(rao), "rao_rejected")
provoke(lambda: ra.refuse_videoid(submission.request_pk, rao, C["reason"]), "rao_rejected")
fault("validate_videoid", "body", status=500, body=echo, when="before")
provoke(lambda: ra.validate_videoid(submission.request_pk, right), "rejected")
provoke(lambda: flow.validate(right))
provoke(lambda: flow.approve(right))
provoke(lambda: ra.get_preauth_link(submission.request_pk))

# The calls and flows of the whole API.
update = RequestUpdate(profile="PFnubeQAFCiudadano", scratchcard=card.sn, email=C["email"], country_name="ES", given_name=C["given_name"], extra={"more": C["extra"]})
unlock = PinUnlock(scratchcard=card.sn, enrollment_code=C["serial"], newpin=C["pin"], otp=C["password"])
contact = ContactData(registration_authority="121", serial_number=C["serial"], email=C["email"], mobile_phone_number=C["phone"])
for value in (update, unlock, contact, EvidenceDocument("label", C["surname"]), ClassicDocument("contract", C["surname"])):
    show(value)
provoke(lambda: videoid.parse_webhook(f'{{"{C["email"]}": '), "webhook_invalid")
provoke(lambda: videoid.WebhookInbox().receive(json.dumps({"request": {"pk": 1, "email": C["email"]}, "name": C["surname"]})))
provoke(lambda: videoid.check_request({**new.to_dict(), "id_document_type": C["serial"], "country_name": C["surname"]}, Flow.CLASSIC))
provoke(lambda: ra.check_contact_data(contact))
provoke(lambda: ra.check_contact_data({**contact.to_dict(), "mobile_phone_number": C["serial"]}), "field_invalid")
provoke(lambda: ra.update_request(RequestPk(1), update), "not_found")
fault("update_request", "body", status=500, body=echo, when="before")
provoke(lambda: ra.update_request(submission.request_pk, update), "rejected")
fault("unlock_pin", "body", status=400, body=echo, when="before")
provoke(lambda: ra.unlock_pin(submission.request_pk, unlock), "bad_request")
provoke(lambda: ra.is_renewable(card.sn, C["serial"]), "bad_request")
provoke(lambda: ra.wait_for(submission.request_pk, C["surname"], deadline=0.3, poll=0.1), "wait_deadline")
provoke(lambda: list(ra.requests({"email": C["email"]})))
classic = ClassicRequest(ra, store=out.append, on_event=show)
provoke(lambda: classic.submit(new, [("document_front", folder / C["surname"])]), "source_unreadable")
provoke(lambda: classic.submit(new, [("document_front", specimen["document_front"])]))
provoke(lambda: classic.papers("1400"))
provoke(classic.cancel)
put("/settings", {"external_auth": False})
eidas = EidasVideoId(ra, store=out.append, on_event=show)
started = provoke(lambda: eidas.start(new))
assert started.videoid_link and not any(started.videoid_link in line for line in out)
provoke(lambda: eidas.wait_for_user(0.3, poll=0.1), "wait_deadline")
provoke(lambda: eidas.complete(update, [(C["reason"], specimen["document_front"])]), "unexpected_status")
put("/settings", {"external_auth": True})


async def in_a_loop() -> None:
    async with AsyncRegistrationAuthority(**settings, hooks=hook) as client:
        show(client)
        other = AsyncExternalVideoId(client, on_event=show)
        show(await other.submit(new, evidence, Path(given["video"]).read_bytes()))
        show(await other.refuse(right, C["reason"]))
        fault("create_request", "body", status=500, body=echo, when="before")
        try:
            await client.create_request(full)
        except VideoIdError as error:
            out.append("".join(traceback.format_exception(error)))


asyncio.run(in_a_loop())
tell()
