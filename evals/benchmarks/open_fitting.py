"""Fits the open setting's plan on training claims; keeps it as long as judge, data and retrieval stay the same."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from consilience.runs.files import write_atomic

from .open_reading import DEEPEST, Plan, Read, predict
from .open_scores import counts, scores
from .scifact_release import Claim

_DEPTHS = (1, 2, 3, 5, DEEPEST)
_COSINES = tuple(step / 20 for step in range(4, 15))  # 0.2 to 0.7
_CHANCES = tuple(step / 20 for step in range(4, 20))  # 0.2 to 0.95
_SENTENCES = (1, 2, 3)
_START = Plan(depth=3, cosine=0.0, chance=0.5, sentences=3)

Readings = Sequence[tuple[Claim, Sequence[Read]]]


def f1(readings: Readings, plan: Plan, kind: str) -> float:
    """F1 of one kind of score under a plan."""
    return scores([counts(claim, predict(found, plan))[kind] for claim, found in readings])["f1"]


def fit(readings: Readings) -> Plan:
    """The plan with the best label-only F1 over abstracts on a grid, and then the best F1 over labelled sentences.

    Of plans that are level the one that looks at fewer abstracts, then the stricter one.
    """
    best, reached = _START, -1.0
    table = _Flat(readings)
    for depth, cosine, chance in itertools.product(_DEPTHS, reversed(_COSINES), reversed(_CHANCES)):
        if (value := table.label_f1(depth, cosine, chance)) > reached:
            best, reached = replace(_START, depth=depth, cosine=cosine, chance=chance), value
    return max((replace(best, sentences=n) for n in _SENTENCES), key=lambda plan: f1(readings, plan, "sentence_label"))


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


def kept(path: Path) -> Plan | None:
    """The plan that ``path`` holds; None where there is no such file or it holds none."""
    try:
        return Plan(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def keep(plan: Plan, path: Path) -> None:
    """Write the plan to ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, json.dumps(asdict(plan), sort_keys=True) + "\n")
