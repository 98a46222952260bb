"""Owns the explicit features that the stance judge sees of a claim and of evidence sentences.

Each pair is read alone: no feature depends on other pairs. Vectors are unit length, so a product is a cosine.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.language import clauses, directions, hedging, negation, numbers, reversal, text
from consilience.records import Direction, Valence

_NAME = re.compile(r"\b(?=\w*(?:\d|[a-z]?[A-Z]))(?=\w*[A-Za-z])[\w-]{2,}\b")
_SIGN = {Direction.INCREASE: 1, Direction.DECREASE: -1}
_VALUE = {Valence.BENEFIT: 1, Valence.HARM: -1}


@dataclass(frozen=True)
class Statement:
    """What the rules read in one sentence or claim."""

    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    before: frozenset[str]
    after: frozenset[str]
    names: frozenset[str]
    values: frozenset[float]
    direction: Direction
    valence: Valence
    cues: tuple[tuple[Direction, Valence], ...]
    negators: int
    annulled: bool
    hedged: bool
    length: int


@lru_cache(maxsize=32768)
def read(sentence: str) -> Statement:
    """The statement as the language rules read it."""
    stems = text.stems(sentence)
    head = directions.head(sentence)
    names = frozenset(m.group().casefold() for m in _NAME.finditer(sentence) if m.start() > 0 or m.group().isupper())
    values = frozenset(round(abs(v), 4) for q in numbers.read(sentence) for v in q.values)
    return Statement(
        stems=frozenset(stems),
        pairs=frozenset(pairwise(stems)),
        before=frozenset(text.stems(sentence[: head.start])) if head else frozenset(stems[: len(stems) // 2]),
        after=frozenset(text.stems(sentence[head.end :])) if head else frozenset(stems[len(stems) // 2 :]),
        names=names,
        values=values,
        direction=directions.overall(sentence),
        valence=head.valence if head else Valence.UNSTATED,
        cues=tuple((c.direction, c.valence) for c in directions.cues(sentence)),
        negators=len(negation.reaches(sentence)),
        annulled=bool(negation.annulments(sentence)),
        hedged=hedging.is_hedged(sentence),
        length=len(text.words(sentence)),
    )


def of(
    claim: str,
    sentences: Sequence[str],
    claim_vector: NDArray[np.float32],
    reversed_vector: NDArray[np.float32],
    sentence_vectors: NDArray[np.float32],
) -> dict[str, float]:
    """The pair's features by name. ``sentence_vectors`` has one row a sentence; at least one sentence is needed."""
    cosines = [float(c) for c in sentence_vectors @ claim_vector]
    turned = [float(c) for c in sentence_vectors @ reversed_vector]
    order = sorted(range(len(sentences)), key=lambda i: (-round(cosines[i], 4), i))
    best = order[0]
    whole = frozenset[str]().union(*(read(s).stems for s in sentences))
    result = _lexical(read(claim), read(sentences[best]), "best_")
    result |= _stance(claim, sentences[best], "best_")
    result["cosine"] = cosines[best]
    result["turned"] = cosines[best] - turned[best]
    result["turned_mean"] = sum(cosines) / len(cosines) - sum(turned) / len(turned)
    result["cover_all"] = _share(read(claim).stems, whole)
    result["claim_length"] = math.log1p(read(claim).length)
    pooled = [_stance(claim, s, "") for s in sentences]
    for name in pooled[0]:
        weights = [max(0.0, c) ** 2 for c in cosines]
        total = sum(weights) or 1.0
        result["mean_" + name] = sum(w * p[name] for w, p in zip(weights, pooled, strict=True)) / total
    result |= _interactions(result)
    return {name: round(value, 4) for name, value in result.items()}


@cache
def names() -> frozenset[str]:
    """The names of all features."""
    zero = np.zeros(1, dtype=np.float32)
    return frozenset(of("a", ["a"], zero, zero, zero[None, :]))


