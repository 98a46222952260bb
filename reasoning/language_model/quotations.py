"""Finds a model's quotation in an abstract: exact, after folding of Unicode and white space, with offsets mapped back.

What does not stand there is no quotation. Nothing is repaired: a word changed, left out or added makes it none.
"""

from __future__ import annotations

import unicodedata

from consilience.records import Paper, Span

_SIGNS = {
    "‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "⋅": "·",
}  # fmt: skip


def locate(quotation: str, paper: Paper) -> Span | None:
    """The span of the abstract that holds the quotation's characters, the first of several; None where none does.

    Compatibility forms (NFKC), dashes, quotation marks and runs of white space count as alike; case does not.
    """
    wanted = _folded(quotation)[0].strip()
    if not wanted:
        return None
    text, places = _folded(paper.abstract)
    start = text.find(wanted)
    if start < 0:
        return None
    first, last = places[start], places[start + len(wanted) - 1]
    end = _end_of(paper.abstract, last)
    return Span(paper_id=paper.id, start=first, end=end, text=paper.abstract[first:end])


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the place it came from."""
    out: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for folded in unicodedata.normalize("NFKC", character):
            sign = _SIGNS.get(folded, folded)
            if sign.isspace():
                if out and out[-1] == " ":
                    continue
                sign = " "
            out.append(sign)
            places.append(place)
    return "".join(out), places


def _end_of(text: str, last: int) -> int:
    """The end behind the last character, with the marks that combine with it."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end
