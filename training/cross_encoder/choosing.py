"""Owns which sentences of a text stand beside a claim in training: its evidence, and those that look most like it.

Likeness is the weight of shared stems (inverse document frequency over the text itself). The judge reads the
sentences nearest by vector; training needs only that what stands beside the evidence is as close to the claim as
what the judge will see, and a vector for every sentence of every set would take longer than a stage.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from random import Random

from consilience.language import text

from .pairs import Labelled

CUTS = (1, 2, 2, 3, 3, 4, 5, 6, 8)
"""How many sentences a pair keeps: drawn anew for each pair, so that their number says nothing."""
WIDE_CUTS = (2, 3, 4, 5, 8)
"""The same where it is not known which sentences are the evidence: they must have a chance to be among those kept."""


def cut(pair: Labelled, random: Random, cuts: Sequence[int] = CUTS) -> Labelled:
    """The pair with at most as many sentences as were drawn, in text order; evidence goes before likeness."""
    most = random.choice(cuts)
    order = ranked(pair.claim, pair.sentences)
    order.sort(key=lambda i: pair.evidence[i] != 1)
    chosen = sorted(order[:most])
    return Labelled(
        pair.claim, tuple(pair.sentences[i] for i in chosen), pair.label, tuple(pair.evidence[i] for i in chosen),
        pair.group, pair.source,
    )  # fmt: skip


def ranked(claim: str, sentences: Sequence[str]) -> list[int]:
    """The indices of the sentences, the most alike first; ties by place."""
    wanted, stems = _stems(claim), [_stems(s) for s in sentences]
    common = Counter(stem for found in stems for stem in found)
    worth = {stem: math.log(1 + len(stems) / common[stem]) for stem in wanted if common[stem]}
    marks = [sum(worth.get(stem, 0.0) for stem in found) / math.sqrt(3 + len(found)) for found in stems]
    return sorted(range(len(sentences)), key=lambda i: (-round(marks[i], 6), i))


class Neighbours:
    """Texts that share the rarest stems with a claim: where negatives are mined."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._names = sorted(texts)
        self._places: dict[str, list[int]] = {}
        for place, name in enumerate(self._names):
            for stem in _stems(texts[name]):
                self._places.setdefault(stem, []).append(place)

    def near(self, claim: str, most: int) -> list[str]:
        """The names of the ``most`` texts that share most with the claim."""
        marks: defaultdict[int, float] = defaultdict(float)
        for stem in sorted(_stems(claim)):
            places = self._places.get(stem, ())
            if 0 < len(places) <= len(self._names) / 10:
                worth = math.log(len(self._names) / len(places))
                for place in places:
                    marks[place] += worth
        best = sorted(marks, key=lambda place: (-round(marks[place], 6), place))
        return [self._names[place] for place in best[:most]]


@lru_cache(maxsize=200_000)
def _stems(words: str) -> frozenset[str]:
    return frozenset(text.stems(words))
