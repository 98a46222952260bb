"""Publishes a run: the report's files, written whole or not at all. It judges and words nothing."""

from __future__ import annotations

import asyncio
import platform
from collections import defaultdict
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from langgraph.runtime import Runtime

from consilience.agents.context import Context
from consilience.agents.dossier import (
    load_dossier,
    load_draft,
    load_gaps,
    load_screening,
    load_searches,
    panel_round,
)
from consilience.agents.state import RunState
from consilience.agents.steps import step
from consilience.records import Event, PanelDecision, Review
from consilience.reports.assemble import assemble
from consilience.reports.cost import costs
from consilience.reports.files import publish as publish_files
from consilience.reports.report import Manifest, ModelFile, Report

AGENT = "Publisher"
EMBEDDED = "embedded"
"""The name of the reasoner that extracts and does not compose."""
LIBRARIES = ("chromadb", "langgraph", "numpy", "onnxruntime", "pydantic", "tokenizers")


async def publish(state: RunState, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """Assemble the report from the run's artifacts and write it into the run's folder."""
    context = runtime.context
    # The publisher's own event is told after the files are written, and a repeated step must write the same files.
    events = [event for event in context.run.transcript.read() if event.node != "publish"]
    with step(context, node="publish", agent=AGENT, key="report") as told:
        report = make_report(state, context, events)
        await asyncio.to_thread(publish_files, report, events, context.run.folder)
        told.saw = f"{len(report.claims)} claims, {len(report.references)} included papers"
        told.decided = report.title
        told.why = f"answer: {report.answer.verdict.value}, certainty {report.answer.certainty.value}"
        told.counts = {"claims": len(report.claims), "references": len(report.references)}
    return {}


def publish_again(state: RunState, context: Context) -> None:
    """Write the files of a run that was published once and whose report cannot be read any more."""
    told = context.run.transcript.read()
    events = [event for event in told if event.node != "publish"]
    publish_files(make_report(state, context, events), events, context.run.folder)
    for event in told:
        context.run.transcript.record(event)


def make_report(state: RunState, context: Context, events: Sequence[Event]) -> Report:
    """The report of a run whose draft and audit are done."""
    artifacts = context.run.artifacts
    screening = load_screening(state, context)
    decisions = state.get("decisions", {})
    return assemble(
        run_id=context.run.id,
        date=context.run.info.created[:10],
        dossier=load_dossier(state, context),
        draft=load_draft(state, context),
        papers=[context.papers[d.paper_id] for d in screening.decisions],
        screening=screening.decisions,
        searches=[batch.outcome for batch in load_searches(state, context)],
        prisma=screening.prisma,
        reviews=_reviews(state, context),
        decisions=[artifacts.get(decisions[key], PanelDecision) for key in sorted(decisions, key=panel_round)],
        audit=artifacts.get(state["audit"], Review) if "audit" in state else None,
        gaps=load_gaps(state, context),
        manifest=make_manifest(context, events),
    )


def _reviews(state: RunState, context: Context) -> list[Review]:
    """First and final reviews; of one reviewer and round the first comes first."""
    reviews = state.get("reviews", {})
    keys = sorted(reviews, key=lambda key: (key.count("/"), panel_round(key), key))
    return [context.run.artifacts.get(reviews[key], Review) for key in keys]


def make_manifest(context: Context, events: Sequence[Event]) -> Manifest:
    """What made the report: versions, settings without paths or secrets, model hashes, times."""
    seconds: dict[str, float] = defaultdict(float)
    for event in events:
        seconds[event.node] += event.seconds
    calls = context.run.model_calls.read() if context.reasoner.name != EMBEDDED else ()
    versions = {name: metadata.version(name) for name in ("consilience", *LIBRARIES)}
    remote = {f"{call.model} at {call.endpoint}": "" for call in calls}
    return Manifest(
        reasoner=context.reasoner.name,
        extractive=context.reasoner.name == EMBEDDED,
        versions={"python": platform.python_version(), **versions},
        settings=context.settings.manifest(),
        models=tuple(ModelFile(name=name, sha256=sha) for name, sha in {**context.manifest, **remote}.items()),
        prompts={call.task: call.prompt_sha256 for call in calls},
        costs=costs(calls),
        started=context.run.info.created,
        finished=context.clock(),
        seconds={node: round(spent, 3) for node, spent in seconds.items()},
    )
