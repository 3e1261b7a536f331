"""Every scenario that names Python, once sync and once in asyncio."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from runner import Run
from story import scenarios

ONLY = os.environ.get("VIDEOID_SCENARIO")
ALL = [s for s in scenarios() if ONLY in (None, s["name"], s["case"])]
CASES = [pytest.param(s, id=s["case"], marks=[pytest.mark.alone] if s.get("alone") else []) for s in ALL]


@pytest.mark.parametrize("scenario", CASES)
def test_sync(scenario: dict[str, Any], tmp_path: Path) -> None:
    run = Run(scenario, tmp_path, is_async=False)
    asyncio.run(run.run())


@pytest.mark.parametrize("scenario", CASES)
def test_asyncio(scenario: dict[str, Any], tmp_path: Path) -> None:
    run = Run(scenario, tmp_path, is_async=True)
    asyncio.run(run.run())
