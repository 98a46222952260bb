"""Owns negation: which stretches of a sentence a negating word reaches, and what takes a named difference back.

The reach goes forward from the negating word to a contrast, a full stop or a number of words, as in NegEx (Chapman
et al. 2001, doi:10.1006/jbin.2001.1029), with reaches of their own for determiners ("no") and for verbs ("did not").
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from . import lexicon

_NEAR_WORDS, _FAR_WORDS = 8, 14
_STOP = re.compile(r"[;:]\s|\.\s|\.$")
_OPENS = re.compile(r"(?:^|[.;:]\s|,\s(?:and|but)\s)\s*$", re.IGNORECASE)
_WORD = re.compile(r"[^\s(),;]+")
_VERB_BEFORE = re.compile(r"(?:\bbut|,|\(|\band)\s*$", re.IGNORECASE)

_LACK = re.compile(r"(?:absence|lack) of\b", re.IGNORECASE)
_FINITE = re.compile(r"\b(?:was|were|is|are|had|has|occurred|rose|fell|increased|decreased)\b", re.IGNORECASE)


class Reach(NamedTuple):
    """A negating word (``start`` to ``end``) and the offset where its reach stops."""

    start: int
    end: int
    stop: int


def reaches(text: str) -> tuple[Reach, ...]:
    """The negating words of the text, in order, each with its reach."""
    false = [m.span() for m in lexicon.compiled("negation", "false").finditer(text)]
    found: list[Reach] = []
    for match in _negators().finditer(text):
        if any(a <= match.start() < b for a, b in false):
            continue
        words = _NEAR_WORDS if lexicon.compiled("negation", "near").fullmatch(match.group()) else _FAR_WORDS
        if _OPENS.search(text, 0, match.start()):
            words = _FAR_WORDS  # "No comparison between A and B showed ..." negates the verb
        found.append(Reach(match.start(), match.end(), _stop(text, match.start(), match.end(), words)))
    return tuple(found)


def annulments(text: str) -> tuple[tuple[int, int], ...]:
    """Where the text says of a difference that it is not significant."""
    return tuple(m.span() for m in lexicon.compiled("negation", "annul").finditer(text))


def ends(text: str, start: int, end: int) -> bool:
    """Whether a contrast or the end of a clause lies between two offsets."""
    between = text[start:end]
    return bool(_STOP.search(between) or lexicon.compiled("negation", "ends").search(between))


def _stop(text: str, start: int, end: int, words: int) -> int:
    stop = len(text)
    boundary = _STOP.search(text, end)
    contrast = lexicon.compiled("negation", "ends").search(text, end)
    for match in (boundary, contrast):
        if match:
            stop = min(stop, match.start())
    if _VERB_BEFORE.search(text, max(0, start - 8), start) and text[start:end].lower() == "not":
        aside = re.compile(r"[,)]").search(text, end)  # "X, but not Y, reduced": the reach is the aside
        stop = min(stop, aside.start() if aside else stop)
    if _LACK.match(text, start):
        verb = _FINITE.search(text, end)  # "Absence of pain was more frequent": the lack is the subject, not a denial
        stop = min(stop, verb.start() if verb else stop)
    for count, match in enumerate(_WORD.finditer(text, end)):
        if count >= words:
            return min(stop, match.start())
    return stop


@cache
def _negators() -> re.Pattern[str]:
    return lexicon.pattern([*lexicon.entries("negation", "near"), *lexicon.entries("negation", "far")])
