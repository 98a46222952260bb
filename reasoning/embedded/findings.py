"""What a clause finds about the question: which outcome, in which direction, in whose favour."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consilience.language import concepts, directions, polarity
from consilience.language.directions import Cue
from consilience.language.text import content_words
from consilience.records import Direction, Relation, Valence

from . import arms as arms_of
from .arm_figures import direction_by_numbers, direction_by_ratio
from .arms import Arms
from .finding_words import (
    ABOUT_KNOWLEDGE,
    ACROSS,
    ALIKE,
    ANYONE,
    AT_RISK,
    BASELINE,
    EFFECT,
    EFFICACY,
    GOOD_HEAD,
    HEADS,
    IN_POPULATION,
    NO_EFFICACY,
    NOUN_CHANGE,
    NOUN_CUE,
    OTHER_SENSE,
    PURPOSE,
    RELATIVE,
    SUBGROUPS,
    TIMING,
)
from .scope import INACTIVE, PaperView, Scope

OUTCOMES = tuple(w for w in concepts.wordings_of_kind("outcome", "efficacy"))
_NEAR = 70
"""Characters between a cue and an outcome's mention within which the one may be about the other."""


@dataclass(frozen=True)
class Finding:
    """A clause's relation, and whether it bears the question's subject and its outcome."""

    relation: Relation
    arms: Arms
    on_outcome: bool
    cue: Cue | None
    comparative: bool

    @property
    def on_subject(self) -> bool:
        """Whether the clause itself names the question's subject as one of the arms."""
        return bool(self.arms.subject)


def read(clause: str, view: PaperView, scope: Scope) -> Finding | None:
    """The clause's finding; None where it states no direction, in words or in the arms' numbers."""
    if SUBGROUPS.search(clause):
        return None
    found = directions.cues(clause)
    cue, outcome = _choose(clause, found, view, scope)
    if cue is None:
        return _by_numbers(clause, view)
    if cue.kind == "same" and BASELINE.search(clause):
        return None
    alike = cue.kind == "same" or bool(ALIKE.search(clause[: cue.start]))
    arms = arms_of.read(clause, view, cue.start, alike=alike)
    direction, valence = _meaning(cue, outcome)
    if alike and arms.comparator:
        direction, valence = Direction.NO_DIFFERENCE, Valence.NEUTRAL
    if arms.swapped:
        direction, valence = _flip(direction), _turn(valence)
    relation = Relation(
        subject=arms.subject or _phrase_before(arms.left or clause, cue),
        comparator=arms.comparator,
        outcome=outcome or cue.target,
        population="",
        direction=direction,
        valence=valence,
    )
    comparative = _is_comparative(cue)
    return Finding(relation, arms, bool(outcome), cue, comparative)


def _choose(clause: str, found: tuple[Cue, ...], view: PaperView, scope: Scope) -> tuple[Cue | None, str]:
    """The cue that is about the question's outcome, with the outcome's wording; else the clause's head cue."""
    lead = re.match(r"^\W*(?:when|after|if|because|although|since|while)\b[^,]*,", clause, re.IGNORECASE)
    usable = [
        c
        for c in found
        if (c.kind != "relation" or (c.negated and EFFECT.match(c.text)) or scope.plan.any_change)
        and not _in_brackets(clause, c.start)
        and not ABOUT_KNOWLEDGE.match(c.target)
        and not PURPOSE.search(clause[: c.start])
        and not (c.kind == "relation" and ACROSS.match(clause[c.end :]))
        and not NOUN_CUE.match(c.text)
        and not (lead and c.start < lead.end())
        and not TIMING.match(c.text)
        and not (c.kind == "evaluation" and RELATIVE.search(clause[: c.start]))
        and not _depends_on_subject(clause, c, view)
    ]
    usable = [c for c in usable if not _is_measured_change(c, usable)]
    mentions = _our_mentions(clause, view)
    best: tuple[int, int, Cue, str] | None = None
    for cue in usable:
        named = _own_outcome(cue.target, view)
        if named is False:
            continue
        if named:
            rank, wording = 0, _widen(cue.target)
        elif scope.asks_efficacy and EFFICACY.search(cue.text) and not NO_EFFICACY.search(_around_cue(clause, cue)):
            rank, wording = 1, "efficacy"
        elif _sameness_of_arms(clause, cue, view, scope):
            rank, wording = 3, "efficacy"
        else:
            near = sorted(
                (m for m in mentions if _gap(cue, m.start, m.end) <= _reach(cue) and _may_be_about(cue, m, view)),
                key=lambda m: _gap(cue, m.start, m.end),
            )
            if not near or _taken(clause, cue, near[0].start, found):
                continue
            rank, wording = 2, _around(clause, near[0].start, near[0].end)
            if _own_outcome(wording, view) is False:
                continue
        candidate = (rank, cue.start, cue, wording)
        if best is None or candidate[:2] < best[:2]:
            best = candidate
    if best is not None:
        return best[2], best[3]
    head = directions.head(clause)
    return (head if head in usable else None), ""


