"""What of an abstract a model is given to read, and what of a model's words may go on.

A sentence that speaks to its reader is withheld from the model; whatever a model says of a paper has to consist of that
paper's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from consilience.language import instructions, sentences
from consilience.language.text import stems
from consilience.records import Paper

LONGEST_ABSTRACT = 12_000
"""Characters of an abstract that are put to a model; more is no abstract."""
WITHHELD = "[a sentence that addresses the reader is withheld]"
_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")


def readable(paper: Paper) -> str:
    """The abstract without sentences that speak to the reader, cut at its bound."""
    text = paper.abstract[:LONGEST_ABSTRACT]
    if not instructions.speaks_to_reader(text):
        return text
    parts: list[str] = []
    for start, end in sentences.split(text):
        sentence = text[start:end]
        parts.append(WITHHELD if instructions.speaks_to_reader(sentence) else sentence)
    return " ".join(parts)


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text as one writes them: thousands without commas, points for decimals."""
    return frozenset(_plain(match) for match in _NUMBER.findall(text))


def _plain(number: str) -> str:
    number = number.replace("·", ".").rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number):
        number = number.replace(",", "")
    return number.replace(",", ".").removeprefix("0") if number.startswith("0.") else number.replace(",", ".")


def foreign_numbers(text: str, sources: Iterable[str]) -> frozenset[str]:
    """Numbers of a text that none of its sources holds."""
    known = frozenset(n for source in sources for n in numbers_in(source))
    return numbers_in(text) - known


def share_of_words(text: str, sources: Iterable[str]) -> float:
    """The share of a text's content words that its sources hold; 1 for a text without any."""
    wanted = set(stems(text))
    known = {s for source in sources for s in stems(source)}
    return len(wanted & known) / len(wanted) if wanted else 1.0
