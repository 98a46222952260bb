"""Whether two papers are independent of each other: another trial, other authors, another text.

Texts are compared by containment: the share of the shorter abstract's word sequences that the other holds too (Broder
1997, doi:10.1109/SEQUEN.1997.666900). Papers on one trial share its registration number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from consilience.language import registrations, text
from consilience.records import Paper

SHARED_AUTHORS = 0.5
"""Papers that share at least this part of the shorter author list (and two authors, unless it is of one) count as one
group's work."""
_MOST_INITIALS = 3
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})

SAME_TEXT = 0.3
"""Containment from which two abstracts are one text, told again. Chosen by looking at the 9,700 abstracts of trials,
SciFact and five reviews: from here on pairs are one work's or one trial's, and below 0.25 shared phrases begin."""
SHINGLE = 5
"""Words in a sequence."""
LEAST_SHINGLES = 40
"""Shorter texts are compared as a whole only: a few stock phrases would be most of them."""


def independent(one: Paper, other: Paper) -> bool:
    """Whether two papers are different groups' work on different data, as far as records tell.

    Unknown authors on either side leave only texts and registration numbers to compare.
    """
    return one.id != other.id and not (_same_text(one, other) or _same_trial(one, other) or _same_group(one, other))


def one_a_group(candidates: Iterable[str], papers: Mapping[str, Paper], known: Sequence[str] = ()) -> tuple[str, ...]:
    """The candidates that are independent of the known papers and of those taken before them, in their order."""
    taken: list[str] = []
    for candidate in candidates:
        if all(independent(papers[candidate], papers[other]) for other in (*known, *taken)):
            taken.append(candidate)
    return tuple(taken)


def _same_text(one: Paper, other: Paper) -> bool:
    if one.abstract and one.abstract == other.abstract:
        return True
    ours, theirs = _shingles(one.abstract), _shingles(other.abstract)
    shorter = min(len(ours), len(theirs))
    return shorter >= LEAST_SHINGLES and len(ours & theirs) >= SAME_TEXT * shorter


def _same_trial(one: Paper, other: Paper) -> bool:
    return bool(_numbers(one.abstract) & _numbers(other.abstract))


def _same_group(one: Paper, other: Paper) -> bool:
    ours, theirs = _authors(one.authors), _authors(other.authors)
    shared = len(ours & theirs)
    shorter = min(len(ours), len(theirs))
    return shorter > 0 and shared >= min(2, shorter) and shared / shorter >= SHARED_AUTHORS


@lru_cache(maxsize=4096)
def _shingles(abstract: str) -> frozenset[int]:
    """The abstract's word sequences; as hashes of their place-independent text, kept within one process only."""
    words = text.words(abstract)
    return frozenset(hash(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


@lru_cache(maxsize=4096)
def _numbers(abstract: str) -> frozenset[str]:
    return registrations.numbers(abstract)


@lru_cache(maxsize=4096)
def _authors(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_author_key(name) for name in names) - {""}


def _author_key(name: str) -> str:
    """Last word of the surname and first initial, whichever way round the name is written."""
    surname, _, given = name.partition(",")
    if given.strip():
        first, last = _words(given), _words(surname)
    else:
        words = _words(name)
        first, last = words[:-1], words[-1:]
        if _ends_in_initials(words):
            first, last = last, first
    if not first or not last:
        return "".join((*first, *last)).casefold()
    return f"{last[-1]} {first[0][:1]}".casefold()


def _words(name: str) -> list[str]:
    bare = (re.sub(r"[^\w]", "", word) for word in name.split())
    return [word for word in bare if word and word.casefold() not in _SUFFIXES]


def _ends_in_initials(words: Sequence[str]) -> bool:
    """Whether a name is written as "Zhang Y" and not as "Y Zhang". In capitals throughout, one letter only tells."""
    if len(words) < 2 or not words[-1].isupper() or len(words[0]) == 1:
        return False
    return len(words[-1]) <= (1 if "".join(words).isupper() else _MOST_INITIALS)