def _sameness_of_arms(clause: str, cue: Cue, view: PaperView, scope: Scope) -> bool:
    """Whether the clause finds the subject and an inactive arm alike and names no outcome: alike in what was asked."""
    if not scope.asks_efficacy or cue.direction is not Direction.NO_DIFFERENCE or concepts.holds(clause, OUTCOMES):
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


def _our_mentions(text: str, view: PaperView) -> tuple[concepts.Mention, ...]:
    """Mentions of the question's outcome that are not part of another outcome's longer name."""
    ours = set(view.outcome)
    both = concepts.find(text, tuple(dict.fromkeys((*view.outcome, *OUTCOMES))))
    return tuple(m for m in both if m.term in ours and not _is_aside(text[: m.start]))


def _is_aside(before: str) -> bool:
    """Whether what stands before a mention makes it a population ("women at risk of"), or another thing altogether."""
    return any(pattern.search(before) for pattern in (AT_RISK, IN_POPULATION, OTHER_SENSE))


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


def _around(clause: str, start: int, end: int) -> str:
    """The mention with the head it hangs on: "free of headache", "risk of fracture"."""
    head = HEADS.search(clause[:start])
    return clause[head.start() if head else start : end]


def _own_outcome(phrase: str, view: PaperView) -> bool | None:
    """Whether the phrase is about the question's outcome (True), about another one (False), or names none (None).

    The first outcome named is the phrase's head: in "recurrence among responders" it is the recurrence.
    """
    if not phrase:
        return None
    ours, all_ours = _our_mentions(phrase, view), set(view.outcome)
    others = [m for m in concepts.find(phrase, OUTCOMES) if m.term not in all_ours]
    if others and (not ours or (others[0].start, -others[0].end) < (ours[0].start, -ours[0].end)):
        return False
    return True if ours else None


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


def _widen(target: str) -> str:
    return " ".join(target.split())


def _meaning(cue: Cue, outcome: str) -> tuple[Direction, Valence]:
    """Direction and valence, each completed from the other through the outcome's polarity."""
    if cue.negated or cue.direction is Direction.NO_DIFFERENCE:
        return Direction.NO_DIFFERENCE, Valence.NEUTRAL
    sign = polarity.of_outcome(outcome) if outcome else "unknown"
    if outcome == "efficacy" or GOOD_HEAD.match(outcome):
        sign = "good"
    direction, valence = cue.direction, cue.valence
    if direction is Direction.UNSTATED and valence is not Valence.UNSTATED:
        direction = polarity.implied(valence, sign)
    if valence is Valence.UNSTATED and direction is not Direction.UNSTATED:
        valence = polarity.valence(direction, sign)
    return direction, valence


def _by_numbers(clause: str, view: PaperView) -> Finding | None:
    direction, arms = direction_by_numbers(clause, view)
    if direction is Direction.UNSTATED:
        direction, arms = direction_by_ratio(clause, view)
    if direction is Direction.UNSTATED:
        return None
    mentions = _our_mentions(clause, view)
    outcome = mentions[0].text if mentions else ""
    valence = polarity.valence(direction, polarity.of_outcome(outcome) if outcome else "unknown")
    relation = Relation(
        subject=arms.subject,
        comparator=arms.comparator,
        outcome=outcome,
        direction=direction,
        valence=valence,
    )
    return Finding(relation, arms, bool(outcome), None, True)


def _flip(direction: Direction) -> Direction:
    return {Direction.INCREASE: Direction.DECREASE, Direction.DECREASE: Direction.INCREASE}.get(direction, direction)


def _turn(valence: Valence) -> Valence:
    return {Valence.BENEFIT: Valence.HARM, Valence.HARM: Valence.BENEFIT}.get(valence, valence)


def _is_comparative(cue: Cue) -> bool:
    """Whether the cue needs a second arm: "higher", "superior", "more frequent"; not "improved"."""
    return bool(
        re.match(
            r"(?:\w+er\b|more|less|fewer|superior|inferior|better|worse|differ|outperform|exceed|beat)",
            cue.text,
            re.I,
        )
    ) and not re.match(r"(?:lower(?:ed|s|ing)|ever|never|after)", cue.text, re.IGNORECASE)


def _phrase_before(left: str, cue: Cue) -> str:
    """A rough subject for background claims: the words in front of the cue."""
    words = left[: cue.start].split() if cue.start <= len(left) else left.split()
    return " ".join(words[-12:]).strip(" ,;:")
