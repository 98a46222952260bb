"""Owns a run as the command line drives it: the engine's call, the plan's approval, Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from consilience.errors import ConsilienceError
from consilience.records import Plan
from consilience.runs.run import Run
from consilience.settings import Role, Settings

from .console import err, is_interactive, tell
from .group import INTERRUPTED
from .progress import StepProgress

if TYPE_CHECKING:
    from consilience.endpoints.base import ModelIdentity
    from consilience.engine import Confirm, FinishedRun


class Driver:
    """One run on its way through the engine. ``confirm``: ask about its plan first."""

    def __init__(self, settings: Settings, progress: StepProgress, confirm: bool = False) -> None:
        self._settings = settings
        self._progress = progress
        self._confirm: Confirm | None = self._approve if confirm else None
        self._run: Run | None = None

    def ask(self, question: str, library: str, run_id: str | None = None, parent: str | None = None) -> FinishedRun:
        """A new run. Errors as ``engine.run_question``; exits with 130 when it is interrupted."""
        from consilience.engine import run_question

        return self._wait(
            run_question(
                question,
                library=library,
                settings=self._settings,
                run_id=run_id,
                parent=parent,
                confirm=self._confirm,
                listener=self._progress.listener,
                started=self._begin,
            )
        )

    def resume(self, run: Run) -> FinishedRun:
        """A run that goes on. Errors as ``engine.resume_run``; exits with 130 when it is interrupted."""
        from consilience.engine import resume_run

        self._run = run
        return self._wait(resume_run(run.id, settings=self._settings, listener=self._progress.listener))

    def _begin(self, run: Run) -> None:
        self._run = run
        if run.info.settings.get("reasoner") == "model":
            model = identity(self._settings, "writer")
            self._progress.note(
                f"A language model reasons: {model.name} at {model.endpoint} (without: --reasoner embedded)"
            )

    def _wait(self, work: Coroutine[Any, Any, FinishedRun]) -> FinishedRun:
        try:
            with self._progress:
                return asyncio.run(self._told(work))
        except KeyboardInterrupt as error:
            raise typer.Exit(INTERRUPTED) from error
        except ConsilienceError as error:
            if self._run is not None and not self._run.info.is_finished:
                error.advice = f"{error.advice}; then: consilience resume {self._run.id}".lstrip("; ")
            raise

    async def _told(self, work: Coroutine[Any, Any, FinishedRun]) -> FinishedRun:
        # The thread that is at work ends before the process does, so the message must not wait for it.
        try:
            return await work
        except (asyncio.CancelledError, KeyboardInterrupt):
            self._progress.stop()
            tell(interrupted(self._run), style="yellow", whole=True)
            raise

    def _print_estimate(self) -> None:
        from consilience.engine import open_library

        if self._run is not None:
            papers = open_library(self._settings, self._run.info.library).papers()
            print_estimate(self._settings, sum(bool(paper.abstract) for paper in papers))

    async def _approve(self, plan: Plan) -> Plan | None:
        with self._progress.paused():
            print_plan(plan)
            await asyncio.to_thread(self._print_estimate)
            if not is_interactive():
                return None
            with _interruptible():
                try:
                    agreed = typer.confirm("Go on with this plan?", default=True, err=True)
                except typer.Abort as error:
                    raise KeyboardInterrupt from error
        return plan if agreed else None


def identity(settings: Settings, role: Role) -> ModelIdentity:
    """Which language model a role would ask, as people are shown it: no key, no path."""
    from consilience.endpoints.base import ModelIdentity
    from consilience.endpoints.choosing import resolve
    from consilience.endpoints.local_files import HERE, is_local

    endpoint = resolve(settings, role, os.environ)
    if is_local(endpoint.name):
        return ModelIdentity(Path(endpoint.name).name, HERE)
    return ModelIdentity(endpoint.name, endpoint.address)


def print_estimate(settings: Settings, papers: int) -> None:
    """What the language model will probably cost, on stderr; nothing where none reasons."""
    from consilience.endpoints.choosing import chooses_model
    from consilience.endpoints.estimate import estimate_run
    from consilience.endpoints.prices import price_of, prices_date

    if not chooses_model(settings, os.environ):
        return
    made = estimate_run(papers, settings, lambda role: identity(settings, role), price_of)
    cost = "price unknown" if made.cost is None else f"about ${made.cost:.2f} at the prices of {prices_date()}"
    tell(f"  {'estimate':10} {made.calls} calls, {made.tokens_in:,} tokens in, {made.tokens_out:,} out, {cost}")
    tell(f"  {'':10} assumed: {made.assumed}", style="dim")


def interrupted(run: Run | None) -> str:
    """What Ctrl-C leaves behind."""
    if run is None:
        return "Interrupted before the run began."
    stopping = "Interrupted; the step under way ends first (Ctrl-C again leaves at once)."
    return f"{stopping}\nRun {run.id} can be resumed: consilience resume {run.id}"


def waiting(run: Run) -> str:
    """What is said of a run whose plan was not approved."""
    return f"Stopped after planning. To approve the plan and go on: consilience resume {run.id}"


def print_plan(plan: Plan) -> None:
    """The plan as it is put before a person, on stderr."""
    tell("The plan", style="bold")
    tell(f"  question   {plan.question}")
    direction = f", asks about: {plan.expected.value.replace('_', ' ')}" if plan.expected else ""
    tell(f"  type       {plan.question_type.value.replace('_', ' or ')}{direction}")
    for facet in plan.facets:
        terms = f" ({', '.join(facet.terms)})" if facet.terms else ""
        tell(f"  {facet.role:10} {facet.text}{terms}")
    for label, items in (("query", plan.queries), ("include", plan.inclusion), ("exclude", plan.exclusion)):
        for item in items:
            tell(f"  {label:10} {item}")
    err.file.flush()


@contextmanager
def _interruptible() -> Generator[None]:
    """Lets Ctrl-C end a prompt inside the event loop, whose own handler would wait for the prompt's end."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
