"""How long a wait lasts, from Python's durations to those of the core."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from videoid._native import WaitFor, WaitLimits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from videoid._types import Duration
    from videoid._words import Status


def milliseconds(value: Duration, what: str) -> int:
    """A duration, rounded up."""
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{what}: expected seconds or timedelta")
    if not math.isfinite(value) or abs(value) > 1e12:
        raise ValueError(f"{what}: expected a finite number of seconds")
    return math.ceil(value * 1000)


def limits(deadline: Duration | WaitLimits | None, poll: Duration | None, max_poll: Duration | None) -> WaitLimits:
    """What a step that waits is given. Without a deadline the core says that it is missing."""
    given = deadline if isinstance(deadline, WaitLimits) else WaitLimits(deadline_ms=0 if deadline is None else milliseconds(deadline, "deadline"))
    return WaitLimits(
        deadline_ms=given.deadline_ms,
        poll_ms=given.poll_ms if poll is None else milliseconds(poll, "poll"),
        max_poll_ms=given.max_poll_ms if max_poll is None else milliseconds(max_poll, "max_poll"),
    )


def wait(
    statuses: Status | str | Iterable[Status | str] | WaitFor,
    deadline: Duration | WaitLimits | None,
    poll: Duration | None,
    max_poll: Duration | None,
) -> WaitFor:
    """What `wait_for` is given."""
    if isinstance(statuses, WaitFor):
        if deadline is None:
            deadline = WaitLimits(deadline_ms=statuses.deadline_ms, poll_ms=statuses.poll_ms, max_poll_ms=statuses.max_poll_ms)
        statuses = statuses.statuses
    pace = limits(deadline, poll, max_poll)
    wanted = [statuses] if isinstance(statuses, str) else list(statuses)
    return WaitFor(statuses=wanted, deadline_ms=pace.deadline_ms, poll_ms=pace.poll_ms, max_poll_ms=pace.max_poll_ms)
