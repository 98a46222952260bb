"""Owns the scores of judged labels: F1, recall at a precision, calibration with its interval, reliability; all pure.

Chances are rows of probabilities, shape ``(items, classes)``; labels are class numbers, shape ``(items,)``; groups name
the abstract of each item, and whole groups are drawn wherever something is bootstrapped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.models import calibration
from consilience.models.calibration import Floats, Integers

from .results import Bin

_DRAWS = 500
_Z = 1.959964
"""The 97.5 % point of the normal distribution, for Wilson's interval (1927, doi:10.1080/01621459.1927.10502953)."""


def label_scores(labels: Integers, predicted: Integers, classes: Sequence[str]) -> dict[str, float]:
    """Macro-F1 over ``classes``, accuracy and each class's F1, to four decimals; a class never met scores 0."""
    single: list[float] = []
    for value in range(len(classes)):
        hits = int(((labels == value) & (predicted == value)).sum())
        wrong = int(((labels == value) ^ (predicted == value)).sum())
        single.append(2 * hits / (2 * hits + wrong) if hits else 0.0)
    result = {"macro_f1": sum(single) / len(single), "accuracy": float((labels == predicted).mean())}
    result |= {f"f1_{name}": value for name, value in zip(classes, single, strict=True)}
    return {name: round(value, 4) for name, value in result.items()}


def recall_at_precision(chances: Floats, wanted: NDArray[np.bool_], least: float) -> tuple[float, float]:
    """The highest recall at which precision is still ``least``, and the threshold on ``chances`` that gives it."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(wanted[order])
    precision, recall = hits / np.arange(1, len(order) + 1), hits / max(1, int(wanted.sum()))
    # Only where the next chance is lower does a threshold cut between the two.
    last = np.append(np.diff(chances[order]) < 0, True)
    good = last & (precision >= least)
    if not good.any():
        return 0.0, 1.0
    place = int(np.flatnonzero(good)[np.argmax(recall[good])])
    return round(float(recall[place]), 4), round(float(chances[order][place]), 4)


def calibrated(chances: Floats, labels: Integers, groups: Sequence[str]) -> dict[str, float]:
    """Brier score and debiased calibration error, each with the 5 % and 95 % ends of its bootstrap over groups."""
    error = calibration.error_with_interval(chances, labels, np.unique(groups, return_inverse=True)[1])
    low, high = interval(lambda rows: calibration.brier(chances[rows], labels[rows]), groups)
    return {
        "brier": calibration.brier(chances, labels),
        "brier_5_percent": low,
        "brier_95_percent": high,
        "error": error.value,
        "error_5_percent": error.low,
        "error_95_percent": error.high,
    }


def interval(
    figure: Callable[[NDArray[np.int64]], float], groups: Sequence[str], draws: int = _DRAWS, seed: int = 0
) -> tuple[float, float]:
    """The 5 % and 95 % ends of a figure's bootstrap: ``figure`` is given the places of the items that were drawn."""
    generator = np.random.default_rng(seed)
    number: NDArray[np.int64] = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    members: list[NDArray[np.int64]] = [np.flatnonzero(number == value) for value in range(int(number.max()) + 1)]
    drawn: list[float] = []
    for _ in range(draws):
        chosen: list[int] = generator.integers(0, len(members), len(members)).tolist()
        rows: NDArray[np.int64] = np.concatenate([members[group] for group in chosen])
        drawn.append(figure(rows))
    low, high = np.quantile(drawn, [0.05, 0.95])
    return round(float(low), 4), round(float(high), 4)


def reliability(chances: Floats, labels: Integers, bins: int = 10) -> tuple[Bin, ...]:
    """The reliability diagram of the most likely class: at most ``bins`` bins of equal count, by rising confidence."""
    confidence = chances.max(axis=1)
    right = chances.argmax(axis=1) == labels
    order = np.argsort(confidence, kind="stable")
    made: list[Bin] = []
    for part in np.array_split(order, min(bins, len(order))):
        share = float(right[part].mean())
        low, high = wilson(int(right[part].sum()), len(part))
        made.append(Bin(round(float(confidence[part].mean()), 4), round(share, 4), low, high, len(part)))
    return tuple(made)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, to four decimals."""
    share, z = hits / of, _Z
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half: Any = z / (1 + z * z / of) * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return round(max(0.0, middle - float(half)), 4), round(min(1.0, middle + float(half)), 4)
