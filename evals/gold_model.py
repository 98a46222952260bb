"""The gold questions put to a language model: one way to it for all of them, one bound over all of them.

Each question is a run of its own, bounded by what the questions before it left; once nothing is left, the others are
not asked, and are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

from consilience.assembly import Way, way_to_model
from consilience.settings import Settings

from .gold_asking import Asked, ask_on_way, tell
from .gold_schema import GoldQuestion
from .registry import TaskInput
from .spending import Bill, Purse


@dataclass(frozen=True)
class ModelRuns:
    """The questions that a model was asked, with their bills; the one that a bound cut short; those not asked then."""

    model: str
    asked: tuple[tuple[Asked, Bill], ...]
    cut: str = ""
    unasked: tuple[str, ...] = ()


async def ask_model(
    given: TaskInput, questions: Sequence[GoldQuestion], settings: Settings, way: Way | None = None
) -> ModelRuns:
    """Put the questions to the model that the settings choose, or to the one at the end of ``way``.

    Raises:
        EndpointError: it cannot be asked; nothing was spent.
        InputError: a library lacks a paper that its gold question names.
    """
    async with nullcontext(way) if way else way_to_model(settings) as opened:
        if opened.completer is None:
            raise AssertionError("the settings choose a model, and the way to it is open")
        purse = Purse(opened.settings.budget)
        asked: list[tuple[Asked, Bill]] = []
        cut = ""
        for gold in questions:
            left = purse.left()
            if left is None or cut:
                break
            bounded = opened.settings.model_copy(update={"budget": left, "home": settings.home, "reasoner": "model"})
            one, calls = await ask_on_way(gold, replace(opened, settings=bounded), given.data)
            purse.bills.append(Bill.of(calls))
            asked.append((tell(given, one), purse.bills[-1]))
            cut = gold.id if any(call.fault == "budget" for call in calls) else ""
        unasked = tuple(gold.id for gold in questions[len(asked) :])
        if unasked:
            given.progress(f"not asked, as a bound was reached: {', '.join(unasked)}")
        return ModelRuns(opened.completer.describe("judge").name, tuple(asked), cut, unasked)
