"""Owns deliberation by rules: a reviewer's score moves only to what another reviewer showed and it had not
looked at.

The rule: for each criterion, the reviewer climbs the scale again with the checks that another reviewer
looks at and that are not met, as long as that reviewer's own score is lower. If the climb ends lower, the
score moves half of the way there, once, to one decimal. Nothing moves towards a mean, and nothing moves
without a check that names its counts.
"""

from __future__ import annotations

from typing import NamedTuple

from consilience.reasoning.base import Dossier
from consilience.records import Criterion, Draft, Lens, Review, Score

from .panel.checks import PANEL
from .panel.demands import identify
from .panel.scales import CRITERIA, ladder
from .panel.scoring import Readings, climb, read_all, sees
from .panel.whole import Draftwide
from .reviewing import RULES

STEP = 0.5
"""The part of the way that a score moves: the reviewer keeps half of its own reading."""


class Shown(NamedTuple):
    """An unmet check that a reviewer did not look at, who showed it, and the objection that names it ('' if
    none)."""

    check: str
    by: Lens
    objection: str


def deliberate(dossier: Dossier, draft: Draft, reviews: tuple[Review, ...]) -> tuple[Review, ...]:
    """The reviews after each reviewer has read the others', in the given order; the given ones are not
    changed."""
    draftwide = Draftwide(dossier, draft)
    readings = read_all(draftwide)
    raised = _raised(draftwide, reviews)
    return tuple(_reread(review, reviews, readings, raised) for review in reviews)


def _raised(draftwide: Draftwide, reviews: tuple[Review, ...]) -> dict[tuple[Lens, str], str]:
    """(reviewer, check) to the id of the objection in which the reviewer named that check's fault."""
    found: dict[tuple[Lens, str], str] = {}
    for review in reviews:
        ids = {o.id for o in review.objections}
        rules = RULES.get(review.reviewer)
        for demand in rules(draftwide) if rules else ():
            name = identify(review.reviewer, demand)
            if name in ids:
                found.setdefault((review.reviewer, demand.check), name)
    return found


def _reread(
    review: Review, reviews: tuple[Review, ...], readings: Readings, raised: dict[tuple[Lens, str], str]
) -> Review:
    if review.reviewer not in PANEL:
        return review
    scores: list[Score] = []
    changes = list(review.changes)
    for score in review.scores:
        shown = _shown(review, score, reviews, readings, raised)
        moved = _moved(review.reviewer, score, shown, readings)
        scores.append(moved)
        if moved is not score:
            changes.append(moved.reason)
    return review.model_copy(update={"scores": tuple(scores), "changes": tuple(changes)})


def _shown(
    review: Review,
    score: Score,
    reviews: tuple[Review, ...],
    readings: Readings,
    raised: dict[tuple[Lens, str], str],
) -> tuple[Shown, ...]:
    """What others looked at, found unmet, and scored lower for, and this reviewer did not look at."""
    lens, criterion = review.reviewer, score.criterion
    if criterion not in CRITERIA:
        return ()
    found: list[Shown] = []
    names = [n for rung in ladder()[criterion] for n in rung.checks if not sees(lens, criterion, n)]
    for name in names:
        if readings[name].share >= 1.0:
            continue
        for other in sorted(reviews, key=lambda r: r.reviewer):
            if sees(other.reviewer, criterion, name) and _value(other, criterion) < score.value:
                found.append(Shown(name, other.reviewer, raised.get((other.reviewer, name), "")))
                break
    return tuple(found)


def _value(review: Review, criterion: Criterion) -> float:
    return next((s.value for s in review.scores if s.criterion == criterion), 10.0)


def _moved(lens: Lens, score: Score, shown: tuple[Shown, ...], readings: Readings) -> Score:
    if not shown:
        return score
    place = climb(lens, score.criterion, readings, extra={s.check for s in shown})
    if place.value >= score.value:
        return score
    value = round(score.value - STEP * (score.value - place.value), 1)
    deciding = [s for s in shown if s.check in place.readings] or list(shown)
    said = "; ".join(
        f"{s.by} counted {readings[s.check].said}" + (f" ({s.objection})" if s.objection else "") for s in deciding
    )
    reason = (
        f"{score.criterion} {score.value:.1f} to {value:.1f}, half of the way to {place.value:.1f}, "
        f"for what this reviewer had not looked at: {said}"
    )
    return Score(criterion=score.criterion, value=value, reason=f"{score.reason} Deliberation: {reason}.")
