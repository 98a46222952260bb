"""Turns a finished report back into the dossier and draft that a follow-up is answered from."""

from __future__ import annotations

from consilience.reasoning.base import Dossier, Search
from consilience.records import Claim, Draft, Evidence, LedgerEntry, Paper, Span
from consilience.reports.report import Report, ReportClaim


def dossier_of_report(report: Report) -> Dossier:
    """The ledger and the papers of a report, as the writer saw them."""
    return Dossier(
        plan=report.plan,
        ledger=tuple(_entry(c) for c in report.claims),
        papers={
            p.id: Paper.model_validate({k: v for k, v in p.model_dump().items() if k in Paper.model_fields})
            for p in report.papers
        },
        search=Search(
            library=report.search.library,
            identified=report.prisma.identified,
            screened=report.prisma.screened,
            included=report.prisma.included,
            queries=tuple(dict.fromkeys(q.query for q in report.queries)),
            rounds=report.search.rounds,
            saturation=report.search.saturation,
            excluded=dict(report.prisma.excluded),
        ),
        gaps=report.gaps,
    )


def draft_of_report(report: Report) -> Draft:
    """The last draft of a report."""
    return Draft(
        title=report.title,
        abstract=report.abstract,
        answer=report.answer,
        introduction=report.introduction,
        method=report.method,
        results=report.sections,
        limitations=report.limitations,
        gaps_in_evidence=report.gaps_in_evidence,
    )


def _entry(claim: ReportClaim) -> LedgerEntry:
    shared = {k: v for k, v in claim.model_dump().items() if k in Claim.model_fields}
    evidence = tuple(
        Evidence(
            span=Span(paper_id=e.paper_id, start=e.start, end=e.end, text=e.text),
            stance=e.stance,
            score=e.score,
            own_source=e.own_source,
            whole=e.whole,
        )
        for e in claim.evidence
    )
    return LedgerEntry(
        claim=Claim.model_validate(shared),
        evidence=evidence,
        verdict=claim.verdict,
        confidence=claim.confidence,
        independent_support=claim.independent_support,
        independent_refutation=claim.independent_refutation,
        supporting_papers=claim.supporting_papers,
        refuting_papers=claim.refuting_papers,
        fate=claim.fate,
        reason=claim.reason,
    )
