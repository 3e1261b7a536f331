"""Settings that are given as a value, as keyword arguments, or both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

C = TypeVar("C")


def merged(kind: Callable[..., C], fields: Iterable[str], config: C | None, settings: dict[str, Any]) -> C:
    """`config` with the keyword arguments laid over it; without it, what they alone make."""
    if config is None:
        return kind(**settings)
    if settings:
        return kind(**{**{name: getattr(config, name) for name in fields}, **settings})
    return config
