"""Owns a labelled pair of the cross-encoder's training, and the small helpers that every reader of pairs needs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from consilience.evals.splits import number as number
from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS

LABELS = (SUPPORTS, REFUTES, NEUTRAL)
UNKNOWN = -1
"""A sentence of which nobody said whether it is evidence: it takes no part in the evidence loss."""


@dataclass(frozen=True)
class Labelled:
    """A claim beside sentences of one text.

    ``evidence`` says of each sentence whether it is evidence (1), is not (0), or is ``UNKNOWN``. ``group`` names the
    text: no split divides a group. ``source`` names the set that the pair was made of, and how. ``taught`` holds a
    teacher's probabilities of the three labels, where there is a teacher.
    """

    claim: str
    sentences: tuple[str, ...]
    label: int
    evidence: tuple[int, ...]
    group: str
    source: str
    taught: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if len(self.sentences) != len(self.evidence) or not self.sentences:
            raise ValueError("each sentence needs a mark, and a pair needs a sentence")


def balanced(pairs: Sequence[Labelled], most: int, random: Random) -> list[Labelled]:
    """At most ``most`` pairs with as many of each label as the rarest allows; where that leaves room, of the others."""
    by_label: dict[int, list[Labelled]] = defaultdict(list)
    for pair in random.sample(list(pairs), len(pairs)):
        by_label[pair.label].append(pair)
    share = min([most // len(LABELS), *(len(by_label[label]) for label in LABELS)])
    chosen = [p for label in LABELS for p in by_label[label][:share]]
    rest = [p for label in LABELS for p in by_label[label][share:]]
    chosen += random.sample(rest, min(len(rest), max(0, min(most, len(pairs)) - len(chosen)))) if share == 0 else []
    return random.sample(chosen, len(chosen))


def counts(pairs: Iterable[Labelled]) -> dict[str, list[int]]:
    """Pairs of each label by source: supports, refutes, neutral."""
    table: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pair in pairs:
        table[pair.source][pair.label] += 1
    return dict(sorted(table.items()))


def write_line(pair: Labelled) -> str:
    """A pair as a line of JSON."""
    return json.dumps(asdict(pair)) + "\n"


def read_lines(file: Path) -> list[Labelled]:
    """The pairs of a file of lines; a last line that was cut off is left out."""
    pairs: list[Labelled] = []
    for line in file.read_text(encoding="utf-8").split("\n")[:-1]:
        row: dict[str, Any] = json.loads(line)
        row |= {name: tuple(row[name]) for name in ("sentences", "evidence")}
        row["taught"] = tuple(row["taught"]) if row["taught"] else None
        pairs.append(Labelled(**row))
    return pairs
