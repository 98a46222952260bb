"""Owns what every stance judge takes and gives: a claim, the nearest sentences of a text, three probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from consilience.language import sentences


@dataclass(frozen=True)
class StanceScores:
    """Calibrated probabilities to four decimals; they sum to 1."""

    supports: float
    refutes: float
    neutral: float

    @classmethod
    def rounded(cls, supports: float, refutes: float) -> Self:
        """The scores of two probabilities of any precision; what they leave is neutral."""
        first, second = round(supports, 4), round(refutes, 4)
        return cls(first, second, round(max(0.0, 1.0 - first - second), 4))

    @property
    def turned(self) -> Self:
        """The scores of what the claim denies: support and refutation change places."""
        return type(self)(self.refutes, self.supports, self.neutral)


@dataclass(frozen=True)
class AbstractScores:
    """The scores of a claim against an abstract, and what was read of it.

    ``read`` holds the indices of the sentences that were read, in text order. ``evidence`` holds for each of them the
    probability, to four decimals, that it is evidence for or against the claim; it is empty where the judge does not
    tell sentences apart.
    """

    scores: StanceScores
    read: tuple[int, ...]
    evidence: tuple[float, ...] = ()


class Judge(Protocol):
    """Judges claims against texts, each pair alone: a pair's scores never depend on the other pairs of a call."""

    name: str

    @property
    def digest(self) -> str:
        """sha256 over everything that decides a score."""
        ...

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        """Scores of (claim, evidence text) pairs in their order."""
        ...

    def judge_abstract(self, claim: str, parts: Sequence[str]) -> AbstractScores:
        """The scores of a claim against an abstract given as its sentences."""
        ...

    def judge_abstracts(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[AbstractScores]:
        """``judge_abstract`` of several claims with their sentences, in order."""
        ...


def as_parts(text: str) -> list[str]:
    """A text's sentences; the text itself where it has none."""
    return [text[a:b] for a, b in sentences.split(text)] or [text]


def nearness(claim: NDArray[np.float32], parts: NDArray[np.float32]) -> list[int]:
    """Indices of all sentences, the one with the highest cosine to the claim first; ties by place."""
    cosines = [round(float(c), 4) for c in parts @ claim]
    return sorted(range(len(cosines)), key=lambda i: (-cosines[i], i))
