"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import support
from support import Sandbox


@pytest.fixture
def sandbox() -> Sandbox:
    """A sandbox without TLS, emptied."""
    found = support.sandbox()
    found.reset()
    return found


@pytest.fixture(scope="session", autouse=True)
def _stop_sandboxes() -> Iterator[None]:
    yield
    support.stop_all()
