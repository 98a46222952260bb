"""Owns calibration: making probabilities mean what they say, and measuring whether they do.

Temperature scaling (Guo et al. 2017, arXiv:1706.04599) is fitted on out-of-fold logits. The expected calibration error
is debiased
(Kumar et al. 2019, arXiv:1909.10155, section 4): the plain estimate shows an error even for a perfect judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

_TEMPERATURES: Floats = np.geomspace(0.2, 5.0, 161)


@dataclass(frozen=True)
class Interval:
    """An estimate with the ends of its bootstrap interval."""

    value: float
    low: float
    high: float


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Rows of probabilities from rows of logits, shape ``(n, classes)``."""
    scaled = logits / temperature
    shifted = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def tempered(probabilities: Floats, temperature: float) -> Floats:
    """Rows of probabilities sharpened or flattened by a temperature: the softmax of their logarithms."""
    return softmax(np.log(np.maximum(probabilities, 1e-12)), temperature)


def fit_temperature(logits: Floats, labels: Integers, weights: Floats | None = None) -> float:
    """The temperature in [0.2, 5] with the least (weighted) log loss on ``labels``, by a search over a fixed grid."""
    _check(logits, labels)
    share = np.ones(len(labels)) if weights is None else weights
    rows = np.arange(len(labels))
    losses = [
        float(-(share * np.log(np.maximum(softmax(logits, float(t))[rows, labels], 1e-12))).sum())
        for t in _TEMPERATURES
    ]
    return round(float(_TEMPERATURES[int(np.argmin(losses))]), 4)


def brier(probabilities: Floats, labels: Integers) -> float:
    """The multi-class Brier score: the mean squared distance to the one-hot label, in [0, 2]; lower is better."""
    _check(probabilities, labels)
    truth = np.eye(probabilities.shape[1])[labels]
    return round(float(((probabilities - truth) ** 2).sum(axis=1).mean()), 4)


def calibration_error(probabilities: Floats, labels: Integers, bins: int = 10) -> float:
    """The debiased root-mean-square calibration error of the top class, in [0, 1], over bins of equal count.

    From each bin's squared gap its expected sampling variance is taken off (Kumar et al. 2019), so that a calibrated
    judge is expected to score 0; a negative total counts as 0.
    """
    gap, variance = _gaps(probabilities, labels, bins)
    return round(float(np.sqrt(max(0.0, gap - variance))), 4)


def error_with_interval(
    probabilities: Floats, labels: Integers, groups: Integers, *, bins: int = 10, draws: int = 500, seed: int = 0
) -> Interval:
    """``calibration_error`` with its 5 % to 95 % bootstrap interval; whole groups (abstracts) are drawn, not pairs.

    From a draw the variance is taken off twice: the items that were given, from which it is drawn, have gaps by chance
    already, and the draw has gaps by chance from them. What is cut off at 0 can leave the value itself outside of the
    draws: the interval then reaches to it.
    """
    value = calibration_error(probabilities, labels, bins)
    generator = np.random.default_rng(seed)
    names = np.unique(groups)
    members = {name: np.flatnonzero(groups == name) for name in names}
    drawn: list[float] = []
    for _ in range(draws):
        rows = np.concatenate([members[name] for name in generator.choice(names, len(names))])
        gap, variance = _gaps(probabilities[rows], labels[rows], bins)
        drawn.append(float(np.sqrt(max(0.0, gap - 2 * variance))))
    low, high = np.quantile(drawn, [0.05, 0.95])
    return Interval(value, round(min(float(low), value), 4), round(max(float(high), value), 4))


def _gaps(probabilities: Floats, labels: Integers, bins: int) -> tuple[float, float]:
    """The mean squared gap between confidence and share right over bins of equal count, and what chance alone gives."""
    _check(probabilities, labels)
    confidence = probabilities.max(axis=1)
    right = (probabilities.argmax(axis=1) == labels).astype(float)
    order = np.argsort(confidence, kind="stable")
    squared = variance = 0.0
    for part in np.array_split(order, min(bins, max(1, len(order) // 2))):
        if len(part) < 2:
            continue
        rate, weight = float(right[part].mean()), len(part) / len(order)
        squared += weight * (rate - float(confidence[part].mean())) ** 2
        variance += weight * rate * (1 - rate) / (len(part) - 1)
    return squared, variance


def _check(rows: Floats, labels: Integers) -> None:
    if rows.ndim != 2 or len(rows) != len(labels) or not len(labels):
        raise ValueError(f"{len(labels)} labels do not fit rows of shape {rows.shape}")
