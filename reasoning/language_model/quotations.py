"""Finds a model's quotation in an abstract: exact, after folding of Unicode and white space, with offsets mapped back.

What does not stand there is no quotation. Nothing is repaired: a word or a number changed, left out, added or cut makes
it none ("effective" is no quotation of "ineffective", nor "15" one of "15.5").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from consilience.records import Paper, Span

_SIGNS = {
    "‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "⋅": "·",
}  # fmt: skip
_INSIDE_NUMBERS = ".,·"


def locate(quotation: str, paper: Paper) -> Span | None:
    """The span of the abstract that holds the quotation's characters, the first of several; None where none does.

    Compatibility and composed forms, dashes, quotation marks, runs of white space and signs that show nothing count as
    alike; case does not.
    """
    wanted = "".join(sign for sign, _ in _folded(quotation)).rstrip()
    if not unicodedata.combining(wanted[1:2] or " "):  # a space that carries a mark is no margin
        wanted = wanted.lstrip()
    if not any(sign.isalnum() for sign in wanted):
        return None
    text, places = _compared(paper.abstract)
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if not _is_torn(text, places, start) and not _is_torn(text, places, end):
            first, last = min(places[start:end]), max(places[start:end])
            return Span(paper_id=paper.id, start=first, end=last + 1, text=paper.abstract[first : last + 1])
        start = text.find(wanted, start + 1)
    return None


@lru_cache(maxsize=128)
def _compared(text: str) -> tuple[str, tuple[int, ...]]:
    """A text as it is compared, and for each of its characters the place it came from; kept for its next claim."""
    folded = list(_folded(text))
    return "".join(sign for sign, _ in folded), tuple(place for _, place in folded)


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """The characters as they are compared, each with the place it came from."""
    marks: list[tuple[str, int]] = []
    spaced = False
    for sign, place in _taken_apart(text):
        if unicodedata.combining(sign):
            marks.append((sign, place))
            spaced = False
            continue
        yield from _ordered(marks)
        marks.clear()
        if not sign.isspace():
            yield sign, place
        elif not spaced:
            yield " ", place
        spaced = sign.isspace()
    yield from _ordered(marks)


def _taken_apart(text: str) -> Iterator[tuple[str, int]]:
    for place, character in enumerate(text):
        for sign in unicodedata.normalize("NFKD", character):
            if unicodedata.category(sign) != "Cf":
                yield _SIGNS.get(sign, sign), place


def _ordered(marks: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Marks that combine with one letter, in the canonical order."""
    return sorted(marks, key=lambda mark: unicodedata.combining(mark[0]))


def _is_torn(text: str, places: Sequence[int], cut: int) -> bool:
    """Whether a cut before that character goes through a letter, a word or a number."""
    if cut in (0, len(text)):
        return False
    before, after = text[cut - 1], text[cut]
    if places[cut - 1] == places[cut] or unicodedata.combining(after):
        return True
    held = unicodedata.combining(before) or before.isalnum()
    if held and after.isalnum():
        return True
    if after.isdigit() and before in ".·":
        return True
    if after.isdigit() and before == "-":
        return cut < 2 or not (text[cut - 2].isalnum() or text[cut - 2] in "%)")
    within = before.isdigit() and after in _INSIDE_NUMBERS and text[cut + 1 : cut + 2].isdigit()
    return within or (after.isdigit() and before in _INSIDE_NUMBERS and cut > 1 and text[cut - 2].isdigit())
