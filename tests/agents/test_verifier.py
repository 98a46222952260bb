"""The Verifier: who may give evidence, what re-screening does, and that no verdict stands without its papers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from langgraph.runtime import Runtime

from consilience.agents.context import Context
from consilience.agents.state import ClaimSet, LedgerChunk, RunState, Screening
from consilience.agents.verifier import cross_examine, send_claims
from consilience.language import directions
from consilience.models.encoder import Encoder
from consilience.reasoning.base import Brief, Candidate, Case, Examination, Judgement, Outcome
from consilience.records import (
    Claim,
    Direction,
    Evidence,
    Gap,
    LedgerEntry,
    Paper,
    Plan,
    ScreeningDecision,
    Stance,
    Verdict,
)
from consilience.reports.report import Prisma
from consilience.tests.support import dossiers as made
from consilience.tests.support.acting import Shelf, act, make_context
from consilience.tests.support.scripted import Script, Scripted, refusal

COUNTER = "Zolafen did not reduce night cramps in adults against placebo (p = 0.60)."
KEY = "r0/e000"


def trials(**changes: Mapping[str, object]) -> dict[str, Paper]:
    """Three trials that found an effect and one that did not; changes by paper id."""
    papers = [made.paper(n) for n in (1, 2, 3)] + [made.paper(4, COUNTER)]
    return {p.id: Paper.model_validate({**p.model_dump(), **changes.get(p.id, {})}) for p in papers}


def claim_of(paper: Paper, name: str = "c1", **changes: object) -> Claim:
    return made.entry(1, paper, claim={"id": name, **changes}).claim


def evidence(papers: Mapping[str, Paper], stances: Mapping[str, Stance], own: str = "paper1") -> tuple[Evidence, ...]:
    """Each paper's second sentence with a stance."""
    found: list[Evidence] = []
    for paper_id, stance in stances.items():
        sentence = COUNTER if paper_id == "paper4" else made.finding(int(paper_id.removeprefix("paper")))
        span = made.span(papers[paper_id], sentence)
        found.append(Evidence(span=span, stance=stance, score=0.9, own_source=paper_id == own))
    return tuple(found)


def verdict(case: Case, given: Verdict = Verdict.SUPPORTED, confidence: float = 0.8) -> Outcome[Judgement]:
    both = (*case.defence.evidence, *case.prosecution.evidence)
    return Outcome(value=Judgement(case.claim.id, given, confidence, both, "as the papers say"))


def says(
    given: Verdict = Verdict.SUPPORTED,
    pro: Sequence[Evidence] = (),
    con: Sequence[Evidence] = (),
    kind: type[Scripted] = Scripted,
    **more: Script,
) -> Scripted:
    """A reasoner with one side's evidence and the other's, and a verdict."""

    def brief(side: Sequence[Evidence]) -> Any:  # noqa: ANN401 -- a script
        def give(items: tuple[Examination, ...]) -> tuple[Outcome[Brief], ...]:
            return tuple(Outcome(value=Brief(item.claim.id, tuple(side))) for item in items)

        return give

    def judge(cases: tuple[Case, ...]) -> tuple[Outcome[Judgement], ...]:
        return tuple(verdict(case, given) for case in cases)

    return kind(**({"defend": brief(pro), "prosecute": brief(con), "judge": judge} | more))


def rescreens(included: bool) -> Any:  # noqa: ANN401 -- a script
    def screen(_: object, candidates: Sequence[Any], __: int) -> Outcome[tuple[ScreeningDecision, ...]]:
        (one,) = candidates
        reason = "fits after all" if included else "off the question: still"
        return Outcome(value=(ScreeningDecision(paper_id=one.paper.id, included=included, reason=reason, score=0.5),))

    return screen


