"""The Writer: which claims reach the prose, papers let in again, and a draft that cannot be had."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from consilience.agents.context import Context
from consilience.agents.state import ClaimSet, LedgerChunk, Screening
from consilience.agents.writer import write
from consilience.errors import ReasonerError
from consilience.reasoning.base import Dossier, Outcome
from consilience.records import (
    Draft,
    Fate,
    LedgerEntry,
    Objection,
    PanelDecision,
    ScreeningDecision,
    Verdict,
)
from consilience.reports.report import Prisma
from consilience.tests.support import dossiers as made
from consilience.tests.support.acting import Shelf, act, make_context
from consilience.tests.support.scripted import Scripted, refusal

PAPERS = {paper.id: paper for paper in (made.paper(n) for n in range(1, 7))}
DRAFT = made.draft([])


def entry(number: int, verdict: Verdict = Verdict.SUPPORTED) -> LedgerEntry:
    return made.entry(number, PAPERS[f"paper{number}"], verdict=verdict)


def decided(paper_id: str, reason: str = "") -> ScreeningDecision:
    """Included, or screened out for a reason."""
    return ScreeningDecision(paper_id=paper_id, included=not reason, reason=reason or "fits", score=0.5)


def let_in(paper_id: str) -> ScreeningDecision:
    return decided(paper_id).model_copy(update={"rescreened": True})


def set_out(
    home: Path,
    reasoner: Scripted,
    entries: Sequence[LedgerEntry],
    decisions: Sequence[ScreeningDecision] = (),
    rescreened: Sequence[Sequence[ScreeningDecision]] = ((),),
) -> tuple[Context, dict[str, Any]]:
    """A run that was cross-examined in as many chunks as ``rescreened`` has."""
    context = make_context(home, reasoner, Shelf(PAPERS))
    put = context.run.artifacts.put
    given = tuple(decisions) or tuple(decided(p) for p in sorted(PAPERS))
    excluded: dict[str, int] = {}
    for d in given:
        if not d.included:
            group = d.reason.split(":")[0]
            excluded[group] = excluded.get(group, 0) + 1
    included = sum(d.included for d in given)
    prisma = Prisma(identified=9, duplicates=9 - len(given), screened=len(given), excluded=excluded, included=included)
    chunks = [
        LedgerChunk(entries=tuple(entries) if number == 0 else (), rescreened=tuple(admitted))
        for number, admitted in enumerate(rescreened)
    ]
    return context, {
        "round": 0,
        "plan": put(made.plan()),
        "claims": put(ClaimSet(claims=tuple(e.claim for e in entries), dropped={})),
        "screening": put(Screening(decisions=given, prisma=prisma, saturation=1.0)),
        "examinations": {f"r0/e{n:03d}": put(chunk) for n, chunk in enumerate(chunks)},
    }


def fates(context: Context, ref: str) -> dict[str, Fate]:
    return {e.claim.id: e.fate for e in context.run.artifacts.get(ref, LedgerChunk).entries}


def drafts() -> Scripted:
    return Scripted(write=[Outcome(value=DRAFT)], revise=[Outcome(value=DRAFT)])


# ----------------------------------------------------------------- fates


async def test_what_a_verdict_alone_decides(home: Path) -> None:
    verdicts = {
        "c1": (Verdict.SUPPORTED, Fate.KEPT),
        "c2": (Verdict.UNCORROBORATED, Fate.SOFTENED),
        "c3": (Verdict.CONTESTED, Fate.SOFTENED),
        "c4": (Verdict.REFUTED, Fate.DROPPED),
        "c5": (Verdict.NOT_ENOUGH_EVIDENCE, Fate.DROPPED),
    }
    entries = [entry(n, verdict) for n, (verdict, _) in enumerate(verdicts.values(), start=1)]
    reasoner = drafts()
    context, state = set_out(home, reasoner, entries)
    update = await act(write, state, context)
    assert fates(context, update["ledger"]) == {name: fate for name, (_, fate) in verdicts.items()}
    ((dossier,),) = reasoner.asked("write")
    assert isinstance(dossier, Dossier)
    assert [e.claim.id for e in dossier.ledger] == list(verdicts)
    assert (update["panel_round"], context.run.artifacts.get(update["draft"], Draft).version) == (1, 1)


async def test_a_claim_that_no_chunk_judged_is_dropped_not_forgotten(home: Path) -> None:
    context, state = set_out(home, drafts(), [entry(1)])
    both = ClaimSet(claims=(entry(1).claim, entry(2).claim), dropped={})
    update = await act(write, {**state, "claims": context.run.artifacts.put(both)}, context)
    assert fates(context, update["ledger"]) == {"c1": Fate.KEPT, "c2": Fate.DROPPED}


async def test_examinations_of_an_earlier_round_do_not_count(home: Path) -> None:
    context, state = set_out(home, drafts(), [entry(1)])
    update = await act(write, {**state, "round": 1}, context)
    assert fates(context, update["ledger"]) == {"c1": Fate.DROPPED}


# ----------------------------------------------------------------- papers let in again


async def test_papers_let_in_again_have_a_prisma_line_of_their_own(home: Path) -> None:
    decisions = [decided("paper1"), decided("paper2", "off the question: a"), decided("paper3", "off the question: b"),
                 decided("paper4", "too far: c")]  # fmt: skip
    chunks = [[let_in("paper2"), let_in("paper4")], [let_in("paper2")]]
    context, state = set_out(home, drafts(), [entry(1)], decisions, chunks)
    update = await act(write, state, context)
    screening = context.run.artifacts.get(update["screening"], Screening)
    flow = screening.prisma
    assert (flow.included, flow.rescreened, flow.excluded) == (3, 2, {"off the question": 1})
    assert flow.included + sum(flow.excluded.values()) == flow.screened == 4
    assert sorted(screening.included) == ["paper1", "paper2", "paper4"]
    assert [d.rescreened for d in screening.decisions] == [False, True, False, True]


async def test_nobody_let_in_leaves_the_screening_as_it_is(home: Path) -> None:
    context, state = set_out(home, drafts(), [entry(1)])
    assert "screening" not in await act(write, state, context)


# ----------------------------------------------------------------- revisions


def objection(name: str, target: str, action: str, state: str = "open") -> Objection:
    return Objection.model_validate(
        {"id": name, "reviewer": "sceptic", "target": target, "severity": "major", "problem": "x", "action": action,
         "state": state}
    )  # fmt: skip


def objected(context: Context, state: dict[str, Any], *objections: Objection) -> dict[str, Any]:
    """The state after a first draft and a panel that sends it back with objections."""
    put = context.run.artifacts.put
    ledger = tuple(entry(n) for n in (1, 2, 3))
    decision = PanelDecision(
        round=1, median=5, converged=False, open_blocking=0, next="revise", reason="r", objections=objections
    )
    return {
        **state,
        "ledger": put(LedgerChunk(entries=ledger)),
        "draft": put(DRAFT),
        "panel_round": 1,
        "decisions": {"p1": put(decision)},
        "next": "revise",
    }


async def test_objections_change_the_fate_of_the_claims_that_they_name(home: Path) -> None:
    reasoner = drafts()
    context, state = set_out(home, reasoner, [entry(n) for n in (1, 2, 3)])
    given = [
        objection("o1", "claim:c1", "drop"),
        objection("o2", "claim:c2", "soften"),
        objection("o3", "claim:c3", "drop", state="answered"),
        objection("o4", "title", "drop"),
        objection("o5", "claim:unknown", "drop"),
    ]
    update = await act(write, objected(context, state, *given), context)
    assert fates(context, update["ledger"]) == {"c1": Fate.DROPPED, "c2": Fate.SOFTENED, "c3": Fate.KEPT}
    ((_, _, settled),) = reasoner.asked("revise")
    assert [o.id for o in settled] == ["o1", "o2", "o4", "o5"]
    assert update["panel_round"] == 2


async def test_a_dropped_claim_does_not_come_back(home: Path) -> None:
    context, state = set_out(home, drafts(), [entry(1)])
    state = objected(context, state, objection("o1", "claim:c1", "soften"))
    gone = LedgerChunk(entries=(entry(1).model_copy(update={"fate": Fate.DROPPED}),))
    update = await act(write, {**state, "ledger": context.run.artifacts.put(gone)}, context)
    assert fates(context, update["ledger"]) == {"c1": Fate.DROPPED}


async def test_a_revision_that_fails_leaves_the_draft_and_a_gap(home: Path) -> None:
    context, state = set_out(home, Scripted(revise=[refusal("revise")]), [entry(1)])
    update = await act(write, objected(context, state, objection("o1", "title", "rewrite")), context)
    assert list(update["gaps"]) == ["p2/write"]
    assert "draft" not in update
    assert "panel_round" not in update


async def test_no_draft_at_all_ends_the_run_before_its_step_is_told(home: Path) -> None:
    context, state = set_out(home, Scripted(write=[refusal("write")]), [entry(1)])
    with pytest.raises(ReasonerError, match="the model refused") as told:
        await act(write, state, context)
    assert told.value.advice
    assert context.run.transcript.read() == []
