"""Owns the counting of tokens, and the fitting of texts into a number of them.

What is *accounted* for is counted exactly where tiktoken has the model's encoding on this machine (``count``). It is
looked for in tiktoken's own cache, once a process, and never downloaded. Elsewhere a stated estimate stands in for it,
made to lie above the truth.

What *shapes a prompt* is always estimated (``estimate``, ``fit``, ``shorten``). Which encodings a machine holds must
not decide what a model is shown: a run that is replayed elsewhere, or resumed when a cache was emptied, would ask other
questions than those it has answers to.

The estimate adds, piece by piece: a word of ASCII letters is one token for its first six letters and one for each
three beyond; digits are one token for each three; signs and other scripts are one token for each two bytes of their
UTF-8; single spaces are free, any other white space is one token a run. The sum is raised by a tenth. Against
cl100k_base and o200k_base on 15,013 texts (scientific abstracts and papers, JSON records) it lay above the count in
all but 39, the worst of them records full of UUIDs, where it was a tenth below; in the median it was a third above.
Four characters a token, the usual rule, lay below on 153 of the 243 texts on which both were tried.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import tempfile
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from consilience.language.sentences import split

if TYPE_CHECKING:
    import tiktoken

MESSAGE_OVERHEAD = 8
"""Tokens that a message's frame costs at most: its role and the marks around it."""

# Where tiktoken downloads an encoding from; its cache names a file by the sha1 of this address.
_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
_FILE_OF = {"o200k_harmony": "o200k_base"}
# The files' sha256, as tiktoken 0.14 checks them (tiktoken_ext/openai_public.py).
_SHA256 = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
_FIRST_LETTERS = 6
_LETTERS = 3
_WORDS = re.compile(r"[A-Za-z]+")
_LONG_WORDS = re.compile(r"[A-Za-z]{7,}")
_DIGITS = re.compile(r"[0-9]{1,3}")
_BLANKS = re.compile(r"[^\S ]+")
_OTHERS = re.compile(r"[^A-Za-z0-9\s]+")
_MARGIN = 1.1
_ELLIPSIS = "…"


def count(text: str, model: str) -> int:
    """Tokens of a text as ``model`` reads it: exact, or an estimate that is meant to lie above (``is_exact``)."""
    encoding = _encoding_of(model)
    return estimate(text) if encoding is None else len(encoding.encode_ordinary(text))


def is_exact(model: str) -> bool:
    """Whether ``count`` counts with the model's own encoding."""
    return _encoding_of(model) is not None


@lru_cache(maxsize=256)  # for schemas and instructions, which come again with every call
def estimate(text: str) -> int:
    """Tokens of a text by the stated estimate, the same on every machine."""
    # Several passes of findall, which runs in C, take a third of the time of one pass over matches.
    words = len(_WORDS.findall(text))
    words += sum(math.ceil((len(word) - _FIRST_LETTERS) / _LETTERS) for word in _LONG_WORDS.findall(text))
    blanks, digits = len(_BLANKS.findall(text)), len(_DIGITS.findall(text))
    others = sum(math.ceil(len(signs.encode("utf-8", "surrogatepass")) / 2) for signs in _OTHERS.findall(text))
    return math.ceil((words + digits + blanks + others) * _MARGIN)


def fit(parts: Sequence[str], budget: int) -> int:
    """How many whole parts, from the first on, fit into ``budget`` tokens together, by estimate."""
    left = budget
    for number, part in enumerate(parts):
        left -= estimate(part)
        if left < 0:
            return number
    return len(parts)


def shorten(text: str, tokens: int) -> str:
    """The text's first whole sentences that fit into ``tokens``; where not even one does, its first words and an
    ellipsis. A text that fits is given back as it is."""
    if estimate(text) <= tokens:
        return text
    ends = [end for _, end in split(text)]
    kept = _longest([text[:end].rstrip() for end in ends], tokens)
    if kept:
        return kept
    words = [match.end() for match in re.finditer(r"\S+", text)]
    return _longest([text[:end] + _ELLIPSIS for end in words], tokens)


def _longest(texts: Sequence[str], tokens: int) -> str:
    """The last of ever longer texts that fits, or nothing."""
    low, high = 0, len(texts)
    while low < high:
        middle = (low + high) // 2
        if estimate(texts[middle]) <= tokens:
            low = middle + 1
        else:
            high = middle
    return texts[low - 1] if low else ""


@cache
def _encoding_of(model: str) -> tiktoken.Encoding | None:
    from tiktoken import encoding_name_for_model

    try:
        return _encoding(encoding_name_for_model(model))
    except KeyError:
        return None


@cache
def _encoding(name: str) -> tiktoken.Encoding | None:
    """The encoding, if its file stands whole in tiktoken's cache: tiktoken would download any other."""
    import tiktoken

    address = _ADDRESS.format(_FILE_OF.get(name, name))
    path = _cache() / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    try:
        # A file whose hash is wrong would be removed and fetched anew: so the file is ours to look at first.
        if hashlib.sha256(path.read_bytes()).hexdigest() != _SHA256.get(_FILE_OF.get(name, name)):
            return None
        return tiktoken.get_encoding(name)
    except (OSError, ValueError):
        return None


def _cache() -> Path:
    """Where tiktoken keeps what it has downloaded; a person may have put files there."""
    named = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    return Path(named) if named else Path(tempfile.gettempdir()) / "data-gym-cache"
