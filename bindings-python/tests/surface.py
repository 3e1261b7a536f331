"""Prints the public surface of the installed package as JSON, for the parity check.

    python surface.py
    {"language": "python", "operations": {name: {"params": [...], "options": [...]}}, "workflow": {...},
     "models": {name: [fields]}, "words": {name: [words]}, "ids": [...], "error_codes": {code: category},
     "errors": {class: base}, "functions": {name: [params]}}

Everything is read from what is there, both sync and asyncio; where the two differ it fails.
"""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any

import videoid
from videoid import errors

OPTIONS = ("timeout", "cancel", "progress")


def _parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


def _methods(kind: type) -> dict[str, list[str]]:
    return {
        name: _parameters(getattr(kind, name))
        for name in sorted(dir(kind))
        if not name.startswith("_") and callable(getattr(kind, name))
    }


def _same(sync: dict[str, list[str]], asyncio: dict[str, list[str]]) -> dict[str, list[str]]:
    assert sync == asyncio, {name: (sync.get(name), asyncio.get(name)) for name in sync.keys() ^ asyncio.keys()}
    return sync


def surface() -> dict[str, Any]:
    client = _same(_methods(videoid.RegistrationAuthority), _methods(videoid.AsyncRegistrationAuthority))
    operations = {
        name: {"params": [p for p in parameters if p not in OPTIONS], "options": [p for p in parameters if p in OPTIONS]}
        for name, parameters in client.items()
        if name in videoid.OPERATIONS
    }
    public = {name: getattr(videoid, name) for name in videoid.__all__}
    models = {
        name: sorted(field for field, value in vars(kind).items() if inspect.isgetsetdescriptor(value))
        for name, kind in public.items()
        if inspect.isclass(kind) and hasattr(kind, "from_dict")
    }
    words = {name: [str(word) for word in kind.KNOWN] for name, kind in public.items() if inspect.isclass(kind) and hasattr(kind, "KNOWN")}
    exceptions = {
        name: kind.__bases__[0].__name__ for name, kind in public.items() if inspect.isclass(kind) and issubclass(kind, BaseException)
    }
    return {
        "language": "python",
        "operations": operations,
        "client": sorted(set(client) - set(operations)),
        "workflow": _same(_methods(videoid.ExternalVideoId), _methods(videoid.AsyncExternalVideoId)),
        "evidence": _methods(videoid.Evidence),
        "bundle": _methods(videoid.Bundle),
        "options": sorted({option for operation in operations.values() for option in operation["options"]}),
        "models": models,
        "words": words,
        "ids": sorted(name for name, value in public.items() if hasattr(value, "__supertype__")),
        "error_codes": {code: category for code, (category, _) in errors.ERROR_CODES.items()},
        "error_attributes": sorted(videoid.VideoIdError.__annotations__),
        "errors": exceptions,
        "functions": {name: _parameters(value) for name, value in public.items() if inspect.isfunction(value)},
    }


if __name__ == "__main__":
    json.dump(surface(), sys.stdout, indent=1, sort_keys=True)
    print()
