"""What a clause finds about the question: which outcome, in which direction, in whose favour."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consilience.language import directions, polarity
from consilience.language.directions import Cue
from consilience.records import Direction, Relation, Valence

from . import arms as arms_of
from .arm_figures import direction_by_numbers, direction_by_ratio
from .arms import Arms
from .choosing import choose
from .finding_words import ALIKE, AT_BASELINE, BASELINE, GOOD_HEAD, GROUPED_BY, RELATED, SUBGROUPS
from .outcome_mentions import around, our_mentions
from .scope import PaperView, Scope


@dataclass(frozen=True)
class Finding:
    """A clause's relation, and whether it bears the question's subject and its outcome."""

    relation: Relation
    arms: Arms
    on_outcome: bool
    cue: Cue | None
    comparative: bool


def read(clause: str, view: PaperView, scope: Scope) -> Finding | None:
    """The clause's finding; None where it states no direction, in words or in the arms' numbers."""
    if SUBGROUPS.search(clause):
        return None
    found = directions.cues(clause)
    cue, outcome = choose(clause, found, view, scope)
    outcome = view.spelled(outcome)
    if cue is None:
        return _by_numbers(clause, view)
    if (cue.kind == "same" and BASELINE.search(clause)) or (cue.kind == "relation" and AT_BASELINE.search(clause)):
        return None
    alike = cue.kind == "same" or bool(ALIKE.search(clause[: cue.start]))
    joint = not (alike or cue.negated or cue.kind == "relation" or _is_comparative(cue))
    arms = arms_of.read(clause, view, cue.start, alike=alike, joint=joint)
    direction, valence = _meaning(cue, outcome)
    if alike and arms.comparator:
        direction, valence = Direction.NO_DIFFERENCE, Valence.NEUTRAL
    if arms.swapped:
        direction, valence = direction.opposite, valence.opposite
    relation = Relation(
        subject=view.spelled(arms.subject) or arms.added or _phrase_before(arms.left or clause, cue),
        comparator=arms.comparator,
        outcome=outcome or cue.target,
        direction=direction,
        valence=valence,
    )
    comparative = _is_comparative(cue) and not (RELATED.search(clause[: cue.start]) and not view.others)
    return Finding(relation, arms, bool(outcome), cue, comparative)


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
    mentions = [m for m in our_mentions(clause, view) if not GROUPED_BY.search(clause[: m.start])]
    outcome = view.spelled(around(clause, mentions[0].start, mentions[0].end)) if mentions else ""
    valence = polarity.valence(direction, polarity.of_outcome(outcome) if outcome else "unknown")
    relation = Relation(
        subject=view.spelled(arms.subject),
        comparator=arms.comparator,
        outcome=outcome,
        direction=direction,
        valence=valence,
    )
    return Finding(relation, arms, bool(outcome), None, True)


def _is_comparative(cue: Cue) -> bool:
    """Whether the cue needs a second arm: "higher", "superior", "more frequent"; not "improved"."""
    return bool(
        re.match(
            r"(?:\w+er\b|more\b|less\b|fewer|superior|inferior|better|worse\b|differ|outperform|exceed|beat)",
            cue.text,
            re.I,
        )
    ) and not re.match(r"(?:lower(?:ed|s|ing)|ever|never|after)", cue.text, re.IGNORECASE)


def _phrase_before(left: str, cue: Cue) -> str:
    """A rough subject for background claims: the words in front of the cue."""
    words = left[: cue.start].split() if cue.start <= len(left) else left.split()
    return " ".join(words[-12:]).strip(" ,;:")