def bench(
    home: Path,
    encoder: Encoder,
    reasoner: Scripted,
    papers: Mapping[str, Paper],
    out: Sequence[str] = (),
    unknown: Sequence[str] = (),
    claims: Sequence[Claim] = (),
) -> tuple[Context, dict[str, Any]]:
    """A context and the task of one chunk; ``out`` were screened out, ``unknown`` are not of the working set."""
    hits = [(paper_id, 0.5, 0.5) for paper_id in sorted(papers)]
    context = make_context(home, reasoner, Shelf(papers, {"*": hits}), encoder)
    decisions = tuple(
        ScreeningDecision(
            paper_id=p, included=p not in out, reason="off the question: x" if p in out else "fits", score=0.5
        )
        for p in sorted(papers)
        if p not in unknown
    )
    prisma = Prisma(
        identified=len(decisions),
        duplicates=0,
        screened=len(decisions),
        excluded={"off the question": len(out)} if out else {},
        included=len(decisions) - len(out),
    )
    put, given = context.run.artifacts.put, tuple(claims) or (claim_of(papers["paper1"]),)
    task = {
        "key": KEY,
        "items": [c.id for c in given],
        "plan": put(made.plan()),
        "claims": put(ClaimSet(claims=given, dropped={})),
        "screening": put(Screening(decisions=decisions, prisma=prisma, saturation=1.0)),
    }
    return context, task


async def examined(context: Context, task: Mapping[str, Any]) -> tuple[LedgerChunk, dict[str, Any]]:
    update: dict[str, Any] = await act(cross_examine, task, context)
    return context.run.artifacts.get(update["examinations"][KEY], LedgerChunk), update


def cited(entry: LedgerEntry) -> set[str]:
    return {item.span.paper_id for item in entry.evidence}


# ----------------------------------------------------------------- who may give evidence


async def test_a_paper_that_was_screened_out_counts_after_it_is_let_in_again(home: Path, encoder: Encoder) -> None:
    papers = trials()
    pro = evidence(papers, {"paper1": Stance.SUPPORTS, "paper2": Stance.SUPPORTS})
    reasoner = says(pro=pro, screen=rescreens(True))
    chunk, _ = await examined(*bench(home, encoder, reasoner, papers, out=["paper2"]))
    (entry,) = chunk.entries
    assert entry.verdict is Verdict.SUPPORTED
    assert (entry.supporting_papers, entry.independent_support) == (("paper1", "paper2"), 1)
    assert [(d.paper_id, d.included, d.rescreened) for d in chunk.rescreened] == [("paper2", True, True)]
    assert len(reasoner.asked("screen")) == 1, "once, though both sides met it"


class Together(Scripted):
    """Screens in nothing before two papers wait to be screened."""

    def __init__(self, **scripts: Script) -> None:
        super().__init__(**scripts)
        self._both = asyncio.Barrier(2)

    async def screen(
        self, plan: Plan, candidates: tuple[Candidate, ...], max_included: int
    ) -> Outcome[tuple[ScreeningDecision, ...]]:
        await asyncio.wait_for(self._both.wait(), timeout=30)
        return await super().screen(plan, candidates, max_included)


async def test_papers_are_screened_again_side_by_side(home: Path, encoder: Encoder) -> None:
    papers = trials()
    pro = evidence(papers, {"paper1": Stance.SUPPORTS, "paper2": Stance.SUPPORTS})
    con = evidence(papers, {"paper4": Stance.REFUTES})
    reasoner = says(Verdict.CONTESTED, pro=pro, con=con, kind=Together, screen=rescreens(True))
    chunk, _ = await examined(*bench(home, encoder, reasoner, papers, out=["paper2", "paper4"]))
    assert [d.paper_id for d in chunk.rescreened] == ["paper2", "paper4"]
    assert cited(chunk.entries[0]) == {"paper1", "paper2", "paper4"}


async def test_a_paper_that_stays_out_gives_no_evidence(home: Path, encoder: Encoder) -> None:
    papers = trials()
    pro = evidence(papers, {"paper1": Stance.SUPPORTS, "paper2": Stance.SUPPORTS})
    reasoner = says(Verdict.UNCORROBORATED, pro=pro, screen=rescreens(False))
    chunk, _ = await examined(*bench(home, encoder, reasoner, papers, out=["paper2"]))
    (entry,) = chunk.entries
    assert cited(entry) == {"paper1"}
    assert (entry.independent_support, chunk.rescreened) == (0, ())


