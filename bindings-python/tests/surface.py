"""Prints what the installed package exposes, as tests/README.md describes it, for the parity check.

    python surface.py > target/surface/python.json

Everything is read from what is there. Where the sync and the asyncio classes differ it fails.
"""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any, get_type_hints

import videoid
from videoid import errors

OPTIONS = {"timeout", "cancel", "progress"}
# What belongs to the client and is no operation.
MANNERS = {"close", "from_env", "wait_for", "requests", "scratchcards", "client_certificate", "replace_identity"}


def parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


def methods(kind: type) -> dict[str, list[str]]:
    """The public methods of a class with their parameters."""
    found = {name: getattr(kind, name) for name in sorted(dir(kind)) if not name.startswith("_")}
    return {name: parameters(value) for name, value in found.items() if callable(value)}


def members(kind: type) -> list[str]:
    """The public methods and properties of a class."""
    return [name for name in sorted(dir(kind)) if not name.startswith("_") and (callable(getattr(kind, name)) or isinstance(getattr(kind, name), property))]


def same(sync: type, asyncio: type) -> dict[str, list[str]]:
    one, other = methods(sync), methods(asyncio)
    if one != other:
        raise AssertionError(f"{sync.__name__} and {asyncio.__name__} differ: {sorted(one.items() ^ other.items(), key=str)}")
    return one


def surface() -> dict[str, Any]:
    client = same(videoid.RegistrationAuthority, videoid.AsyncRegistrationAuthority)
    one_shot = same(videoid.OneShot, videoid.AsyncOneShot)
    for name in ("ExternalVideoId", "EidasVideoId", "ClassicRequest", "OneShotEidas", "OneShotExternal"):
        same(getattr(videoid, name), getattr(videoid, f"Async{name}"))
    operations, of_one_shot = ({name: given for name, given in found.items() if name not in MANNERS} for found in (client, one_shot))
    public = {name: getattr(videoid, name) for name in videoid.__all__}
    models = {name: kind for name, kind in public.items() if inspect.isclass(kind) and hasattr(kind, "from_dict")}
    return {
        "operations": sorted(operations),
        "one_shot_operations": sorted(of_one_shot),
        "options": sorted({name for given in [*operations.values(), *of_one_shot.values()] for name in given} & OPTIONS),
        "models": {
            name: sorted(field for field, value in vars(kind).items() if inspect.isgetsetdescriptor(value))
            for name, kind in sorted(models.items())
        },
        "errors": {
            "codes": sorted(errors.ERROR_CODES),
            "categories": [str(category) for category in videoid.ErrorCategory.KNOWN],
            "attributes": sorted(get_type_hints(videoid.VideoIdError)),
        },
        "methods": {name: members(kind) for name, kind in sorted(public.items()) if inspect.isclass(kind) and name not in models},
        "classes": sorted(set(public) - set(models)),
    }


if __name__ == "__main__":
    json.dump(surface(), sys.stdout, indent=1, sort_keys=True)
    print()
