"""The report's contract: what must hold in every report, whatever wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from consilience.records import Fate

if TYPE_CHECKING:
    from .report import Report, ReportPaper


def breaches(report: Report) -> tuple[str, ...]:
    """Every breach of the contract, in words; empty when the report keeps it."""
    papers = {p.id: p for p in report.papers}
    return (
        *_identities(report),
        *_quotations(report, papers),
        *_tallies(report, papers),
        *_cited_claims(report),
        *_references(report, papers),
        *_counts(report),
        *_panel(report),
    )


def _repeated(ids: Iterable[str]) -> list[str]:
    return sorted(i for i, n in Counter(ids).items() if n > 1)


def _identities(report: Report) -> Iterator[str]:
    for what, ids in (
        ("paper", (p.id for p in report.papers)),
        ("claim", (c.id for c in report.claims)),
        ("reference", report.references),
    ):
        for repeated in _repeated(ids):
            yield f"{what} {repeated} stands more than once"
    if [c.number for c in report.claims] != list(range(1, len(report.claims) + 1)):
        yield "claims are not numbered in order"


def _quotations(report: Report, papers: dict[str, ReportPaper]) -> Iterator[str]:
    for claim in report.claims:
        for quoted in (*claim.spans, *claim.evidence):
            paper = papers.get(quoted.paper_id)
            if paper is None:
                yield f"claim {claim.id} quotes paper {quoted.paper_id}, which the report does not hold"
            elif paper.abstract[quoted.start : quoted.end] != quoted.text:
                yield f"claim {claim.id} misquotes {quoted.paper_id} at {quoted.start}:{quoted.end}"


def _tallies(report: Report, papers: dict[str, ReportPaper]) -> Iterator[str]:
    """A paper that was screened out counts only once it is screened in; a retracted one never supports."""
    for claim in report.claims:
        for paper_id in (*claim.supporting_papers, *claim.refuting_papers):
            if paper_id not in papers or not papers[paper_id].included:
                yield f"claim {claim.id} counts paper {paper_id}, which was not included"
        for paper_id in claim.supporting_papers:
            if paper_id in papers and papers[paper_id].retracted:
                yield f"claim {claim.id} counts the retracted paper {paper_id} as support"


def _cited_claims(report: Report) -> Iterator[str]:
    claims = {c.id: c for c in report.claims}
    for section in (report.introduction, report.method, *report.sections):
        for sentence in section.sentences:
            for claim_id in sentence.claim_ids:
                if claim_id not in claims:
                    yield f"{section.heading!r} cites claim {claim_id}, which the ledger does not hold"
    for claim_id in report.answer.claim_ids:
        claim = claims.get(claim_id)
        if claim is None:
            yield f"the answer cites claim {claim_id}, which the ledger does not hold"
        elif claim.background or claim.fate is Fate.DROPPED:
            yield f"the answer rests on claim {claim_id}, which is background or dropped"


def _references(report: Report, papers: dict[str, ReportPaper]) -> Iterator[str]:
    included = {p.id for p in papers.values() if p.included}
    for paper_id in sorted(included - set(report.references)):
        yield f"included paper {paper_id} is not among the references"
    for paper_id in sorted(set(report.references) - included):
        yield f"reference {paper_id} is not an included paper"


def _counts(report: Report) -> Iterator[str]:
    flow = report.prisma
    if flow.identified - flow.duplicates != flow.screened:
        yield f"PRISMA: {flow.identified} identified less {flow.duplicates} duplicates is not {flow.screened}"
    if flow.included + sum(flow.excluded.values()) != flow.screened:
        yield f"PRISMA: included and excluded do not add up to {flow.screened} screened"
    if flow.included != sum(p.included for p in report.papers):
        yield f"PRISMA: {flow.included} included, but the papers say otherwise"
    if flow.rescreened > flow.included or flow.retracted > flow.screened:
        yield "PRISMA: more papers screened in later, or retracted, than there are"
    if report.counts != type(report.counts).of(report.claims, report.papers):
        yield "the counts are not those of the claims and papers"


def _panel(report: Report) -> Iterator[str]:
    review = report.review
    if review.converged and any(o.state == "open" and o.severity == "blocking" for o in review.objections):
        yield "the panel cannot have converged while a blocking objection is open"
    if review.interval is not None and review.interval[0] > review.interval[1]:
        yield "the score's interval is upside down"
