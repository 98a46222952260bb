"""Owns a review by rules: five lenses and the auditor, each scoring all eight criteria on
prompts/scales.md.

A pure function of dossier and draft. Every score quotes the level that holds and gives the counts that it
rests on; every objection names its target and the action that would settle it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from consilience.reasoning.base import Dossier
from consilience.records import Draft, Lens, Review, Score

from .panel import auditing, field_rules, report_rules
from .panel.demands import Demand, objections
from .panel.scales import CRITERIA
from .panel.scoring import climb, read_all, score
from .panel.whole import Draftwide

RULES: dict[Lens, Callable[[Draftwide], Iterator[Demand]]] = {
    "methodology": field_rules.methodology,
    "relevance": field_rules.relevance,
    "sceptic": report_rules.sceptic,
    "coverage": field_rules.coverage,
    "clarity": report_rules.clarity,
}


def review(lens: Lens, dossier: Dossier, draft: Draft, round: int, earlier: Review | None) -> Review:
    """One lens's scores on every criterion, and its objections.

    The auditor counts the ledger again before it looks, and is given no ``earlier`` review. ``changes``
    says which scores moved since the reviewer's last round, and why.
    """
    if lens == "auditor":
        draftwide = Draftwide(auditing.recount(dossier), draft)
        demands = auditing.auditor(dossier, draftwide)
        earlier = None
    else:
        draftwide = Draftwide(dossier, draft)
        demands = RULES[lens](draftwide)
    readings = read_all(draftwide)
    scores = tuple(score(criterion, climb(lens, criterion, readings)) for criterion in CRITERIA)
    return Review(
        reviewer=lens,
        round=round,
        scores=scores,
        objections=objections(lens, demands),
        changes=changes_since(earlier, scores),
    )


def changes_since(earlier: Review | None, scores: Sequence[Score]) -> tuple[str, ...]:
    """Which scores moved since a reviewer's last review, and why."""
    if earlier is None:
        return ()
    before = {s.criterion: s.value for s in earlier.scores}
    return tuple(
        f"{s.criterion} {before[s.criterion]:.1f} to {s.value:.1f} since round {earlier.round}: {s.reason}"
        for s in scores
        if s.criterion in before and round_(before[s.criterion]) != round_(s.value)
    )


def round_(value: float) -> float:
    """Scores are compared at four decimals."""
    return round(value, 4)
