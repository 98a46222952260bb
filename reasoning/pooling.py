"""Evidence of several papers made one chance that a side is there at all.

A paper's stance is right with probability q; its strength is ``-w · ln(1 - q)``, w in (0, 1] being what its design and
its year make it count. Strengths, strongest first, are added with falling shares ``j^alike - (j - 1)^alike``: papers
that one judge read err together, so that the second tells less than the first. With ``alike`` 1 that is the noisy-or of
independent papers, with 0 the strongest paper alone. Adding a paper never lowers the sum: it takes its place in the
order, and those that it moves back are none stronger than it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from consilience.language import designs
from consilience.models import fitted
from consilience.records import Paper, StudyDesign

DESIGN_WEIGHTS = {
    StudyDesign.META_ANALYSIS: 1.0,
    StudyDesign.SYSTEMATIC_REVIEW: 1.0,
    StudyDesign.RANDOMISED: 1.0,
    StudyDesign.COHORT: 0.9,
    StudyDesign.CASE_CONTROL: 0.85,
    StudyDesign.CROSS_SECTIONAL: 0.85,
    StudyDesign.UNCONTROLLED: 0.7,
    StudyDesign.REVIEW: 0.8,
    StudyDesign.IN_VITRO: 0.8,
    StudyDesign.ANIMAL: 0.8,
    StudyDesign.IN_SILICO: 0.7,
    StudyDesign.UNSTATED: 0.9,
}
"""Chosen: what a paper counts by its design. A design that the abstract does not state is not held for a weak one."""
RECENT = 2000
"""Chosen: papers from this year on count whole. A fixed year, so that a report never changes by being made later, nor
one paper's weight by another's."""
LOSS_A_YEAR = 0.005
OLDEST = 0.9
"""Chosen: what a paper loses for each year before that, and what is left of the oldest one at least."""
_SURE = 1 - 1e-6


class Constants(NamedTuple):
    """Fitted by ``training/verdicts.py`` but for ``alike``, which is chosen there; docs/verification.md, section 5."""

    alike: float
    supports: float
    refutes: float
    undecided: float
    misread_supports: float
    misread_refutes: float
    missed: float


INDEPENDENT = Constants(1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0)
"""The constants under which papers err independently and nothing else is doubted: the formula of version 0.2."""


@cache
def constants() -> Constants:
    """The shipped constants.

    Raises:
        ModelFileError: the file is missing or damaged.
    """
    return Constants(*fitted.constants("verdict", Constants._fields))


def strength(chance: float, weight: float = 1.0) -> float:
    """What a paper's stance, right with probability ``chance``, adds to its side."""
    return -weight * math.log(1 - min(chance, _SURE))


def weight_of(paper: Paper) -> float:
    """What a paper counts, in (0, 1], by its design and its year; an unknown year takes nothing from it."""
    old = max(0, RECENT - paper.year) if paper.year is not None else 0
    return _design_weight(paper.abstract, paper.title, paper.type) * max(OLDEST, 1 - LOSS_A_YEAR * old)


@lru_cache(maxsize=4096)
def _design_weight(abstract: str, title: str, kind: str) -> float:
    return DESIGN_WEIGHTS[designs.read(abstract, title, kind)]


def pooled(strengths: Iterable[float], alike: float) -> float:
    """The strengths of one side's papers as one strength, whatever their order."""
    ordered = sorted(strengths, reverse=True)
    return sum(s * (j**alike - (j - 1) ** alike if j > 1 else 1.0) for j, s in enumerate(ordered, start=1))


def chance_of_any(strengths: Iterable[float], alike: float, scale: float, misread: float) -> float:
    """The chance that at least one paper is rightly read, in [0, 1 - ``misread``]; 0 where there is none.

    ``scale`` makes strengths of single passages those of papers among others; ``misread`` is the chance that the claim
    itself was misread, which no number of papers mends.
    """
    return (1 - misread) * (1 - math.exp(-scale * pooled(strengths, alike)))
