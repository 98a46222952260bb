"""Owns opposites: turning a statement's direction around, and counting opposed words between two statements."""

from __future__ import annotations

import re
from functools import cache

from consilience.records import Direction

from . import directions, lexicon
from .text import words

_AUXILIARY = re.compile(r"\b(is|are|was|were|does|do|did|has|have|had|can|could|may|might|will|would|should)\b")
_NEGATED = re.compile(
    r"\b(?:does|do|did) not (\w+)|\b(is|are|was|were|has|have|can|will) not\b|\bno (?=\w)", re.IGNORECASE
)
_PREFIXES = ("un", "in", "non", "ir", "im", "dis")


def reverse(text: str) -> str:
    """The statement with its head's direction turned: the opposite word, else a negation taken away or added.

    A crude sentence for searching and comparing, never for a report.
    """
    if directions.overall(text) == Direction.NO_DIFFERENCE and _NEGATED.search(text):
        return _NEGATED.sub(lambda m: m.group(1) or m.group(2) or "a ", text, count=1)
    head = directions.head(text)
    for token in re.finditer(r"[A-Za-z-]+", text):
        inside = head is None or head.start <= token.start() < head.end
        opposite = _opposites().get(token.group().lower(), ())
        if inside and opposite:
            return text[: token.start()] + opposite[0] + text[token.end() :]
    return _AUXILIARY.sub(lambda m: m.group() + " not", text, count=1) if _AUXILIARY.search(text) else "No: " + text


def opposed(first: str, second: str) -> int:
    """How many words of ``first`` are missing in ``second`` while an opposite of theirs is there."""
    left, right = set(words(first)), set(words(second))
    listed = sum(1 for w in left - right if any(o in right for o in _opposites().get(w, ())))
    prefixed = sum(
        1 for w in left - right if any(p + w in right or (w.startswith(p) and w[len(p) :] in right) for p in _PREFIXES)
    )
    return listed + prefixed


@cache
def _opposites() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for first, second in lexicon.load("antonyms")["pairs"]:
        table.setdefault(first, []).append(second)
        table.setdefault(second, []).append(first)
    return {word: tuple(found) for word, found in table.items()}
