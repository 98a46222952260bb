"""The Searcher's arithmetic: candidates from many queries, PRISMA counts, saturation, uncovered facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from consilience.agents.state import SearchBatch
from consilience.reasoning.base import Candidate
from consilience.records import Paper, Plan, ScreeningDecision
from consilience.reports.report import Prisma

TOP_OF_QUERY = 25
"""A query is taken to have *found* the papers among its first 25: a dense index returns everything at some rank."""


ELSEWHERE = 0.5
"""What a score counts that only another query than the question itself gave a paper (chosen)."""


def fuse(searches: Sequence[SearchBatch], papers: Mapping[str, Paper], question: str) -> tuple[Candidate, ...]:
    """One candidate a paper, best first, scored by the question itself.

    The other queries widen what is found; a short one puts strays first, so their scores count half, and only for
    papers that the question did not bring.
    """
    best: dict[str, tuple[float, float]] = {}
    asked: dict[str, tuple[float, float]] = {}
    for search in searches:
        for hit in search.scored:
            if search.outcome.query == question:
                asked[hit.paper_id] = (hit.fused, hit.cosine)
            fused, cosine = best.get(hit.paper_id, (0.0, 0.0))
            best[hit.paper_id] = (max(fused, ELSEWHERE * hit.fused), max(cosine, ELSEWHERE * hit.cosine))
    best |= asked
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    return tuple(Candidate(papers[paper_id], fused, cosine) for paper_id, (fused, cosine) in ranked)


def without_retracted(
    decisions: Sequence[ScreeningDecision], papers: Mapping[str, Paper]
) -> tuple[ScreeningDecision, ...]:
    """The decisions with every retracted paper excluded, whatever the reasoner said of it."""
    return tuple(
        d.model_copy(update={"included": False, "reason": "retracted"})
        if d.included and papers[d.paper_id].retracted
        else d
        for d in decisions
    )


def prisma_counts(
    searches: Sequence[SearchBatch], decisions: Sequence[ScreeningDecision], papers: Mapping[str, Paper]
) -> Prisma:
    """Counts that add up: identified = duplicates + screened; screened = included + excluded."""
    identified = sum(len(search.scored) for search in searches)
    excluded = Counter(reason_group(d.reason) for d in decisions if not d.included)
    return Prisma(
        identified=identified,
        duplicates=identified - len(decisions),
        screened=len(decisions),
        excluded=dict(sorted(excluded.items())),
        included=sum(d.included for d in decisions),
        rescreened=sum(d.rescreened for d in decisions),
        retracted=sum(papers[d.paper_id].retracted for d in decisions),
    )


def reason_group(reason: str) -> str:
    """The countable part of a reason: what stands before its colon."""
    return reason.split(":", 1)[0].strip()


def saturation_of(searches: Sequence[SearchBatch], included: Collection[str], held: int, *, closed: bool) -> float:
    """The estimated share of relevant papers already found, in [0, 1], rounded to four decimals.

    Queries are capture occasions: with f1 included papers that one query alone found and f2 that two found, Chao's
    lower bound (Chao 1987, doi:10.2307/2531532, bias-corrected) puts the unseen at f1 (f1 - 1) / (2 (f2 + 1)). A
    closed source whose every paper was screened has nothing unseen.
    """
    seen = {hit.paper_id for search in searches for hit in search.scored}
    if closed and len(seen) >= held:
        return 1.0
    captures = Counter(hit.paper_id for s in searches for hit in s.scored[:TOP_OF_QUERY] if hit.paper_id in included)
    if not included:
        return 1.0 if len(searches) > 1 else 0.0
    frequency = Counter(captures.values())
    unseen = frequency[1] * (frequency[1] - 1) / (2 * (frequency[2] + 1))
    return round(len(included) / (len(included) + unseen), 4)


def uncovered_facets(plan: Plan, included: Collection[str], papers: Mapping[str, Paper]) -> tuple[str, ...]:
    """Facets of the question that no included paper names in title or abstract."""
    texts = [f"{papers[p].title} {papers[p].abstract}".casefold() for p in sorted(included)]
    return tuple(
        facet.text
        for facet in plan.facets
        if facet.terms and not any(term in text for text in texts for term in facet.terms)
    )
