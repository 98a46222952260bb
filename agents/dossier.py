"""Reads back what earlier steps left: the run's artifacts, put together for the writer and the reviewers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from consilience.agents.context import Context
from consilience.agents.state import LedgerChunk, Screening, SearchBatch, required
from consilience.reasoning.base import Dossier, Search
from consilience.records import Draft, Frozen, Gap, PanelDecision, Paper, Plan

T = TypeVar("T", bound=Frozen)


def load_plan(refs: Mapping[str, Any], context: Context) -> Plan:
    """The plan of the round under way."""
    return context.run.artifacts.get(required(refs, "plan"), Plan)


def load_screening(refs: Mapping[str, Any], context: Context) -> Screening:
    """All decisions of the searcher so far."""
    return context.run.artifacts.get(required(refs, "screening"), Screening)


def load_draft(refs: Mapping[str, Any], context: Context) -> Draft:
    """The draft of the round under way."""
    return context.run.artifacts.get(required(refs, "draft"), Draft)


def load_chunks(refs: Mapping[str, Any], name: str, kind: type[T], context: Context) -> list[T]:
    """What the tasks of the search round under way left under a name of the state, in the order of their keys."""
    chunks: Mapping[str, str] = refs.get(name, {})
    this_round = f"r{refs.get('round', 0)}/"
    return [context.run.artifacts.get(chunks[key], kind) for key in sorted(chunks) if key.startswith(this_round)]


def latest_decision(refs: Mapping[str, Any], context: Context, before: int | None = None) -> PanelDecision | None:
    """The panel's decision of the newest round, or of the newest one before a round; None where there is none."""
    decisions: Mapping[str, str] = refs.get("decisions", {})
    rounds = [n for n in map(panel_round, decisions) if before is None or n < before]
    return context.run.artifacts.get(decisions[f"p{max(rounds)}"], PanelDecision) if rounds else None


def panel_round(key: str) -> int:
    """The round in a key of the panel's: 2 of ``p2`` and of ``p2/sceptic``."""
    return int(key.partition("/")[0].removeprefix("p"))


def load_searches(refs: Mapping[str, Any], context: Context) -> tuple[SearchBatch, ...]:
    """Every query so far, in the order of rounds and queries."""
    searches: Mapping[str, str] = refs.get("searches", {})
    return tuple(context.run.artifacts.get(searches[key], SearchBatch) for key in sorted(searches))


def load_gaps(refs: Mapping[str, Any], context: Context) -> tuple[Gap, ...]:
    """Every gap so far, in the order of their keys."""
    gaps: Mapping[str, str] = refs.get("gaps", {})
    return tuple(context.run.artifacts.get(gaps[key], Gap) for key in sorted(gaps))


def load_dossier(refs: Mapping[str, Any], context: Context) -> Dossier:
    """Plan, ledger, the papers that the ledger and the inclusion name, the search's figures and the gaps.

    ``refs`` is the run's state, or a fan-out task that carries the same references.
    """
    artifacts = context.run.artifacts
    screening = load_screening(refs, context)
    ledger = artifacts.get(required(refs, "ledger"), LedgerChunk).entries
    searches = load_searches(refs, context)
    wanted = set(screening.included)
    wanted.update(e.span.paper_id for entry in ledger for e in entry.evidence)
    wanted.update(span.paper_id for entry in ledger for span in entry.claim.spans)
    papers: dict[str, Paper] = {paper_id: context.papers[paper_id] for paper_id in sorted(wanted)}
    return Dossier(
        plan=load_plan(refs, context),
        ledger=ledger,
        papers=papers,
        search=Search(
            library=context.source.name.partition(":")[2] or context.source.name,
            identified=screening.prisma.identified,
            screened=screening.prisma.screened,
            included=screening.prisma.included,
            queries=tuple(dict.fromkeys(s.outcome.query for s in searches)),
            rounds=1 + max((s.outcome.round for s in searches), default=0),
            saturation=screening.saturation,
            excluded=dict(screening.prisma.excluded),
        ),
        gaps=load_gaps(refs, context),
    )
