"""No personal datum and no secret is seen where nobody asked for it: logs of every level, errors, hooks, `repr`."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest
from support import SPECIMEN, VIDEO, Sandbox

CANARIES = {
    "given_name": "KANARINAME", "surname": "KANARISURNAME", "serial": "X77KANARI77", "email": "kanari.mail@example.com",
    "phone": "+34677123987", "birth": "17/09/1977", "extra": "KANARIEXTRA", "ip": "203.0.113.177", "agent": "KanariAgent/7.7",
    "username": "kanariuser", "password": "kanari:pass/word+7", "pin": "kanaripin77", "reason": "kanari reason", "image": "KANARIIMAGEBYTES",
    "otp": "774177", "token": "c0a4a17177774a77b777ca4a17177777",
}


def forms(value: str) -> set[str]:
    """How a value may hide: plain, hex, URL-encoded, and Base64 at each of the three alignments."""
    raw = value.encode()
    hidden = {value, raw.hex(), urllib.parse.quote(value, safe=""), urllib.parse.quote_plus(value), repr(list(raw)).strip("[]")}
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        # The first and the last characters depend on the neighbours.
        hidden.add(text[4 if shift else 0 : -2])
    return {form.lower() for form in hidden}


@pytest.mark.parametrize(("name", "operation"), [("canary_program", "create_request"), ("canary_one_shot_program", "create_videoid")])
def test_nothing_is_seen(sandbox: Sandbox, tmp_path: Path, name: str, operation: str) -> None:
    given = {
        "canaries": CANARIES,
        "settings": sandbox.settings,
        "rao": sandbox.rao,
        "one_shot": {
            "settings": sandbox.one_shot_settings,
            "rao": sandbox.one_shot_rao,
            "extract": str(SPECIMEN / "register_extract.pdf"),
        },
        "control": sandbox.ready["control_url"],
        "folder": str(tmp_path),
        "specimen": {f"document_{side}": str(SPECIMEN / f"document_{side}.jpg") for side in ("front", "rear", "owner")},
        "video": str(VIDEO),
    }
    program = Path(__file__).with_name(f"{name}.py")
    done = subprocess.run([sys.executable, str(program)], input=json.dumps(given) + "\n", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    result = json.loads(done.stdout)
    # The test would find nothing in nothing: the events of hooks were logged, and so were the library's own records.
    assert "videoid.calls" in result["records"] and f"operation={operation}" in result["records"]
    assert len(result["seen"]) > 100
    seen = (result["records"] + "\n".join(result["seen"])).lower()
    secrets = CANARIES | {f"rao {name}": value for name, value in sandbox.rao.items() if name != "rao_id"}
    secrets |= {"billing": sandbox.ready["one_shot"]["billing"]["password"]}
    found = sorted(what for what, value in secrets.items() if any(form in seen for form in forms(value)))
    assert not found, [(what, [line for line in seen.splitlines() if any(f in line for f in forms(secrets[what]))][:2]) for what in found]
    # The canaries did reach the service: otherwise nothing was tested.
    assert any(CANARIES["email"] in json.dumps(row) for row in sandbox.received(operation))
