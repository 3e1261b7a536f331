"""What `progress=True` shows: a bar of tqdm, where that is installed."""

from __future__ import annotations

import importlib
import logging
from typing import Any

_told = False


class Bar:
    """Makes a bar at the first call, so that a call that sends nothing shows nothing."""

    __slots__ = ("_bar", "_closed", "_make")

    def __init__(self, make: Any) -> None:
        self._make = make
        self._bar: Any = None
        self._closed = False

    def __call__(self, sent: int, total: int) -> None:
        # News of a cancelled call may come after its end.
        if self._closed:
            return
        # A workflow sends one thing after the other: each has a bar of its own.
        if self._bar is not None and (self._bar.total != total or sent < self._bar.n):
            self._bar.close()
            self._bar = None
        if self._bar is None:
            self._bar = self._make(total=total, unit="B", unit_scale=True, unit_divisor=1024)
        self._bar.update(sent - self._bar.n)

    def close(self) -> None:
        self._closed = True
        if self._bar is not None:
            self._bar.close()


def bar() -> Bar | None:
    """A bar, or `None` where tqdm is not installed: that a bar cannot be seen is no reason to send nothing."""
    global _told
    try:
        make = importlib.import_module("tqdm.auto").tqdm
    except ImportError:
        if not _told:
            _told = True
            logging.getLogger("videoid").info("progress=True shows nothing without tqdm: pip install tqdm")
        return None
    return Bar(make)
