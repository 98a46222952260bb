"""Where a text names the question's outcome, and where it only seems to."""

from __future__ import annotations

import re

from consilience.language import concepts

from .finding_words import AT_RISK, HEADS, IN_POPULATION, OTHER_SENSE
from .scope import TREATMENTS, PaperView

OUTCOMES = concepts.wordings_of_kind("outcome", "efficacy")
"""Every outcome that the lexicon knows: what a question did not ask about is another one."""
_KNOWN = frozenset(OUTCOMES)
_COORDINATED = re.compile(
    r"(?:(?!of\b|in\b|with\b|for\b|among\b|after\b|on\b|from\b|to\b)[\w'/-]+|,|\s)*", re.IGNORECASE
)
"""What may stand between the outcomes of a list: "anxiety, stress and depression"."""
_EFFICACY = frozenset(concepts.wordings_of_kind("efficacy"))
_HANGS_ON = re.compile(r"\s+(?:of|in|from|for)\s+(?:[\w-]+\s+){0,2}", re.IGNORECASE)
"""Between "improvement" and what improved."""
_AND = re.compile(r",|/|\band\b|\bor\b", re.IGNORECASE)


def our_mentions(text: str, view: PaperView) -> tuple[concepts.Mention, ...]:
    """Mentions of the question's outcome that are not part of another outcome's or a treatment's longer name."""
    ours = set(view.outcome)
    return tuple(m for m in _named(text, view) if m.term in ours and not _is_aside(text[: m.start]))


def _named(text: str, view: PaperView) -> tuple[concepts.Mention, ...]:
    """All outcomes in a text. What only names a treatment is none: "cognitive behavioral therapy" is no cognition."""
    terms = tuple(dict.fromkeys((*view.outcome, *OUTCOMES, *TREATMENTS)))
    return tuple(m for m in concepts.find(text, terms) if m.term in view.outcome or m.term in _KNOWN)


def _is_aside(before: str) -> bool:
    """Whether what stands before a mention makes it a population ("women at risk of"), or another thing altogether."""
    return any(pattern.search(before) for pattern in (AT_RISK, IN_POPULATION, OTHER_SENSE))


def around(clause: str, start: int, end: int) -> str:
    """The mention with the head it hangs on: "free of headache", "risk of fracture"."""
    head = HEADS.search(clause[:start])
    return clause[head.start() if head else start : end]


def own_outcome(phrase: str, view: PaperView) -> bool | None:
    """Whether the phrase is about the question's outcome (True), about another one (False), or names none (None).

    The first outcome named is the phrase's head: in "recurrence among responders" it is the recurrence. But each of a
    list ("anxiety and depression") is one, and "improvement in" is said of what follows.
    """
    if not phrase:
        return None
    ours = our_mentions(phrase, view)
    others = [m for m in _named(phrase, view) if m.term not in view.outcome]
    if not ours:
        return False if others else None
    if others and (others[0].start, -others[0].end) < (ours[0].start, -ours[0].end):
        between = phrase[others[0].end : ours[0].start]
        if others[0].term in _EFFICACY and _HANGS_ON.fullmatch(between):
            return True
        return bool(_AND.search(between) and _COORDINATED.fullmatch(between))
    return True