async def test_a_paper_without_evidence_is_not_screened_again(home: Path, encoder: Encoder) -> None:
    papers = trials()
    reasoner = says(Verdict.UNCORROBORATED, pro=evidence(papers, {"paper1": Stance.SUPPORTS}))
    chunk, _ = await examined(*bench(home, encoder, reasoner, papers, out=["paper2", "paper3"]))
    assert chunk.rescreened == ()
    assert reasoner.asked("screen") == []


async def test_a_retracted_paper_is_never_evidence(home: Path, encoder: Encoder) -> None:
    """Not even for a reasoner that quotes it all the same, nor if it had been included."""
    papers = trials(paper2={"retracted": True}, paper3={"retracted": True})
    every = {f"paper{n}": Stance.SUPPORTS for n in (1, 2, 3)}
    reasoner = says(Verdict.SUPPORTED, pro=evidence(papers, every), screen=rescreens(True))
    chunk, _ = await examined(*bench(home, encoder, reasoner, papers, out=["paper3"]))
    (entry,) = chunk.entries
    assert (cited(entry), entry.supporting_papers) == ({"paper1"}, ("paper1",))
    assert chunk.rescreened == ()
    shown = {s.paper_id for method in ("defend", "prosecute") for (items,) in reasoner.asked(method)
             for item in items for s in item.passages}  # fmt: skip
    assert not shown & {"paper2", "paper3"}


async def test_a_paper_outside_the_working_set_is_never_evidence(home: Path, encoder: Encoder) -> None:
    papers = trials()
    pro = evidence(papers, {"paper1": Stance.SUPPORTS, "paper3": Stance.SUPPORTS})
    chunk, _ = await examined(*bench(home, encoder, says(pro=pro), papers, unknown=["paper3"]))
    assert cited(chunk.entries[0]) == {"paper1"}


async def test_a_quotation_that_does_not_match_is_dropped_and_counted(home: Path, encoder: Encoder) -> None:
    papers = trials()
    good = evidence(papers, {"paper1": Stance.SUPPORTS, "paper2": Stance.SUPPORTS})
    span = good[1].span
    wrong = good[1].model_copy(update={"span": span.model_copy(update={"text": span.text.upper()})})
    context, task = bench(home, encoder, says(pro=(good[0], wrong)), papers)
    chunk, _ = await examined(context, task)
    assert cited(chunk.entries[0]) == {"paper1"}
    (event,) = context.run.transcript.read()
    assert event.counts["misquoted"] == 1


async def test_a_judge_cannot_bring_evidence_of_its_own(home: Path, encoder: Encoder) -> None:
    papers = trials()
    smuggled = evidence(papers, {"paper1": Stance.SUPPORTS, "paper3": Stance.SUPPORTS})
    given = Outcome(value=Judgement("c1", Verdict.SUPPORTED, 0.8, smuggled, "as I know"))
    reasoner = says(pro=evidence(papers, {"paper1": Stance.SUPPORTS}), judge=[(given,)])
    chunk, _ = await examined(*bench(home, encoder, reasoner, papers))
    assert (cited(chunk.entries[0]), chunk.entries[0].verdict) == ({"paper1"}, Verdict.UNCORROBORATED)


# ----------------------------------------------------------------- verdicts


