"""What of an abstract a model is given to read, and what of a model's words may go on.

A sentence that speaks to its reader is withheld from the model; whatever a model says of a paper has to consist of that
paper's words.
"""

from __future__ import annotations

from collections.abc import Iterable

from consilience.language import directions, instructions, sentences
from consilience.reasoning.embedded.panel import wording
from consilience.records import Direction, Paper, Span

LONGEST_ABSTRACT = 12_000
"""Characters of an abstract that are put to a model; more is no abstract."""
WITHHELD = "[a sentence that addresses the reader is withheld]"


def readable(paper: Paper) -> str:
    """The abstract without sentences that speak to the reader, cut at its bound."""
    text = paper.abstract[:LONGEST_ABSTRACT]
    spans = sentences.split(text)
    if not any(instructions.demands(text[start:end]) for start, end in spans):
        return text
    return " ".join(WITHHELD if instructions.demands(text[a:b]) else text[a:b] for a, b in spans)


def is_withheld(span: Span, paper: Paper) -> bool:
    """Whether a passage lies, in whole or in part, in a sentence that no model was given to read."""
    text = paper.abstract
    held = (text[a:b] for a, b in sentences.split(text) if a < span.end and span.start < b)
    return any(map(instructions.demands, held))


def reports(passage: str) -> bool:
    """Whether a passage can be a finding by its form: no order, no word to its reader, no question, no exclamation."""
    return not instructions.demands(passage) and not instructions.asks(passage)


def other_direction(text: str, sources: Iterable[str], known: Iterable[Direction] = ()) -> bool:
    """Whether a text tells a direction, and its sources (or ``known``, what was read of them) others only."""
    told = directions.overall(text)
    if told is Direction.UNSTATED:
        return False
    held = {d for source in sources for d in _directions(source)} | (set(known) - {Direction.UNSTATED})
    return bool(held) and told not in held


def _directions(source: str) -> set[Direction]:
    said = {directions.overall(source), *(cue.direction for cue in directions.cues(source))}
    return said - {Direction.UNSTATED}


def share_of_words(text: str, sources: Iterable[str]) -> float:
    """The share of a text's content words that its sources hold together; 1 for a text without any."""
    return wording.overlap(text, "\n".join(sources))
