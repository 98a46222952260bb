"""The panel's arithmetic: median, agreement, convergence, what happens next, dissent. Pure functions.

Convergence is that no blocking objection is open *and* the median moved by no more than the tolerance
between two rounds, so a first round never converges. A spread that shrinks is no sign: reviewers conform.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from consilience.records import Objection, Review

DISSENT = 1.0
"""A reviewer whose mean is further than this from the median dissents."""


@dataclass(frozen=True)
class Bounds:
    """What limits the loop: rounds and searches used and allowed, and whether searching could bring
    anything."""

    round: int
    max_rounds: int
    searches: int
    max_searches: int
    can_search: bool


def median_of(reviews: Sequence[Review]) -> float:
    """The median of the reviewers' means, to two decimals; the sequence must not be empty."""
    return round(statistics.median(r.mean for r in reviews), 2)


def agreement(reviews: Sequence[Review]) -> float | None:
    """Krippendorff's alpha over the criteria, interval level, to four decimals; None where it is undefined.

    Units are the criteria and raters the reviewers (Krippendorff 2019, "Content Analysis", chapter 12). It
    is undefined for fewer than two reviewers or two criteria, and where all values are equal: without
    variation, chance agreement cannot be told from real agreement.
    """
    import krippendorff  # lazy: it brings numpy

    criteria = sorted({s.criterion for r in reviews for s in r.scores})
    rows = [{s.criterion: s.value for s in r.scores} for r in reviews]
    table = [[row.get(c, math.nan) for c in criteria] for row in rows]
    values = {value for row in rows for value in row.values()}
    paired = [c for c in criteria if sum(c in row for row in rows) > 1]
    if len(rows) < 2 or len(paired) < 2 or len(values) < 2:
        return None
    alpha = float(krippendorff.alpha(reliability_data=table, level_of_measurement="interval"))
    return None if math.isnan(alpha) else round(alpha, 4)


def has_converged(median: float, previous: float | None, open_blocking: int, tolerance: float) -> bool:
    """No blocking objection open, and the median moved by at most ``tolerance`` since the round before."""
    if previous is None or open_blocking:
        return False
    return round(abs(median - previous), 4) <= round(tolerance, 4)


def choose_next(
    converged: bool, objections: Sequence[Objection], bounds: Bounds
) -> Literal["revise", "search", "audit"]:
    """Search where an open objection asks for it and it can still be done; else revise until converged;
    else audit.

    In the last round nothing new is begun: what a search or a revision changed would go unreviewed.
    """
    if bounds.round >= bounds.max_rounds:
        return "audit"
    if wants_search(objections) and bounds.can_search and bounds.searches < bounds.max_searches:
        return "search"
    return "audit" if converged else "revise"


def wants_search(objections: Sequence[Objection]) -> tuple[str, ...]:
    """What open objections ask to search for, in their order, without repeats."""
    asked = (o.detail for o in objections if o.state == "open" and o.action == "search" and o.detail)
    return tuple(dict.fromkeys(asked))


def bounds_reached(converged: bool, objections: Sequence[Objection], bounds: Bounds, step: str) -> dict[str, str]:
    """Name to reason of each bound that ended the loop before it was done; empty while it goes on."""
    if step != "audit":
        return {}
    reached: dict[str, str] = {}
    if not converged and bounds.round >= bounds.max_rounds:
        reached["rounds"] = f"the panel stopped after {bounds.max_rounds} rounds without converging"
    wishes = wants_search(objections)
    if wishes and bounds.can_search:
        used = f"{bounds.searches} of {bounds.max_searches} searches that the panel may ask for"
        reached["searches"] = f"no further search was made ({used}) for: {', '.join(wishes)}"
    return reached


def dissent(reviews: Sequence[Review], median: float, objections: Sequence[Objection]) -> tuple[str, ...]:
    """Reviewers far from the median with the reason of the criterion that sets them apart, and what stays
    open."""
    said: list[str] = []
    for review in sorted(reviews, key=lambda r: r.reviewer):
        distance = round(review.mean - median, 4)
        if abs(distance) <= DISSENT:
            continue
        side = "below" if distance < 0 else "above"
        ordered = sorted(review.scores, key=lambda s: (s.value, s.criterion))
        far = ordered[0]
        said.append(
            f"{review.reviewer}: {review.mean:.2f}, {abs(distance):.2f} {side} the median of {median:.2f}; "
            f"lowest on {far.criterion} ({far.value:.1f}): {far.reason}"
        )
    still = [o for o in objections if o.state == "open"]
    return (*said, *(f"{o.reviewer}, open ({o.severity}): {o.problem}" for o in still))
