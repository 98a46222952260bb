"""Where a text names the question's outcome, and where it only seems to."""

from __future__ import annotations

from consilience.language import concepts

from .finding_words import AT_RISK, HEADS, IN_POPULATION, OTHER_SENSE
from .scope import PaperView

OUTCOMES = concepts.wordings_of_kind("outcome", "efficacy")
"""Every outcome that the lexicon knows: what a question did not ask about is another one."""


def our_mentions(text: str, view: PaperView) -> tuple[concepts.Mention, ...]:
    """Mentions of the question's outcome that are not part of another outcome's longer name."""
    ours = set(view.outcome)
    both = concepts.find(text, tuple(dict.fromkeys((*view.outcome, *OUTCOMES))))
    return tuple(m for m in both if m.term in ours and not _is_aside(text[: m.start]))


def _is_aside(before: str) -> bool:
    """Whether what stands before a mention makes it a population ("women at risk of"), or another thing altogether."""
    return any(pattern.search(before) for pattern in (AT_RISK, IN_POPULATION, OTHER_SENSE))


def around(clause: str, start: int, end: int) -> str:
    """The mention with the head it hangs on: "free of headache", "risk of fracture"."""
    head = HEADS.search(clause[:start])
    return clause[head.start() if head else start : end]


def own_outcome(phrase: str, view: PaperView) -> bool | None:
    """Whether the phrase is about the question's outcome (True), about another one (False), or names none (None).

    The first outcome named is the phrase's head: in "recurrence among responders" it is the recurrence.
    """
    if not phrase:
        return None
    ours, all_ours = our_mentions(phrase, view), set(view.outcome)
    others = [m for m in concepts.find(phrase, OUTCOMES) if m.term not in all_ours]
    if others and (not ours or (others[0].start, -others[0].end) < (ours[0].start, -ours[0].end)):
        return False
    return True if ours else None
