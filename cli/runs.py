"""``consilience runs``, ``show`` and ``transcript``: what was asked before, and how it was answered."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from consilience.errors import EndpointError, InputError
from consilience.records import Event
from consilience.runs.calls import CallLog
from consilience.runs.info import RunInfo
from consilience.runs.run import Run
from consilience.runs.store import calls_path
from consilience.settings import ROLES, Settings, load_settings

from .calls import CallBook, calls_of, cost_table
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
    costs = cost_table(calls_of(found))
    if costs:
        say()
        say("Language models", style="bold")
    for line in costs:
        say(f"  {line}", whole=True)


def transcript(
    run: RunArgument,
    agent: Annotated[str | None, typer.Option("--agent", help="Only this agent's steps.")] = None,
    calls: Annotated[
        bool, typer.Option("--calls", help="With every call of a language model: prompt, answer, tokens, time.")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Write the whole run into one file that replays elsewhere.", metavar="FILE"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines on stdout.")] = False,
) -> None:
    """Read what a run's agents said."""
    settings = load_settings()
    found = open_store(settings).open(run)
    if export is not None:
        _export(found, settings, export)
        return
    events = found.transcript.read()
    if agent is not None:
        events = by_agent(events, agent)
    book = CallBook.of(found, settings.home) if calls else None
    if as_json:
        if events:
            write_json("\n".join(_as_json(event, book) for event in events).encode())
        return
    say(found.info.question, style="bold")
    say()
    for event in events:
        print_step(event)
        if book is not None:
            book.print_step(event)
    if book is not None and agent is None:
        book.print_rest()
    if not events:
        say("No step is recorded yet.")


def _as_json(event: Event, book: CallBook | None) -> str:
    if book is None:
        return event.model_dump_json()
    made = [book.as_json(key) for key in event.calls]
    return json.dumps({**event.model_dump(mode="json"), "calls": made}, ensure_ascii=False)


def _export(run: Run, settings: Settings, file: Path) -> None:
    """Writes the run, the library that it searched and the answers that it rests on into one file."""
    if not run.info.is_finished:
        raise InputError(f"run {run.id} has no report yet", f"finish it first: consilience resume {run.id}")
    if file.is_dir():
        raise InputError(f"--export {file} is a folder", "name the file that will hold the run")
    from consilience.engine import open_library
    from consilience.runs.bundle import export_run

    log = CallLog(calls_path(settings.home))
    try:
        library = open_library(settings, run.info.library)
        if run.info.papers and library.papers_digest() != run.info.papers:
            raise InputError(
                f"the library {run.info.library} has changed since run {run.id}, and a replay needs the papers of then",
                "ask the question again, then export that run",
            )
        export_run(run, library.papers(), log, file, _secrets(settings))
    finally:
        log.close()
    tell(f"wrote run {run.id} to {file}; anywhere: consilience replay {file}", whole=True)


def _secrets(settings: Settings) -> tuple[str, ...]:
    """What must not leave this machine: keys, and users, passwords and queries of addresses."""
    from consilience.endpoints.choosing import resolve
    from consilience.runs.scrubbing import known_secrets

    found = [*known_secrets(settings, os.environ)]
    for role in ROLES:
        with suppress(EndpointError):  # an address that cannot be used was never asked
            found += resolve(settings, role, os.environ).secrets
    return tuple(dict.fromkeys(secret for secret in found if secret))


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
