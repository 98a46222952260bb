"""Owns how many calls are under way at one endpoint: fewer when it says it is crowded, more again when it is not.

Additive increase, multiplicative decrease, as TCP does it (Chiu and Jain 1989, doi:10.1016/0169-7552(89)90019-6): a
429 halves the number, at most once a window, because calls that were sent together are turned away together; a run of
successes as long as the number adds one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio

WINDOW_SECONDS = 1.0


class AdaptiveLimit:
    """The bound of one endpoint, for one event loop.

    Args:
        most: calls at once at most; never more, whatever the successes.
        clock, sleep: seconds that only go forwards, and waiting; handed in by tests.
    """

    def __init__(
        self,
        most: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._most = most
        self._clock = clock
        self._sleep = sleep
        self._limiter = anyio.CapacityLimiter(most)
        self._successes = 0
        self._halved_at: float | None = None
        self._held_until = 0.0

    @property
    def current(self) -> int:
        """Calls that may be under way at once, for now."""
        return int(self._limiter.total_tokens)

    @asynccontextmanager
    async def slot(self) -> AsyncGenerator[None]:
        """Waits for its turn, and for the time that the endpoint asked everybody to wait."""
        who = object()  # a call may be made by any task, and a task may make several
        await self._limiter.acquire_on_behalf_of(who)
        try:
            if (left := self._held_until - self._clock()) > 0:
                await self._sleep(left)
            yield
        finally:
            self._limiter.release_on_behalf_of(who)

    def succeeded(self) -> None:
        """The endpoint answered."""
        self._successes += 1
        if self._successes >= self.current and self.current < self._most:
            self._limiter.total_tokens = self.current + 1
            self._successes = 0

    def crowded(self, wait: float = 0.0) -> None:
        """The endpoint turned a call away, and asked to wait so many seconds."""
        now = self._clock()
        self._successes = 0
        self._held_until = max(self._held_until, now + wait)
        if self._halved_at is None or now - self._halved_at >= WINDOW_SECONDS:
            self._halved_at = now
            self._limiter.total_tokens = max(1, self.current // 2)
