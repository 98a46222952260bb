"""Owns the words that lexical search compares: lower case, English stems in one spelling, no function words."""

from __future__ import annotations

import re
import unicodedata

from bm25s.stopwords import STOPWORDS_EN_PLUS

from consilience.language.text import stem

_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(STOPWORDS_EN_PLUS)


def tokens(text: str) -> list[str]:
    """The text's content words as stems, in order: "Trials of 5-HT agonists" gives trial, 5, ht, agonist."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [stem(word) for word in _WORD.findall(folded) if word not in _STOP]
