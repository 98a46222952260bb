"""Owns the figures of a ranking of documents against those that are relevant: pure, for one query."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """The share of the relevant documents among the first ``k``; a document that is ranked twice counts once.

    Raises:
        ValueError: nothing is relevant, or ``k`` is under 1.
    """
    _check(relevant, k)
    wanted = set(relevant)
    return len(wanted & set(_once(ranked)[:k])) / len(wanted)


def ndcg_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Normalised discounted cumulative gain with gains 0 and 1.

    Järvelin and Kekäläinen 2002, doi:10.1145/582415.582418: a hit at rank r counts 1 / log2(r + 1), over the sum that
    an ideal order would have.

    Raises:
        ValueError: nothing is relevant, or ``k`` is under 1.
    """
    _check(relevant, k)
    wanted = set(relevant)
    gained = sum(1 / math.log2(rank + 1) for rank, one in enumerate(_once(ranked)[:k], start=1) if one in wanted)
    return gained / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(wanted)) + 1))


def _once(ranked: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ranked))


def _check(relevant: Collection[str], k: int) -> None:
    if not relevant or k < 1:
        raise ValueError(f"{len(relevant)} relevant documents at {k}: there must be one of each at least")
