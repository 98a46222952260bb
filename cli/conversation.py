"""Owns a transcript as people read it: the agents' steps as a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from consilience.errors import InputError
from consilience.records import Event

from .console import say


def by_agent(events: Sequence[Event], agent: str) -> list[Event]:
    """The steps of one agent, whichever case its name is typed in.

    Raises:
        InputError: nobody of that name took part.
    """
    kept = [event for event in events if event.agent.casefold() == agent.strip().casefold()]
    if not kept:
        names = sorted({event.agent for event in events})
        took_part = f"these took part: {', '.join(names)}" if names else "no step is recorded yet"
        raise InputError(f"no agent {agent.strip()!r} in this run", took_part)
    return kept


def print_step(event: Event) -> None:
    """One step: who, what it saw, what it decided and why, figures, and what it said item by item."""
    say(f"{event.agent}", style="bold cyan")
    say(f"  step {event.step}, {event.node}, {event.time}, {event.seconds:.2f} s", style="dim")
    _field("saw", event.saw)
    _field("decided", event.decided)
    _field("because", event.why)
    _field("counts", figures(event))
    for item in event.details:
        _field("-", item)
    say()


def figures(event: Event) -> str:
    """The step's counts in one line, sorted by name."""
    return ", ".join(f"{name} {value:g}" for name, value in sorted(event.counts.items()))


def _field(label: str, text: str) -> None:
    if text:
        first, *rest = text.splitlines() or [""]
        say(f"  {label:8} {first}" if label != "-" else f"  - {first}")
        for line in rest:
            say(f"    {line}")
