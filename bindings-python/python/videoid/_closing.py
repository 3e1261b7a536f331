"""The end of a client, which is the same for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self


class Closing:
    """A client for sync code ends with its block."""

    __slots__ = ()

    _native: Any

    def close(self) -> None:
        """Ends the client: later calls fail with `client_closed`, running ones go on. Safe to repeat."""
        self._native.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._native.close()


class AsyncClosing:
    """A client for asyncio ends with its block."""

    __slots__ = ()

    _native: Any

    async def close(self) -> None:
        """Ends the client: later calls fail with `client_closed`, running ones go on. Safe to repeat."""
        self._native.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._native.close()
