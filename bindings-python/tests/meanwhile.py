"""What happens beside a call of a scenario."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from typing import Any

import videoid
from story import known
from support import Sandbox


class Meanwhile:
    """Deeds on a thread of their own, one after the other. What is not done when the call ends is left out."""

    def __init__(self, items: list[dict[str, Any]], sandbox: Sandbox, inbox: videoid.WebhookInbox, relayed: list[int]) -> None:
        for item in items:
            known(item, "after_ms", "control", "webhook", "webhook_json", "relay")
            assert len(item) == 2, f"one deed at a time: {sorted(item)}"
        self.items = items
        self.sandbox = sandbox
        self.inbox = inbox
        self.relayed = relayed
        self.over = threading.Event()
        self.failed: BaseException | None = None
        self.thread = threading.Thread(target=self.run)

    def __enter__(self) -> Meanwhile:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()
        if self.failed is not None:
            raise self.failed

    def run(self) -> None:
        try:
            for item in self.items:
                if self.over.wait(item["after_ms"] / 1000):
                    return
                self.do(item)
        except BaseException as error:
            self.failed = error

    def do(self, item: dict[str, Any]) -> None:
        if "control" in item:
            control = item["control"]
            known(control, "method", "path", "body")
            self.sandbox.control(control["method"], control["path"], control.get("body"))
        elif "relay" in item:
            assert item["relay"] is True
            deliveries = self.sandbox.control("GET", "/webhooks?personal=true")["deliveries"]
            new, self.relayed[0] = deliveries[self.relayed[0] :], len(deliveries)
            for delivery in new:
                self.receive(delivery["body"])
        else:
            self.receive(item["webhook"] if "webhook" in item else item["webhook_json"])

    def receive(self, body: Any) -> None:
        # Whether the inbox takes it is the product's matter.
        with contextlib.suppress(videoid.ValidationError):
            self.inbox.receive(body if isinstance(body, str) else json.dumps(body))
