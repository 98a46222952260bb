"""What waits together is written together; who waits hears what became of its own item."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from threading import Event

import pytest

from consilience.endpoints.batching import Batches


class Writer:
    """Keeps the batches that it was given; holds the first one back until ``go`` is set."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.go = Event(), Event()

    def __call__(self, items: Sequence[int]) -> None:
        self.begun.set()
        self.go.wait(10)
        if -1 in items:
            raise OSError("full")
        self.batches.append(list(items))


async def begun(writer: Writer) -> None:
    while not writer.begun.is_set():
        await asyncio.sleep(0.001)


async def test_items_that_wait_go_together_in_their_order() -> None:
    writer = Writer()
    batches = Batches(writer)
    first = asyncio.create_task(batches.add(0))
    await begun(writer)
    others = [asyncio.create_task(batches.add(n)) for n in range(1, 40)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in (first, *others))
    writer.go.set()
    await asyncio.gather(first, *others)
    await batches.add(99)
    assert writer.batches == [[0], list(range(1, 40)), [99]]


async def test_a_refused_batch_is_told_to_all_who_wait_and_the_next_one_is_written() -> None:
    writer = Writer()
    writer.go.set()
    batches = Batches(writer)
    told = await asyncio.gather(batches.add(-1), batches.add(1), return_exceptions=True)
    assert [str(error) for error in told] == ["full", "full"]
    await batches.add(2)
    assert writer.batches == [[2]]


async def test_who_gives_up_waiting_stops_no_write() -> None:
    writer = Writer()
    batches = Batches(writer)
    first, second = (asyncio.create_task(batches.add(n)) for n in (1, 2))
    await begun(writer)
    first.cancel()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    writer.go.set()
    await batches.add(3)
    assert sorted(n for batch in writer.batches for n in batch) == [1, 2, 3]
