"""The clients of the Registration Authority API."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from videoid import _native as native
from videoid._native import HookEvent, RaConfig
from videoid._operations import AsyncOperations, Operations, Settings

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self, Unpack

__all__ = ["AsyncRegistrationAuthority", "RegistrationAuthority"]


def _config(config: RaConfig | None, settings: dict[str, Any]) -> RaConfig:
    if config is None:
        return RaConfig(**settings)
    if settings:
        return RaConfig(**{**_arguments(config), **settings})
    return config


def _arguments(config: RaConfig) -> dict[str, Any]:
    return {name: getattr(config, name) for name in Settings.__annotations__}


class _Client:
    """What both clients share."""

    __slots__ = ("_native",)

    _native: native.Client

    def __init__(
        self,
        config: RaConfig | None = None,
        *,
        hooks: Callable[[HookEvent], object] | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        """A client with these settings: an `RaConfig`, its fields as keyword arguments, or both.

        Reads the TLS files that the settings name; opens no connection. `hooks` is called with every attempt, repetition and
        outcome, on a thread of the library and in their order.

        Errors: `ConfigError`, naming the field.
        """
        self._native = native.Client(_config(config, dict(settings)), hooks)

    @classmethod
    def from_env(cls, *, hooks: Callable[[HookEvent], object] | None = None, **settings: Unpack[Settings]) -> Self:
        """A client with the settings of the environment variables that the fields of `RaConfig` name; keyword arguments
        come before them."""
        return cls(native.config_from_env(), hooks=hooks, **settings)

    @property
    def config(self) -> RaConfig:
        """The settings."""
        return self._native.config

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._native.closed

    def __repr__(self) -> str:
        return f"{type(self).__name__}(environment={str(self.config.environment)!r}, closed={self.closed})"


class RegistrationAuthority(Operations, _Client):
    """A client of the Registration Authority API.

    May be used from several threads at once. Ctrl-C ends a call. It works in a forked child, with connections of its own.
    Use it in a `with` block, or call `close`.
    """

    __slots__ = ()

    def close(self) -> None:
        """Ends the client: later calls fail with `client_closed`, running ones go on. Safe to repeat."""
        self._native.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()


class AsyncRegistrationAuthority(AsyncOperations, _Client):
    """A client of the Registration Authority API for asyncio.

    Cancelling a task that awaits a call ends the call and closes its connection. May be used from several event loops. Use it
    in an `async with` block, or call `close`. The constructor reads the TLS files; nothing else blocks.
    """

    __slots__ = ()

    async def close(self) -> None:
        """Ends the client: later calls fail with `client_closed`, running ones go on. Safe to repeat."""
        self._native.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._native.close()
