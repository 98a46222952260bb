"""Runs questions through the graph: what the command line, the chat and the evals call.

The engine puts a run together (library, index, reasoner, checkpoint) and sees that an ended, killed or interrupted
run can be told apart and gone on with. What happens inside a run is the graph's and the agents'.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from consilience.assembly import Way, context_of, embedded, reasoner_of, way_to_model
from consilience.endpoints.telemetry import name_run
from consilience.errors import ConsilienceError, CorruptRunError, LibraryError
from consilience.records import Event, Plan
from consilience.runs import own_prompts
from consilience.runs.calls import CallLog
from consilience.runs.info import RunStatus
from consilience.runs.run import Run
from consilience.runs.store import RunStore, calls_path, checkpoint_path
from consilience.settings import Settings

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.graph.state import CompiledStateGraph

    from consilience.agents.context import Context
    from consilience.agents.state import RunState
    from consilience.literature.library import Library
    from consilience.reasoning.base import FollowUp
    from consilience.reports.report import Report

    Compiled = CompiledStateGraph[RunState, Context, RunState, RunState]

Confirm = Callable[[Plan], Awaitable[Plan | None]]
Listener = Callable[[Event], None]

ASK_AGAIN = "ask the question again: what was judged already is in the call log and costs nothing anew"
RECURSIONS = 200
"""Supersteps of one run at most: far more than the bounds on rounds allow."""


@dataclass(frozen=True)
class FinishedRun:
    """A run that ended with a report, or (``report`` None) that waits for its plan to be approved."""

    run: Run
    report: Report | None
    partial: bool = False


async def run_question(
    question: str,
    *,
    library: str,
    settings: Settings,
    run_id: str | None = None,
    parent: str | None = None,
    confirm: Confirm | None = None,
    listener: Listener | None = None,
    started: Callable[[Run], None] | None = None,
    way: Way | None = None,
) -> FinishedRun:
    """Answer a question from a library.

    Args:
        question: checked by the caller.
        library: the library's name; ``sample`` is the shipped one.
        settings: of the run; a manifest of them stands in the report.
        run_id: names the run; else it is made from the time and the question.
        parent: the run that this one follows up.
        confirm: asked with the first plan; returns it, changed or not, or None to stop there.
        listener: hears every step as it ends.
        started: told the run before its first step.
        way: the way to the language model, already open; else it is opened as the settings choose.

    Raises:
        LibraryError: no such library, or it holds no paper with a text.
        EndpointError: the language model cannot be asked; no run was begun, and nothing was spent.
        StorageError: the disk refuses to be written. What was done so far can be resumed.
    """
    held = open_library(settings, library)
    async with nullcontext(way) if way else way_to_model(settings) as opened:
        run = RunStore(settings.home).create(
            question, library, opened.settings.manifest(), run_id, parent, held.papers_digest()
        )
        if opened.settings.model.prompts is not None:
            own_prompts.keep(opened.settings.model.prompts, run.folder)
            opened = replace(opened, settings=_with_prompts_of(run, opened.settings))
        if started is not None:
            started(run)
        return await _drive(run, held, opened, confirm=confirm, listener=listener, fresh=True)


async def resume_run(
    run_id: str, *, settings: Settings, confirm: Confirm | None = None, listener: Listener | None = None
) -> FinishedRun:
    """Go on with a run where it stopped; a finished run gives its report again, made anew if its file was lost.

    Raises:
        RunNotFoundError: no run of that id.
        CorruptRunError: its checkpoint or its files cannot be read.
        LibraryError: its library is gone, or holds other papers than when the run began.
    """
    run = RunStore(settings.home).open(run_id)
    if run.info.is_finished and (report := _readable_report(run)) is not None:
        return FinishedRun(run, report, run.info.status == "partial")
    settings = _recorded(run, settings)
    held = open_library(settings, run.info.library)
    async with way_to_model(settings) as way:
        return await _drive(run, held, way, confirm=confirm, listener=listener, fresh=False)


async def replay_run(run_id: str, *, settings: Settings, home: Path) -> FinishedRun:
    """Pass through the graph again on what a finished run recorded, asking no model; the run itself is not touched.

    Args:
        run_id: a run under ``settings.home``, whose library must hold the same papers still.
        settings: name the home; everything else is as the run recorded it.
        home: another, empty home, which receives the repeated run under the same id.

    Raises:
        RunNotFoundError: no run of that id.
        CorruptRunError: its records cannot be read, or hold settings that cannot be used.
        LibraryError: its library is gone, or holds other papers now.
    """
    from consilience.endpoints.recorded import RecordedCompleter

    run = RunStore(settings.home).open(run_id)
    began = _recorded(run, settings)
    held = open_library(began, run.info.library)
    log = CallLog(calls_path(settings.home))
    if run.info.papers and held.papers_digest() != run.info.papers:
        raise LibraryError(f"the library {run.info.library} has changed since run {run.id}", ASK_AGAIN)
    again = RunStore(home).create(run.info.question, run.info.library, run.info.settings, run.id)
    recorded = RecordedCompleter(log, run.model_calls, again.model_calls)
    completer = recorded if began.reasoner == "model" else None
    way = Way(began.model_copy(update={"home": home}), completer, recorded=True)
    try:
        if (own := own_prompts.kept(run.folder)) is not None:
            own_prompts.keep(own, again.folder)
        return await _drive(again, held, way, confirm=_approval(run), listener=None, fresh=True)
    finally:
        run.close()
        log.close()


async def follow_up(run_id: str, question: str, *, settings: Settings) -> FollowUp:
    """Answer a follow-up from a finished run's own ledger, or say that it needs a run of its own.

    Raises:
        RunNotFoundError: no run of that id.
        CorruptRunError: its files cannot be read, or it has no report.
    """
    from consilience.reasoning.ledger import dossier_of_report, draft_of_report

    run = RunStore(settings.home).open(run_id)
    report = load_report(run)
    async with way_to_model(settings) as way:
        rules = (await asyncio.to_thread(embedded, way.settings))[0]
        reasoner = reasoner_of(way, rules, run)
        outcome = await reasoner.follow_up(question, dossier_of_report(report), draft_of_report(report))
    if outcome.value is None:
        raise CorruptRunError(outcome.gap.reason if outcome.gap else "no answer", "ask a new question")
    return outcome.value


def open_library(settings: Settings, name: str) -> Library:
    """The library of that name, the shipped sample being installed on its first use.

    Raises:
        LibraryError: there is none, or none of its papers has a text.
    """
    from consilience.literature import sample

    library = sample.open_library(settings.home, name)
    if not any(paper.abstract for paper in library.papers()):
        raise LibraryError(
            f"library {name} holds no paper with an abstract",
            f"add some: consilience library add {name} FILE...",
        )
    return library


def load_report(run: Run) -> Report:
    """The report that a finished run wrote.

    Raises:
        CorruptRunError: it is missing or does not keep its contract.
    """
    from pydantic import ValidationError

    from consilience.reports.report import Report

    path = run.file("report.json")
    try:
        return Report.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise CorruptRunError(f"run {run.id} has no readable report", f"consilience resume {run.id}") from error


def _readable_report(run: Run) -> Report | None:
    with suppress(CorruptRunError):
        return load_report(run)
    return None


def _recorded(run: Run, settings: Settings) -> Settings:
    """The settings that the run began with: a resumed run must not change its rules half-way."""
    try:
        return _with_prompts_of(run, settings.restored(run.info.settings))
    except ValueError as error:
        raise CorruptRunError(f"run {run.id} has settings that cannot be used", "ask again") from error


def _with_prompts_of(run: Run, settings: Settings) -> Settings:
    """The settings with the prompts that the run was begun with: its own copies, or the shipped ones."""
    model = settings.model.model_copy(update={"prompts": own_prompts.kept(run.folder)})
    return settings.model_copy(update={"model": model})


def _approval(run: Run) -> Confirm | None:
    """What the person made of the first plan of a run: nothing, a nod, or another plan."""
    event = next((event for event in run.transcript.read() if event.node == "approve"), None)
    if event is None:
        return None
    changed = Plan.model_validate_json(event.details[0]) if event.details else None

    async def approve(proposed: Plan) -> Plan:
        return changed or proposed

    return approve


async def _drive(
    run: Run,
    library: Library,
    way: Way,
    *,
    confirm: Confirm | None,
    listener: Listener | None,
    fresh: bool,
) -> FinishedRun:
    with run.held():
        unsubscribe = run.transcript.subscribe(listener) if listener else None
        try:
            if not fresh:
                run.reopen()
            name_run(way.completer, run.id)
            context = await context_of(run, library, way, confirming=confirm is not None)
            finished = await _traverse(run, library, context, way.settings, confirm, fresh=fresh)
        except (KeyboardInterrupt, asyncio.CancelledError):
            _mark(run, "interrupted")
            raise
        except ConsilienceError:
            _mark(run, "failed")
            raise
        finally:
            if unsubscribe is not None:
                unsubscribe()
            run.close()
    return finished


def _mark(run: Run, status: RunStatus) -> None:
    """Note how a run ended, where the disk still lets us: what ended it is told anyway."""
    with suppress(ConsilienceError):
        run.finish(status)


async def _traverse(
    run: Run, library: Library, context: Context, settings: Settings, confirm: Confirm | None, *, fresh: bool
) -> FinishedRun:
    """Pass through the graph from the start or from the last checkpoint, asking for approval on the way."""
    from langgraph.types import Command

    from consilience.agents.publisher import publish_again

    config: RunnableConfig = {"configurable": {"thread_id": run.id}, "recursion_limit": RECURSIONS}
    async with checkpointed(settings) as compiled:
        snapshot = await compiled.aget_state(config)
        given: Any = None
        if fresh or "version" not in snapshot.values:
            await _forget(compiled, run.id)
            given = _first_state(run, library)
        else:
            _check(run, library, cast("dict[str, Any]", snapshot.values))
            if snapshot.interrupts and confirm is None:
                given = Command(resume=True)
        # `next` leaves out a step whose outcome was written before the run was cut off; `tasks` holds it.
        while given is not None or snapshot.tasks:
            await compiled.ainvoke(given, config, context=context, durability="sync")
            snapshot = await compiled.aget_state(config)
            if not snapshot.interrupts:
                break
            proposed = Plan.model_validate(snapshot.interrupts[0].value["plan"])
            agreed = await confirm(proposed) if confirm else proposed
            if agreed is None:
                run.finish("interrupted")
                return FinishedRun(run, None)
            given = Command(resume=True if agreed == proposed else agreed.model_dump(mode="json"))
    report = _readable_report(run)
    if report is None:
        await asyncio.to_thread(publish_again, cast("RunState", snapshot.values), context)
        report = load_report(run)
    run.finish(
        "partial" if report.partial else "done",
        title=report.title,
        verdict=report.answer.verdict,
        score=report.review.score,
    )
    return FinishedRun(run, report, report.partial)


def _first_state(run: Run, library: Library) -> RunState:
    from consilience.agents.state import STATE_VERSION

    return {
        "version": STATE_VERSION,
        "question": run.info.question,
        "library": library.papers_digest(),
        "round": 0,
    }


def _check(run: Run, library: Library, values: dict[str, Any]) -> None:
    """Whether this version, with the library as it is now, can go on from these values."""
    from consilience.agents.state import STATE_VERSION

    if values.get("version") != STATE_VERSION:
        raise CorruptRunError(
            f"run {run.id} was begun by a version of Consilience that this one cannot go on from", ASK_AGAIN
        )
    if values.get("library") != library.papers_digest():
        raise LibraryError(
            f"the library {run.info.library} has changed since run {run.id} began, and a report rests on one library",
            ASK_AGAIN,
        )


@asynccontextmanager
async def checkpointed(settings: Settings) -> AsyncGenerator[Compiled]:
    """The graph, compiled with the checkpoints of a person's home; errors as ``runs.checkpoints``."""
    from consilience.graph import build_graph
    from consilience.runs.checkpoints import open_checkpoints

    async with open_checkpoints(checkpoint_path(settings.home)) as checkpoints:
        yield build_graph().compile(checkpointer=checkpoints, name="consilience")


async def _forget(compiled: Compiled, thread: str) -> None:
    """Drop checkpoints that hold nothing yet, or are of a deleted run: its id may name another one now."""
    from consilience.runs.checkpoints import Checkpoints

    if isinstance(compiled.checkpointer, Checkpoints):
        await compiled.checkpointer.adelete_thread(thread)
