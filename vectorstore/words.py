"""Owns the words that lexical search compares: lower case, English stems, no function words."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(STOPWORDS_EN_PLUS)
_STEMMER = snowballstemmer.stemmer("english")
_LOCK = threading.Lock()  # the stemmer keeps the word it works on in itself


def tokens(text: str) -> list[str]:
    """The text's content words as stems, in order: "Trials of 5-HT agonists" gives trial, 5, ht, agonist."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [_stem(word) for word in _WORD.findall(folded) if word not in _STOP]


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    with _LOCK:
        return _STEMMER.stemWord(word)
