"""Owns the climb: from checks to a score on an anchored scale, seen through one lens.

A lens looks at every check of its own fields and lets none pass that is not full; in other fields it looks
at the checks that are its own kind of evidence, and lets a check pass that is met to eight tenths. The
score is the highest level whose checks all pass, plus the part of the next level that is met.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from consilience.records import Criterion, Lens, Score

from . import breadth_checks, evidence_checks, report_checks
from .checks import Reading, collect
from .scales import CRITERIA, Rung, ladder
from .whole import Draftwide

OWN: dict[Lens, tuple[Criterion, ...]] = {
    "methodology": ("methodology", "evidence"),
    "relevance": ("relevance",),
    "sceptic": ("contradiction", "calibration"),
    "coverage": ("coverage",),
    "clarity": ("citation", "clarity"),
    "auditor": CRITERIA,
}
LENIENT = 0.8
"""Chosen, not fitted: outside its field a reviewer passes a requirement that is met to this share."""

CHECKS = collect(evidence_checks, breadth_checks, report_checks)

Readings = dict[str, Reading]


class Climb(NamedTuple):
    """Where a lens stands on a scale: the value, the level that holds, and the readings of the level that
    does not."""

    value: float
    held: Rung
    failed: Rung | None
    readings: Readings
    nearly: bool


def read_all(draftwide: Draftwide) -> Readings:
    """Every check's reading, once."""
    return {name: CHECKS[name].measure(draftwide) for name in CHECKS}


def sees(lens: Lens, criterion: Criterion, name: str) -> bool:
    """Whether a lens looks at a check of a criterion."""
    return criterion in OWN[lens] or lens in CHECKS[name].seen_by


def climb(lens: Lens, criterion: Criterion, readings: Readings, extra: Collection[str] = ()) -> Climb:
    """The lens's place on the scale; ``extra`` are checks that another reviewer showed it."""
    held, *higher = ladder()[criterion]
    pass_at = 1.0 if criterion in OWN[lens] else LENIENT
    nearly = False
    used: Readings = {}
    for rung in higher:
        used = {n: readings[n] for n in rung.checks if n in extra or sees(lens, criterion, n)}
        met = [1.0 if r.share >= pass_at else r.share for r in used.values()]
        if all(share == 1.0 for share in met):
            held = rung
            nearly = nearly or any(r.share < 1.0 for r in used.values())
            continue
        value = held.level + (rung.level - held.level) * sum(met) / len(met)
        return Climb(round(min(value, rung.level - 0.1), 1), held, rung, used, nearly)
    return Climb(float(held.level), held, None, used, nearly)


def score(criterion: Criterion, place: Climb) -> Score:
    """The score with its reason: the anchor that holds, what the next one lacks, and the counts."""
    said = "; ".join(r.said for r in place.readings.values())
    how = " (this level or one below it to eight tenths, outside the reviewer's field)" if place.nearly else ""
    reason = f"level {place.held.level} holds{how}: {place.held.words}"
    if place.failed is not None:
        reason += f" Level {place.failed.level} does not hold in full: {said}."
    else:
        reason += f" Counted: {said}."
    return Score(criterion=criterion, value=place.value, reason=reason)
