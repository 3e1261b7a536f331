"""As canary_program.py, for the One-Shot API in both dialects. Run by test_canary.py."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import videoid
from canary_tools import C, control, fault, given, hook, out, provoke, put, show, tell
from videoid import *

folder = Path(given["folder"])
specimen: dict[str, str] = given["specimen"]
settings: dict[str, Any] = given["one_shot"]["settings"]
rao = OneShotRao.from_dict(given["one_shot"]["rao"])
wrong = OneShotRao(username=C["username"], password=C["password"], pin=C["pin"], rao=rao.rao)
account = settings["billing_username"]
new = NewVideoId(profile="PFnubeQAFCiudadano", email=C["email"], mobile_phone_number=C["phone"], billing_username=account, billing_password=C["password"], extra={"more": C["extra"]})
right = NewVideoId(profile="PFnubeQAFCiudadano", email=C["email"], mobile_phone_number=C["phone"])
person = {"given_name": C["given_name"], "surname_1": C["surname"], "serial_number": C["serial"], "email": C["email"], "mobile_phone_number": C["phone"]}
classic = NewOneShotRequest(profile="PFnubeQAFCiudadano", **person, username=C["username"], password=C["password"], pin=C["pin"], extra={"more": C["extra"]})
token = NewToken(username=C["username"], password=C["password"], pin=C["pin"])
signing = Signing(secret=C["otp"], appearance=SignatureAppearance(text=C["surname"]), ext_unlock_value=C["pin"])
evidence = Evidence.build(
    **specimen,
    acceptance=Acceptance(description="I accept", ip=C["ip"], user_agent=C["agent"], date=1622823879708, extra={"more": C["extra"]}),
    ocr_data=OcrData(**person, id_document_type="IDC"),
    security_checks=SecurityChecks(otp_validation=SecurityCheck(passed=True, provenance="asserted")),
    similarity_level=87,
)
broken = folder / f"{C['given_name']}.pdf"
broken.write_bytes(C["image"].encode())
extract = given["one_shot"]["extract"]
for value in (rao, wrong, new, classic, token, signing, OneShotRao(token=C["token"], rao="1400"), OneShotSettings(billing={"billing_password": C["password"]})):
    show(value)
    show([value])
show(OneShotConfig(**{**settings, "billing_password": C["password"]}))


def secrets_of_an_answer(dialect: str, operation: str, body: Any) -> None:
    """What the service shows, with recognisable data in it."""
    fault(operation, "body", status=200, body={"status": "200 OK", "details": body} if dialect == "legacy" else {"status": "success", "detail": body})


def story(dialect: str) -> None:
    put("/settings", {"one_shot": {"external": True, "dialect": "both"}})
    client = OneShot(**settings, dialect=dialect, hooks=hook, retry={"base_delay_ms": 1})
    show(client)
    show(client.config)
    provoke(lambda: client.create_videoid(new), "billing_rejected")
    provoke(lambda: OneShot(**{**settings, "billing_password": C["password"]}, dialect=dialect, hooks=hook).create_videoid(right), "billing_rejected")
    provoke(lambda: client.create_videoid({"email": [C["email"]]}), "field_invalid")
    provoke(lambda: client.create_videoid(C["email"]), "TypeError")  # type: ignore[arg-type]
    provoke(lambda: client.create_videoid({**right.to_dict(), "mobile_phone_number": C["serial"]}), "field_invalid")
    provoke(lambda: client.create_token(token), "not_found")
    provoke(lambda: client.get_token(C["token"]), "token_unknown")
    secrets_of_an_answer(dialect, "create_token", {"token_uid": C["token"], "own": C["extra"]})
    provoke(lambda: client.create_token(token))
    secrets_of_an_answer(dialect, "list_tokens", {C["token"]: {"username": C["username"], "password": "true", "pin": "true", "NOTE": "a note", "own": C["extra"]}})
    provoke(client.list_tokens)
    secrets_of_an_answer(dialect, "get_settings", {"billing": {"billing_username": "b", "billing_password": C["password"]}, "own": C["extra"]})
    provoke(client.get_settings)
    secrets_of_an_answer(dialect, "list_documents", {"ab12": {"filename": f"{C['surname']}.pdf", "own": C["extra"]}})
    provoke(lambda: client.list_documents(RequestPk(1)))
    provoke(lambda: client.create_oneshot_request(classic, broken, specimen["document_owner"]), "image_unrecognised")
    provoke(lambda: client.create_oneshot_request(classic, specimen["document_front"], specimen["document_owner"], specimen["document_rear"]), "rao_rejected")
    fault("get_oneshot_request", "body", status=200, body=f"<html>{C['email']}</html>")
    provoke(lambda: client.get_oneshot_request(RequestPk(1)), "unexpected_answer")

    flow = OneShotExternal(client, store=out.append, on_event=show)
    outcome = provoke(lambda: flow.submit(right, evidence, given["video"], progress=lambda sent, total: None))
    show(flow)
    pk = outcome.handle.request_pk
    provoke(lambda: client.get_oneshot_request(pk))
    provoke(lambda: flow.approve(wrong), "rao_rejected")
    provoke(lambda: flow.approve(OneShotRao(token=C["token"], rao=rao.rao)), "token_unknown")
    provoke(lambda: flow.approve(rao))
    provoke(lambda: flow.documents([broken]), "document_unrecognised")
    provoke(lambda: flow.documents([folder / C["surname"]]), "source_unreadable")
    provoke(lambda: flow.documents([extract]))
    provoke(lambda: flow.contract(folder / C["surname"] / "contract.pdf"), "file_not_written")
    provoke(lambda: flow.contract(folder / "contract.pdf"))
    flow.contract_shown()
    provoke(flow.otp)
    provoke(lambda: flow.sign(Signing(secret=C["otp"])), "otp_invalid")
    provoke(lambda: flow.sign(signing), "field_invalid")
    provoke(lambda: flow.sign(Signing(ext_unlock_type="token", ext_unlock_value=C["pin"])))
    # Each story in a folder of its own: another's signed document is not written over.
    (folder / dialect).mkdir()
    provoke(lambda: flow.save(folder / dialect))
    out.append(flow.state)
    provoke(lambda: OneShotEidas.resume(client, flow.state), "field_invalid")
    provoke(lambda: OneShotExternal.resume(client, json.dumps({"email": C["email"]})), "field_invalid")

    put("/settings", {"one_shot": {"external": False}})
    eidas = OneShotEidas(client, store=out.append, on_event=show)
    started = provoke(lambda: eidas.start(right))
    assert started.videoid_link and not any(started.videoid_link in line for line in out)
    provoke(lambda: eidas.wait_for_user(0.2, poll=0.05), "wait_deadline")
    control(f"/one-shot/requests/{started.handle.request_pk}/identification", {"outcome": "finish"})
    provoke(lambda: eidas.wait_for_user(60, poll=0.05))
    provoke(lambda: eidas.refuse(rao, C["reason"]))


async def in_a_loop() -> None:
    async with AsyncOneShot(**settings, hooks=hook) as client:
        show(client)
        flow = AsyncOneShotEidas(client, on_event=show)
        show(await flow.start(right))
        show(flow)


for dialect in ("current", "legacy"):
    story(dialect)
asyncio.run(in_a_loop())
tell()
