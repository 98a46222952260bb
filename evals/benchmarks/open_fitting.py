"""Fits the open setting's plan: for each claim on other claims, so that none is read by a plan that saw its answer."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from consilience.evals.splits import number

from .open_reading import DEEPEST, Plan, Read, predict
from .open_scores import COUNTED_SENTENCES, counts, scores
from .scifact_release import Claim

_DEPTHS = (1, 2, 3, 5, DEEPEST)
_COSINES = tuple(step / 20 for step in range(4, 15))  # 0.2 to 0.7
_CHANCES = tuple(step / 20 for step in range(4, 20))  # 0.2 to 0.95
_SENTENCES = tuple(range(1, COUNTED_SENTENCES + 1))
_MARKS = tuple(step / 20 for step in range(13))  # 0 to 0.6
_START = Plan(depth=3, cosine=0.0, chance=0.5, sentences=3)
FOLDS = 5

Readings = Sequence[tuple[Claim, Sequence[Read]]]


def f1(readings: Readings, plan: Plan, kind: str) -> float:
    """F1 of one kind of score under a plan."""
    return scores([counts(claim, predict(found, plan))[kind] for claim, found in readings])["f1"]


def fit(readings: Readings) -> Plan:
    """The plan with the best label-only F1 over abstracts on a grid, and then the best F1 over labelled sentences.

    Of plans that are level the one that looks at fewer abstracts or names fewer sentences, then the stricter one;
    without readings a middling one.
    """
    if not readings:
        return _START
    best, reached = _START, -1.0
    table = _Flat(readings)
    for depth, cosine, chance in itertools.product(_DEPTHS, reversed(_COSINES), reversed(_CHANCES)):
        if (value := table.label_f1(depth, cosine, chance)) > reached:
            best, reached = replace(_START, depth=depth, cosine=cosine, chance=chance), value
    naming = (replace(best, sentences=n, mark=mark) for n, mark in itertools.product(_SENTENCES, reversed(_MARKS)))
    return max(naming, key=lambda plan: f1(readings, plan, "sentence_label"))


def cross_fitted(readings: Readings) -> list[Plan]:
    """A plan for each claim, fitted on the claims of the other folds; one that fits nothing where there are no others.

    A judge is trained on the training claims, where its probabilities are surer than elsewhere: a plan from there lets
    too much pass.
    """
    fold = folds([claim for claim, _ in readings])
    plans = {
        part: fit([one for one, other in zip(readings, fold, strict=True) if other != part])
        for part in sorted(set(fold))
    }
    return [plans[part] for part in fold]


def folds(claims: Sequence[Claim]) -> list[int]:
    """The fold of each claim, from 0 to ``FOLDS`` - 1; claims that cite an abstract in common share it, also by way of
    others."""
    named = list(range(len(claims)))
    for _ in claims:  # each pass hands a group's name on to the neighbours: at most as many as there are claims
        least: dict[str, int] = {}
        for claim, name in zip(claims, named, strict=True):
            for document in claim.cited:
                least[document] = min(name, least.get(document, name))
        given = [min((least[d] for d in claim.cited), default=name) for claim, name in zip(claims, named, strict=True)]
        if given == named:
            break
        named = given
    return [number(str(claims[name].number), FOLDS) for name in named]


class _Flat:
    """All that was read as columns, so that many plans can be tried: the same sums as ``f1`` takes, faster."""

    def __init__(self, readings: Readings) -> None:
        pairs = [(claim, one) for claim, found in readings for one in found if one.sentences]
        self._ranks = np.array([one.rank for _, one in pairs])
        self._cosines = np.array([one.cosine for _, one in pairs])
        self._chances = np.array([one.chance for _, one in pairs])
        self._right = np.array(
            [one.document in claim.evidence and claim.evidence[one.document].label == one.label for claim, one in pairs]
        )
        self._relevant = sum(len(claim.evidence) for claim, _ in readings)

    def label_f1(self, depth: int, cosine: float, chance: float) -> float:
        said = (self._ranks <= depth) & (self._cosines >= cosine) & (self._chances >= chance)
        whole = int(said.sum()) + self._relevant
        return round(2 * int((said & self._right).sum()) / whole, 4) if whole else 0.0
