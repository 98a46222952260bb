"""Owns the figures of a judge on labelled pairs: pure functions of logits and labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.evals import label_scores
from consilience.evals.label_scores import recall_at_precision as recall_at_precision
from consilience.evals.stance_benchmark import scores
from consilience.evals.stance_pairs import NEUTRAL, REFUTES
from consilience.models import calibration
from consilience.models.entailment import NETWORK

from .pairs import Labelled

Floats = calibration.Floats
_FOLDS = 5


def labels(pairs: Sequence[Labelled]) -> NDArray[np.int64]:
    """The labels of pairs, shape ``(pairs,)``."""
    return np.array([p.label for p in pairs], dtype=np.int64)


def fit_temperature(logits: Floats, pairs: Sequence[Labelled]) -> float:
    """One temperature over pairs of all labels, each label with the same weight."""
    wanted = labels(pairs)
    counts = np.bincount(wanted, minlength=3)
    return calibration.fit_temperature(logits, wanted, 1 / counts[wanted])


def joined(network: Floats, features: Floats, temperature: float) -> Floats:
    """Logits of the mean of two judges' probabilities, the network's at its temperature, as ``JoinedJudge`` has it."""
    return np.log(NETWORK * calibration.softmax(network, temperature) + (1 - NETWORK) * calibration.softmax(features))


def cross_fitted(logits: Floats, pairs: Sequence[Labelled]) -> Floats:
    """Probabilities of every pair at the temperature that the other folds give; folds are of whole abstracts."""
    groups = np.unique([p.group for p in pairs], return_inverse=True)[1]
    fold = np.random.default_rng(0).permutation(int(groups.max()) + 1)[groups] % _FOLDS
    result, wanted = np.zeros_like(logits), labels(pairs)
    for part in range(_FOLDS):
        inside = fold == part
        result[inside] = calibration.softmax(
            logits[inside], calibration.fit_temperature(logits[~inside], wanted[~inside])
        )
    return result


def calibrated(chances: Floats, pairs: Sequence[Labelled]) -> dict[str, float]:
    """Brier score and debiased calibration error, with the 5 % and 95 % ends of their bootstrap over abstracts."""
    return label_scores.calibrated(chances, labels(pairs), [p.group for p in pairs])


def sentence_scores(evidence: Sequence[Floats], chances: Floats, pairs: Sequence[Labelled]) -> dict[str, float]:
    """Precision, recall and F1 of the sentences marked as evidence where the label says that there is any.

    Sentences that were not read count as missed only where they are in ``pairs``: the recall is over what was read.
    """
    hits = said = wanted = 0
    for marks, row, pair in zip(evidence, chances, pairs, strict=True):
        found = {i for i, value in enumerate(marks) if value > 0 and int(row.argmax()) != NEUTRAL}
        gold = {i for i, mark in enumerate(pair.evidence) if mark == 1} if pair.label != NEUTRAL else set[int]()
        hits, said, wanted = hits + len(found & gold), said + len(found), wanted + len(gold)
    precision, recall = hits / max(1, said), hits / max(1, wanted)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def of_pairs(logits: Floats, pairs: Sequence[Labelled]) -> dict[str, float]:
    """Macro-F1, accuracy and each class's F1."""
    return scores(labels(pairs), logits.argmax(axis=1))


def refuting(logits: Floats, pairs: Sequence[Labelled], temperature: float) -> dict[str, Any]:
    """How well refutation is told from all else, and the share of each kind of pair that is judged right."""
    wanted = labels(pairs)
    recall, threshold = recall_at_precision(
        calibration.softmax(logits, temperature)[:, REFUTES], wanted == REFUTES, 0.8
    )
    right = logits.argmax(axis=1) == wanted
    kinds = {p.source for p in pairs}
    shares = {k: round(float(right[[p.source == k for p in pairs]].mean()), 4) for k in sorted(kinds)}
    return {
        "refutes_recall_at_precision_0.80": recall,
        "threshold": threshold,
        **of_pairs(logits, pairs),
        "right": shares,
    }
