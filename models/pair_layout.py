"""Owns the token sequence of the cross-encoder: a claim first, then the sentences of one abstract.

``[first] claim [sep] sentence [sep] sentence [sep]``: every sentence ends in a separator of its own, and the vector
there stands for the sentence when evidence is marked (as in MultiVerS, arXiv:2112.01640, section 3.2). Training and
the shipped judge build sequences here and nowhere else, so that what was trained is what runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_TOKENS = 384
"""The longest sequence, in tokens."""
MOST_SENTENCES, MOST_CHARACTERS = 8, 1600
"""How many sentences of an abstract are read, and how many characters of claim and sentences: about what fits."""
MOST_CLAIM_TOKENS = 80
"""Of a longer claim the first tokens are read."""
BOUNDS = (MOST_TOKENS, MOST_SENTENCES, MOST_CHARACTERS, MOST_CLAIM_TOKENS)
"""All of them: what a judge's scores depend on beside its weights."""


@dataclass(frozen=True)
class Layout:
    """Token ids, and for each sentence that fits the position of the separator that ends it."""

    ids: list[int]
    ends: list[int]


def fitting(claim: str, parts: Sequence[str], order: Sequence[int], most: int = MOST_SENTENCES) -> tuple[int, ...]:
    """Which sentences are read beside a claim, in text order: the first ``most`` of ``order`` that fit, or one."""
    chosen: list[int] = []
    room = MOST_CHARACTERS - len(claim)
    for place in order:
        if len(chosen) < most and (len(parts[place]) <= room or not chosen):
            chosen.append(place)
            room -= len(parts[place])
    return tuple(sorted(chosen))


def lay_out(claim: Sequence[int], sentences: Sequence[Sequence[int]], first: int, separator: int) -> Layout:
    """One sequence of a claim's and its sentences' token ids, which carry no markers of their own.

    The sentence that does not fit whole is cut, and those after it are left out: ``ends`` is then shorter than
    ``sentences``.
    """
    ids = [first, *claim[:MOST_CLAIM_TOKENS], separator]
    ends: list[int] = []
    for sentence in sentences:
        room = MOST_TOKENS - len(ids) - 1
        if room < 1:
            break
        ids += [*sentence[:room], separator]
        ends.append(len(ids) - 1)
    return Layout(ids, ends)
