"""The bound on calls at once: how it falls, how it rises, who waits."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.endpoints.limits import WINDOW_SECONDS, AdaptiveLimit


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def limited(most: int, clock: Clock) -> AdaptiveLimit:
    return AdaptiveLimit(most, clock=clock, sleep=clock.sleep)


async def test_no_more_calls_than_the_bound_are_under_way(clock: Clock) -> None:
    limit, under_way, peak = limited(3, clock), 0, 0

    async def call() -> None:
        nonlocal under_way, peak
        async with limit.slot():
            under_way += 1
            peak = max(peak, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(call() for _ in range(20)))
    assert peak == 3


async def test_one_refusal_halves_and_others_of_its_window_change_nothing(clock: Clock) -> None:
    limit = limited(48, clock)
    for _ in range(10):
        limit.crowded()
    assert limit.current == 24
    clock.now += WINDOW_SECONDS
    limit.crowded()
    assert limit.current == 12


async def test_it_never_falls_below_one(clock: Clock) -> None:
    limit = limited(3, clock)
    for _ in range(5):
        clock.now += WINDOW_SECONDS
        limit.crowded()
    assert limit.current == 1
    async with limit.slot():
        pass


async def test_a_run_of_successes_adds_one_up_to_the_setting(clock: Clock) -> None:
    limit = limited(4, clock)
    limit.crowded()
    assert limit.current == 2
    for expected in (2, 3, 3, 3, 4):
        limit.succeeded()
        assert limit.current == expected
    for _ in range(50):
        limit.succeeded()
    assert limit.current == 4


async def test_a_refusal_ends_the_run_of_successes(clock: Clock) -> None:
    limit = limited(8, clock)
    limit.crowded()
    for _ in range(3):
        limit.succeeded()
    limit.crowded()
    limit.succeeded()
    assert limit.current == 4


async def test_everybody_waits_as_long_as_one_was_asked_to(clock: Clock) -> None:
    limit = limited(4, clock)
    limit.crowded(7.0)
    async with limit.slot():
        pass
    assert clock.slept == [7.0]
    async with limit.slot():  # the time has passed
        pass
    assert clock.slept == [7.0]


async def test_a_cancelled_wait_takes_no_place(clock: Clock) -> None:
    limit = limited(1, clock)

    async def wait() -> None:
        async with limit.slot():
            pass

    async with limit.slot():
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await asyncio.wait_for(wait(), 5)


@given(st.integers(1, 64), st.lists(st.sampled_from(["success", "crowded", "later"]), max_size=200))
def test_it_stays_between_one_and_the_setting(most: int, events: list[str]) -> None:
    async def play() -> None:
        clock = Clock()
        limit = limited(most, clock)
        for event in events:
            if event == "success":
                limit.succeeded()
            elif event == "crowded":
                limit.crowded()
            else:
                clock.now += WINDOW_SECONDS
            assert 1 <= limit.current <= most

    asyncio.run(play())
