"""The clients of the One-Shot API."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from videoid import _native as native
from videoid._closing import AsyncClosing, Closing
from videoid._config import merged
from videoid._native import HookEvent, OneShotConfig
from videoid._one_shot_operations import AsyncOneShotOperations, OneShotConfigFields, OneShotOperations

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

__all__ = ["AsyncOneShot", "OneShot"]


class _Client:
    """What both clients share."""

    __slots__ = ("_native",)

    _native: native.OneShotClient

    def __init__(
        self,
        config: OneShotConfig | None = None,
        *,
        hooks: Callable[[HookEvent], object] | None = None,
        **settings: Unpack[OneShotConfigFields],
    ) -> None:
        """A client with these settings: an `OneShotConfig`, its fields as keyword arguments, or both.

        Reads the TLS files that the settings name; opens no connection. `hooks` is called with every attempt, repetition and
        outcome, on a thread of the library and in their order. `billing_password` is given in clear, the client encodes it: one that
        looks like Base64 is a `warning` of the hooks at the call that sends it.

        Errors: `ConfigError`, naming the field.
        """
        self._native = native.OneShotClient(merged(OneShotConfig, OneShotConfigFields.__annotations__, config, dict(settings)), hooks)

    @classmethod
    def from_env(cls, *, hooks: Callable[[HookEvent], object] | None = None, **settings: Unpack[OneShotConfigFields]) -> Self:
        """A client with the settings of the environment variables that the fields of `OneShotConfig` name; keyword arguments
        come before them."""
        return cls(native.one_shot_config_from_env(), hooks=hooks, **settings)

    @property
    def config(self) -> OneShotConfig:
        """The settings."""
        return self._native.config

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._native.closed

    def __repr__(self) -> str:
        config = self.config
        return f"{type(self).__name__}(environment={str(config.environment)!r}, dialect={str(config.dialect)!r}, closed={self.closed})"


class OneShot(OneShotOperations, _Client, Closing):
    """A client of the One-Shot API, in both of its dialects: which one the customer's Optimizer speaks is the setting `dialect`,
    and the methods and types are the same.

    May be used from several threads at once. Ctrl-C ends a call. It works in a forked child, with connections of its own.
    Use it in a `with` block, or call `close`.
    """

    __slots__ = ()


class AsyncOneShot(AsyncOneShotOperations, _Client, AsyncClosing):
    """A client of the One-Shot API for asyncio, in both of its dialects.

    Cancelling a task that awaits a call ends the call and closes its connection. May be used from several event loops. Use it
    in an `async with` block, or call `close`. The constructor reads the TLS files; nothing else blocks.
    """

    __slots__ = ()
