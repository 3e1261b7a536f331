"""The examples, each in an environment of its own that `cargo xtask test` has made: the wheels, and what the example names."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from support import REPO, SPECIMEN, VIDEO, Sandbox
from videoid import Bundle, Evidence

pytestmark = pytest.mark.examples

EXAMPLES = REPO / "examples" / "python"
PERSON = {"email": "anna@example.com", "mobile_phone_number": "+34600000000"}
OFFICER = {"authorization": "Bearer only-the-officer"}


def python(example: str) -> str:
    """The interpreter of the environment of that example."""
    found = Path(os.environ["VIDEOID_EXAMPLES"]) / example / "bin" / "python"
    assert found.is_file(), f"{found}: `cargo xtask test --only python` makes it"
    return str(found)


def environment(sandbox: Sandbox, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIDEOID_")}
    return {
        **kept,
        "VIDEOID_ENVIRONMENT": "custom",
        "VIDEOID_RA_URL": sandbox.ready["ra_url"],
        "VIDEOID_UPLOAD_URL": sandbox.ready["upload_url"],
        "VIDEOID_RA": sandbox.ready["ra"]["id"],
        "VIDEOID_VIDEO_PK": "request_pk",
        **{f"VIDEOID_RAO_{name.upper().removeprefix('RAO_')}": value for name, value in sandbox.rao.items()},
        **more,
    }


@contextmanager
def served(sandbox: Sandbox, folder: Path) -> Iterator[httpx.Client]:
    """The service on a free port."""
    child = subprocess.Popen(
        [python("service"), "-m", "uvicorn", "service:app", "--host", "127.0.0.1", "--port", "0"],
        cwd=EXAMPLES / "service",
        env=environment(sandbox, SERVICE_FOLDER=str(folder), SERVICE_OFFICER_TOKEN="only-the-officer", PYTHONDONTWRITEBYTECODE="1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    lines: list[str] = []
    address: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert child.stderr is not None
        for line in child.stderr:
            lines.append(line)
            if found := re.search(r"running on (http://\S+)", line):
                address.put(found[1])
        address.put(None)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        url = address.get(timeout=120)
        assert url is not None, "".join(lines)
        with httpx.Client(base_url=url, trust_env=False, timeout=120) as client:
            yield client
    finally:
        child.terminate()
        child.wait(timeout=60)
        reader.join(timeout=60)
        child.stderr.close()
    said = "".join(lines)
    assert "Traceback" not in said, said
    # Neither the service nor the library writes who it is about.
    assert PERSON["email"] not in said and PERSON["mobile_phone_number"] not in said, said


def upload(client: httpx.Client, id: str) -> httpx.Response:
    files: dict[str, Any] = {f"document_{side}": (f"{side}.jpg", (SPECIMEN / f"document_{side}.jpg").read_bytes()) for side in ("front", "rear", "owner")}
    return client.put(f"/identifications/{id}/evidence", files={**files, "video": ("video.mp4", VIDEO.read_bytes())})


def test_service(sandbox: Sandbox, tmp_path: Path) -> None:
    with served(sandbox, tmp_path) as client:
        id = client.post("/identifications", json=PERSON).json()["id"]
        assert client.get(f"/identifications/{id}").json() == {"status": None}
        assert upload(client, id).json() == {"status": "VIDEOREVIEW"}
        assert upload(client, id).status_code == 409
        assert PERSON["email"] not in (tmp_path / f"{id}.json").read_text()
        assert (tmp_path / f"{id}.json").stat().st_mode & 0o077 == 0
        assert client.post(f"/identifications/{id}/validate").status_code == 401
    # It goes on where it was when it is started again.
    with served(sandbox, tmp_path) as client:
        assert client.get(f"/identifications/{id}/contract", headers=OFFICER).status_code == 404
        validated = client.post(f"/identifications/{id}/validate", headers=OFFICER).json()
        assert validated["status"] == "CREATED" and validated["declaration"]
        assert client.get(f"/identifications/{id}/contract", headers=OFFICER).content.startswith(b"%PDF")
        assert client.post(f"/identifications/{id}/approve", headers=OFFICER).json()["status"] == "ENROLLREADY"
        # Somebody waits for the certificate, the holder enrols, and the vendor's webhook brings the news.
        pk = sandbox.control("GET", "/requests")["requests"][0]["pk"]
        seen: list[Any] = []
        waiting = threading.Thread(target=lambda: seen.append(client.get(f"/identifications/{id}", params={"wait_for": "ISSUED", "seconds": 100}).json()))
        waiting.start()
        sandbox.control("POST", f"/requests/{pk}/user", {"action": "enrol"})
        assert client.post("/webhooks", json={"request": pk}).status_code == 200
        assert client.post("/webhooks", content=b"no webhook").status_code == 200
        waiting.join(timeout=120)
        assert seen == [{"status": "ISSUED"}]


def test_service_says_what_is_wrong(sandbox: Sandbox, tmp_path: Path) -> None:
    with served(sandbox, tmp_path) as client:
        assert client.post("/identifications", json={"email": "anna@example.com"}).status_code == 422
        assert client.get("/identifications/9a9f2d0e-9d5b-4a36-8f0c-6a3f25b8a0ce").status_code == 404
        id = client.post("/identifications", json=PERSON).json()["id"]
        # An image that is none.
        files = {name: (f"{name}.jpg", b"no image") for name in ("document_front", "document_rear", "document_owner")}
        answer = client.put(f"/identifications/{id}/evidence", files={**files, "video": ("video.mp4", VIDEO.read_bytes())})
        assert answer.status_code == 422 and {field["field"] for field in answer.json()["fields"]}, answer.text
        assert upload(client, id).status_code == 200
        refused = client.post(f"/identifications/{id}/refuse", headers=OFFICER, json={"reason": "blurred"}).json()
        assert refused["videoid_status"] == "REFUSED"
        again = client.post(f"/identifications/{id}/approve", headers=OFFICER)
        assert (again.status_code, again.json()["code"]) == (409, "unexpected_status"), again.text


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    evidence = Evidence.build(**{f"document_{side}": SPECIMEN / f"document_{side}.jpg" for side in ("front", "rear", "owner")})
    Bundle.save(tmp_path / "bundle", evidence, VIDEO)
    return tmp_path / "bundle"


def run(program: str, sandbox: Sandbox, *args: str) -> subprocess.CompletedProcess[str]:
    command = [python("plain"), "-I", "-W", "error", str(EXAMPLES / program), *args]
    return subprocess.run(command, env=environment(sandbox), capture_output=True, text=True, timeout=120)


def test_load_bundle(sandbox: Sandbox, bundle: Path) -> None:
    looked = run("load_bundle.py", sandbox, str(bundle))
    assert looked.returncode == 0 and "document_front: jpeg" in looked.stdout, looked
    assert not sandbox.received()
    sent = run("load_bundle.py", sandbox, str(bundle), "--submit", PERSON["email"], PERSON["mobile_phone_number"])
    assert sent.returncode == 0 and sent.stdout.endswith("VIDEOREVIEW\n") and not sent.stderr, sent


def test_a_bundle_that_was_changed_is_not_sent(sandbox: Sandbox, bundle: Path) -> None:
    with next(bundle.glob("*front*")).open("r+b") as file:
        file.seek(-10, os.SEEK_END)
        file.write(b"x")
    done = run("load_bundle.py", sandbox, str(bundle), "--submit", PERSON["email"], PERSON["mobile_phone_number"])
    assert done.returncode == 1 and done.stderr.startswith("bundle_altered: "), done
    assert not sandbox.received()


def test_the_main_program_takes_a_bundle(sandbox: Sandbox, bundle: Path) -> None:
    urls = ["--ra-url", sandbox.ready["ra_url"], "--upload-url", sandbox.ready["upload_url"], "--ra", sandbox.ready["ra"]["id"]]
    done = run("external_videoid.py", sandbox, *urls, "--bundle", str(bundle))
    assert done.returncode == 0 and '"status": "ENROLLREADY"' in done.stdout.splitlines()[-1], done
