"""Owns a case of a benchmark, how the judge's scores become chances of its classes, and the two controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from consilience.evals.registry import Figure
from consilience.evals.results import Published
from consilience.models.stance import StanceScores

THREE = ("supports", "refutes", "neutral")
TWO = ("supports", "refutes")
NOTHING = ("No further information is given.",)
"""What stands for evidence where a claim is judged without any."""
_LEAST = 1e-9


@dataclass(frozen=True)
class Case:
    """One labelled item: a claim (or one claim a possible answer) beside sentences of one text.

    ``label`` is the place of the right class in the benchmark's ``classes``. ``group`` names the text: what is
    bootstrapped draws whole groups. ``parts`` are the subsets that the case is also counted in.
    """

    claims: tuple[str, ...]
    sentences: tuple[str, ...]
    label: int
    group: str
    parts: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What tells this case from the others."""
        return "\n".join((self.group, *self.claims))


Scored = Sequence[Sequence[StanceScores]]
"""For each case the scores of each of its claims."""
Reading = Callable[[Sequence[StanceScores]], tuple[float, ...]]
"""From the scores of a case's claims to the chances of the classes; they sum to 1."""


def three_labels(scores: Sequence[StanceScores]) -> tuple[float, ...]:
    """The judge's own three probabilities, of a case with one claim: as they are, so that ties stay ties."""
    [one] = scores
    return (one.supports, one.refutes, one.neutral)


def two_labels(scores: Sequence[StanceScores]) -> tuple[float, ...]:
    """Supports against refutes, of a case with one claim in a set that knows no third label."""
    [one] = scores
    return _normed((one.supports, one.refutes))


def best_claim(scores: Sequence[StanceScores]) -> tuple[float, ...]:
    """One claim a class: each class's chance is its claim's probability of support, normed."""
    return _normed(tuple(one.supports for one in scores))


def _normed(values: tuple[float, ...]) -> tuple[float, ...]:
    total = sum(max(value, _LEAST) for value in values)
    return tuple(max(value, _LEAST) / total for value in values)


def _no_extras(_: Sequence[Case], __: Scored) -> Mapping[str, Figure]:
    return {}


@dataclass(frozen=True)
class Benchmark:
    """A public set and its protocol.

    ``files`` are the paths that ``read`` reads, under the data folder. ``notes`` say which split is used, what training
    has seen of it, and how the answer is read. ``extras`` are further figures, from cases and scores.
    """

    name: str
    classes: tuple[str, ...]
    files: tuple[str, ...]
    read: Callable[[Path], list[Case]]
    reading: Reading
    notes: tuple[str, ...]
    published: tuple[Published, ...] = ()
    extras: Callable[[Sequence[Case], Scored], Mapping[str, Figure]] = field(default=_no_extras)


def claim_alone(cases: Sequence[Case]) -> list[Case]:
    """The control without evidence: what the claims' wording alone gives away."""
    return [replace(case, sentences=NOTHING) for case in cases]


def shuffled(cases: Sequence[Case], seed: int = 0) -> list[Case]:
    """The control with another text's evidence; a case whose group is the only one is left out."""
    order = list(range(len(cases)))
    Random(seed).shuffle(order)
    made: list[Case] = []
    for place, case in enumerate(cases):
        others = (cases[order[(place + step) % len(order)]] for step in range(len(order)))
        other = next((o for o in others if o.group != case.group), None)
        if other is not None:
            made.append(replace(case, sentences=other.sentences))
    return made
