"""Owns the plainest view of a text: normalised characters, words, stems, stop words."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache
from typing import Protocol, cast

from . import lexicon

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-"})


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str:
        """The stem of a lower-case word."""
        ...


@cache
def stop_words() -> frozenset[str]:
    """Function words of English, lower case."""
    return frozenset(lexicon.entries("stopwords", "words"))


def normalise(text: str) -> str:
    """Lower case, compatibility characters, plain quotes and hyphens, single spaces. Offsets are not kept."""
    folded = unicodedata.normalize("NFKC", text).translate(_SIGNS).casefold()
    return " ".join(folded.split())


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of the normalised text, in order; hyphenated words come apart."""
    return tuple(_WORD.findall(normalise(text)))


def content_words(text: str) -> tuple[str, ...]:
    """``words`` without stop words and single letters."""
    return tuple(w for w in words(text) if w not in stop_words() and (len(w) > 1 or w.isdigit()))


def stems(text: str) -> tuple[str, ...]:
    """Snowball stems of the content words, in order (Porter 2001, the English stemmer)."""
    return tuple(stem(w) for w in content_words(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball stem of one lower-case word."""
    stemmer = getattr(_LOCAL, "stemmer", None)
    if stemmer is None:
        stemmer = _LOCAL.stemmer = _new_stemmer()
    return cast(_Stemmer, stemmer).stemWord(one_spelling(word))


_SPELLINGS = (
    (re.compile(r"aemi"), "emi"), (re.compile(r"haem"), "hem"), (re.compile(r"oedem"), "edem"),
    (re.compile(r"oestr"), "estr"), (re.compile(r"paed"), "ped"), (re.compile(r"aesth"), "esth"),
    (re.compile(r"(tum|behavi|col|lab|hum|fav|flav|harb|rum)our"), r"\1or"), (re.compile(r"oesoph"), "esoph"),
    (re.compile(r"isation"), "ization"), (re.compile(r"practis(?=(?:e|es|ed|ing)$)"), "practic"),
    (re.compile(r"(fib|lit|cent|met)re(s?)$"), r"\1er\2"), (re.compile(r"centred$"), "centered"),
    (re.compile(r"caec"), "cec"), (re.compile(r"orrhoea"), "orrhea"), (re.compile(r"leukaem"), "leukem"),
    (re.compile(r"programme(s?)$"), r"program\1"),
)  # fmt: skip


_VERB_IN_ISE = re.compile(r"is(?=(?:e|es|ed|ing|ers?)$)")
_ISE_IN_BOTH = re.compile(
    r"(?:[aeiou]|w|exerc|(?:ex|in|pre|con|circum)c|(?:super|tele|re|de|ad|impro)v|pr[eo]m|^dem|surm|pr|"
    r"^(?:a|sun|up|moon)?r|^cr|^ir|^m|(?:adver|exper|trea|mor|chas)t|(?:merchan|para)d|franch|desp)$"
)
"""What stands before "ise" in words that British and American English write alike: exercise, revise, raise."""


def one_spelling(word: str) -> str:
    """A British spelling as the American one, so that the two have one stem; other words as they are."""
    for pattern, spelled in _SPELLINGS:
        word = pattern.sub(spelled, word)
    verb = _VERB_IN_ISE.search(word)
    if verb and not _ISE_IN_BOTH.search(word[: verb.start()]):
        return f"{word[: verb.start()]}iz{word[verb.end() :]}"
    return word


_LOCAL = threading.local()
"""A stemmer a thread: it keeps the word under work in itself, so two threads would spoil each other's stems."""


def _new_stemmer() -> _Stemmer:
    import snowballstemmer

    return cast(_Stemmer, snowballstemmer.stemmer("english"))
