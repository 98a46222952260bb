"""The panel's score and its interval, from criterion scores alone (pure functions, no dependency)."""

from __future__ import annotations

import random
import statistics
from collections.abc import Mapping, Sequence

REPLICATES = 2000
SEED = 20
LEVEL = 0.95

Matrix = Sequence[Mapping[str, float]]
"""One mapping a reviewer: criterion to score."""


def panel_score(reviewers: Matrix) -> float | None:
    """The median of the reviewers' unweighted means, two decimals; None without scores."""
    means = [round(statistics.fmean(r.values()), 2) for r in reviewers if r]
    return round(statistics.median(means), 2) if means else None


def score_interval(reviewers: Matrix, replicates: int = REPLICATES) -> tuple[float, float] | None:
    """The 95 % percentile interval of ``panel_score`` under a two-way bootstrap; None without scores.

    Reviewers and criteria are crossed (every reviewer scores every criterion), so each replicate draws
    reviewers with replacement and, apart from them, criteria with replacement, and takes the median of the
    drawn means: the "pigeonhole" bootstrap for crossed factors (Owen 2007, doi:10.1214/07-AOAS122). The seed
    is fixed, so that the same scores give the same interval. A replicate in which no drawn reviewer scored a
    drawn criterion is left out.
    """
    scored = [r for r in reviewers if r]
    if not scored:
        return None
    criteria = sorted({c for r in scored for c in r})
    draw = random.Random(SEED)
    medians: list[float] = []
    for _ in range(replicates):
        drawn = draw.choices(criteria, k=len(criteria))
        means = [
            statistics.fmean(values)
            for r in draw.choices(scored, k=len(scored))
            if (values := [r[c] for c in drawn if c in r])
        ]
        if means:
            medians.append(statistics.median(means))
    if not medians:
        return None
    medians.sort()
    return _quantile(medians, (1 - LEVEL) / 2), _quantile(medians, (1 + LEVEL) / 2)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear interpolation between order statistics, two decimals."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low), 2)
