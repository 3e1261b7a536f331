"""The library's records and events in Python's `logging`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from videoid import _native as native

if TYPE_CHECKING:
    from videoid._models import HookEvent

__all__ = ["enable_logging", "logging_hook"]

_LEVELS = {"outcome": logging.INFO, "attempt": logging.DEBUG, "retry": logging.WARNING, "warning": logging.WARNING}


def enable_logging(logger: logging.Logger | None = None, level: int = logging.INFO) -> bool:
    """Sends the library's own records of `level` and above to a logger (default: `videoid`), for the rest of the process.

    5 is the level for everything. No record holds personal data, a credential or a body. Records are handed over by a thread
    of the library, so that no call ever waits for a handler; where too many wait, some are dropped. `False` where it was
    done already.
    """
    return native.log_to(logger or logging.getLogger("videoid"), level)


def logging_hook(logger: logging.Logger | None = None) -> Callable[[HookEvent], None]:
    """A function for `hooks=` that writes one record for each attempt, repetition, outcome and warning."""
    target = logger or logging.getLogger("videoid.calls")

    def hook(event: HookEvent) -> None:
        level = logging.ERROR if event.kind == "outcome" and event.code else _LEVELS.get(event.kind, logging.INFO)
        facts = {name: value for name, value in event.to_dict().items() if value is not None and name != "kind"}
        target.log(level, "%s %s", event.kind, " ".join(f"{name}={value}" for name, value in facts.items()), extra={"videoid": facts})

    return hook
