"""From stances to a verdict: support and refutation are tallied apart, by independent papers.

The rule is stated in docs/architecture.md, "Verdicts". It holds for every reasoner: a language model's judgement
never stands where the tallies do not bear it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consilience.language import designs
from consilience.records import Claim, Evidence, Paper, Stance, StudyDesign, Verdict

from .independence import one_a_group

STANDING = (Verdict.SUPPORTED, Verdict.UNCORROBORATED, Verdict.CONTESTED)
"""Verdicts that let a claim stand in the prose."""

STRENGTH_OF_DESIGN = {design: place for place, design in enumerate(StudyDesign)}
"""The place of a design in an order that begins with the strongest."""

RANDOMISED = (StudyDesign.META_ANALYSIS, StudyDesign.SYSTEMATIC_REVIEW, StudyDesign.RANDOMISED)
"""Trials with random allocation, and reviews of studies."""

MANY = 3
"""Chosen, not fitted: independent papers against a claim that only its own source states make it refuted."""


@dataclass(frozen=True)
class Tally:
    """Papers on each side, by id. ``independent_*`` hold the likeliest paper of each research group, likeliest first;
    none of the claim's own."""

    own_support: bool
    supporting: tuple[str, ...]
    refuting: tuple[str, ...]
    independent_support: tuple[str, ...]
    independent_refutation: tuple[str, ...]


def tally(claim: Claim, evidence: Iterable[Evidence], papers: Mapping[str, Paper]) -> Tally:
    """Count papers for and against a claim. One with both counts on both sides; the claim's own is never against it.

    A retracted paper counts on no side, whoever put it forward.
    """
    spans = [e for e in evidence if not papers[e.span.paper_id].retracted]
    own = set(claim.paper_ids)
    supporting, refuting = best_scores(spans, Stance.SUPPORTS), best_scores(spans, Stance.REFUTES)
    refuting = {paper: score for paper, score in refuting.items() if paper not in own}
    return Tally(
        own_support=not own.isdisjoint(supporting),
        supporting=tuple(sorted(supporting)),
        refuting=tuple(sorted(refuting)),
        independent_support=one_a_group(likeliest(supporting), papers, sorted(own)[:1]),
        independent_refutation=one_a_group(likeliest(refuting), papers),
    )


def best_scores(evidence: Iterable[Evidence], stance: Stance) -> dict[str, float]:
    """The probability of each paper's best passage with a stance."""
    best: dict[str, float] = {}
    for item in evidence:
        if item.stance is stance:
            best[item.span.paper_id] = max(best.get(item.span.paper_id, 0.0), item.score)
    return best


def likeliest(chances: Mapping[str, float]) -> list[str]:
    """Papers by falling probability, then by id."""
    return sorted(chances, key=lambda paper: (-chances[paper], paper))


def verdict_of(claim: Claim, counted: Tally, papers: Mapping[str, Paper]) -> Verdict:
    """The verdict that the tallies bear out.

    CONTESTED needs independent evidence on both sides (the claim's own paper counts as its side). A claim that only
    its own paper states is REFUTED when at least ``MANY`` independent papers of no weaker design speak against it: one
    or two opposing papers, or weaker ones, against a single source are a contest, not a refutation.
    """
    support, against = len(counted.independent_support), len(counted.independent_refutation)
    if not counted.own_support and not support:
        return Verdict.REFUTED if against else Verdict.NOT_ENOUGH_EVIDENCE
    if against:
        if support == 0 and _as_strong(claim, counted, papers) >= MANY:
            return Verdict.REFUTED
        return Verdict.CONTESTED
    return Verdict.SUPPORTED if support else Verdict.UNCORROBORATED


def _as_strong(claim: Claim, counted: Tally, papers: Mapping[str, Paper]) -> int:
    """How many of the independent papers against a claim are of a design no weaker than its own."""
    found = (papers[p] for p in counted.independent_refutation)
    ranks = [STRENGTH_OF_DESIGN[designs.read(paper.abstract, paper.title, paper.type)] for paper in found]
    return sum(rank <= STRENGTH_OF_DESIGN[claim.design] for rank in ranks)
