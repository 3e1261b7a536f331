"""What the programs of the canary share: the data to look for, and all that a program could see without asking for a value."""

from __future__ import annotations

import io
import json
import logging
import sys
import traceback
import urllib.request
from collections.abc import Callable
from typing import Any

import videoid
from videoid import HookEvent, VideoIdError

given: dict[str, Any] = json.loads(sys.stdin.readline())
C: dict[str, str] = given["canaries"]

out: list[str] = []
records = io.StringIO()
handler = logging.StreamHandler(records)
handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(1)
assert videoid.enable_logging(level=1)

written = videoid.logging_hook()


def hook(event: HookEvent) -> None:
    show(event)
    out.append(event.to_json())
    written(event)


def show(value: Any) -> None:
    out.append(f"{value!r} {value!s} {value}")


def provoke(call: Callable[[], Any], expected: str | None = None) -> Any:
    try:
        result = call()
        show(result)
        assert expected is None, f"expected {expected}, and it succeeded"
        return result
    except (VideoIdError, TypeError) as error:
        show(error)
        out.append("".join(traceback.format_exception(error)))
        for attribute in ("code", "detail", "operation", "wire", "server_code", "server_id", "fields", "correlation_id"):
            show(getattr(error, attribute, None))
        code = getattr(error, "code", "TypeError")
        assert expected == code, f"expected {expected}, got {code}: {error}"
        return None


def control(path: str, body: Any, method: str = "POST") -> None:
    request = urllib.request.Request(given["control"] + path, json.dumps(body).encode(), {"content-type": "application/json"}, method=method)
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10).close()


def put(path: str, body: Any) -> None:
    control(path, body, "PUT")


def fault(operation: str, kind: str, **more: Any) -> None:
    control("/faults", [{"operation": operation, "kind": kind, **more}])


def tell() -> None:
    """Prints what was seen, once the hooks have heard everything."""
    videoid._native.flush_callbacks()
    json.dump({"seen": out, "records": records.getvalue()}, sys.stdout)