def _lexical(claim: Statement, sentence: Statement, prefix: str) -> dict[str, float]:
    numbers_shared = len(claim.values & sentence.values)
    return {
        prefix + "cover": _share(claim.stems, sentence.stems),
        prefix + "covered": _share(sentence.stems, claim.stems),
        prefix + "pairs": _share(claim.pairs, sentence.pairs),
        prefix + "before": _share(claim.before, sentence.stems),
        prefix + "after": _share(claim.after, sentence.stems),
        prefix + "swapped": _share(claim.before, sentence.after) - _share(claim.before, sentence.before),
        prefix + "names": _share(claim.names, sentence.names) if claim.names else 0.5,
        prefix + "names_missing": float(bool(claim.names - sentence.names)),
        prefix + "numbers_shared": float(numbers_shared > 0),
        prefix + "numbers_conflict": float(bool(claim.values) and bool(sentence.values) and not numbers_shared),
        prefix + "numbers_claim": float(bool(claim.values)),
    }


def _stance(claim_text: str, sentence_text: str, prefix: str) -> dict[str, float]:
    claim, sentence = read(claim_text), read(sentence_text)
    nearest = read(_nearest_clause(claim, sentence_text))
    same = _sameness(claim, (nearest.direction, nearest.valence))
    value = _VALUE.get(claim.valence, 0) * _VALUE.get(nearest.valence, 0)
    none_claim, none_sentence = claim.direction == Direction.NO_DIFFERENCE, nearest.direction == Direction.NO_DIFFERENCE
    return {
        prefix + "agree": max(0.0, same),
        prefix + "oppose": max(0.0, -same),
        prefix + "cues": _cue_agreement(claim, nearest),
        prefix + "value": float(value),
        prefix + "none_both": float(none_claim and none_sentence),
        prefix + "none_claim": float(none_claim and not none_sentence),
        prefix + "none_sentence": float(none_sentence and not none_claim),
        prefix + "none_stated": float(none_sentence and claim.direction in _SIGN),
        prefix + "negated": float((claim.negators % 2) != (nearest.negators % 2)),
        prefix + "negated_claim": float(claim.negators > 0),
        prefix + "negated_sentence": float(nearest.negators > 0),
        prefix + "opposed": float(min(2, reversal.opposed(claim_text, sentence_text))),
        prefix + "annulled": float(sentence.annulled),
        prefix + "hedged": float(sentence.hedged),
        prefix + "unstated": float(nearest.direction == Direction.UNSTATED),
        prefix + "claim_unstated": float(claim.direction == Direction.UNSTATED),
    }


def _sameness(claim: Statement, cue: tuple[Direction, Valence]) -> float:
    """1 where a cue says what the claim says, -1 where it says the opposite, in between where that is not certain.

    "Relieves pain" and "more patients were free of pain" go in opposite directions of different outcomes and say the
    same: where both are known to be good or bad, that decides. Where one is, opposite directions are half a reason.
    """
    direction, valence = cue
    by_value = _VALUE.get(claim.valence, 0) * _VALUE.get(valence, 0)
    by_direction = _SIGN.get(claim.direction, 0) * _SIGN.get(direction, 0)
    if by_value:
        return float(by_value)
    one_known = (claim.valence in _VALUE) != (valence in _VALUE)
    return 0.5 * by_direction if one_known else float(by_direction)


def _cue_agreement(claim: Statement, sentence: Statement) -> float:
    """The mean sameness of all cues of the sentence with a claim that has a direction; no difference counts against."""
    if claim.direction not in _SIGN or not sentence.cues:
        return 0.0
    marks = [-1.0 if cue[0] == Direction.NO_DIFFERENCE else _sameness(claim, cue) for cue in sentence.cues]
    return sum(marks) / len(marks)


@lru_cache(maxsize=65536)
def _nearest_clause(claim: Statement, sentence: str) -> str:
    """The clause that shares most of the claim's words; the whole sentence where it has one clause."""
    parts = [sentence[a:b] for a, b in clauses.split(sentence)]
    return max(parts, key=lambda p: (round(_share(claim.stems, read(p).stems), 4), len(p)))


def _interactions(f: dict[str, float]) -> dict[str, float]:
    """Products that a linear model cannot make: a disagreement matters where both speak of the same things."""
    products = {f"near_{name}": f["best_" + name] * f["best_cover"] for name in _NEAR}
    products["cosine_squared"] = f["cosine"] ** 2
    return products


_NEAR = ("agree", "oppose", "cues", "none_both", "none_stated", "none_claim", "negated", "opposed", "value")


def _share(part: frozenset[Any], whole: frozenset[Any]) -> float:
    return len(part & whole) / len(part) if part else 0.0
