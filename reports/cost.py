"""What each agent asked of language models: calls, tokens and money, counted from a run's account of its calls."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

from pydantic import Field

from consilience.records import Frozen


class CountedCall(Protocol):
    """What is counted of a call (``runs.model_calls.ModelCall`` has this shape)."""

    @property
    def id(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def tokens_in(self) -> int: ...
    @property
    def tokens_out(self) -> int: ...
    @property
    def estimated(self) -> bool: ...
    @property
    def cost(self) -> float | None: ...


class AgentCost(Frozen):
    """What one agent asked of one model."""

    role: str
    model: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost: float | None = Field(default=None, description="US dollars at the listed prices; None where unknown")
    estimated: bool = Field(default=False, description="whether some tokens were estimated")


def costs(calls: Iterable[CountedCall]) -> tuple[AgentCost, ...]:
    """A line for each role and model, sorted; a call counts once, and only if the server answered it.

    They are what the run rests on, whoever paid: equal runs have equal figures, though the second of them was answered
    from the call log. The order of the calls decides nothing.
    """
    answered = {call.id: call for call in calls if call.tokens_in or call.tokens_out}
    groups: dict[tuple[str, str], list[CountedCall]] = {}
    for call in answered.values():
        groups.setdefault((call.role, call.model), []).append(call)
    return tuple(_line(role, model, groups[role, model]) for role, model in sorted(groups))


def total_cost(lines: Iterable[AgentCost]) -> float | None:
    """US dollars of all lines together; None where the price of one is unknown."""
    known = [line.cost for line in lines]
    return None if None in known else round(math.fsum(cost for cost in known if cost is not None), 6)


def _line(role: str, model: str, calls: list[CountedCall]) -> AgentCost:
    known = [call.cost for call in calls if call.cost is not None]
    return AgentCost(
        role=role,
        model=model,
        calls=len(calls),
        tokens_in=sum(call.tokens_in for call in calls),
        tokens_out=sum(call.tokens_out for call in calls),
        # fsum rounds once: a plain sum would depend on the order in which calls happened to end.
        cost=round(math.fsum(known), 6) if len(known) == len(calls) else None,
        estimated=any(call.estimated for call in calls),
    )
