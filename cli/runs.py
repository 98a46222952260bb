"""``consilience runs``, ``show`` and ``transcript``: what was asked before, and how it was answered."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from consilience.runs.info import RunInfo

from .console import out, plain, say, tell, write_json
from .conversation import by_agent, print_step
from .options import ListJsonOption, RunArgument
from .reading import open_store, read_report
from .summary import print_run


def runs(as_json: ListJsonOption = False) -> None:
    """List your runs, newest first."""
    store = open_store()
    infos = store.list()
    if as_json:
        rows = [info.model_dump(mode="json") for info in infos]
        write_json(json.dumps(rows, ensure_ascii=False, indent=2).encode())
    elif not infos:
        say('There is no run yet. Ask a question: consilience ask "…"')
    elif out.is_terminal:
        out.print(_table(infos))
    else:
        for info in infos:
            say("\t".join(_cells(info)))
    unreadable = store.unreadable()
    if unreadable:
        tell(f"{len(unreadable)} run(s) cannot be read: {', '.join(unreadable)}", style="yellow")


def show(
    run: RunArgument,
    claims: Annotated[bool, typer.Option("--claims", help="List every claim with its verdict.")] = False,
) -> None:
    """Show a run's answer, figures and files."""
    store = open_store()
    found = store.open(run)
    print_run(found, store.status(found), read_report(found), claims)


def transcript(
    run: RunArgument,
    agent: Annotated[str | None, typer.Option("--agent", help="Only this agent's steps.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines on stdout.")] = False,
) -> None:
    """Read what a run's agents said."""
    found = open_store().open(run)
    events = found.transcript.read()
    if agent is not None:
        events = by_agent(events, agent)
    if as_json:
        if events:
            write_json("\n".join(event.model_dump_json() for event in events).encode())
        return
    say(found.info.question, style="bold")
    say()
    for event in events:
        print_step(event)
    if not events:
        say("No step is recorded yet.")


def _cells(info: RunInfo) -> tuple[str, ...]:
    score = "" if info.score is None else f"{info.score:.2f}"
    verdict = info.verdict.value if info.verdict else ""
    return info.id, info.created, info.status, info.library, verdict, score, " ".join(info.question.split())


def _table(infos: list[RunInfo]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("run", "asked", "status", "library", "answer", "score", "question"):
        table.add_column(heading, no_wrap=heading == "run", overflow="fold")
    for info in infos:
        table.add_row(*(plain(cell) for cell in _cells(info)))
    return table
