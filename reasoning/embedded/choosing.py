"""Which of a clause's cues is the finding on the question's outcome, and in what words the outcome stands."""

from __future__ import annotations

import re
from typing import NamedTuple

from consilience.language import concepts, directions
from consilience.language.directions import Cue
from consilience.language.text import content_words
from consilience.records import Direction

from .finding_words import (
    ABOUT_KNOWLEDGE,
    ACROSS,
    ANYONE,
    EFFECT,
    EFFICACY,
    FEARED,
    NO_EFFICACY,
    NOUN_CHANGE,
    NOUN_CUE,
    PURPOSE,
    RELATIVE,
    TIMING,
)
from .outcome_mentions import OUTCOMES, around, our_mentions, own_outcome
from .scope import INACTIVE, PaperView, Scope

_NEAR = 70
"""Characters between a cue and an outcome's mention within which the one may be about the other."""
_LEAD = re.compile(r"^\W*(?:when|after|if|because|although|since|while)\b[^,]*,", re.IGNORECASE)
"""A clause in front that tells when or why, not what was found."""


_ITEM = r"(?:(?!(?:of|in|with|for|among|after|on|from|to|than|by|at|and|or|but|was|were|is|are|had|did)\b)[\w'/-]+)"
_FIGURES = r"(?:\s*\([^()]*\))?"
_LISTED = re.compile(rf"{_FIGURES}(?:\s*(?:,|/|\band\b|\bor\b)+\s*(?:{_ITEM}\s*){{0,4}}{_FIGURES})+", re.IGNORECASE)
"""Between the first outcome of a list and a later one: "insomnia, muscle pain (12%), anxiety/fear and depression"."""


class _Reading(NamedTuple):
    """One cue read as a finding on the outcome: the lower the rank, the more surely it is about it."""

    rank: int
    start: int
    cue: Cue
    wording: str


def choose(clause: str, found: tuple[Cue, ...], view: PaperView, scope: Scope) -> tuple[Cue | None, str]:
    """The cue that is about the question's outcome, with the outcome's wording; else the clause's head cue."""
    usable = [c for c in found if _may_find(clause, c, scope) and not _depends_on_subject(clause, c, view)]
    usable = [c for c in usable if not _is_measured_change(c, usable)]
    mentions = our_mentions(clause, view)
    readings = [r for c in usable if (r := _on_outcome(clause, c, found, mentions, view)) is not None]
    if readings:
        best = min(readings, key=lambda r: (r.rank, r.start))
        return best.cue, best.wording
    head = directions.head(clause)
    return (head if head in usable else None), ""


def _may_find(clause: str, cue: Cue, scope: Scope) -> bool:
    """Whether a cue states what was found, and not an aside, a purpose, a time or what is known."""
    before, behind = clause[: cue.start], clause[cue.end :]
    if _in_brackets(clause, cue.start) or PURPOSE.search(before):
        return False
    if FEARED.search(before) and not cue.negated:
        return False
    if ABOUT_KNOWLEDGE.match(cue.target) or NOUN_CUE.match(cue.text) or TIMING.match(cue.text):
        return False
    lead = _LEAD.match(clause)
    if lead and cue.start < lead.end():
        return False
    if cue.kind == "evaluation":
        return not RELATIVE.search(before)
    return cue.kind != "relation" or _relation_finds(cue, behind, scope)


def _relation_finds(cue: Cue, behind: str, scope: Scope) -> bool:
    """Whether a bare relation is a finding: an absent effect, or any where the question asks for a relation."""
    if not (scope.plan.any_change or (cue.negated and EFFECT.match(cue.text))):
        return False
    return not ACROSS.match(behind)


