"""Owns commits that wait for each other: what many calls want written at once goes to the disk in one commit.

A commit costs an fsync. When forty answers come within a few milliseconds, forty commits one after the other would
hold the run up for longer than the answers took.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Batches(Generic[T]):
    """Hands items to ``write`` in a thread, all that wait together. Belongs to one event loop at a time."""

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def add(self, item: T) -> None:
        """Returns when the item is written; raises what ``write`` raised. A cancelled wait cancels no write."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((item, done))
        if self._worker is None or self._worker.done():
            self._worker = loop.create_task(self._drain())
        await done

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            failure: BaseException | None = None
            try:
                await asyncio.to_thread(self._write, [item for item, _ in batch])
            except BaseException as error:  # every waiter is told, whatever it was
                failure = error
            for _, done in batch:
                if not done.done():
                    _settle(done, failure)
            if isinstance(failure, asyncio.CancelledError):
                raise failure


def _settle(done: asyncio.Future[None], failure: BaseException | None) -> None:
    if failure is None:
        done.set_result(None)
    elif isinstance(failure, asyncio.CancelledError):
        done.cancel()
    else:
        done.set_exception(failure)
