"""The two witnesses together: how likely a stance is right when the rules and the stance judge have both spoken.

A rule's stance holds with probability 1 / (1 + exp(-x)), x = bias + slope · log((same + e) / (opposite + e)) + refutes,
where *same* and *opposite* are the judge's probabilities of that stance and of its opposite, and *refutes* is added for
a refutation (Platt 1999). The constants are fitted by ``training/witness.py`` on Evidence Inference abstracts, grouped
by abstract; figures are in ``models/weights/witness/CARD.md``. Where no rule speaks the judge's own calibrated
probability counts.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import NamedTuple

from consilience.language import directions
from consilience.models import fitted
from consilience.models.stance import StanceScores
from consilience.records import Direction, Relation, Stance

EPSILON = 0.01
HOLDS = 0.5
"""A stance that is more likely wrong than right is none."""
_VERBS = {
    Direction.INCREASE: "increased",
    Direction.DECREASE: "decreased",
    Direction.NO_DIFFERENCE: "did not change",
}
_ASIDES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_FIGURES = re.compile(r"[<>=]?\s*\d+(?:[.,]\d+)*\s?%?")


class Constants(NamedTuple):
    """Fitted constants; ``precision`` is the measured share of rule-made supports that are right."""

    bias: float
    slope: float
    refutes: float
    precision: float


class Stated(NamedTuple):
    """A stance with the probability that it is right."""

    stance: Stance
    probability: float


@cache
def constants() -> Constants:
    """The shipped constants.

    Raises:
        ModelFileError: the file is missing or damaged.
    """
    return Constants(*fitted.constants("witness", Constants._fields))


def comparable(text: str) -> str:
    """A statement without its asides and figures: two papers on one comparison never share their numbers."""
    return " ".join(_FIGURES.sub(" ", _ASIDES.sub(" ", text)).split())


def restated(text: str, relation: Relation) -> str:
    """A claim's text made comparable; where only its figures told the direction ("8.6% with A and 11.1% with B"), the
    relation that the rules read in it, in words."""
    bare = comparable(text)
    told_by_figures = bare != " ".join(text.split()) and directions.overall(bare) is not relation.direction
    return (said(relation) if told_by_figures else None) or bare


def said(relation: Relation) -> str | None:
    """A relation in words; None where it has no direction or no outcome."""
    verb = _VERBS.get(relation.direction)
    if verb is None or not relation.outcome:
        return None
    against = f" compared with {relation.comparator}" if relation.comparator else ""
    return f"{relation.subject} {verb} {relation.outcome}{against}."


def evidence(ruled: Stance, scores: StanceScores) -> float:
    """The judge's log odds of the rule's stance against its opposite."""
    same, opposite = scores.supports, scores.refutes
    if ruled is Stance.REFUTES:
        same, opposite = opposite, same
    return math.log((same + EPSILON) / (opposite + EPSILON))


def probability(ruled: Stance, scores: StanceScores) -> float:
    """The probability that a rule's stance is right."""
    shipped = constants()
    x = shipped.bias + shipped.slope * evidence(ruled, scores) + (shipped.refutes if ruled is Stance.REFUTES else 0.0)
    return 1 / (1 + math.exp(-x))


def state(ruled: Stance | None, scores: StanceScores, *, own_words: bool) -> Stated:
    """What both witnesses state together. ``own_words``: the claim consists of the passage's own words.

    A passage carries a claim in its own words; what remains uncertain is how the rules read it, so its probability is
    at least their measured precision.
    """
    if ruled is None:
        return alone(scores)
    if ruled is Stance.NEUTRAL:
        return Stated(Stance.NEUTRAL, scores.neutral)
    likely = probability(ruled, scores)
    if own_words and ruled is Stance.SUPPORTS:
        likely = max(likely, constants().precision)
    if likely < HOLDS:
        return Stated(Stance.NEUTRAL, round(1 - likely, 4))
    return Stated(ruled, round(likely, 4))


def alone(scores: StanceScores) -> Stated:
    """What the judge states where no rule takes a side."""
    if scores.supports >= HOLDS:
        return Stated(Stance.SUPPORTS, scores.supports)
    if scores.refutes >= HOLDS:
        return Stated(Stance.REFUTES, scores.refutes)
    return Stated(Stance.NEUTRAL, scores.neutral)
