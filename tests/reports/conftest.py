"""A small run's results, from which the tests assemble their report. The papers and findings are invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest

from consilience.reasoning.base import Dossier, Search
from consilience.records import (
    Answer,
    AnswerVerdict,
    Certainty,
    Claim,
    Direction,
    Draft,
    Event,
    Evidence,
    Facet,
    Fate,
    Gap,
    LedgerEntry,
    Lens,
    Objection,
    PanelDecision,
    Paper,
    Plan,
    Quantity,
    QuestionType,
    Relation,
    Review,
    Score,
    ScreeningDecision,
    SearchOutcome,
    Section,
    Sentence,
    Stance,
    Strength,
    StudyDesign,
    Valence,
    Verdict,
)
from consilience.reports.assemble import assemble
from consilience.reports.report import Manifest, ModelFile, Prisma, Report
from consilience.tests.support.dossiers import span

Words = Callable[[str], str]
Build = Callable[..., Report]
LENSES: tuple[Lens, ...] = ("clarity", "coverage", "methodology", "relevance", "sceptic")

FIRST = "Melatonin shortened sleep onset by 12 minutes against placebo (95% CI 6 to 18; p < 0.01)."
SECOND = "Sleep onset did not differ between melatonin and placebo (p = 0.41)."
THIRD = "Sleep onset came earlier with melatonin than with placebo in 3 of 4 wards."
FOURTH = "Insomnia is common among night workers."


def papers(w: Words) -> tuple[Paper, ...]:
    """Three included papers (one a summary) and one screened out; first authors fix the references' order."""

    def paper(id: str, body: str, **more: object) -> Paper:
        abstract = w("Aim: sleep on wards.") + " " + w(body) + " " + w("More trials are needed.")
        title = w(f"Melatonin on wards: study {id}")
        return Paper.model_validate({"id": id, "title": title, "abstract": abstract, **more})

    return (
        paper(
            "a",
            FIRST,
            authors=("A B Anders", w("Berg, C."), w("D Chan")),
            year=1999,
            venue=w("Journal of Wards"),
            doi="10.1000/xyz(99)1-0",
            pmid="12345",
        ),
        paper("b", SECOND, authors=("E Dahl", w("Frey, K.")), year=2004, text_origin="summary"),
        paper("c", THIRD, authors=("G Holm", w("Ward Group")), year=2011, pmid="777"),
        paper("d", FOURTH, authors=(w("F Ek"),), year=2015),
    )


def ledger(w: Words) -> tuple[LedgerEntry, ...]:
    """A contested claim on the question, one dropped, and a background claim that comes first."""
    a, b, c, _ = papers(w)
    relation = Relation(
        subject=w("melatonin"),
        comparator=w("placebo"),
        outcome=w("sleep onset"),
        direction=Direction.DECREASE,
        valence=Valence.BENEFIT,
    )

    def evidence(paper: Paper, text: str, stance: Stance, own: bool = False) -> Evidence:
        return Evidence(span=span(paper, w(text)), stance=stance, score=0.9, own_source=own)

    return (
        LedgerEntry(
            claim=Claim(id="k0", text=w(FOURTH), spans=(span(c, w("More trials are needed.")),)),
            verdict=Verdict.UNCORROBORATED,
            confidence=0.5,
            supporting_papers=("c",),
            reason=w("only its own source"),
        ),
        LedgerEntry(
            claim=Claim(
                id="k1",
                text=w(FIRST),
                spans=(span(a, w(FIRST)), span(c, w(THIRD))),
                relation=relation,
                quantities=(
                    Quantity(kind="p_value", text="p < 0.01", values=(0.01,)),
                    Quantity(kind="measure", text="12 minutes", values=(12,)),
                ),
                strength=Strength.CAUSAL,
                subjects="humans",
                design=StudyDesign.RANDOMISED,
                background=False,
                answers="for",
            ),
            evidence=(
                evidence(a, FIRST, Stance.SUPPORTS, own=True),
                evidence(c, "More trials are needed.", Stance.NEUTRAL),
                evidence(b, SECOND, Stance.REFUTES),
            ),
            verdict=Verdict.CONTESTED,
            confidence=0.73,
            independent_support=1,
            independent_refutation=1,
            supporting_papers=("a", "c"),
            refuting_papers=("b",),
            reason=w("one paper on each side"),
        ),
        LedgerEntry(
            claim=Claim(id="k2", text=w(SECOND), spans=(span(b, w(SECOND)),), relation=relation, background=False),
            verdict=Verdict.REFUTED,
            confidence=0.6,
            fate=Fate.DROPPED,
            reason=w("an objection asked for it"),
        ),
    )


def draft(w: Words) -> Draft:
    """A draft whose sentences rest on the ledger."""
    return Draft(
        title=w("Melatonin and sleep onset on wards: the evidence is mixed"),
        abstract=w("Two trials and a report were found."),
        answer=Answer(
            verdict=AnswerVerdict.MIXED,
            certainty=Certainty.LOW,
            certainty_reasons=(w("inconsistency: one trial found no difference"),),
            text=w("Trials disagree."),
            claim_ids=("k1",),
        ),
        introduction=Section(heading=w("Introduction"), sentences=(Sentence(text=w("Why it is asked.")),)),
        method=Section(heading=w("Methodology"), sentences=(Sentence(text=w("How it was sought.")),)),
        results=(Section(heading=w("Sleep onset"), sentences=(Sentence(text=w(FIRST), claim_ids=("k1", "k2")),)),),
        limitations=(w("Four papers only."),),
        gaps_in_evidence=(w("No study in children."),),
    )


