"""One agent's step: timed, and told to the transcript once, whatever happens to the process."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from langgraph.config import get_config

from consilience.agents.context import Context
from consilience.reasoning.base import Outcome
from consilience.records import Event, Gap


@dataclass
class Step:
    """What the step's event will say; the node fills it in while it works."""

    saw: str = ""
    decided: str = ""
    why: str = ""
    counts: dict[str, float] = field(default_factory=dict[str, float])
    details: list[str] = field(default_factory=list[str])
    calls: list[str] = field(default_factory=list[str])

    def took(self, *outcomes: Outcome[Any]) -> None:
        """Note the language model's calls behind what the reasoner gave."""
        self.calls += [call for outcome in outcomes for call in outcome.calls if call not in self.calls]


@contextmanager
def step(context: Context, *, node: str, agent: str, key: str) -> Generator[Step]:
    """Record one event when the block ends well.

    ``key`` names the step within the run; LangGraph's own step number orders it. Both are the same when the step is
    repeated after a kill, so the transcript of a resumed run equals that of an undisturbed one.
    """
    begun = time.perf_counter()
    told = Step()
    number = int(get_config().get("metadata", {}).get("langgraph_step", 0))
    yield told
    context.run.transcript.record(
        Event(
            key=f"{node}/{key}",
            step=number,
            node=node,
            agent=agent,
            time=context.clock(),
            seconds=round(time.perf_counter() - begun, 3),
            saw=told.saw,
            decided=told.decided,
            why=told.why,
            counts=told.counts,
            details=tuple(told.details),
            calls=tuple(told.calls),
        )
    )


def leave_gap(context: Context, key: str, gap: Gap | None) -> dict[str, Any]:
    """The state's update with what a step could not have, or with nothing."""
    return {"gaps": {key: context.run.artifacts.put(gap)}} if gap else {}
