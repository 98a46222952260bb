"""The Writer: turns the ledger into a report, and settles objections by changing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langgraph.runtime import Runtime

from consilience.agents.context import Context
from consilience.agents.dossier import latest_decision, load_chunks, load_dossier, load_draft, load_screening
from consilience.agents.screening import reason_group
from consilience.agents.state import ClaimSet, LedgerChunk, RunState, Screening, required
from consilience.agents.steps import leave_gap, step
from consilience.errors import ReasonerError
from consilience.records import (
    Fate,
    LedgerEntry,
    Objection,
    ScreeningDecision,
    Verdict,
)

AGENT = "Writer"


async def write(state: RunState, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """The first draft of a search round, or a revision that settles the panel's open objections.

    Raises:
        ReasonerError: no draft could be had, and there is none of an earlier round.
    """
    context = runtime.context
    revising = state.get("next") == "revise"
    version = state.get("panel_round", 0) + 1
    with step(context, node="write", agent=AGENT, key=f"p{version}") as told:
        objections = _open_objections(state, context) if revising else ()
        update = _revised_ledger(state, objections, context) if revising else _first_ledger(state, context)
        dossier = load_dossier({**state, **update}, context)
        if revising:
            draft = load_draft(state, context)
            outcome = await context.reasoner.revise(dossier, draft, objections)
        else:
            outcome = await context.reasoner.write(dossier)
        told.took(outcome)
        gap = leave_gap(context, f"p{version}/write", outcome.gap)
        told.saw = f"{len(dossier.ledger)} ledger entries, {len(objections)} open objections"
        if outcome.value is None:
            told.decided = "no draft: " + (outcome.gap.reason if outcome.gap else "")
            if "draft" not in state:
                raise ReasonerError(told.decided, "see to the reason given")
            return {**update, **gap}
        draft = outcome.value.model_copy(update={"version": version})
        told.decided = draft.title
        told.why = draft.answer.text
        told.counts = {
            "sentences": sum(len(s.sentences) for s in draft.results),
            "claims used": len({c for s in draft.results for t in s.sentences for c in t.claim_ids}),
        }
        told.details = [f"settles {o.id}: {o.problem}" for o in objections]
    return {**update, **gap, "draft": context.run.artifacts.put(draft), "panel_round": version}


def _open_objections(state: RunState, context: Context) -> tuple[Objection, ...]:
    latest = latest_decision(state, context)
    return tuple(o for o in latest.objections if o.state == "open") if latest else ()


def _first_ledger(state: RunState, context: Context) -> dict[str, Any]:
    """All entries of the search round, and the papers that cross-examination let in again."""
    chunks = load_chunks(state, "examinations", LedgerChunk, context)
    judged = {entry.claim.id: entry for chunk in chunks for entry in chunk.entries}
    claims = context.run.artifacts.get(required(state, "claims"), ClaimSet).claims
    entries = [judged.get(c.id, LedgerEntry(claim=c, reason="not judged")) for c in claims]
    ledger = LedgerChunk(entries=tuple(_first_fate(entry) for entry in entries))
    admitted = {d.paper_id: d for chunk in chunks for d in chunk.rescreened}
    screening = load_screening(state, context)
    update: dict[str, Any] = {"ledger": context.run.artifacts.put(ledger)}
    if admitted:
        update["screening"] = context.run.artifacts.put(_let_in(screening, admitted))
    return update


def _let_in(screening: Screening, admitted: Mapping[str, ScreeningDecision]) -> Screening:
    """The screening with re-screened papers counted among the included, under their own PRISMA line."""
    was = {d.paper_id: d for d in screening.decisions}
    new = {p: d for p, d in admitted.items() if not was[p].included}
    excluded = dict(screening.prisma.excluded)
    for paper_id in new:
        excluded[reason_group(was[paper_id].reason)] -= 1
    prisma = screening.prisma.model_copy(
        update={
            "excluded": {k: v for k, v in excluded.items() if v},
            "included": screening.prisma.included + len(new),
            "rescreened": screening.prisma.rescreened + len(new),
        }
    )
    decisions = tuple(new.get(d.paper_id, d) for d in screening.decisions)
    return screening.model_copy(update={"decisions": decisions, "prisma": prisma})


def _first_fate(entry: LedgerEntry) -> LedgerEntry:
    """What the verdict alone decides: refuted claims and those without evidence do not reach the prose."""
    if entry.verdict in (Verdict.REFUTED, Verdict.NOT_ENOUGH_EVIDENCE):
        return entry.model_copy(update={"fate": Fate.DROPPED})
    if entry.verdict in (Verdict.CONTESTED, Verdict.UNCORROBORATED):
        return entry.model_copy(update={"fate": Fate.SOFTENED})
    return entry


def _revised_ledger(state: RunState, objections: Sequence[Objection], context: Context) -> dict[str, Any]:
    """Fates after the panel: a claim that an objection drops or softens carries that fate from now on."""
    fates = {"drop": Fate.DROPPED, "soften": Fate.SOFTENED}
    asked = {
        o.target.removeprefix("claim:"): fates[o.action]
        for o in objections
        if o.target.startswith("claim:") and o.action in fates
    }
    if not asked:
        return {}
    ledger = context.run.artifacts.get(required(state, "ledger"), LedgerChunk)
    entries = tuple(
        e.model_copy(update={"fate": asked[e.claim.id]}) if e.claim.id in asked and e.fate is not Fate.DROPPED else e
        for e in ledger.entries
    )
    return {"ledger": context.run.artifacts.put(LedgerChunk(entries=entries))}
