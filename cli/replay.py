"""``consilience replay``: a run again, from what it recorded, and whether its report is the same."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consilience.errors import InputError
from consilience.runs.files import write_atomic
from consilience.runs.run import REPORT_FILES, Run
from consilience.runs.store import RunStore
from consilience.settings import Settings, load_settings

from .console import say, write_json
from .reading import read_report

if TYPE_CHECKING:
    from consilience.reports.report import Report

DIFFERENT = 1
"""Exit code where the report is another one; 0 where it is the same, 2 where there is none to compare."""
_SHOWN = 40


def replay(
    run: Annotated[
        str,
        typer.Argument(help="A run's id, the beginning of one, 'latest', or an exported file.", metavar="RUN_OR_FILE"),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the new report's files.", metavar="DIR", file_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Do a run again from its recorded answers, without any model, and compare the reports.

    Exits with 0 if the report is the same (time fields aside), with 1 if it differs. The run is left as it is.
    """
    with tempfile.TemporaryDirectory(prefix="consilience-replay-") as folder:
        settings, found = _recorded(run, Path(folder) / "recorded")
        before = read_report(found)
        if before is None:
            raise InputError(
                f"run {found.id} has no report to compare with", f"finish it first: consilience resume {found.id}"
            )
        after = _again(found, settings, Path(folder) / "again", out)
    from consilience.reports.comparing import differences

    lines = differences(before, after)
    _tell(found.id, lines, as_json)
    if lines:
        raise typer.Exit(DIFFERENT)


def _recorded(name: str, fresh: Path) -> tuple[Settings, Run]:
    """The run, and settings whose home holds it: the person's, or a fresh one that a file is taken into."""
    settings = load_settings()
    file = Path(name)
    if not file.is_file():
        return settings, RunStore(settings.home).open(name)
    from consilience.literature.placing import place_papers
    from consilience.runs.bundle import import_run

    run_id = import_run(file, fresh, place_papers)
    return settings.model_copy(update={"home": fresh}), RunStore(fresh).open(run_id)


def _again(run: Run, settings: Settings, home: Path, out: Path | None) -> Report:
    from consilience.engine import replay_run

    finished = asyncio.run(replay_run(run.id, settings=settings, home=home))
    if finished.report is None:
        raise InputError(f"run {run.id} waits for its plan to be approved", f"consilience resume {run.id}")
    if out is not None:
        for name in REPORT_FILES:
            if finished.run.file(name).exists():
                write_atomic(out / name, finished.run.file(name).read_bytes())
    return finished.report


def _tell(run_id: str, lines: Sequence[str], as_json: bool) -> None:
    if as_json:
        result = {"run": run_id, "same": not lines, "differences": lines}
        write_json(json.dumps(result, ensure_ascii=False, indent=2).encode())
    elif not lines:
        say(f"Run {run_id} was done again: the same report.")
    else:
        say(f"Run {run_id} was done again: the report differs in {len(lines)} place(s).", style="yellow")
        for line in lines[:_SHOWN]:
            say(f"  {line}", whole=True)
        if len(lines) > _SHOWN:
            say(f"  and {len(lines) - _SHOWN} more; --json lists all")
