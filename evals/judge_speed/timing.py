"""Owns the timing of a network beside its floor: the same pairs in turn, round for round, in one process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import numpy as np

from consilience.models.cross_encoder import Logits, Network
from consilience.models.pair_layout import lay_out

from .floor import Bound, Floor

Pair = tuple[str, list[str]]
ROUNDS = 5
_Done = TypeVar("_Done")


@dataclass(frozen=True)
class Rate:
    """Pairs a second with so many threads: the network's, and its products' alone. Medians over rounds."""

    threads: int
    network: float
    floor: float

    @property
    def ratio(self) -> float:
        """The share of its floor that the network reaches; 1 would be nothing but matrix products."""
        return self.network / self.floor


@dataclass(frozen=True)
class Timed:
    """Rates by number of threads, the lengths of the pairs in tokens, and the largest difference between their scores.

    ``difference`` compares the logits of every round and every number of threads with the first: it is 0 where a
    pair's scores depend on nothing but the pair.
    """

    rates: tuple[Rate, ...]
    lengths: tuple[int, ...]
    products: int
    difference: float


def timed(folder: Path, pairs: Sequence[Pair], threads: Sequence[int] = (1, 2), rounds: int = ROUNDS) -> Timed:
    """Time a network's folder on pairs of a claim and its nearest sentences.

    Raises:
        ModelFileError: the folder does not hold a network.
        InputError: the package that builds the floor is not installed.
    """
    networks = {count: Network(folder, count) for count in threads}
    floor = Floor(folder / "model.onnx")
    sizes = lengths(folder, pairs)
    bound = [floor.bound(size) for size in sizes]
    first = networks[threads[0]].run(pairs)
    difference, rates = 0.0, list[Rate]()
    for count in threads:
        network = networks[count]
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(Bound.run, bound))  # what a first run sets up is not timed
            network.run(pairs)
            spent: list[tuple[float, float]] = []
            for _ in range(rounds):
                whole, found = _clocked(lambda network=network: network.run(pairs))
                alone, _ = _clocked(lambda pool=pool: list(pool.map(Bound.run, bound)))
                spent.append((whole, alone))
                difference = max(difference, *map(_apart, first, found))
        network_seconds, floor_seconds = (median(side) for side in zip(*spent, strict=True))
        rates.append(Rate(count, len(pairs) / network_seconds, len(pairs) / floor_seconds))
    return Timed(tuple(rates), tuple(sizes), floor.count, difference)


def lengths(folder: Path, pairs: Sequence[Pair]) -> list[int]:
    """The length of each pair's sequence in tokens."""
    from tokenizers import Tokenizer

    told: dict[str, Any] = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def ids(text: str) -> list[int]:
        return tokenizer.encode(text, add_special_tokens=False).ids

    laid = (lay_out(ids(c), [ids(part) for part in parts], told["first"], told["separator"]) for c, parts in pairs)
    return [len(layout.ids) for layout in laid]


def _clocked(work: Callable[[], _Done]) -> tuple[float, _Done]:
    begun = time.perf_counter()
    done = work()
    return time.perf_counter() - begun, done


def _apart(one: Logits, other: Logits) -> float:
    return max(
        float(np.abs(one.label - other.label).max(initial=0.0)),
        float(np.abs(one.evidence - other.evidence).max(initial=0.0)),
    )