@pytest.mark.parametrize("given", list(Verdict))
async def test_a_verdict_that_its_papers_do_not_bear_out_does_not_stand(
    home: Path, encoder: Encoder, given: Verdict
) -> None:
    papers = trials()
    pro = evidence(papers, {"paper1": Stance.SUPPORTS, "paper2": Stance.SUPPORTS})
    con = evidence(papers, {"paper4": Stance.REFUTES})
    chunk, _ = await examined(*bench(home, encoder, says(given, pro=pro, con=con), papers))
    (entry,) = chunk.entries
    assert entry.verdict is Verdict.CONTESTED
    assert (entry.independent_support, entry.independent_refutation) == (1, 1)
    assert (entry.supporting_papers, entry.refuting_papers) == (("paper1", "paper2"), ("paper4",))
    agreed = given is Verdict.CONTESTED
    assert entry.confidence == (0.8 if agreed else 0.2)
    assert entry.reason.startswith("as the papers say" if agreed else f"judged {given.value}, but")


async def test_support_from_the_same_authors_is_not_independent(home: Path, encoder: Encoder) -> None:
    same = {"authors": ("Ada Author1", "Bea Author1")}
    papers = trials(paper1=same, paper2=same)
    pro = evidence(papers, {"paper1": Stance.SUPPORTS, "paper2": Stance.SUPPORTS})
    chunk, _ = await examined(*bench(home, encoder, says(pro=pro), papers))
    assert chunk.entries[0].verdict is Verdict.UNCORROBORATED


async def test_sides_and_verdicts_that_could_not_be_had_are_gaps(home: Path, encoder: Encoder) -> None:
    papers = trials()
    reasoner = Scripted(defend=[(refusal("defend"),)], prosecute=[(refusal("prosecute"),)], judge=[(refusal("judge"),)])
    context, task = bench(home, encoder, reasoner, papers)
    chunk, update = await examined(context, task)
    assert sorted(update["gaps"]) == [f"{KEY}/c1/{side}" for side in ("defence", "prosecution", "verdict")]
    assert all(context.run.artifacts.get(ref, Gap).kind == "refused" for ref in update["gaps"].values())
    (entry,) = chunk.entries
    assert (entry.verdict, entry.confidence, entry.evidence) == (Verdict.NOT_ENOUGH_EVIDENCE, 0.0, ())


# ----------------------------------------------------------------- what is sought


async def test_both_sides_are_sought_apart_and_the_second_with_the_direction_reversed(
    home: Path, encoder: Encoder
) -> None:
    papers = trials()
    context, task = bench(home, encoder, says(pro=evidence(papers, {"paper1": Stance.SUPPORTS})), papers)
    await examined(context, task)
    asked = context.source
    assert isinstance(asked, Shelf)
    pro, con = asked.asked
    assert pro == claim_of(papers["paper1"]).text
    assert (directions.overall(pro), directions.overall(con)) == (Direction.DECREASE, Direction.INCREASE)


async def test_the_claims_own_quotation_is_always_examined(home: Path, encoder: Encoder) -> None:
    papers = trials()
    reasoner = says(pro=evidence(papers, {"paper1": Stance.SUPPORTS}))
    await examined(*bench(home, encoder, reasoner, papers))
    own = claim_of(papers["paper1"]).spans[0]
    for method in ("defend", "prosecute"):
        ((items,),) = reasoner.asked(method)
        assert own in items[0].passages
        assert all(span.matches(papers[span.paper_id]) for span in items[0].passages)


async def test_claims_go_out_in_chunks(home: Path) -> None:
    context = make_context(home, Scripted(), Shelf({}), verification={"chunk_size": 2})
    claims = tuple(claim_of(made.paper(1), f"c{n}") for n in range(3))
    ref = context.run.artifacts.put(ClaimSet(claims=claims, dropped={}))
    state = RunState(round=1, plan="p", screening="s", claims=ref)
    sends = send_claims(state, Runtime(context=context))
    tasks = [(s.arg["key"], s.arg["items"]) for s in sends if not isinstance(s, str)]
    assert tasks == [("r1/e000", ["c0", "c1"]), ("r1/e001", ["c2"])]
    none = context.run.artifacts.put(ClaimSet(claims=(), dropped={}))
    assert send_claims(RunState(plan="p", screening="s", claims=none), Runtime(context=context)) == "write"
