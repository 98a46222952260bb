"""Owns how the public sets' questions and citing sentences become claims: for training and for measuring alike."""

from __future__ import annotations

import re

_MARKERS = re.compile(r"[\[(][^\[\]()]{0,40}<\|\w+\|>[^\[\]()]{0,40}[\])]|<\|\w+\|>")
_SPACES = re.compile(r"\s+([.,;:)])")
_ASKED = re.compile(r"^(?:do|does|did|can|could|is|are|was|were|has|have|should|will|would|may)\s+", re.IGNORECASE)


def citing(sentence: str) -> str:
    """A citing sentence of Citation-Integrity without the marks of its citations."""
    return _SPACES.sub(r"\1", " ".join(_MARKERS.sub(" ", sentence).split()))


def statement(question: str) -> str | None:
    """A closed question without its auxiliary: "Does aspirin help?" to "Aspirin help." (as terse as a heading)."""
    asked = question.strip()
    if not _ASKED.match(asked) or asked.count("?") != 1 or not asked.endswith("?") or ":" in asked:
        return None
    words = _ASKED.sub("", asked)[:-1].strip()
    return words[:1].upper() + words[1:] + "."


def asserted(question: str) -> str:
    """A question as a claim: its statement where it is a plain closed one, else its words without the question mark."""
    words = question.strip().rstrip("?").rstrip()
    return statement(question) or f"{words}."
