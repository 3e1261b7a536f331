"""The code of the README runs as it stands."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
import videoid
from support import SPECIMEN, VIDEO, Sandbox
from test_flows import PDF, PERSON, UPDATE
from test_one_shot import evidence
from videoid import AsyncRegistrationAuthority, RegistrationAuthority, Status

BLOCKS = re.findall(r"```python\n(.*?)```", (Path(__file__).parents[1] / "README.md").read_text(), re.S)


def block(mark: str) -> str:
    found = [text for text in BLOCKS if mark in text]
    assert len(found) == 1, mark
    return str(found[0])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "extract.pdf").write_bytes(PDF)
    for name, side in {"front": "front", "rear": "rear", "selfie": "owner"}.items():
        (tmp_path / f"{name}.jpg").symlink_to(SPECIMEN / f"document_{side}.jpg")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("folder")
def test_eidas(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/settings", {"external_auth": False})
    company = {"profile": "PFnubeQAFEmpresa", "email": "anna@example.com", "scratchcard": "1256948"}
    states: list[str] = []

    def hand_over(link: str) -> None:
        assert link.startswith("http") and link not in states[-1]
        pk = sandbox.control("GET", "/requests")["requests"][0]["pk"]
        sandbox.control("POST", f"/requests/{pk}/user", {"action": "finish"})
        sandbox.control("POST", f"/requests/{pk}/operator", {"action": "validate"})

    with RegistrationAuthority(**sandbox.settings) as ra:
        names: dict[str, Any] = {
            "ra": ra, "save": states.append, "hand_over": hand_over, "update": {**company, **UPDATE},
            "rao": videoid.RaoCredentials.from_dict(sandbox.rao),
        }  # fmt: skip
        exec(block("EidasVideoId(ra"), names)
    assert names["outcome"].status == Status.ENROLLREADY and names["papers"].contract is not None


@pytest.mark.usefixtures("folder")
def test_classic_lists_and_profiles(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        names: dict[str, Any] = {"ra": ra, "request": PERSON, "rao": videoid.RaoCredentials.from_dict(sandbox.rao)}
        exec(block("ClassicRequest(ra"), names)
        assert names["outcome"].status == Status.ENROLLREADY and names["papers"].declaration is not None
        exec(block("ra.requests("), names)
    assert "ENROLLREADY" in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("dialect", ["current", "legacy"])
def test_one_shot(sandbox: Sandbox, dialect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.control("PUT", "/settings", {"one_shot": {"external": True}})
    (tmp_path / "extract.pdf").write_bytes((SPECIMEN / "register_extract.pdf").read_bytes())
    (tmp_path / "video.mp4").symlink_to(VIDEO)
    settings = {"base_url": "ONESHOT_URL", "env": "ONESHOT_ENV", "registration_authority": "RA", "billing_username": "BILLING_USERNAME", "billing_password": "BILLING_PASSWORD"}
    for field, name in settings.items():
        monkeypatch.setenv(f"VIDEOID_{name}", sandbox.one_shot_settings[field])
    states: list[str] = []
    shown: list[str] = []

    def typed() -> str:
        assert shown == ["contract.pdf"] and (tmp_path / "contract.pdf").read_bytes().startswith(b"%PDF")
        return sandbox.otp(names["outcome"].handle.request_pk)

    names: dict[str, Any] = {
        "save": states.append, "evidence": evidence(), "show_to_the_signer": shown.append, "what_the_signer_types": typed,
        **{name: sandbox.rao[name] for name in ("username", "password", "pin")},
    }  # fmt: skip
    exec(block("OneShotExternal(client").replace('"current"', repr(dialect)), names)
    assert names["outcome"].status == Status.ISSUED and (tmp_path / "signed.pdf").stat().st_size == names["saved"].documents[0].file.bytes

    sandbox.control("PUT", "/settings", {"one_shot": {"external": False}})
    with videoid.OneShot.from_env(dialect=dialect) as client:

        def hand_over(link: str) -> None:
            assert link.startswith("http") and link not in states[-1]
            sandbox.identify(json.loads(states[-1])["handle"]["request_pk"])

        names = {"client": client, "save": states.append, "hand_over": hand_over, "rao": sandbox.one_shot_rao}
        exec(block("OneShotEidas(client"), names)
    assert names["outcome"].approved


def test_webhooks(sandbox: Sandbox) -> None:
    names: dict[str, Any] = {}
    exec(block("WebhookInbox()"), names)

    async def main() -> videoid.Request:
        async with AsyncRegistrationAuthority(**sandbox.settings) as ra:
            card = await ra.get_first_unused_scratchcard()
            made = await ra.create_request({**PERSON, "scratchcard": card.sn, "videoid_mode": 1})
            waiting = asyncio.ensure_future(names["issued"](ra, made.pk))
            await asyncio.sleep(0.3)
            sandbox.control("PUT", f"/requests/{made.pk}/status", {"status": "ENROLLREADY"})
            assert await names["receive"](b"no webhook") == 200
            assert await names["receive"](json.dumps({"request": made.pk}).encode()) == 200
            done: videoid.Request = await waiting
            return done

    assert asyncio.run(main()).status == Status.ENROLLREADY
