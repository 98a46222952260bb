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
from consilience.agents.dossier import load_dossier, load_gaps, load_searches
from consilience.agents.state import RunState, Screening, required
from consilience.agents.steps import step
from consilience.records import Draft, Event, PanelDecision, Review
from consilience.reports.assemble import assemble
from consilience.reports.files import publish as publish_files
from consilience.reports.report import Manifest, ModelFile, Prisma, Report

AGENT = "Publisher"
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
    screening = artifacts.get(required(state, "screening"), Screening)
    decisions = state.get("decisions", {})
    return assemble(
        run_id=context.run.id,
        date=context.run.info.created[:10],
        dossier=load_dossier(state, context),
        draft=artifacts.get(required(state, "draft"), Draft),
        papers=[context.papers[d.paper_id] for d in screening.decisions],
        screening=screening.decisions,
        searches=[batch.outcome for batch in load_searches(state, context)],
        prisma=Prisma.model_validate(screening.prisma.model_dump()),
        reviews=_reviews(state, context),
        decisions=[artifacts.get(decisions[key], PanelDecision) for key in _by_round(decisions)],
        audit=artifacts.get(state["audit"], Review) if "audit" in state else None,
        gaps=load_gaps(state, context),
        manifest=make_manifest(context, events),
    )


def _reviews(state: RunState, context: Context) -> list[Review]:
    """First and final reviews; of one reviewer and round the first comes first."""
    reviews = state.get("reviews", {})
    keys = sorted(reviews, key=lambda key: (len(key.split("/")), _by_round_key(key)))
    return [context.run.artifacts.get(reviews[key], Review) for key in keys]


def _by_round(keys: dict[str, str]) -> list[str]:
    return sorted(keys, key=_by_round_key)


def _by_round_key(key: str) -> tuple[int, str]:
    head, _, rest = key.partition("/")
    return int(head.removeprefix("p")), rest


def make_manifest(context: Context, events: Sequence[Event]) -> Manifest:
    """What made the report: versions, settings without paths or secrets, model hashes, times."""
    seconds: dict[str, float] = defaultdict(float)
    for event in events:
        seconds[event.node] += event.seconds
    versions = {name: metadata.version(name) for name in ("consilience", *LIBRARIES)}
    return Manifest(
        reasoner=context.reasoner.name,
        versions={"python": platform.python_version(), **versions},
        settings=context.settings.manifest(),
        models=tuple(ModelFile(name=name, sha256=digest) for name, digest in context.manifest.items()),
        started=context.run.info.created,
        finished=context.clock(),
        seconds={node: round(spent, 3) for node, spent in seconds.items()},
    )
