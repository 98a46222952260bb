"""Figures of a ranking of records against what reviewers included:

pure functions over labels, best rank first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def recall_at(labels: Sequence[bool], share: float) -> float | None:
    """The share of included records among the best ``share`` of all records (rounded up).

    None without any.
    """
    total = sum(labels)
    if not total:
        return None
    return round(sum(labels[: math.ceil(len(labels) * share)]) / total, 4)


def wss(labels: Sequence[bool], recall: float = 0.95) -> float | None:
    """Work saved over sampling at a recall (Cohen et al. 2006, doi:10.1197/jamia.M1929, Methods).

    ``(TN + FN) / N - (1 - recall)`` at the first rank where the recall is reached: the share of records
    that need not be read, beyond what reading at random would save. None where nothing is included.
    """
    total = sum(labels)
    if not total:
        return None
    needed = math.ceil(round(total * recall, 9))
    found = 0
    for rank, included in enumerate(labels, start=1):
        found += included
        if found >= needed:
            return round((len(labels) - rank) / len(labels) - (1 - recall), 4)
    raise AssertionError("the needed number never exceeds the number of included records")


def average_precision(labels: Sequence[bool]) -> float | None:
    """The mean of the precision at the rank of each included record. None without any."""
    found, total = 0, 0.0
    for rank, included in enumerate(labels, start=1):
        if included:
            found += 1
            total += found / rank
    return round(total / found, 4) if found else None
