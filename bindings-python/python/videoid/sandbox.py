"""A sandbox for tests: the program of the package `videoid-sandbox` as a child process.

    from videoid.sandbox import Sandbox

    with Sandbox() as sandbox, sandbox.client() as ra:
        print(ra.get_first_unused_scratchcard())

In pytest the fixture `videoid_sandbox` gives an empty one to each test that names it.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import select
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import weakref
from typing import IO, TYPE_CHECKING, Any, Literal

from videoid.client import AsyncRegistrationAuthority, RegistrationAuthority
from videoid.one_shot import AsyncOneShot, OneShot

if TYPE_CHECKING:
    from os import PathLike
    from types import TracebackType

    from typing_extensions import Self

    from videoid._ids import RequestPk
    from videoid._models import OneShotRao, RaoCredentials

__all__ = ["Sandbox", "SandboxError", "SandboxNotInstalledError"]


class SandboxError(RuntimeError):
    """The sandbox did not start, ended, or refused a control call."""


class SandboxNotInstalledError(SandboxError, ImportError):
    """The program of the sandbox is not there: the text says what to install."""


def _program() -> str:
    if given := os.environ.get("VIDEOID_SANDBOX"):
        return given
    try:
        found: str = importlib.import_module("videoid_sandbox").find()
        return found
    except (ImportError, FileNotFoundError):
        pass
    if (on_path := shutil.which("videoid-sandbox")) is not None:
        return on_path
    raise SandboxNotInstalledError("the sandbox is a package of its own: pip install videoid-sandbox (or name its program in VIDEOID_SANDBOX)")


def _stop(child: subprocess.Popen[str]) -> None:
    # The end of its input is its end.
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _first_line(stream: IO[str], seconds: float) -> str:
    if sys.platform != "win32" and not select.select([stream], [], [], seconds)[0]:
        return ""
    return stream.readline()


class Sandbox:
    """A local, stateful stand-in for the service, for tests. Use it in a `with` or `async with` block, or call `start` and `close`.

    It listens on loopback only, on free ports, and ends with this process. `cards` unused scratchcards are there at the start.
    `tls` serves TLS with certificates made at the start; `mutual_tls` wants a client certificate as well, `upload_mutual_tls` on
    the host for videos too; clients of `client` and `async_client` have what they need. `state_dir` keeps its state from one start
    to the next. `settings` are those of its control API, for example `{"external_auth": False}` for the eIDAS flow.
    """

    __slots__ = ("__weakref__", "_args", "_child", "_finalizer", "_initial", "_ready")

    def __init__(
        self,
        *,
        cards: int | None = None,
        tls: bool = False,
        mutual_tls: bool = False,
        upload_mutual_tls: bool = False,
        state_dir: str | PathLike[str] | None = None,
        discard_uploads: bool = False,
        settings: dict[str, Any] | None = None,
    ) -> None:
        flags = {"--tls": tls, "--mutual-tls": mutual_tls, "--upload-mutual-tls": upload_mutual_tls, "--discard-uploads": discard_uploads}
        self._args = [flag for flag, wanted in flags.items() if wanted]
        if cards is not None:
            self._args += ["--cards", str(cards)]
        if state_dir is not None:
            self._args += ["--state-dir", os.fspath(state_dir)]
        self._initial = dict(settings or {})
        self._child: subprocess.Popen[str] | None = None
        self._finalizer: weakref.finalize[[subprocess.Popen[str]], Sandbox] | None = None
        self._ready: dict[str, Any] = {}

    # Its life

    def start(self) -> Self:
        """Starts it and waits until it is ready. Nothing happens where it runs already.

        Errors: `SandboxNotInstalledError`; `SandboxError` where it does not start.
        """
        if self._child is not None:
            return self
        program = _program()
        try:
            child = subprocess.Popen([program, "--exit-with-parent", *self._args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except OSError as error:
            raise SandboxError(f"the sandbox cannot be started: {error.strerror}") from error
        assert child.stdout is not None
        try:
            self._ready = json.loads(_first_line(child.stdout, 30))
        except ValueError:
            _stop(child)
            raise SandboxError("the sandbox ended before it was ready; it says why on its standard error") from None
        self._child = child
        self._finalizer = weakref.finalize(self, _stop, child)
        if self._initial:
            self.set(**self._initial)
        return self

    def close(self) -> None:
        """Ends it. Safe to repeat."""
        if self._finalizer is not None:
            self._finalizer()
        self._child, self._finalizer, self._ready = None, None, {}

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        await asyncio.to_thread(self.close)

    # What a client needs

    @property
    def settings(self) -> dict[str, Any]:
        """The keyword arguments of a client of it: `RegistrationAuthority(**sandbox.settings)`."""
        ready = self._running()
        settings: dict[str, Any] = {
            "environment": "custom",
            "api_url": ready["ra_url"],
            "upload_url": ready["upload_url"],
            "registration_authority": ready["ra"]["id"],
            "video_pk": "request_pk",
        }
        if any(arg.endswith("tls") for arg in self._args):
            bare = {"ca_file": self._pki("ca.pem"), "ca_only": True}
            full = {**bare, "identity": {"certificate_file": self._pki("client.pem"), "key_file": self._pki("client.key")}}
            settings["tls"] = full
            settings["upload_tls"] = full if "--upload-mutual-tls" in self._args else bare
        return settings

    @property
    def one_shot_settings(self) -> dict[str, Any]:
        """The keyword arguments of a client of its One-Shot API, but `dialect`: it speaks both."""
        ready = self._running()
        there = ready["one_shot"]
        settings: dict[str, Any] = {
            "environment": "custom",
            "base_url": ready["one_shot_url"],
            "registration_authority": there["ra"]["id"],
            "env": there["env"],
            "billing_username": there["billing"]["username"],
            "billing_password": there["billing"]["password"],
        }
        if any(arg.endswith("tls") for arg in self._args):
            settings["tls"] = {"ca_file": self._pki("ca.pem"), "ca_only": True}
        return settings

    @property
    def env(self) -> dict[str, str]:
        """The same as environment variables, for a program that uses `from_env` of `RegistrationAuthority` and `OneShot`."""
        ready = self._running()
        env = {
            "VIDEOID_ENVIRONMENT": "custom",
            "VIDEOID_RA_URL": ready["ra_url"],
            "VIDEOID_UPLOAD_URL": ready["upload_url"],
            "VIDEOID_RA": ready["ra"]["id"],
            "VIDEOID_VIDEO_PK": "request_pk",
            "VIDEOID_ONESHOT_URL": ready["one_shot_url"],
            "VIDEOID_ONESHOT_ENV": ready["one_shot"]["env"],
            "VIDEOID_BILLING_USERNAME": ready["one_shot"]["billing"]["username"],
            "VIDEOID_BILLING_PASSWORD": ready["one_shot"]["billing"]["password"],
        }
        if any(arg.endswith("tls") for arg in self._args):
            env |= {"VIDEOID_CA_FILE": self._pki("ca.pem"), "VIDEOID_CLIENT_CERT": self._pki("client.pem"), "VIDEOID_CLIENT_KEY": self._pki("client.key")}
            env["VIDEOID_ONESHOT_CA_FILE"] = env["VIDEOID_CA_FILE"]
        return env

    @property
    def rao(self) -> RaoCredentials:
        """The credentials of its officer."""
        from videoid._models import OneShotRao, RaoCredentials

        return RaoCredentials.from_dict(self._running()["rao"])

    @property
    def one_shot_rao(self) -> OneShotRao:
        """The same officer, as the One-Shot API wants one."""
        from videoid._models import OneShotRao

        rao = self.rao
        return OneShotRao(username=rao.username, password=rao.password, pin=rao.pin, rao=rao.rao_id)

    def client(self, **settings: Any) -> RegistrationAuthority:
        """A client of it. Keyword arguments come before its own settings."""
        return RegistrationAuthority(**{**self.settings, **settings})

    def async_client(self, **settings: Any) -> AsyncRegistrationAuthority:
        """A client of it for asyncio. Keyword arguments come before its own settings."""
        return AsyncRegistrationAuthority(**{**self.settings, **settings})

    def one_shot(self, **settings: Any) -> OneShot:
        """A client of its One-Shot API: `sandbox.one_shot(dialect="legacy")`. Keyword arguments come before its own settings."""
        return OneShot(**{**self.one_shot_settings, **settings})

    def async_one_shot(self, **settings: Any) -> AsyncOneShot:
        """A client of its One-Shot API for asyncio. Keyword arguments come before its own settings."""
        return AsyncOneShot(**{**self.one_shot_settings, **settings})

    # Control

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A call of its control API, which its README describes; `path` is below `/control/v1`. Gives the JSON of the answer.

        Errors: `SandboxError` with what it says.
        """
        data = None if body is None else json.dumps(body).encode()
        url = self._running()["control_url"] + path
        request = urllib.request.Request(url, data=data, method=method, headers={"content-type": "application/json"})
        # It is on loopback: no proxy of the environment belongs between.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise SandboxError(f"{method} {path}: HTTP {error.code}: {error.read(500).decode(errors='replace')}") from None
        except OSError as error:
            raise SandboxError(f"{method} {path}: the sandbox does not answer") from error
        return json.loads(text) if text else None

    async def control_async(self, method: str, path: str, body: Any = None) -> Any:
        """As `control`, without blocking the event loop."""
        return await asyncio.to_thread(self.control, method, path, body)

    def reset(self, *, cards: int | None = None) -> None:
        """Empties it: state, faults, settings (but those it was made with) and received calls."""
        self.control("POST", "/reset", {} if cards is None else {"cards": cards})
        if self._initial:
            self.set(**self._initial)

    def set(self, **settings: Any) -> None:
        """Changes settings of its control API."""
        self.control("PUT", "/settings", settings)

    def fault(self, operation: str, kind: str, **more: Any) -> None:
        """Has a call of that operation go wrong: `sandbox.fault("create_request", "drop", when="after")`."""
        self.control("POST", "/faults", [{"operation": operation, "kind": kind, **more}])

    def received(self, operation: str | None = None) -> list[dict[str, Any]]:
        """The calls that it received, with the personal data that they held."""
        rows: list[dict[str, Any]] = self.control("GET", "/received?personal=true")
        return [row for row in rows if operation is None or row["operation"] == operation]

    def user(self, request_pk: RequestPk | int, action: Literal["finish", "leave", "fail"] = "finish") -> None:
        """Plays the user of an eIDAS request on the vendor's page."""
        self.control("POST", f"/requests/{request_pk}/user", {"action": action})

    def operator(self, request_pk: RequestPk | int, action: Literal["validate", "refuse"] = "validate", reason: str | None = None) -> None:
        """Plays the vendor's operator of an eIDAS request."""
        body = {"action": action} | ({"reason": reason} if reason is not None else {})
        self.control("POST", f"/requests/{request_pk}/operator", body)

    def identify(self, request_pk: RequestPk | int, outcome: Literal["finish", "leave", "fail"] = "finish") -> None:
        """Plays the user of a One-Shot request on the vendor's page."""
        self.control("POST", f"/one-shot/requests/{request_pk}/identification", {"outcome": outcome})

    def otp(self, request_pk: RequestPk | int) -> str:
        """What the signer of a One-Shot request reads on their phone: the one-time password that was sent last.

        Errors: `SandboxError` where none was sent.
        """
        return str(self.control("GET", f"/one-shot/requests/{request_pk}/otp")["otp"])

    def set_status(self, request_pk: RequestPk | int, status: str) -> None:
        """Puts a request into a status."""
        self.control("PUT", f"/requests/{request_pk}/status", {"status": status})

    def _running(self) -> dict[str, Any]:
        if self._child is None:
            raise SandboxError("the sandbox does not run: use it in a `with` block, or call start()")
        return self._ready

    def _pki(self, name: str) -> str:
        return os.path.join(self._ready["pki_dir"], name)

    def __repr__(self) -> str:
        return f"Sandbox(running={self._child is not None})"
