"""The Extractor: quotations are checked and never repaired, bounds hold, and what was dropped is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from langgraph.runtime import Runtime

from consilience.agents.extractor import check_spans, extract, reconcile, send_papers
from consilience.agents.state import ClaimSet, ExtractionChunk, RunState, Screening
from consilience.models.encoder import Encoder
from consilience.reasoning.base import Outcome
from consilience.records import Claim, Extraction, Gap, ScreeningDecision, Span
from consilience.reports.report import Prisma
from consilience.tests.support import dossiers as made
from consilience.tests.support.acting import Shelf, act, make_context
from consilience.tests.support.scripted import Scripted, refusal

PAPER = made.paper(1)
MISQUOTED, BEYOND = "quotation does not match the abstract", "over the bound of claims a paper"


def claim(name: str, start: int = 0, end: int = 10, text: str = "", **changes: object) -> Claim:
    """A claim on a piece of the paper's abstract, or on other words that are said to stand there."""
    span = Span(paper_id=PAPER.id, start=start, end=end, text=text or PAPER.abstract[start:end])
    return Claim(id=name, text=f"Claim {name}.", spans=(span,)).model_copy(update=changes)


def checked(claims: list[Claim], limit: int = 8, **dropped: int) -> Extraction:
    return check_spans(Extraction(paper_id=PAPER.id, claims=tuple(claims), dropped=dropped), PAPER, limit)


# ----------------------------------------------------------------- quotations


def test_a_quotation_that_does_not_match_is_dropped_and_counted() -> None:
    wrong = claim("wrong", 0, 10, PAPER.abstract[0:9] + "!")
    moved = claim("moved", 1, 11, PAPER.abstract[0:10])
    beyond = claim("beyond", 10_000, 10_004, "text")
    kept = checked([claim("right"), wrong, moved, beyond], hedged=2)
    assert [c.id for c in kept.claims] == ["right"]
    assert kept.dropped == {"hedged": 2, MISQUOTED: 3}


def test_another_papers_quotation_does_not_match() -> None:
    other = Span(paper_id="paper2", start=0, end=10, text=PAPER.abstract[:10])
    assert checked([claim("c", spans=(other,))]).dropped == {MISQUOTED: 1}


def test_every_span_of_a_claim_must_match() -> None:
    right, wrong = claim("a").spans[0], claim("b", 0, 10, "0123456789").spans[0]
    assert checked([claim("c", spans=(right, wrong))]).claims == ()
    assert len(checked([claim("c", spans=(right, right))]).claims) == 1


@given(st.integers(0, 200), st.integers(1, 60), st.text("Zolafen 1.", min_size=1, max_size=60))
def test_what_is_kept_is_what_stands_there(start: int, length: int, said: str) -> None:
    text = said[:length]
    kept = checked([claim("c", start, start + len(text), text)])
    stands = PAPER.abstract[start : start + len(text)] == text
    assert len(kept.claims) == stands
    assert sum(kept.dropped.values()) == (not stands)


def test_the_bound_keeps_claims_on_the_question_first_and_their_order() -> None:
    claims = [claim(f"b{n}", n, n + 5) for n in range(3)] + [claim(f"q{n}", n, n + 5, background=False) for n in (7, 8)]
    kept = checked([claims[0], claims[3], claims[1], claims[4], claims[2]], limit=3)
    assert [c.id for c in kept.claims] == ["b0", "q7", "q8"]
    assert kept.dropped == {BEYOND: 2}
    assert checked(claims, limit=5).dropped == {}


# ----------------------------------------------------------------- the nodes


