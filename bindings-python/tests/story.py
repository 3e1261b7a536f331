"""The scenarios that this package runs, one for each variant."""

from __future__ import annotations

import copy
import json
from typing import Any

from support import REPO

# What takes the place of the scenario's own, and what is laid over it name by name.
_INSTEAD = {"args": "sandbox", "cards": "sandbox", "faults": "sandbox", "identity": "client", "upload_identity": "client", "trust": "client", "url": "client"}
_OVER = {"settings": "sandbox", "config": "client", "one_shot": "client"}


def known(given: Any, *names: str) -> None:
    """A runner fails on what it does not know."""
    unknown = set(given) - set(names)
    assert not unknown, f"the runner does not know {sorted(unknown)}"


def scenarios() -> list[dict[str, Any]]:
    """Every case: a scenario, or one for each of its variants with the case's name in `case`."""
    found = [json.loads(path.read_text()) for path in sorted((REPO / "tests" / "scenarios").glob("*.json")) if path.name != "schema.json"]
    return [case for scenario in found if "python" in scenario["target"] for case in _cases(scenario)]


def _cases(scenario: dict[str, Any]) -> list[dict[str, Any]]:
    known(scenario, "name", "about", "tier", "target", "alone", "sandbox", "client", "variants", "steps", "received", "received_mode")
    if "variants" not in scenario:
        return [scenario | {"case": scenario["name"]}]
    names = {variant["name"] for variant in scenario["variants"]}
    assert len(names) == len(scenario["variants"]), f"{scenario['name']}: two variants have one name"
    for step in scenario["steps"]:
        assert names.issuperset(step.get("only", ())), f"{scenario['name']}: a step is for a variant that is not there"
    return [_laid_over(scenario, variant) for variant in scenario["variants"]]


def _laid_over(scenario: dict[str, Any], variant: dict[str, Any]) -> dict[str, Any]:
    known(variant, "name", "about", "values", "received", "received_mode", *_INSTEAD, *_OVER)
    case = copy.deepcopy(scenario)
    for key, part in _INSTEAD.items():
        if key in variant:
            case.setdefault(part, {})[key] = variant[key]
    for key, part in _OVER.items():
        if key in variant:
            case.setdefault(part, {}).setdefault(key, {}).update(variant[key])
    for key in ("received", "received_mode"):
        if key in variant:
            case[key] = variant[key]
    case["steps"] = [step for step in case["steps"] if variant["name"] in step.get("only", [variant["name"]])]
    return case | {"case": f"{scenario['name']}[{variant['name']}]", "values": variant.get("values", {})}
