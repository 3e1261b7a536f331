"""No personal datum and no secret is seen where nobody asked for it: logs of every level, errors, hooks, `repr`."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.parse
from pathlib import Path

from support import SPECIMEN, VIDEO, Sandbox

CANARIES = {
    "given_name": "KANARINAME", "surname": "KANARISURNAME", "serial": "X77KANARI77", "email": "kanari.mail@example.com",
    "phone": "+34677123987", "birth": "17/09/1977", "extra": "KANARIEXTRA", "ip": "203.0.113.177", "agent": "KanariAgent/7.7",
    "username": "kanariuser", "password": "kanari:pass/word+7", "pin": "kanaripin77", "reason": "kanari reason", "image": "KANARIIMAGEBYTES",
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


def test_nothing_is_seen(sandbox: Sandbox, tmp_path: Path) -> None:
    given = {
        "canaries": CANARIES,
        "settings": sandbox.settings,
        "rao": sandbox.rao,
        "control": sandbox.ready["control_url"],
        "folder": str(tmp_path),
        "specimen": {f"document_{side}": str(SPECIMEN / f"document_{side}.jpg") for side in ("front", "rear", "owner")},
        "video": str(VIDEO),
    }
    program = Path(__file__).with_name("canary_program.py")
    done = subprocess.run([sys.executable, str(program)], input=json.dumps(given) + "\n", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    result = json.loads(done.stdout)
    # The test would find nothing in nothing: the events of hooks were logged, and so were the library's own records.
    assert "videoid.calls" in result["records"] and "operation=create_request" in result["records"]
    assert len(result["seen"]) > 100
    seen = (result["records"] + "\n".join(result["seen"])).lower()
    secrets = CANARIES | {f"rao {name}": value for name, value in sandbox.rao.items() if name != "rao_id"}
    found = sorted(name for name, value in secrets.items() if any(form in seen for form in forms(value)))
    assert not found, [(name, [line for line in seen.splitlines() if any(f in line for f in forms(secrets[name]))][:2]) for name in found]
    # The canaries did reach the service: otherwise nothing was tested.
    assert any(CANARIES["email"] in json.dumps(row) for row in sandbox.received("create_request"))
