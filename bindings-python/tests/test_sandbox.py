"""The sandbox as users have it: `videoid.sandbox`, its package of its own, and the fixture for pytest."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
import support
import videoid
from videoid.sandbox import Sandbox, SandboxError, SandboxNotInstalledError

FOLDER = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _program(monkeypatch: pytest.MonkeyPatch) -> None:
    # The package of its own where it is installed; else what cargo built.
    if importlib.util.find_spec("videoid_sandbox") is None:
        monkeypatch.setenv("VIDEOID_SANDBOX", str(support.REPO / "target" / "ci" / "videoid-sandbox"))


def test_with_and_its_end() -> None:
    sandbox = Sandbox(cards=2)
    for use in (lambda: sandbox.settings, lambda: sandbox.rao, sandbox.reset):
        with pytest.raises(SandboxError, match="start"):
            use()
    with sandbox, sandbox.client() as ra:
        assert repr(sandbox) == "Sandbox(running=True)" and sandbox.start() is sandbox
        assert len(list(ra.scratchcards())) == 2
        pk = ra.create_request({**support.REQUEST, "scratchcard": ra.get_first_unused_scratchcard().sn, "videoid_mode": 1}).pk
        assert [row["operation"] for row in sandbox.received("create_request")] == ["create_request"]
        sandbox.set_status(pk, "CANCELLED")
        assert ra.get_request(pk).status == "CANCELLED"
        sandbox.fault("get_request", "status", status=503, times=9)
        with pytest.raises(videoid.ServerError):
            ra.get_request(pk, timeout=5)
        sandbox.reset(cards=5)
        assert not sandbox.received()
        with pytest.raises(SandboxError, match="HTTP 4"):
            sandbox.control("POST", "/faults", {"kind": "no such kind"})
        control = sandbox._ready["control_url"]
        assert sandbox.rao.rao_id == "1400" and "password=***" in repr(sandbox.rao)
    sandbox.close()
    assert repr(sandbox) == "Sandbox(running=False)" and control
    # Another start is another process.
    with sandbox:
        assert sandbox.settings["api_url"].startswith("http://127.0.0.1:")


def test_the_lines_of_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (FOLDER / "README.md").read_text()
    exec(next(block for block in readme.split("```python\n") if "with Sandbox()" in block).split("```")[0], {})
    said = capsys.readouterr().out
    assert "Scratchcard(" in said and "password=***" in said
    fixture = (FOLDER / "sandbox" / "README.md").read_text().split("```python\n")[1].split("```")[0]
    assert fixture in readme


def test_async_with_and_the_eidas_flow() -> None:
    async def main() -> str:
        async with Sandbox(settings={"external_auth": False}) as sandbox, sandbox.async_client() as ra:
            sandbox.reset()
            flow = videoid.AsyncEidasVideoId(ra)
            started = await flow.start(support.REQUEST)
            assert started.videoid_link
            sandbox.user(started.request_pk)
            assert (await flow.wait_for_user(10)).status == "VIDEOREVIEW"
            sandbox.operator(started.request_pk, "refuse", "blurred")
            assert (await flow.wait_for_operator(10)).videoid_status == "REFUSED"
            assert (await sandbox.control_async("GET", "/settings"))["external_auth"] is False
            return str(sandbox.settings["api_url"])

    assert asyncio.run(main())


def test_mutual_tls_needs_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(mutual_tls=True, upload_mutual_tls=True) as sandbox:
        with sandbox.client() as ra:
            assert ra.get_first_unused_scratchcard().sn and ra.client_certificate() is not None
        for name, value in sandbox.env.items():
            monkeypatch.setenv(name, value)
        with videoid.RegistrationAuthority.from_env() as ra:
            assert ra.get_first_unused_scratchcard().sn


def test_the_one_shot_api_has_all_it_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Sandbox(tls=True) as sandbox:
        with sandbox.one_shot() as client:
            flow = videoid.OneShotEidas(client)
            pk = flow.start(support.REQUEST).handle.request_pk
            with pytest.raises(SandboxError, match="HTTP 404"):
                sandbox.otp(pk)
            sandbox.identify(pk)
            assert flow.wait_for_user(60, poll=0.02).status == "VIDEOREVIEW"
            assert flow.approve(sandbox.one_shot_rao).approved and "password=***" in repr(sandbox.one_shot_rao)
            flow.documents([support.SPECIMEN / "register_extract.pdf"])
            flow.contract(tmp_path / "contract.pdf")
            flow.contract_shown()
            flow.otp()
            assert flow.sign(videoid.Signing(secret=sandbox.otp(pk))).status == "ISSUED"
        for name, value in sandbox.env.items():
            monkeypatch.setenv(name, value)
        with videoid.OneShot.from_env(dialect="legacy") as client:
            assert client.create_videoid(support.REQUEST).handle.request_pk > pk

        async def main() -> None:
            async with sandbox.async_one_shot(dialect="legacy") as client:
                assert (await client.hello()).status

        asyncio.run(main())


def test_the_error_without_it_says_what_to_install(tmp_path: Path) -> None:
    program = """
import sys
sys.modules['videoid_sandbox'] = None
from videoid.sandbox import Sandbox, SandboxNotInstalledError
try:
    Sandbox().start()
except SandboxNotInstalledError as error:
    assert isinstance(error, ImportError)
    print(error)
"""
    env = {name: value for name, value in os.environ.items() if name != "VIDEOID_SANDBOX"} | {"PATH": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", program], env=env, check=True, capture_output=True, text=True)
    assert "pip install videoid-sandbox" in said.stdout and not said.stderr
    assert issubclass(SandboxNotInstalledError, SandboxError)


def test_a_program_that_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VIDEOID_SANDBOX", str(tmp_path / "none"))
    with pytest.raises(SandboxError, match="cannot be started"):
        Sandbox().start()
    monkeypatch.setenv("VIDEOID_SANDBOX", sys.executable)
    with pytest.raises(SandboxError, match="before it was ready"):
        Sandbox().start()


def test_it_ends_with_its_process() -> None:
    program = "import videoid.sandbox as s; x = s.Sandbox().start(); print(x._child.pid)"
    said = subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True)
    assert not said.stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(said.stdout), 0)


def test_the_fixture_of_pytest(tmp_path: Path) -> None:
    """The test of the package's README, in a run of its own."""
    lines = (FOLDER / "sandbox" / "README.md").read_text().split("```python\n")[1].split("```")[0]
    (tmp_path / "test_mine.py").write_text(lines + lines.replace("test_mine", "test_another"))
    env = dict(os.environ)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    if importlib.util.find_spec("videoid_sandbox") is None:
        # Without the installed package its entry point is named by hand.
        env["PYTHONPATH"] = os.pathsep.join([str(FOLDER / "sandbox" / "python"), env.get("PYTHONPATH", "")])
        command[3:3] = ["-p", "videoid_sandbox.plugin"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout + done.stderr
