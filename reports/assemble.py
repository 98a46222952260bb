"""Puts a run's results together as a ``Report``; nothing is judged, worded or dropped here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from consilience.records import (
    Draft,
    Evidence,
    Gap,
    LedgerEntry,
    PanelDecision,
    Paper,
    Plan,
    Review,
    ScreeningDecision,
    SearchOutcome,
)

from .bibliography import sort_key
from .judging import panel_review
from .report import (
    CitedEvidence,
    Counts,
    Manifest,
    Prisma,
    Query,
    Report,
    ReportClaim,
    ReportPaper,
    SearchSummary,
)


class SearchFigures(Protocol):
    """What the report says about the search as a whole."""

    @property
    def library(self) -> str: ...
    @property
    def rounds(self) -> int: ...
    @property
    def saturation(self) -> float: ...


class RunResults(Protocol):
    """What the report takes from a run's dossier (``reasoning.base.Dossier`` has this shape).

    Stated here because reasoning reads reports, and rooms do not import each other both ways.
    """

    @property
    def plan(self) -> Plan: ...
    @property
    def ledger(self) -> tuple[LedgerEntry, ...]: ...
    @property
    def search(self) -> SearchFigures: ...
    @property
    def gaps(self) -> tuple[Gap, ...]: ...


def assemble(
    *,
    run_id: str,
    date: str,
    dossier: RunResults,
    draft: Draft,
    papers: Sequence[Paper],
    screening: Sequence[ScreeningDecision],
    searches: Sequence[SearchOutcome],
    prisma: Prisma,
    reviews: Sequence[Review],
    decisions: Sequence[PanelDecision],
    audit: Review | None,
    gaps: Sequence[Gap],
    manifest: Manifest,
) -> Report:
    """The report of a finished run.

    Args:
        run_id: the run's id.
        date: ISO 8601 date of the report.
        dossier: plan, ledger, the search's figures, gaps.
        draft: the writer's last version.
        papers: the whole working set, each paper once.
        screening: the decisions over the working set; the last one of a paper holds.
        searches: every query of every round, in the order in which they were sent.
        prisma: the flow of records.
        reviews: every review in the order given; of two by one reviewer in one round the second stands after
            deliberation.
        decisions: the panel's decision in each round; the last one's objections are all objections.
        audit: the auditor's review, None if it could not be had.
        gaps: what could not be had, beside the dossier's gaps.
        manifest: what made the report.

    Raises:
        ValueError: (pydantic's ``ValidationError``) with every breach of the report's contract.
    """
    decided = {d.paper_id: d for d in screening}
    claims = tuple(
        _claim(entry, number)
        for number, entry in enumerate(sorted(dossier.ledger, key=lambda e: e.claim.background), start=1)
    )
    quoted = {q.paper_id for c in claims for q in (*c.spans, *c.evidence)}
    listed = tuple(_paper(p, decided.get(p.id), keep=p.id in quoted) for p in sorted(papers, key=lambda p: p.id))
    distinct = {(g.node, g.kind, g.reason, g.partial): g for g in (*dossier.gaps, *gaps)}
    all_gaps = tuple(distinct[key] for key in sorted(distinct))
    return Report(
        run_id=run_id,
        date=date,
        partial=any(g.partial for g in all_gaps),
        question=dossier.plan.question,
        question_type=dossier.plan.question_type,
        title=draft.title,
        abstract=draft.abstract,
        answer=draft.answer,
        introduction=draft.introduction,
        method=draft.method,
        sections=draft.results,
        limitations=draft.limitations,
        gaps_in_evidence=draft.gaps_in_evidence,
        notices=_notices(listed, all_gaps, extractive=manifest.extractive),
        plan=dossier.plan,
        search=SearchSummary(
            library=dossier.search.library,
            rounds=dossier.search.rounds,
            saturation=dossier.search.saturation,
        ),
        queries=tuple(_query(s) for s in searches),
        prisma=prisma,
        counts=Counts.of(claims, listed),
        claims=claims,
        papers=listed,
        references=tuple(p.id for p in sorted((p for p in listed if p.included), key=sort_key)),
        review=panel_review(reviews, decisions, audit),
        gaps=all_gaps,
        manifest=_ordered(manifest),
    )


def _claim(entry: LedgerEntry, number: int) -> ReportClaim:
    claim = entry.claim
    return ReportClaim(
        id=claim.id,
        number=number,
        text=claim.text,
        verdict=entry.verdict,
        confidence=entry.confidence,
        fate=entry.fate,
        background=claim.background,
        answers=claim.answers,
        strength=claim.strength,
        relation=claim.relation,
        design=claim.design,
        subjects=claim.subjects,
        hedged=claim.hedged,
        completed=claim.completed,
        quantities=claim.quantities,
        spans=claim.spans,
        evidence=tuple(_evidence(e) for e in entry.evidence),
        independent_support=entry.independent_support,
        independent_refutation=entry.independent_refutation,
        supporting_papers=entry.supporting_papers,
        refuting_papers=entry.refuting_papers,
        reason=entry.reason,
    )


def _evidence(evidence: Evidence) -> CitedEvidence:
    return CitedEvidence(
        **evidence.span.model_dump(),
        stance=evidence.stance,
        score=evidence.score,
        own_source=evidence.own_source,
        whole=evidence.whole,
    )


def _paper(paper: Paper, decision: ScreeningDecision | None, *, keep: bool) -> ReportPaper:
    """A screened-out paper that nothing quotes is kept short: a library may hold thousands."""
    included = decision is not None and decision.included
    fate: Mapping[str, object] = {
        "included": included,
        "reason": decision.reason if decision else "not screened",
        "score": decision.score if decision else 0.0,
        "rescreened": decision is not None and decision.rescreened,
    }
    short = {"id", "title", "year", "retracted"}
    fields = paper.model_dump(exclude={"sources"}, include=None if included or keep else short)
    return ReportPaper.model_validate({**fields, **fate})


def _query(search: SearchOutcome) -> Query:
    return Query(
        source=search.source,
        query=search.query,
        round=search.round,
        hits=len(search.paper_ids),
        time=search.time,
        gap=search.gap,
    )


def _notices(papers: Sequence[ReportPaper], gaps: Sequence[Gap], *, extractive: bool) -> tuple[str, ...]:
    included = [p for p in papers if p.included]
    summaries = sum(p.text_origin == "summary" for p in included)
    found = ["Only titles and abstracts were read: risk of bias was not assessed, so the certainty is provisional."]
    if extractive:
        found.append("This report is extractive: its findings are sentences of abstracts, arranged and not composed.")
    else:
        found.append(
            "A language model worded the claims and the prose. Each claim's quotation was checked against its "
            "abstract, and sentences with a number or a claim that the ledger does not hold were left out."
        )
        if any(g.stood_in for g in gaps):
            found.append("Where it gave no answer that could be used, rules did its work: the gaps below say where.")
    if summaries:
        found.append(
            f"For {summaries} of {len(included)} included papers the text is this project's own summary: "
            "quotations of it are labelled, and are not the authors' words."
        )
    if any(g.partial for g in gaps):
        found.append("This report is partial: the run ended with what it had. The gaps below say why.")
    return tuple(found)


def _ordered(manifest: Manifest) -> Manifest:
    """The manifest with its maps and models in a fixed order."""
    return manifest.model_copy(
        update={
            "versions": dict(sorted(manifest.versions.items())),
            "settings": dict(sorted(manifest.settings.items())),
            "seconds": dict(sorted(manifest.seconds.items())),
            "prompts": dict(sorted(manifest.prompts.items())),
            "models": tuple(sorted(manifest.models, key=lambda m: (m.name, m.sha256))),
        }
    )
