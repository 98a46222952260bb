"""Owns outcome polarity: whether more of an outcome is good or bad for those concerned.

A lexicon of medicine, psychology and computing gives the heads; compounds are read by rule: "relief of headache" and
"pain-free" are good, "loss of memory" and "time to relief" are bad. What the lexicon does not know stays unknown.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from consilience.records import Direction, Valence

from . import lexicon

Polarity = Literal["good", "bad", "unknown"]

_SIGN: dict[Polarity, int] = {"good": 1, "bad": -1, "unknown": 0}
_HEAD_ENDS = re.compile(r"\s(?:of|in|for|to|from|with|during|at|after|on|under|by|among)\s", re.IGNORECASE)
_ASIDE = re.compile(r"\([^)]*\)?")


class _Word(NamedTuple):
    start: int
    end: int
    sign: int


def of_outcome(phrase: str) -> Polarity:
    """Whether more of the outcome that ``phrase`` names is good, bad, or not known to be either."""
    text = _ASIDE.sub(" ", phrase.replace("_", " "))
    if lexicon.compiled("polarity", "unknown").search(text):
        return "unknown"
    sign = _decisive(text) or _compound(text)
    return "good" if sign > 0 else "bad" if sign < 0 else "unknown"


def valence(direction: Direction, polarity: Polarity) -> Valence:
    """What the direction of an outcome of that polarity means: a decrease of something bad is a benefit."""
    if direction == Direction.NO_DIFFERENCE:
        return Valence.NEUTRAL
    sign = _SIGN[polarity] * {Direction.INCREASE: 1, Direction.DECREASE: -1}.get(direction, 0)
    return {1: Valence.BENEFIT, -1: Valence.HARM}.get(sign, Valence.UNSTATED)


def implied(value: Valence, polarity: Polarity) -> Direction:
    """The direction that a benefit or harm implies: an improvement of something bad is a decrease of it."""
    if value == Valence.NEUTRAL:
        return Direction.NO_DIFFERENCE
    sign = _SIGN[polarity] * {Valence.BENEFIT: 1, Valence.HARM: -1}.get(value, 0)
    return {1: Direction.INCREASE, -1: Direction.DECREASE}.get(sign, Direction.UNSTATED)


def _decisive(text: str) -> int:
    """The sign of a head that decides by itself, turned by what stands before it or right after it."""
    found = sorted(_words(text, "decisive_good", 1) + _words(text, "decisive_bad", -1))
    if not found:
        return 0
    head = found[0]
    for word in found[1:]:
        if word.start - head.end <= 1 and not _HEAD_ENDS.search(text[head.start : word.end]):
            head = word  # "symptom relief": the last noun of a compound is its head
    sign = head.sign
    for turn in _turns(text):
        if turn.end <= head.start or 0 <= turn.start - head.end <= 1:
            sign = -sign
    return sign


def _compound(text: str) -> int:
    turns = _turns(text)
    found = _all_words(text)
    covered = [t for t in turns if not any(w.start <= t.start and t.end <= w.end for w in found)]
    if not found:
        alone = lexicon.compiled("polarity", "alone_bad").search(text)
        return -1 if alone else 0
    base = _head(text, found)
    return base * (-1) ** len(covered)


def _head(text: str, found: list[_Word]) -> int:
    """The sign of the phrase's head: the last outcome word before the first preposition, or the first after it."""
    cut = _HEAD_ENDS.search(text)
    limit = cut.start() if cut else len(text)
    before = [w for w in found if w.start < limit]
    head = before[-1] if before else found[0]
    weak = lexicon.compiled("polarity", "weak_good").fullmatch(text[head.start : head.end].strip())
    if weak and any(w.sign < 0 for w in before):
        return -1
    return head.sign


def _all_words(text: str) -> list[_Word]:
    """Good and bad words, the longer winning where they overlap."""
    words = sorted(_words(text, "good", 1) + _words(text, "bad", -1), key=lambda w: (w.start - w.end, w.start))
    kept: list[_Word] = []
    for word in words:
        if not any(word.start < k.end and k.start < word.end for k in kept):
            kept.append(word)
    return sorted(kept)


def _words(text: str, key: str, sign: int) -> list[_Word]:
    return [_Word(*m.span(), sign) for m in lexicon.compiled("polarity", key).finditer(text)]


def _turns(text: str) -> list[_Word]:
    return _words(text, "turning", -1)
