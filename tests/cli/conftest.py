"""A program to call, and a small finished run to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from consilience.cli import app
from consilience.reasoning.base import Dossier, Search
from consilience.records import (
    Answer,
    AnswerVerdict,
    Certainty,
    Claim,
    Draft,
    Event,
    Evidence,
    Facet,
    LedgerEntry,
    Paper,
    Plan,
    QuestionType,
    ScreeningDecision,
    Section,
    Sentence,
    Span,
    Stance,
    Verdict,
)
from consilience.reports.assemble import assemble
from consilience.reports.files import publish
from consilience.reports.report import Manifest, Prisma, Report
from consilience.runs.run import Run
from consilience.runs.store import RunStore

QUESTION = "Does zorbine reduce flimsy in adults?"
FINDING = "Zorbine reduced flimsy (p < 0.01)."
COUNTER = "Zorbine did not change flimsy (p = 0.40)."

Call = Callable[..., Result]


@pytest.fixture
def call() -> Call:
    """Calls the program with arguments; stdout and stderr are kept apart."""

    def run(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run


def _paper(paper_id: str, abstract: str) -> Paper:
    return Paper(
        id=paper_id,
        title=f"Zorbine trial {paper_id} \x1b[31mred\u202e",
        abstract=abstract,
        authors=("Quux A", "Plugh B"),
        year=2001,
        doi=f"10.1/{paper_id}",
    )


def _report(run_id: str) -> Report:
    papers = {"one": _paper("one", FINDING), "two": _paper("two", COUNTER)}
    mine = Span(paper_id="one", start=0, end=len(FINDING), text=FINDING)
    other = Span(paper_id="two", start=0, end=len(COUNTER), text=COUNTER)
    entry = LedgerEntry(
        claim=Claim(id="c1", text=FINDING, spans=(mine,), background=False, answers="for"),
        evidence=(
            Evidence(span=mine, stance=Stance.SUPPORTS, score=0.9, own_source=True),
            Evidence(span=other, stance=Stance.REFUTES, score=0.8, own_source=False),
        ),
        verdict=Verdict.CONTESTED,
        confidence=0.6,
        independent_refutation=1,
        supporting_papers=("one",),
        refuting_papers=("two",),
        reason="one paper on each side",
    )
    plan = Plan(
        question=QUESTION,
        question_type=QuestionType.YES_NO,
        facets=(Facet(role="subject", text="zorbine"), Facet(role="outcome", text="flimsy")),
        queries=("zorbine flimsy",),
    )
    search = Search("mine", 2, 2, 2, ("zorbine flimsy",), 1, 1.0)
    answer = Answer(verdict=AnswerVerdict.MIXED, certainty=Certainty.LOW, text="It is contested.", claim_ids=("c1",))
    draft = Draft(
        title="Zorbine and flimsy: contested",
        abstract="Two papers were read.",
        answer=answer,
        introduction=Section(heading="Introduction", sentences=(Sentence(text="A question was asked."),)),
        method=Section(heading="Method", sentences=(Sentence(text="One query was sent."),)),
        results=(Section(heading="Flimsy", sentences=(Sentence(text=FINDING, claim_ids=("c1",)),)),),
    )
    return assemble(
        run_id=run_id,
        date="2026-01-01",
        dossier=Dossier(plan=plan, ledger=(entry,), papers=papers, search=search),
        draft=draft,
        papers=tuple(papers.values()),
        screening=[ScreeningDecision(paper_id=p, included=True, reason="on it", score=0.9) for p in papers],
        searches=(),
        prisma=Prisma(identified=2, screened=2, included=2),
        reviews=(),
        decisions=(),
        audit=None,
        gaps=(),
        manifest=Manifest(reasoner="embedded"),
    )


def _event(step: int, agent: str, node: str, decided: str) -> Event:
    return Event(
        key=f"{node}/1",
        step=step,
        node=node,
        agent=agent,
        time="2026-01-01T00:00:00Z",
        seconds=0.25,
        saw="2 papers",
        decided=decided,
        why="because",
        counts={"papers": 2},
        details=("first\nsecond line",),
    )


@pytest.fixture
def unfinished(home: Path) -> Run:
    """A run that was killed after two steps."""
    run = RunStore(home).create(QUESTION, "sample", {}, run_id="killed-run")
    run.transcript.record(_event(1, "Searcher", "plan", "planned 1 query"))
    run.transcript.record(_event(2, "Extractor", "extract", "took 1 claim"))
    return run


@pytest.fixture
def finished(home: Path) -> Run:
    """A run with a report that holds hostile titles and one contested claim."""
    run = RunStore(home).create(QUESTION, "sample", {}, run_id="good-run")
    events = [_event(1, "Searcher", "plan", "planned 1 query"), _event(9, "Writer", "write", "wrote")]
    for event in events:
        run.transcript.record(event)
    report = _report(run.id)
    publish(report, events, run.folder)
    run.finish("done", title=report.title, verdict=report.answer.verdict, score=7.5)
    return run
