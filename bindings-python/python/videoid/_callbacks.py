"""What the native module calls: the store of a workflow and the reading of async iterators."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterable, Callable
from typing import Any, Protocol

# The event loop itself keeps only weak references to tasks.
_tasks: set[asyncio.Future[Any]] = set()


class _Reply(Protocol):
    def kept(self) -> None: ...
    def failed(self, error: BaseException) -> None: ...


class _Pusher(Protocol):
    def push(self, chunk: bytes) -> asyncio.Future[bool]: ...
    def finish(self) -> None: ...
    def fail(self, error: BaseException) -> None: ...


def run_store(store: Callable[[str], Any], state: str, reply: _Reply, allow_async: bool) -> None:
    """Calls a store and answers once the state is kept. In an event loop the store may be a coroutine function."""
    try:
        outcome = store(state)
        if not inspect.isawaitable(outcome):
            reply.kept()
            return
        if not allow_async:
            if inspect.iscoroutine(outcome):
                outcome.close()
            raise TypeError("store: a coroutine function needs an asynchronous workflow, AsyncExternalVideoId for example")
        waiting = asyncio.ensure_future(outcome)
    except BaseException as error:
        reply.failed(error)
        return

    def done(future: asyncio.Future[Any]) -> None:
        _tasks.discard(future)
        if future.cancelled():
            reply.failed(asyncio.CancelledError())
        elif (error := future.exception()) is not None:
            reply.failed(error)
        else:
            reply.kept()

    _tasks.add(waiting)
    waiting.add_done_callback(done)


async def _pump(chunks: AsyncIterable[bytes], pusher: _Pusher) -> None:
    try:
        async for chunk in chunks:
            if not await pusher.push(chunk):
                break
    except Exception as error:
        pusher.fail(error)
    finally:
        pusher.finish()


def start_pump(chunks: AsyncIterable[bytes], pusher: _Pusher) -> None:
    """Begins to read an async iterator into an upload."""
    task = asyncio.ensure_future(_pump(chunks, pusher))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
