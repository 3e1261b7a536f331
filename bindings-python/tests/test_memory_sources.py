"""Memory does not grow with what is sent, whatever it comes from: less than 8 MB over a process that does all but send.

Bytes are the caller's own memory, which the control process holds as well: none of it is copied.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import sources
from support import Sandbox

pytestmark = [pytest.mark.alone, pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="reads /proc")]

BOUND = 8 * 1024


@pytest.fixture(scope="module")
def sink() -> Any:
    found = Sandbox("--discard-uploads")
    yield found
    found.stop()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    # Several times the bound, so that a single copy would be seen.
    return sources.files(tmp_path_factory.mktemp("sources"), 8_000_000, 100_000_000)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "asyncio"])
@pytest.mark.parametrize("kind", sources.KINDS[1:])
def test_sending_from(kind: str, is_async: bool, sink: Sandbox, files: dict[str, Any]) -> None:
    more, control = sources.growth(sink, files, kind, is_async)
    print(f"sent 32 MB of images and 100 MB of video from {kind}: +{more} kB over {control} kB")
    assert more < BOUND
