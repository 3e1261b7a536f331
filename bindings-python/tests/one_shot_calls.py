"""The calls of a scenario on the One-Shot API: its client, and the workflow of it that a scenario has."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any, Protocol

import videoid
from story import known
from support import Sandbox

FLOWS: dict[str, tuple[type, type]] = {
    "one_shot_eidas_": (videoid.OneShotEidas, videoid.AsyncOneShotEidas),
    "one_shot_external_": (videoid.OneShotExternal, videoid.AsyncOneShotExternal),
}
# What each step takes; those with nothing are left out.
STEPS: dict[str, tuple[str, ...]] = {
    "start": ("videoid",),
    "submit": ("videoid", "evidence", "video"),
    "wait_for_user": ("deadline_ms", "poll_ms", "max_poll_ms", "inbox"),
    "validate": ("rao",),
    "approve": ("rao",),
    "refuse": ("rao", "reason"),
    "documents": ("documents",),
    "contract": ("path",),
    "otp": ("delivery_method",),
    "sign": ("signing",),
    "save": ("folder",),
    "delete": ("folder",),
    "adopt": ("handle",),
}
MODELS: dict[str, Any] = {"videoid": videoid.NewVideoId, "rao": videoid.OneShotRao, "signing": videoid.Signing, "handle": videoid.VideoIdHandle}
SOURCES = ("video", "image", "document_front", "document_rear", "document_owner", "extra_document")
# These are no calls of the service, and take no options.
ASIDE = ("adopt", "create_anew", "contract_shown")


def is_one_shot(call: str) -> bool:
    return call == "new_one_shot_client" or call in videoid.ONE_SHOT_OPERATIONS or call.startswith(tuple(FLOWS))


class Story(Protocol):
    """What the scenario under way has."""

    scenario: dict[str, Any]
    sandbox: Sandbox
    is_async: bool

    def resolve(self, value: Any) -> Any: ...
    def object(self, reference: str) -> Any: ...
    def path(self, text: str) -> Path: ...
    def source(self, spec: Any) -> Any: ...
    def pki(self, name: str) -> str: ...
    def pace(self, args: dict[str, Any]) -> videoid.WaitLimits: ...
    def with_inbox(self, args: dict[str, Any]) -> dict[str, Any]: ...


class OneShotCalls:
    """The client of a scenario and its workflow, each made by the first call that needs it."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.client: Any = None
        self.flow: Any = None

    def config(self) -> videoid.OneShotConfig:
        story = self.story
        spec = story.scenario.get("client", {})
        config = story.sandbox.one_shot_settings
        if spec.get("url", "sandbox") == "unreachable":
            config["base_url"] = "http://127.0.0.1:1"
        if any("tls" in arg or "server-cert" in arg for arg in story.sandbox.args):
            root = {"sandbox": "ca.pem", "foreign": "foreign-ca.pem"}[spec.get("trust", "sandbox")]
            config["tls"] = {"ca_file": story.pki(root), "ca_only": True}
        config |= story.resolve(spec.get("one_shot", {}))
        return videoid.OneShotConfig.from_dict({name: value for name, value in config.items() if value is not None})

    def made(self) -> Any:
        self.client = (videoid.AsyncOneShot if self.story.is_async else videoid.OneShot)(self.config())
        return self.client

    def call(self, name: str, args: dict[str, Any], options: dict[str, Any]) -> Any:
        """The result, or in asyncio what gives it when it is awaited."""
        if name == "new_one_shot_client":
            known(args)
            self.made()
            return None
        if name in videoid.ONE_SHOT_OPERATIONS:
            method = getattr(self.client or self.made(), name)
            known(args, *inspect.signature(method).parameters)
            return method(**{key: self.argument(key, value) for key, value in args.items()}, **options)
        prefix = next(prefix for prefix in FLOWS if name.startswith(prefix))
        return self.step(FLOWS[prefix][self.story.is_async], name.removeprefix(prefix), args, options)

    def step(self, kind: Any, step: str, args: dict[str, Any], options: dict[str, Any]) -> Any:
        if step == "resume":
            known(args, "state")
            state = args["state"] if "state" in args else self.flow.state
            self.flow = kind.resume(self.made(), state if isinstance(state, str) else json.dumps(state))
            return None
        if self.flow is None:
            self.flow = kind(self.client or self.made())
        assert isinstance(self.flow, kind), f"{step}: the scenario has another workflow"
        known(args, *STEPS.get(step, ()))
        if step == "wait_for_user":
            return self.flow.wait_for_user(self.story.pace(args), **self.story.with_inbox(args), **options)
        given = {key: MODELS[key].from_dict(value) if key in MODELS else self.argument(key, value) for key, value in args.items()}
        if step in ASIDE:
            assert not options, f"{step} takes no options"
        return getattr(self.flow, step)(**given, **options)

    def argument(self, name: str, value: Any) -> Any:
        if name == "evidence":
            return self.story.object(value)
        if name in SOURCES:
            return None if value is None else self.story.source(value)
        if name == "documents":
            return [self.story.source(one) for one in value]
        if name in ("path", "folder"):
            return self.story.path(value)
        return value
