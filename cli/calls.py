"""Owns language models' calls as people read them: prompt, answer, tokens, time and cost of each; and their sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from consilience.endpoints.exchange import Exchange
from consilience.records import Event
from consilience.reports.cost import AgentCost, costs, total_cost
from consilience.runs.calls import CallLog
from consilience.runs.model_calls import CHAT, CHAT_FAULT, ModelCall, fault_key
from consilience.runs.run import Run
from consilience.runs.store import calls_path

from .console import say

_ID = 12  # digits of a call's id that are shown


class CallBook:
    """The calls of one run with what was said in them, to be shown step by step."""

    def __init__(self, calls: Sequence[ModelCall], exchanges: Mapping[str, Exchange]) -> None:
        self._calls: dict[str, list[ModelCall]] = {}
        for call in calls:
            self._calls.setdefault(call.id, []).append(call)
        self._exchanges = exchanges
        self._left = dict.fromkeys(self._calls)

    @classmethod
    def of(cls, run: Run, home: Path) -> CallBook:
        """The calls of a run under a home folder; none where no language model was asked.

        Raises:
            CorruptRunError: its account or the call log cannot be read.
        """
        calls = calls_of(run)
        if not calls:
            return cls((), {})
        log = CallLog(calls_path(home))
        keys = sorted({call.id for call in calls})
        faults = {fault_key(run.id, key): key for key in keys}
        found = {faults[key]: data for key, data in log.get_many(CHAT_FAULT, list(faults)).items()}
        found |= log.get_many(CHAT, keys)
        log.close()
        return cls(calls, {key: Exchange.parse(data) for key, data in found.items()})

    def print_step(self, event: Event) -> None:
        """The calls that a step made, in the order in which it made them."""
        for key in dict.fromkeys(event.calls):
            self._print(key)

    def print_rest(self) -> None:
        """The calls that no step has named: those of a step that has not ended, or of a follow-up."""
        if self._left:
            say("Calls of no recorded step", style="bold cyan")
        for key in tuple(self._left):
            self._print(key)

    def as_json(self, key: str) -> dict[str, Any]:
        """One call for programs: every time it was made, and what was said."""
        exchange = self._exchanges.get(key)
        return {
            "id": key,
            "made": [call.model_dump(mode="json") for call in self._calls.get(key, [])],
            "exchange": exchange.model_dump(mode="json") if exchange else None,
        }

    def _print(self, key: str) -> None:
        self._left.pop(key, None)
        made = self._calls.get(key, [])
        if not made:
            say(f"  call {key[:_ID]}: not in this run's account", style="dim")
        for call in made:
            say(f"  call {key[:_ID]}  {headline(call)}", style="bold")
            if call.prompt_sha256:
                say(f"    version  prompt {call.task}, sha256 {call.prompt_sha256[:_ID]}", style="dim")
            if call.fault:
                say(f"    fault    {call.fault}: {call.message}", style="yellow")
        exchange = self._exchanges.get(key)
        if exchange is not None:
            for message in exchange.messages:
                _indented(message.role, message.content)
            if exchange.text:
                _indented("answer", exchange.text)
        say()


def calls_of(run: Run) -> tuple[ModelCall, ...]:
    """A run's account of its calls; empty where it made none. Errors as ``CallBook.of``."""
    return run.model_calls.read()


def headline(call: ModelCall) -> str:
    """A call in one line: who asked what of whom, and what it took."""
    tokens = f"{call.tokens_in:,} tokens in, {call.tokens_out:,} out" + (" (estimated)" if call.estimated else "")
    retries = {0: "", 1: ", 1 retry"}.get(call.retries, f", {call.retries} retries")
    paid = "" if call.paid else ", answered from the call log"
    return (
        f"{call.role}, {call.task}, {call.model} at {call.endpoint}: {tokens}, {call.seconds:.2f} s{retries}, "
        f"{money(call.cost)}{paid}"
    )


def money(cost: float | None) -> str:
    """US dollars, or that the price is unknown."""
    return "price unknown" if cost is None else f"${cost:.4f}"


def cost_table(calls: Iterable[ModelCall]) -> list[str]:
    """Lines that say what each agent's calls cost, and all together; none where none was made.

    Figures are those of the report: what the run rests on. The last line says how much of it the run itself paid.
    """
    all_calls = list(calls)
    lines = costs(all_calls)
    if not lines:
        return []
    rows = [("agent", "model", "calls", "tokens in", "tokens out", "cost"), *map(_cells, lines), _sum(lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    table = [
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    if any(line.estimated for line in lines):
        table.append("~ some tokens are estimated: the server did not report them")
    paid = costs(call for call in all_calls if call.paid)
    if paid != lines:
        number = sum(line.calls for line in lines) - sum(line.calls for line in paid)
        table.append(f"{number} answered from the call log; this run itself paid {money(total_cost(paid))}")
    return table


def _cells(line: AgentCost) -> tuple[str, ...]:
    mark = "~" if line.estimated else ""
    counts = f"{line.calls:,}", f"{mark}{line.tokens_in:,}", f"{mark}{line.tokens_out:,}"
    return line.role, line.model, *counts, money(line.cost)


def _sum(lines: Sequence[AgentCost]) -> tuple[str, ...]:
    counts = sum(line.calls for line in lines), sum(x.tokens_in for x in lines), sum(x.tokens_out for x in lines)
    return "all", "", *(f"{count:,}" for count in counts), money(total_cost(lines))


def _indented(label: str, text: str) -> None:
    first, *rest = text.splitlines() or [""]
    say(f"    {label:8} {first}")
    for line in rest:
        say(f"             {line}")
