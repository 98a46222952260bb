"""What happens where the model gives no usable answer: the rules' judgement stands in, and a gap says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from consilience.reasoning.base import Outcome
from consilience.records import Gap

T = TypeVar("T")
A = TypeVar("A")


async def or_rules(asked: Outcome[A], made: Callable[[A], T], rules: Callable[[], Awaitable[Outcome[T]]]) -> Outcome[T]:
    """The value made of the model's answer; where there is none, the rules' value beside the gap."""
    if asked.value is not None:
        return Outcome(value=made(asked.value), gap=asked.gap, calls=asked.calls)
    instead = await rules()
    return Outcome(
        value=instead.value, gap=told(asked.gap) if instead.value is not None else asked.gap, calls=asked.calls
    )


def told(gap: Gap | None) -> Gap | None:
    """The gap with the words that rules stood in."""
    changes = {"reason": f"{gap.reason}; the embedded rules stood in", "stood_in": True} if gap else {}
    return gap and gap.model_copy(update=changes)


def gravest(gaps: Iterable[Gap | None]) -> Gap | None:
    """Of several gaps the one to tell: the first that makes the run partial, else the first."""
    found = [gap for gap in gaps if gap is not None]
    return next((gap for gap in found if gap.partial), found[0] if found else None)


async def gather(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """All results in order; at the first error the others are cancelled and it is raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
