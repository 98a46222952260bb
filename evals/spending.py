"""Owns what a measurement with a language model may spend over several tasks or questions, and what it spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from consilience.reports.cost import costs, total_cost
from consilience.runs.model_calls import ModelCall
from consilience.settings import BudgetSettings


@dataclass(frozen=True)
class Bill:
    """What one question or task took: tokens, US dollars (None: a price is unknown), seconds with calls under way."""

    tokens: int
    cost: float | None
    seconds: float

    @classmethod
    def of(cls, calls: Sequence[ModelCall]) -> Bill:
        """The bill of a run's calls, those alone that it paid."""
        paid = [call for call in calls if call.paid]
        tokens = sum(call.tokens_in + call.tokens_out for call in paid)
        return cls(tokens, total_cost(costs(paid)), max((call.busy for call in calls), default=0.0))


@dataclass
class Purse:
    """The bounds over all questions or tasks and what was spent of them."""

    bounds: BudgetSettings
    bills: list[Bill] = field(default_factory=list[Bill])

    def left(self) -> BudgetSettings | None:
        """What the next one may spend; None where nothing is left of some bound."""
        spent = {
            "max_cost": sum(bill.cost or 0.0 for bill in self.bills),
            "max_tokens": sum(bill.tokens for bill in self.bills),
            "max_seconds": sum(bill.seconds for bill in self.bills),
        }
        bounds = self.bounds.model_dump()
        rest = {name: None if bound is None else bound - spent[name] for name, bound in bounds.items()}
        if any(value is not None and value <= 0 for value in rest.values()):
            return None
        return BudgetSettings.model_validate(rest)
