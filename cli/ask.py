"""``consilience ask`` and ``consilience resume``: one question through the graph, to its report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consilience.errors import InputError
from consilience.runs.names import check_id
from consilience.settings import load_settings

from .console import tell
from .delivery import check_folder, deliver
from .options import (
    LibraryOption,
    MaxCostOption,
    MaxSecondsOption,
    MaxTokensOption,
    ModelOption,
    ReasonerOption,
    RunArgument,
    overrides,
)
from .progress import StepProgress
from .question import check_question
from .reading import check_library, open_store
from .running import Driver, waiting

if TYPE_CHECKING:
    from consilience.engine import FinishedRun

JsonOption = Annotated[bool, typer.Option("--json", help="Print the report's JSON on stdout, nothing else.")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="Folder for report.json, report.md, report.html and transcript.jsonl."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


def ask(
    question: Annotated[str, typer.Argument(help="The research question, in quotation marks.", metavar="QUESTION")],
    library: LibraryOption = "sample",
    as_json: JsonOption = False,
    out: OutOption = None,
    confirm_plan: Annotated[
        bool, typer.Option("--confirm-plan", help="Show the plan and ask before searching.")
    ] = False,
    reasoner: ReasonerOption = None,
    model: ModelOption = None,
    max_cost: MaxCostOption = None,
    max_tokens: MaxTokensOption = None,
    max_seconds: MaxSecondsOption = None,
    run_id: Annotated[str | None, typer.Option("--run-id", help="Name the run yourself.")] = None,
    quiet: QuietOption = False,
) -> None:
    """Answer a research question.

    The answer comes from a library of papers; the report shows the work behind it.

    Exit codes: 0 done, 2 bad input, 3 done but partial.
    """
    settings = load_settings(**overrides(reasoner, model, max_cost, max_tokens, max_seconds))
    asked = check_question(question, settings.question.max_characters)
    if run_id is not None and open_store(settings).exists(check_id(run_id)):
        raise InputError(f"there is a run {run_id} already", f"choose another id, or: consilience show {run_id}")
    check_library(settings, library)
    check_folder(out)
    _hand_over(Driver(settings, StepProgress(quiet), confirm_plan).ask(asked, library, run_id), as_json, out)


def resume(run: RunArgument, as_json: JsonOption = False, out: OutOption = None, quiet: QuietOption = False) -> None:
    """Go on with an unfinished run.

    One that was stopped, was killed, or waits for its plan to be approved, which resuming does.

    Exit codes: 0 done, 2 bad input, 3 done but partial.
    """
    settings = load_settings()
    held = open_store(settings).open(run)
    check_folder(out)
    if held.info.is_finished:
        tell(f"run {held.id} is finished already; this is its report")
        raise typer.Exit(deliver(held, as_json=as_json, folder=out))
    check_library(settings, held.info.library)
    _hand_over(Driver(settings, StepProgress(quiet)).resume(held), as_json, out)


def _hand_over(finished: FinishedRun, as_json: bool, out: Path | None) -> None:
    if finished.report is None:
        tell(waiting(finished.run), whole=True)
        return
    raise typer.Exit(deliver(finished.run, as_json=as_json, folder=out))
