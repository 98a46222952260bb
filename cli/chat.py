"""``consilience chat``: a conversation in the terminal over the runs' own ledgers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from consilience.errors import ConsilienceError, InputError
from consilience.settings import Settings, load_settings

from .console import is_interactive, out, say, tell
from .group import report as report_error
from .options import (
    LibraryOption,
    MaxCostOption,
    MaxSecondsOption,
    MaxTokensOption,
    ModelOption,
    ReasonerOption,
    overrides,
)
from .progress import StepProgress
from .question import check_question
from .reading import check_library, claim_numbered, open_store, read_report
from .running import Driver
from .summary import print_claim, print_evidence, print_report, print_run, reference

if TYPE_CHECKING:
    from consilience.reports.report import Report

HELP = """Ask a research question; then ask about its answer in your own words.
  /new QUESTION   ask a new question, apart from what was said before
  /report         the whole report
  /claims         every claim with its verdict
  /claim N        claim N with all its evidence, for and against
  /help           this
  /quit           leave (so does Ctrl-D)"""


def chat(
    library: LibraryOption = "sample",
    run: Annotated[
        str | None, typer.Option("--run", help="Go on about this finished run (an id, or 'latest').")
    ] = None,
    reasoner: ReasonerOption = None,
    model: ModelOption = None,
    max_cost: MaxCostOption = None,
    max_tokens: MaxTokensOption = None,
    max_seconds: MaxSecondsOption = None,
) -> None:
    """Ask and follow up in a conversation.

    A question runs the graph; follow-ups are answered from that run's own ledger, or start a child run.
    """
    settings = load_settings(**overrides(reasoner, model, max_cost, max_tokens, max_seconds))
    check_library(settings, library)
    talk = Conversation(settings, library)
    if run is not None:
        talk.take_up(run)
    say("Ask a research question. /help tells what else there is.")
    while (line := _read_line()) is not None:
        if line.strip() and not talk.hear(line.strip()):
            break


class Conversation:
    """What has been asked so far: the run that follow-ups are about, and what each line does."""

    def __init__(self, settings: Settings, library: str) -> None:
        self._settings = settings
        self._library = library
        self._run_id: str | None = None
        self._commands = {
            "/report": self._show_report,
            "/claims": self._show_claims,
            "/claim": self._show_claim,
            "/new": self._ask,
            "/help": self._show_help,
        }

    def take_up(self, run_id: str) -> None:
        """Makes a finished run the one that follow-ups are about.

        Raises:
            RunNotFoundError: no such run.
            InputError: it has no report yet.
        """
        run = open_store(self._settings).open(run_id)
        if not run.info.is_finished:
            raise InputError(f"run {run.id} has no report yet", f"consilience resume {run.id}")
        self._run_id, self._library = run.id, run.info.library
        say(f"About run {run.id}: {run.info.question}")

    def hear(self, line: str) -> bool:
        """Answers one line; False when the person wants to leave. An error is told, and the talk goes on."""
        word, _, rest = line.partition(" ")
        if word in ("/quit", "/exit"):
            return False
        try:
            if word in self._commands:
                self._commands[word](rest.strip())
            elif word.startswith("/"):
                raise InputError(f"there is no command {word}", "/help lists them")
            elif self._run_id is None:
                self._ask(line)
            else:
                self._follow_up(self._run_id, line)
        except ConsilienceError as error:
            report_error(error)
        except typer.Exit:
            pass  # a run was interrupted, and said so
        return True

    def _ask(self, question: str, parent: str | None = None) -> None:
        asked = check_question(question, self._settings.question.max_characters)
        driver = Driver(self._settings, StepProgress(detailed=True))
        finished = driver.ask(asked, self._library, parent=parent)
        self._run_id = finished.run.id
        if finished.report is not None:
            say()
            print_report(finished.report)
            say(f"Run       {finished.run.id}; ask on, or /claims, /claim N, /report")

    def _follow_up(self, run_id: str, question: str) -> None:
        from consilience.engine import follow_up

        asked = check_question(question, self._settings.question.max_characters)
        try:
            answer = asyncio.run(follow_up(run_id, asked, settings=self._settings))
        except KeyboardInterrupt:
            tell("Stopped.")
            return
        if answer.needs_run:
            if answer.text:
                say(answer.text)
            child = answer.question or asked
            say(f"The ledger of run {run_id} does not hold that; a child run asks: {child}", style="yellow")
            self._ask(child, parent=run_id)
            return
        say(answer.text)
        self._cite(run_id, answer.claim_ids)
        say(f"Answered from the ledger of run {run_id}.", style="dim")

    def _cite(self, run_id: str, claim_ids: tuple[str, ...]) -> None:
        """The claims that an answer rests on, each with its papers."""
        report = self._report(run_id)
        if report is None:
            return
        papers = {paper.id: paper for paper in report.papers}
        for claim in report.claims:
            if claim.id in claim_ids:
                print_claim(claim)
                for paper_id in sorted({span.paper_id for span in claim.spans}):
                    say(f"      {reference(papers[paper_id])}", style="dim")

    def _show_report(self, _: str) -> None:
        run = open_store(self._settings).open(self._current())
        path = run.file("report.md")
        if not path.exists():
            print_run(run, run.info, read_report(run))
        elif out.is_terminal:
            from rich.markdown import Markdown

            out.print(Markdown(path.read_text(encoding="utf-8"), hyperlinks=False))
        else:
            say(path.read_text(encoding="utf-8"))

    def _show_claims(self, _: str) -> None:
        report = self._report(self._current())
        for claim in report.claims if report else ():
            print_claim(claim)
        if report is None or not report.claims:
            say("This run has no claim.")

    def _show_claim(self, number: str) -> None:
        report = self._report(self._current())
        if report is None:
            raise InputError("this run has no report yet", "ask a question first")
        print_evidence(report, claim_numbered(report, number))

    def _show_help(self, _: str) -> None:
        say(HELP)

    def _report(self, run_id: str) -> Report | None:
        return read_report(open_store(self._settings).open(run_id))

    def _current(self) -> str:
        if self._run_id is None:
            raise InputError("nothing was asked yet", "ask a research question first")
        return self._run_id


def _read_line() -> str | None:
    """The next line that a person or a pipe gives; None at the end."""
    interactive = is_interactive()
    try:
        line = input("> " if interactive else "")
    except (EOFError, KeyboardInterrupt):
        say()
        return None
    if not interactive and line.strip():
        say(f"> {line}")
    return line
