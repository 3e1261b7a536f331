"""How an expected value of a scenario is compared with what came."""

from __future__ import annotations

import json
import re
from typing import Any

_KINDS = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "present": lambda value: value is not None,
    "absent": lambda value: value is None,
}


def differences(expected: Any, actual: Any, path: str = "") -> list[str]:
    """What differs, as lines; empty where the expected value is a subset of the actual one."""
    here = path or "(all)"
    if isinstance(expected, dict):
        if set(expected) == {"$type"}:
            return [] if _KINDS[expected["$type"]](actual) else [f"{here}: expected {expected['$type']}, got {_show(actual)}"]
        if set(expected) == {"$match"}:
            found = isinstance(actual, str) and re.search(expected["$match"], actual)
            return [] if found else [f"{here}: expected a match of {expected['$match']}, got {_show(actual)}"]
        if not isinstance(actual, dict):
            return [f"{here}: expected an object, got {_show(actual)}"]
        return [line for key, value in expected.items() for line in differences(value, actual.get(key), f"{path}/{key}")]
    if isinstance(expected, list):
        if not isinstance(actual, list):
            return [f"{here}: expected a list, got {_show(actual)}"]
        if len(expected) != len(actual):
            return [f"{here}: expected {len(expected)} elements, got {len(actual)}: {_show(actual)}"]
        return [line for at, value in enumerate(expected) for line in differences(value, actual[at], f"{path}/{at}")]
    # In Python True equals 1; in JSON it does not.
    same = expected == actual and isinstance(expected, bool) == isinstance(actual, bool)
    return [] if same else [f"{here}: expected {_show(expected)}, got {_show(actual)}"]


def pointer(value: Any, path: str) -> Any:
    """What a JSON pointer names; `None` where there is nothing."""
    for part in path.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        value = value[int(part)] if isinstance(value, list) else (value or {}).get(part)
    return value


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 300 else text[:300] + "…"
