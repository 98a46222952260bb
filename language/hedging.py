"""Owns hedging: whether a statement holds back from asserting ("may", "suggests", "preliminary")."""

from __future__ import annotations

from . import lexicon


def is_hedged(text: str) -> bool:
    """Whether any hedge stands in the text, outside the phrases in which the same word asserts."""
    return bool(hedges(text))


def hedges(text: str) -> tuple[str, ...]:
    """The hedging words in order, as they stand in the text."""
    false = [m.span() for m in lexicon.compiled("hedging", "not_hedges").finditer(text)]
    found = lexicon.compiled("hedging", "words").finditer(text)
    return tuple(m.group() for m in found if not any(a <= m.start() < b for a, b in false))
