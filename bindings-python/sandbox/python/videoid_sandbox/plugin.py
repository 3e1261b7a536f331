"""Fixtures for pytest. Loaded with every run, so nothing of the library is imported before a test asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from videoid.sandbox import Sandbox


@pytest.fixture(scope="session")
def videoid_sandbox_process() -> Iterator[Sandbox]:
    """The sandbox of the session. Override it for one with TLS or other options; it is not emptied between tests."""
    from videoid.sandbox import Sandbox

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def videoid_sandbox(videoid_sandbox_process: Sandbox) -> Sandbox:
    """A sandbox as it is at its start: the one of the session, emptied."""
    videoid_sandbox_process.reset()
    return videoid_sandbox_process
