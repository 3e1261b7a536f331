"""A WSGI program for gunicorn, run by test_prefork.py: its client is made, and used, before the workers are forked."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable
from typing import Any

from videoid import AsyncRegistrationAuthority, RegistrationAuthority

SETTINGS = json.loads(os.environ["SETTINGS"])
ra = RegistrationAuthority(**SETTINGS)
# Threads, connections and callbacks are there in the master when it forks.
MASTER = os.getpid()
FIRST = ra.get_first_unused_scratchcard().sn


async def by_asyncio() -> str:
    async with AsyncRegistrationAuthority(**SETTINGS) as client:
        return str((await client.get_first_unused_scratchcard()).sn)


def app(environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    sn = asyncio.run(by_asyncio()) if environ["PATH_INFO"] == "/asyncio" else str(ra.get_first_unused_scratchcard().sn)
    start_response("200 OK", [("content-type", "application/json")])
    return [json.dumps({"pid": os.getpid(), "master": MASTER, "sn": sn}).encode()]