async def test_a_chunk_is_extracted_paper_by_paper(home: Path, encoder: Encoder) -> None:
    papers = {p.id: p for p in (PAPER, made.paper(2))}
    good = Outcome(value=Extraction(paper_id=PAPER.id, claims=(claim("c"), claim("w", 0, 3, "???"))))
    reasoner = Scripted(extract=[(good, refusal("extract"))])
    context = make_context(home, reasoner, Shelf(papers), encoder)
    task = {"key": "r0/c000", "items": ["paper1", "paper2"], "plan": context.run.artifacts.put(made.plan())}
    update: dict[str, Any] = await act(extract, task, context)
    chunk = context.run.artifacts.get(update["extractions"]["r0/c000"], ExtractionChunk)
    assert [(e.paper_id, [c.id for c in e.claims], e.dropped) for e in chunk.extractions] == [
        ("paper1", ["c"], {MISQUOTED: 1})
    ]
    assert context.run.artifacts.get(update["gaps"]["r0/c000/paper2"], Gap).reason == "the model refused"
    (event,) = context.run.transcript.read()
    assert event.counts == {"claims": 1, "dropped": 1}


async def test_papers_go_out_in_chunks_most_relevant_first(home: Path) -> None:
    context = make_context(home, Scripted(), Shelf({}), extraction={"chunk_size": 2})
    decisions = tuple(
        ScreeningDecision(paper_id=f"p{n}", included=n != 3, reason="x", score=score)
        for n, score in enumerate((0.1, 0.9, 0.5, 1.0, 0.5))
    )
    prisma = Prisma(identified=5, duplicates=0, screened=5, excluded={"x": 1}, included=4)
    screening = context.run.artifacts.put(Screening(decisions=decisions, prisma=prisma, saturation=1.0))
    state = RunState(plan="plan", screening=screening, round=2, saturated=True)
    sends = send_papers(state, Runtime(context=context))
    tasks = [(s.arg["key"], s.arg["items"]) for s in sends if not isinstance(s, str)]
    assert tasks == [("r2/c000", ["p1", "p2"]), ("r2/c001", ["p4", "p0"])]


async def test_reconciling_takes_the_rounds_own_claims(home: Path) -> None:
    reasoner = Scripted(reconcile=[Outcome(value=(claim("a"),))])
    context = make_context(home, reasoner, Shelf({PAPER.id: PAPER}))
    put = context.run.artifacts.put

    def chunk(*claims: Claim) -> str:
        return put(ExtractionChunk(extractions=(Extraction(paper_id=PAPER.id, claims=claims, dropped={"x": 1}),)))

    chunks = {"r0/c000": chunk(claim("old")), "r1/c001": chunk(claim("b")), "r1/c000": chunk(claim("a"))}
    state = RunState(plan=put(made.plan()), round=1, extractions=chunks)
    update = await act(reconcile, state, context)
    ((_, claims),) = reasoner.asked("reconcile")
    assert [c.id for c in claims] == ["a", "b"]
    kept = context.run.artifacts.get(update["claims"], ClaimSet)
    assert ([c.id for c in kept.claims], kept.dropped) == (["a"], {"x": 2})


async def test_claims_that_cannot_be_reconciled_stand_apart_with_a_gap(home: Path) -> None:
    context = make_context(home, Scripted(reconcile=[refusal()]), Shelf({PAPER.id: PAPER}))
    put = context.run.artifacts.put
    chunk = put(ExtractionChunk(extractions=(Extraction(paper_id=PAPER.id, claims=(claim("a"), claim("b"))),)))
    state = RunState(plan=put(made.plan()), extractions={"r0/c000": chunk})
    update = await act(reconcile, state, context)
    assert [c.id for c in context.run.artifacts.get(update["claims"], ClaimSet).claims] == ["a", "b"]
    assert list(update["gaps"]) == ["r0/reconcile"]


async def test_without_claims_the_reasoner_is_not_asked(home: Path) -> None:
    context = make_context(home, Scripted(), Shelf({}))
    update = await act(reconcile, RunState(plan=context.run.artifacts.put(made.plan())), context)
    assert context.run.artifacts.get(update["claims"], ClaimSet).claims == ()
