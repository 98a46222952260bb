"""What the Verifier says of a person's claim, as the record that is kept and shown: quotations, papers, limits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from consilience.agents.verifier import Bench, Examined
from consilience.language import designs, sentences
from consilience.language.reversal import reverse
from consilience.reasoning.embedded.examining import likeliest_first
from consilience.reasoning.embedded.statements import Statement, says_two_things
from consilience.reasoning.embedded.witness import HOLDS
from consilience.records import Evidence, LedgerEntry, Paper, Stance
from consilience.reports.verification import (
    ClaimReading,
    LeftOut,
    Quotation,
    QuotedPaper,
    Searched,
    Verification,
)

_LONG = 60
"""Words from which a claim is told to be long: a sentence of an abstract has about half as many."""


def record_of(statement: Statement, bench: Bench, examined: Examined, library: str) -> Verification:
    """The verification of the one claim that was examined on this bench."""
    (entry,) = examined.entries
    papers = bench.context.papers
    left_out = tuple(
        LeftOut(paper_id=d.paper_id, reason=d.reason) for _, d in sorted(bench.rescreened.items()) if not d.included
    )
    retracted = tuple(sorted(paper_id for paper_id, found in bench.met.items() if found.paper.retracted))
    gaps = (*bench.unsearched, *(gap for _, _, gap in examined.gaps()), *(o.gap for o in bench.asked if o.gap))
    quoted = {item.span.paper_id for item in entry.evidence}
    left_out += _set_aside(examined, {*quoted, *retracted, *(item.paper_id for item in left_out)})
    named = {*quoted, *retracted, *(item.paper_id for item in left_out)}
    outcomes = [outcome for of in (*examined.outcomes.values(), bench.asked) for outcome in of]
    return Verification(
        claim=statement.claim.text,
        verdict=entry.verdict,
        confidence=entry.confidence,
        reading=ClaimReading(
            by_rules=statement.is_read,
            question=statement.plan.question if statement.is_read else "",
            denied=statement.claim.denied,
            relation=statement.claim.relation,
        ),
        evidence_for=_side(entry, Stance.SUPPORTS),
        evidence_against=_side(entry, Stance.REFUTES),
        independent_support=entry.independent_support,
        independent_refutation=entry.independent_refutation,
        supporting_papers=entry.supporting_papers,
        refuting_papers=entry.refuting_papers,
        left_out=left_out,
        retracted=retracted,
        papers=tuple(QuotedPaper.of(papers[p], _design(papers[p])) for p in sorted(named)),
        searched=_searched(statement, bench, examined, library),
        limits=tuple(_limits(statement, bench, entry.evidence, library)),
        gaps=gaps,
        partial=any(gap.partial for gap in gaps),
        reason=entry.reason,
        reasoner=bench.context.reasoner.name,
        calls=tuple(dict.fromkeys(call for outcome in outcomes for call in outcome.calls)),
    )


def _set_aside(examined: Examined, told: Collection[str]) -> tuple[LeftOut, ...]:
    """The papers with evidence that the judge did not count, and that are not told of otherwise."""
    briefs = (o.value for side in ("defence", "prosecution") for o in examined.outcomes.get(side, ()))
    spoke = {e.span.paper_id for brief in briefs if brief is not None for e in brief.evidence}
    return tuple(LeftOut(paper_id=p, reason="set aside as too weak to count") for p in sorted(spoke.difference(told)))


def _side(entry: LedgerEntry, stance: Stance) -> tuple[Quotation, ...]:
    """The quotations on one side, likeliest first."""
    found = sorted((e for e in entry.evidence if e.stance is stance), key=likeliest_first)
    return tuple(
        Quotation(
            paper_id=e.span.paper_id,
            start=e.span.start,
            end=e.span.end,
            text=e.span.text,
            stance=e.stance,
            score=e.score,
            whole=e.whole,
        )
        for e in found
    )


def _design(paper: Paper) -> designs.StudyDesign:
    return designs.read(paper.abstract, paper.title, paper.type)


def _searched(statement: Statement, bench: Bench, examined: Examined, library: str) -> Searched:
    papers, settings = bench.context.papers, bench.context.settings.verification
    text = statement.claim.text
    return Searched(
        library=library,
        papers=len(papers),
        without_abstract=sum(not paper.abstract for paper in papers.values()),
        read=sum(bool(found.paper.abstract) and not found.paper.retracted for found in bench.met.values()),
        passages=examined.passages,
        queries=tuple(dict.fromkeys((text, reverse(text)))),
        papers_per_side=settings.papers_per_side,
        sentences_per_paper=settings.sentences_per_paper,
    )


def _limits(statement: Statement, bench: Bench, evidence: Sequence[Evidence], library: str) -> Iterator[str]:
    """What a reader has to know of how far this verdict reaches, in sentences."""
    claim, papers = statement.claim, bench.context.papers
    settings = bench.context.settings.verification
    yield "Abstracts were read, no full texts."
    if any(papers[item.span.paper_id].text_origin == "summary" for item in evidence):
        yield "Some quotations are this project's summaries of abstracts, not the authors' words."
    yield f"Only the library {library} was searched: {len(papers)} papers."
    unread = sum(bool(p.abstract) and not p.retracted and p.id not in bench.met for p in papers.values())
    if unread:
        yield (
            f"{unread} papers were not read, as they ranked lower than the nearest {settings.papers_per_side} "
            "of each search (--papers reads more)."
        )
    if not statement.is_read:
        yield (
            "The rules could not tell what this claim relates, so the stance judge decided alone, from a probability "
            f"of {HOLDS}. It is the weaker witness."
        )
    elif any(item.whole for item in evidence):
        yield (
            "Where a whole abstract is named beside a quotation, the rules took no side and the stance judge read the "
            "abstract. It is the weaker witness."
        )
    if claim.denied:
        yield (
            "For a denial 'no significant difference' counts as support: it shows that no effect was found, not that "
            "there is none."
        )
    elif statement.is_read and statement.plan.any_change:
        yield "The claim names no direction, so an effect in either direction counts as support."
    if statement.is_read and claim.quantities:
        figures = ", ".join(dict.fromkeys(q.text for q in claim.quantities))
        yield f"The claim's figures ({figures}) were not compared with those of the papers."
    if claim.hedged:
        yield "The claim is hedged; it was read as if it were not."
    if says_two_things(claim.text):
        yield "The claim says two things, of which no one relation is read; verify each by itself."
    if len(sentences.split(claim.text)) > 1:
        yield "The claim has several sentences and got one verdict; verify each by itself."
    elif len(claim.text.split()) > _LONG:
        yield "The claim is long, and only one relation of it can have been compared; split it."