def _on_outcome(
    clause: str, cue: Cue, found: tuple[Cue, ...], mentions: tuple[concepts.Mention, ...], view: PaperView
) -> _Reading | None:
    """The cue as a finding on the question's outcome; None where it is about another one, or about none."""
    named = own_outcome(cue.target, view)
    if named is False:
        listed = _further_on(clause, cue, mentions)
        if listed is None or _taken(clause, cue, listed.start, found):
            return None
        return _Reading(0, cue.start, cue, around(clause, listed.start, listed.end))
    if named:
        return _Reading(0, cue.start, cue, " ".join(cue.target.split()))
    if view.scope.asks_efficacy and EFFICACY.search(cue.text) and not NO_EFFICACY.search(_around_cue(clause, cue)):
        return _Reading(1, cue.start, cue, "efficacy")
    if _sameness_of_arms(clause, cue, view):
        return _Reading(3, cue.start, cue, "efficacy")
    near = [m for m in mentions if _gap(cue, m.start, m.end) <= _reach(cue) and _may_be_about(cue, m, view)]
    nearest = min(near, key=lambda m: _gap(cue, m.start, m.end), default=None)
    if nearest is None or _taken(clause, cue, nearest.start, found):
        return None
    wording = around(clause, nearest.start, nearest.end)
    return None if own_outcome(wording, view) is False else _Reading(2, cue.start, cue, wording)


def _further_on(clause: str, cue: Cue, mentions: tuple[concepts.Mention, ...]) -> concepts.Mention | None:
    """The outcome asked about, where it is a later one of the list that begins with what the cue is about."""
    place = clause.find(cue.target, cue.end) if cue.target else -1
    if place < 0:
        return None
    end = place + len(cue.target)
    return next((m for m in mentions if m.start >= end and _LISTED.fullmatch(clause, end, m.start)), None)


def _sameness_of_arms(clause: str, cue: Cue, view: PaperView) -> bool:
    """Whether the clause finds the subject and an inactive arm alike and names no outcome: alike in what was asked."""
    if not view.scope.asks_efficacy or cue.direction is not Direction.NO_DIFFERENCE or concepts.holds(clause, OUTCOMES):
        return False
    return concepts.holds(clause, view.subject) and concepts.holds(clause, INACTIVE)


def _in_brackets(text: str, position: int) -> bool:
    """Whether a place stands inside round brackets: an aside, not the statement."""
    before = text[:position]
    return before.count("(") > before.count(")") and ")" in text[position:]


def _around_cue(clause: str, cue: Cue) -> str:
    """The cue with its target and the two words behind it: "better tolerated" is about tolerance."""
    behind = " ".join(clause[cue.end :].split()[:2])
    return f"{cue.text} {cue.target} {behind}"


def _is_measured_change(cue: Cue, others: list[Cue]) -> bool:
    """Whether a cue is a noun that a later, negated cue is about: "a worsening of tics was no more frequent"."""
    return bool(NOUN_CHANGE.match(cue.text)) and any(o.negated and o.start > cue.end for o in others)


def _reach(cue: Cue) -> int:
    """ "A difference that was not significant" may look back over the whole clause."""
    return _NEAR * 3 if cue.negated and cue.kind == "relation" else _NEAR


def _depends_on_subject(clause: str, cue: Cue, view: PaperView) -> bool:
    """Whether the cue says what influences the subject's effect ("age did not influence the response to A")."""
    if cue.kind != "relation" or not re.match(r"influenc|affect|predict|modif|depend|alter", cue.text, re.IGNORECASE):
        return False
    passive = re.search(r"\b(?:was|were|is|are|been)\b(?:\W+\w+){0,2}\W*$", clause[: cue.start], re.IGNORECASE)
    if passive and re.match(r"\s+by\b", clause[cue.end :], re.IGNORECASE):
        return not concepts.holds(clause[cue.end :], view.subject)
    return not concepts.holds(clause[: cue.start], view.subject) and concepts.holds(clause[cue.end :], view.subject)


def _may_be_about(cue: Cue, mention: concepts.Mention, view: PaperView) -> bool:
    """Whether a cue that is itself the outcome's word ("improved") improves what was asked and not something else."""
    if mention.end <= cue.start or mention.start >= cue.end or not content_words(cue.target):
        return True
    topics = tuple(t for terms in view.scope.topics for t in terms)
    return bool(ANYONE.search(cue.target)) or concepts.holds(cue.target, (*view.outcome, *topics, *view.subject))


def _gap(cue: Cue, start: int, end: int) -> int:
    return max(start - cue.end, cue.start - end, 0)


def _taken(clause: str, cue: Cue, start: int, found: tuple[Cue, ...]) -> bool:
    """Whether another cue stands between this one and the mention, or the clause breaks there."""
    low, high = sorted((cue.start, start))
    between = re.sub(r"\([^)]*\)", "", clause[low:high])
    return any(low < c.start < high for c in found if c is not cue) or ";" in between
