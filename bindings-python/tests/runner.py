"""Runs one scenario of tests/scenarios through the sync or the asyncio classes."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import videoid
from compare import differences, pointer
from meanwhile import Meanwhile
from one_shot_calls import OneShotCalls, is_one_shot
from story import known
from support import FIXTURES, Sandbox, eventually, sandbox, write_jpeg, write_mp4
from videoid import errors

FLOWS: dict[str, tuple[type, type]] = {
    "workflow": (videoid.ExternalVideoId, videoid.AsyncExternalVideoId),
    "eidas": (videoid.EidasVideoId, videoid.AsyncEidasVideoId),
    "classic": (videoid.ClassicRequest, videoid.AsyncClassicRequest),
}
IMAGES = ("document_front", "document_rear", "document_photo", "document_owner")
MODELS = {"acceptance": videoid.Acceptance, "ocr_data": videoid.OcrData, "security_checks": videoid.SecurityChecks}
IDENTITIES: dict[str, tuple[str, str, str | None] | None] = {
    "client": ("client.pem", "client.key", None),
    "expired": ("client-expired.pem", "client-expired.key", None),
    "foreign": ("client-foreign.pem", "client-foreign.key", None),
    "encrypted": ("client.pem", "client-encrypted.key", "sandbox"),
    "key_mismatch": ("client.pem", "other.key", None),
    "none": None,
}


def error_json(error: errors.VideoIdError) -> dict[str, Any]:
    facts = {name: getattr(error, name) for name in ("code", "category", "operation", "wire", "retryable", "http_status", "server_code", "server_id")}
    return {**facts, "fields": [issue.field for issue in error.fields]}


def wire(result: Any) -> Any:
    """A result as JSON of the wire."""
    if isinstance(result, videoid.Evidence):
        return {"content_length": result.content_length, "report": result.report.to_dict()}
    if isinstance(result, videoid.Bundle):
        return {"manifest": result.manifest.to_dict()}
    if isinstance(result, dict):
        return {name: wire(value) for name, value in result.items()}
    if isinstance(result, list):
        return [wire(item) for item in result]
    return result.to_dict() if hasattr(result, "to_dict") else result


class Run:
    """One scenario under way."""

    def __init__(self, scenario: dict[str, Any], folder: Path, is_async: bool) -> None:
        self.scenario = scenario
        self.folder = folder
        self.is_async = is_async
        self.sandbox: Sandbox = sandbox(*scenario.get("sandbox", {}).get("args", []))
        self.saved: dict[str, Any] = {
            "rao": self.sandbox.rao,
            "ra": self.sandbox.ready["ra"]["id"],
            "one_shot": self.sandbox.ready["one_shot"],
            "one_shot_rao": self.sandbox.one_shot_rao,
            "variant": scenario.get("values", {}),
        }
        self.objects: dict[str, Any] = {}
        self.append: tuple[Path, int] | None = None
        self.ra: Any = None
        self.flow: Any = None
        self.one_shot = OneShotCalls(self)
        self.inbox = videoid.WebhookInbox()
        self.relayed = [0]
        self.made = 0

    async def run(self) -> None:
        setup = self.scenario.get("sandbox", {})
        known(setup, "args", "cards", "settings", "faults")
        self.sandbox.reset(**({"cards": setup["cards"]} if "cards" in setup else {}))
        if "settings" in setup:
            self.sandbox.control("PUT", "/settings", setup["settings"])
        if "faults" in setup:
            self.sandbox.control("POST", "/faults", setup["faults"])
        for at, step in enumerate(self.scenario["steps"]):
            try:
                await self.step(step)
            except BaseException as error:
                error.add_note(f"step {at + 1}: {json.dumps(step)[:200]}") if hasattr(error, "add_note") else None
                raise
        if "received" in self.scenario:
            self.compare_received(self.resolve(self.scenario["received"]), self.scenario.get("received_mode", "all"))
        for client in (self.ra, self.one_shot.client):
            closed = client.close() if client is not None else None
            if inspect.isawaitable(closed):
                await closed

    def compare_received(self, expected: list[Any], mode: str) -> None:
        # That a connection broke off is noticed by the sandbox a moment after the client knows.
        def check() -> list[str]:
            rows = self.sandbox.received()
            if mode == "all":
                return differences(expected, rows)
            at = 0
            for one in expected:
                fits = [i for i, row in enumerate(rows) if i >= at and not differences(one, row)]
                if not fits:
                    return [f"not received: {json.dumps(one)}; there is {[(r['operation'], r['status'], r['complete']) for r in rows]}"]
                at = fits[0] + 1
            return []

        eventually(lambda: not check())
        found = check()
        assert not found, "\n".join(found)

    # Values

    def resolve(self, value: Any) -> Any:
        if isinstance(value, str):
            if whole := re.fullmatch(r"\$\{([^}]+)\}", value):
                return self.lookup(whole[1])
            return re.sub(r"\$\{([^}]+)\}", lambda found: str(self.lookup(found[1])), value)
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if isinstance(value, dict):
            return {name: self.resolve(member) for name, member in value.items()}
        return value

    def lookup(self, name: str) -> Any:
        first, *rest = name.split(".")
        value = self.saved[first]
        for part in rest:
            value = value[part]
        return value

    def object(self, reference: str) -> Any:
        name, *members = reference.removeprefix("$").split(".")
        value = self.objects[name]
        for member in members:
            value = getattr(value, member)
        return value

    def path(self, text: str) -> Path:
        return self.folder / text.removeprefix("tmp:") if text.startswith("tmp:") else FIXTURES / text

    def file(self, spec: dict[str, Any]) -> Path:
        known(spec, "fixture", "file", "generate", "bytes", "as")
        if "fixture" in spec:
            return FIXTURES / spec["fixture"]
        if "file" in spec:
            return self.path(spec["file"])
        self.made += 1
        make = {"mp4": write_mp4, "jpeg": write_jpeg}[spec["generate"]]
        return make(self.folder / f"made-{self.made}", spec["bytes"])

    def source(self, spec: Any) -> Any:
        if isinstance(spec, str):
            return self.object(spec)
        path = self.file(spec)
        kind = spec.get("as", "path")
        if kind == "path":
            return path
        if kind == "bytes":
            return path.read_bytes()
        assert kind == "stream", kind
        return videoid.Source.stream(_pieces_async(path) if self.is_async else _pieces(path), path.stat().st_size)

    def pieces(self, args: dict[str, Any]) -> dict[str, Any]:
        known(args, *IMAGES, *MODELS, "similarity_level", "extra", "strict")
        out: dict[str, Any] = {}
        for name, value in args.items():
            if name in IMAGES:
                out[name] = self.source(value)
            else:
                out[name] = MODELS[name].from_dict(value) if name in MODELS else value
        return out

    # The client

    def config(self) -> videoid.RaConfig:
        spec = self.scenario.get("client", {})
        known(spec, "config", "one_shot", "identity", "upload_identity", "trust", "url")
        args = self.scenario.get("sandbox", {}).get("args", [])
        config = dict(self.sandbox.settings)
        if spec.get("url", "sandbox") == "unreachable":
            config |= {"api_url": "http://127.0.0.1:1/api/v1", "upload_url": "http://127.0.0.1:1"}
        if any("tls" in arg or "server-cert" in arg for arg in args):
            root = {"sandbox": "ca.pem", "foreign": "foreign-ca.pem"}[spec.get("trust", "sandbox")]
            bare = {"ca_file": self.pki(root), "ca_only": True}
            identity = self.identity(spec.get("identity", "client"))
            full = bare | ({"identity": identity} if identity else {})
            config |= {"tls": full, "upload_tls": full if spec.get("upload_identity", "--upload-mutual-tls" in args) else bare}
        config |= self.resolve(spec.get("config", {}))
        return videoid.RaConfig.from_dict({name: value for name, value in config.items() if value is not None})

    def pki(self, name: str) -> str:
        return str(Path(self.sandbox.ready["pki_dir"]) / name)

    def identity(self, name: str) -> dict[str, Any] | None:
        pair = IDENTITIES[name]
        if pair is None:
            return None
        return {"certificate_file": self.pki(pair[0]), "key_file": self.pki(pair[1]), **({"password": pair[2]} if pair[2] else {})}

    def client(self) -> Any:
        kind = videoid.AsyncRegistrationAuthority if self.is_async else videoid.RegistrationAuthority
        self.ra = kind(self.config())
        return self.ra

    def workflow(self, call: str, state: str | None = None) -> Any:
        """The workflow of the scenario; the first call says of which kind it is."""
        kind: Any = FLOWS[call.split("_")[0]][self.is_async]
        if state is not None:
            self.flow = kind.resume(self.client(), state)
        elif self.flow is None:
            self.flow = kind(self.ra or self.client())
        return self.flow

    def call(self, name: str, args: dict[str, Any], options: dict[str, Any]) -> Any:
        """The result, or in asyncio what gives it when it is awaited."""
        if is_one_shot(name):
            return self.one_shot.call(name, args, options)
        if name in videoid.OPERATIONS:
            ra = self.ra or self.client()
            method = getattr(ra, name)
            known(args, *inspect.signature(method).parameters)
            return method(**{key: self.argument(key, value) for key, value in args.items()}, **options)
        if name == "new_client":
            known(args)
            self.client()
            return None
        if name in ("build_evidence", "check_evidence"):
            function = getattr(videoid.Evidence, name.removesuffix("_evidence") + ("_async" if self.is_async else ""))
            return function(**self.pieces(args))
        if name == "check_video":
            known(args, "video")
            return (videoid.check_video_async if self.is_async else videoid.check_video)(self.source(args["video"]))
        if name == "save_bundle":
            known(args, "dir", "evidence", "video")
            save = videoid.Bundle.save_async if self.is_async else videoid.Bundle.save
            return save(self.path(args["dir"]), self.object(args["evidence"]), self.source(args["video"]) if "video" in args else None)
        if name == "load_bundle":
            known(args, "dir")
            return (videoid.Bundle.load_async if self.is_async else videoid.Bundle.load)(self.path(args["dir"]))
        if name in ("wait_for", "collect_requests", "collect_scratchcards", "client_certificate", "replace_identity"):
            return self.of_the_client(name, args, options)
        if name.split("_")[0] in FLOWS:
            return self.of_the_workflow(name, args, options)
        return self.without_io(name, args)

    def without_io(self, name: str, args: dict[str, Any]) -> Any:
        if name == "status_next_steps":
            known(args, "status")
            return videoid.Status(args["status"]).next_steps()
        if name == "ways_on":
            known(args, "status", "flow")
            return videoid.Status(args["status"]).ways_on(args["flow"])
        if name == "profiles":
            known(args)
            return videoid.profiles()
        if name == "profile":
            known(args, "name")
            return videoid.profile(args["name"])
        if name == "check_request":
            known(args, "request", "flow")
            return videoid.check_request(args["request"], args["flow"])
        if name in ("parse_webhook", "receive_webhook"):
            known(args, "body", "pad_to")
            body = args["body"].encode().ljust(args.get("pad_to", 0))
            return (videoid.parse_webhook if name == "parse_webhook" else self.inbox.receive)(body)
        if name == "parse":
            known(args, "model", "json")
            return getattr(videoid, args["model"]).from_dict(args["json"])
        raise AssertionError(f"a call that the runner does not know: {name}")

    def of_the_client(self, name: str, args: dict[str, Any], options: dict[str, Any]) -> Any:
        ra = self.ra or self.client()
        if name == "wait_for":
            known(args, "request_pk", "statuses", "deadline_ms", "poll_ms", "max_poll_ms", "inbox")
            return ra.wait_for(args["request_pk"], args["statuses"], deadline=self.pace(args), **self.with_inbox(args), **options)
        if name == "replace_identity":
            known(args, "identity")
            return ra.replace_identity(self.identity(args["identity"]))
        if name == "client_certificate":
            known(args)
            return ra.client_certificate()
        known(args, "filter")
        pages = getattr(ra, name.removeprefix("collect_"))(args["filter"], **options)
        if not self.is_async:
            return {"results": list(pages)}

        async def collected() -> Any:
            return {"results": [item async for item in pages]}

        return collected()

    def of_the_workflow(self, name: str, args: dict[str, Any], options: dict[str, Any]) -> Any:
        kind, _, step = name.partition("_")
        if step == "resume":
            known(args, "state")
            state = args["state"] if "state" in args else self.workflow(name).state
            self.workflow(name, state if isinstance(state, str) else json.dumps(state))
            return None
        flow = self.workflow(name)
        if name in ("workflow_ways_on", "workflow_cancel"):
            known(args)
            return flow.cancel(**options) if step == "cancel" else flow.ways_on()
        assert isinstance(flow, FLOWS[kind][self.is_async]), f"{name}: the scenario has another workflow"
        if name == "workflow_submit":
            known(args, "request", "evidence", "video")
            return flow.submit(videoid.NewRequest.from_dict(args["request"]), self.object(args["evidence"]), self.source(args["video"]), **options)
        if name == "eidas_start":
            known(args, "request")
            return flow.start(args["request"], **options)
        if name in ("eidas_wait_for_user", "eidas_wait_for_operator"):
            known(args, "deadline_ms", "poll_ms", "max_poll_ms", "inbox")
            return getattr(flow, step)(self.pace(args), **self.with_inbox(args), **options)
        if name == "eidas_complete":
            known(args, "update", "documents")
            given = [videoid.EvidenceDocument(**{**one, "document": self.source(one["document"])}) for one in args.get("documents", [])]
            return flow.complete(args.get("update"), given, **options)
        if name == "classic_submit":
            known(args, "request", "documents")
            pairs = [videoid.ClassicDocument(**{**one, "document": self.source(one["document"])}) for one in args.get("documents", [])]
            return flow.submit(args["request"], pairs, **options)
        if name in ("eidas_papers", "classic_papers"):
            known(args, "rao_id")
            return flow.papers(args["rao_id"], **options)
        if step in ("validate", "approve", "refuse") and hasattr(flow, step):
            known(args, "rao", "reason")
            values = {"rao": videoid.RaoCredentials.from_dict(args["rao"])} | ({"reason": args["reason"]} if "reason" in args else {})
            return getattr(flow, step)(**values, **options)
        raise AssertionError(f"a call that the runner does not know: {name}")

    def pace(self, args: dict[str, Any]) -> videoid.WaitLimits:
        return videoid.WaitLimits(**{name: args[name] for name in ("deadline_ms", "poll_ms", "max_poll_ms") if name in args})

    def with_inbox(self, args: dict[str, Any]) -> dict[str, Any]:
        return {"inbox": self.inbox} if args.get("inbox") else {}

    def argument(self, name: str, value: Any) -> Any:
        if name == "evidence":
            return self.object(value)
        if name in ("video", "document"):
            return self.source(value)
        if name in ("path", "images_dir") and value is not None:
            return self.path(value)
        return value

    # Steps

    async def step(self, step: dict[str, Any]) -> None:
        if "file" in step:
            return self.file_step(step["file"])
        if "control" in step:
            control = self.resolve(step["control"])
            result = self.sandbox.control(control["method"], control["path"], control.get("body"))
            return self.check(step, result)
        known(step, "only", "call", "args", "options", "expect", "save", "save_as")
        expect = step.get("expect", {})
        known(expect, "result", "error", "progress")
        try:
            result, seen = await self.perform(step)
        except errors.VideoIdError as error:
            if "error" not in expect:
                raise
            found = differences(self.resolve(expect["error"]), error_json(error))
            assert not found, "\n".join(found)
            return None
        except asyncio.CancelledError:
            # The language's own way: it has no attributes that could be compared.
            if expect.get("error", {}).get("code") != "cancelled":
                raise
            return None
        assert "error" not in expect, f"it succeeded, expected {expect['error']}"
        if "save_as" in step:
            self.objects[step["save_as"]] = result
        if "progress" in expect:
            assert expect["progress"] == "complete"
            assert seen and seen[-1][0] == seen[-1][1], seen[-3:]
            # A workflow makes two uploads and counts each from zero.
            backwards = sum(now[0] < before[0] for before, now in zip(seen, seen[1:]))
            assert backwards <= (1 if step["call"].startswith(("workflow", "one_shot_external_submit")) else 0), seen
        self.check(step, wire(result))
        return None

    def check(self, step: dict[str, Any], result: Any) -> None:
        if "result" in step.get("expect", {}):
            found = differences(self.resolve(step["expect"]["result"]), result)
            assert not found, "\n".join(found)
        for name, path in step.get("save", {}).items():
            self.saved[name] = pointer(result, path)
            assert self.saved[name] is not None, f"there is nothing at {path}"

    async def perform(self, step: dict[str, Any]) -> tuple[Any, list[tuple[int, int]]]:
        spec = step.get("options", {})
        known(spec, "timeout_ms", "progress", "cancel_after_bytes", "cancel_before")
        options: dict[str, Any] = {}
        seen: list[tuple[int, int]] = []
        token = videoid.CancelToken()
        task: asyncio.Task[Any] | None = None
        appended, self.append = self.append, None
        if "timeout_ms" in spec:
            options["timeout"] = spec["timeout_ms"] / 1000
        if not self.is_async and ("cancel_after_bytes" in spec or spec.get("cancel_before")):
            options["cancel"] = token

        def cancel() -> None:
            token.cancel()
            if task is not None:
                task.cancel()

        def progress(sent: int, total: int) -> None:
            nonlocal appended
            seen.append((sent, total))
            if appended and sent >= appended[1]:
                with appended[0].open("ab") as out:
                    out.write(b"changed")
                appended = None
            if sent >= spec.get("cancel_after_bytes", 1 << 62):
                cancel()

        if spec.get("progress") or "cancel_after_bytes" in spec or appended:
            options["progress"] = progress
        if spec.get("cancel_before"):
            cancel()
        args = self.resolve(step.get("args", {}))
        with self.beside(args.pop("meanwhile", [])):
            result = self.call(step["call"], args, options)
            if inspect.isawaitable(result):
                task = asyncio.ensure_future(result)
                if spec.get("cancel_before"):
                    task.cancel()
                result = await task
        return result, seen

    def beside(self, items: list[dict[str, Any]]) -> contextlib.AbstractContextManager[Any]:
        return Meanwhile(items, self.sandbox, self.inbox, self.relayed) if items else contextlib.nullcontext()

    def file_step(self, spec: dict[str, Any]) -> None:
        known(spec, "write", "append", "remove", "append_during_next_call", "after_bytes", "fixture", "generate", "bytes", "text")
        if "append_during_next_call" in spec:
            self.append = (self.path(spec["append_during_next_call"]), spec.get("after_bytes", 1))
        elif "write" in spec:
            target = self.path(spec["write"])
            if "text" in spec:
                target.write_text(spec["text"])
            else:
                shutil.copyfile(self.file({key: spec[key] for key in ("fixture", "generate", "bytes") if key in spec}), target)
        elif "append" in spec:
            with self.path(spec["append"]).open("ab") as out:
                out.write(spec.get("text", "changed").encode())
        else:
            self.path(spec["remove"]).unlink()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(200_000):
            yield piece


async def _pieces_async(path: Path) -> AsyncIterator[bytes]:
    for piece in _pieces(path):
        await asyncio.sleep(0)
        yield piece