def reviews(w: Words) -> tuple[Review, ...]:
    """Five reviewers, two rounds; in the second the sceptic moved after deliberation."""

    def review(lens: Lens, round: int, value: float, changes: tuple[str, ...] = ()) -> Review:
        scores = (
            Score(criterion="evidence", value=value, reason=w("quotations carry their claims")),
            Score(criterion="clarity", value=min(10.0, value + 1), reason=w("readable")),
        )
        return Review(reviewer=lens, round=round, scores=scores, changes=changes)

    first = [review(lens, 1, 5.0 + place) for place, lens in enumerate(LENSES)]
    second = [review(lens, 2, 6.0) for lens in LENSES]
    return (*first, *second, review("sceptic", 2, 7.0, (w("the quotation was added"),)))


def objection(w: Words, id: str, state: Literal["open", "resolved"]) -> Objection:
    """An objection to the claim on the question."""
    return Objection(
        id=id,
        reviewer="sceptic",
        target="claim:k1",
        severity="major",
        problem=w("the claim overlooks the trial that found no difference"),
        action="soften",
        detail=w("say that trials disagree"),
        state=state,
        settlement=w("the title now says mixed"),
    )


def inputs(w: Words) -> dict[str, Any]:
    """The arguments of ``assemble``."""
    found = papers(w)
    decisions = tuple(
        ScreeningDecision(
            paper_id=p.id,
            included=p.id != "d",
            reason=w("names subject and outcome") if p.id != "d" else w("lacks the outcome"),
            score=0.5,
            rescreened=p.id == "c",
        )
        for p in found
    )
    plan = Plan(
        question=w("Does melatonin shorten sleep onset on wards?"),
        question_type=QuestionType.YES_NO,
        facets=(Facet(role="subject", text=w("melatonin")), Facet(role="outcome", text=w("sleep onset"))),
        expected=Direction.DECREASE,
        queries=(w("melatonin sleep onset"),),
        inclusion=(w("names melatonin"),),
        exclusion=(w("animals only"),),
    )
    failed = Gap(node="search", kind="source_failed", reason=w("the source gave no answer"), partial=True)
    searches = (
        SearchOutcome(
            source="library:w", query=w("melatonin sleep onset"), round=0, paper_ids=("a", "b", "c", "d", "a")
        ),
        SearchOutcome(source="library:v", query=w("hormone sleep"), round=0, gap=failed),
    )
    panel = tuple(
        PanelDecision(
            round=n,
            median=6.5,
            previous_median=6.5 if n == 2 else None,
            agreement=None if n == 1 else 0.4,
            converged=n == 2,
            open_blocking=0,
            next="revise" if n == 1 else "audit",
            reason=w("an objection was open"),
            dissent=(w("the sceptic would score lower"),),
            objections=(objection(w, "o1", "open" if n == 1 else "resolved"),),
        )
        for n in (1, 2)
    )
    return {
        "run_id": "run-1",
        "date": "2026-01-02",
        "dossier": Dossier(
            plan=plan,
            ledger=ledger(w),
            papers={p.id: p for p in found[:3]},
            search=Search("wards", 5, 4, 3, plan.queries, 1, 0.9, {}),
            gaps=(failed,),
        ),
        "draft": draft(w),
        "papers": found,
        "screening": decisions,
        "searches": searches,
        "prisma": Prisma(
            identified=5,
            duplicates=1,
            screened=4,
            excluded={w("lacks the outcome"): 1},
            included=3,
            rescreened=1,
        ),
        "reviews": reviews(w),
        "decisions": panel,
        "audit": Review(
            reviewer="auditor",
            round=3,
            scores=(Score(criterion="evidence", value=4, reason=w("two trials only")),),
            objections=(objection(w, "o9", "open"),),
        ),
        "gaps": (
            failed,
            Gap(node="extract", kind="invalid", reason=w("one quotation did not match")),
        ),
        "manifest": Manifest(
            reasoner="embedded",
            versions={"python": "3.11", "consilience": "0.1.0"},
            settings={"panel": {"max_rounds": 4}},
            models=(ModelFile(name="encoder", sha256="ab" * 32),),
            started="2026-01-02T03:04:05Z",
            finished="2026-01-02T03:05:05Z",
            seconds={"search": 1.25},
        ),
    }


@pytest.fixture(scope="session")
def arguments() -> Callable[[], dict[str, Any]]:
    """The arguments of ``assemble``, to be changed by a test."""
    return lambda: inputs(str)


@pytest.fixture(scope="session")
def build() -> Build:
    """Assemble the report with every text passed through a function."""

    def make(words: Words = str) -> Report:
        return assemble(**inputs(words))

    return make


@pytest.fixture(scope="session")
def report(build: Build) -> Report:
    """The report as it is."""
    return build()


@pytest.fixture(scope="session")
def tell() -> Callable[..., tuple[Event, ...]]:
    """The run's events with every text passed through a function, out of order."""

    def make(words: Words = str) -> tuple[Event, ...]:
        return tuple(
            Event(
                key=f"{node}/0",
                step=step,
                node=node,
                agent=words("searcher"),
                time=f"2026-01-02T03:04:0{step}Z",
                seconds=0.5,
                saw=words("a question"),
                decided=words(f"what {node} decided"),
                why=words("facets"),
                counts={words("queries"): 2},
                details=(words("melatonin sleep onset"),),
            )
            for step, node in ((2, "search"), (1, "plan"))
        )

    return make
