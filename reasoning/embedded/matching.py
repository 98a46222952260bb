"""Whether two findings are about the same comparison and the same outcome, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from consilience.language import concepts
from consilience.language.text import stems
from consilience.records import Direction, Relation, Stance, Valence

from .outcome_kinds import covers_site, groups, is_part, narrowest, share_words
from .outcome_mentions import OUTCOMES
from .scope import INACTIVE, TREATMENTS, Scope


def stance_of(claim: Relation, other: Relation, scope: Scope) -> Stance:
    """What ``other`` says about ``claim``: NEUTRAL unless subject, comparator and outcome are the same."""
    if not (same_subject(claim.subject, other.subject, scope) and same_comparator(claim.comparator, other.comparator)):
        return Stance.NEUTRAL
    if not same_outcome(claim.outcome, other.outcome, scope):
        return Stance.NEUTRAL
    if claim.direction is other.direction is Direction.NO_DIFFERENCE and is_part(claim.outcome, other.outcome):
        return Stance.NEUTRAL  # who drives as well as on placebo may still be sleepier
    return _agreement(claim, other, any_change=scope.plan.any_change)


def _agreement(one: Relation, other: Relation, *, any_change: bool) -> Stance:
    """Same direction or valence supports; the opposite refutes; so does a difference against no difference.

    Where the question is for any relation (``any_change``), one without a direction stands against no difference, and
    a relation in whatever direction bears it out.
    """
    nothing = (one.direction is Direction.NO_DIFFERENCE, other.direction is Direction.NO_DIFFERENCE)
    if all(nothing):
        return Stance.SUPPORTS
    if any(nothing):
        told = other if nothing[0] else one
        return Stance.REFUTES if any_change or told.is_directed else Stance.NEUTRAL
    if any_change and not one.is_directed:
        return Stance.SUPPORTS
    if Valence.UNSTATED not in (one.valence, other.valence):
        return Stance.SUPPORTS if one.valence is other.valence else Stance.REFUTES
    if Direction.UNSTATED in (one.direction, other.direction):
        return Stance.NEUTRAL
    return Stance.SUPPORTS if one.direction is other.direction else Stance.REFUTES


def same_subject(one: str, other: str, scope: Scope) -> bool:
    """The same agent, one wording within the other, or one of them the whole class that the question asks about."""
    if not one or not other:
        return False
    first, second = _names(one, scope), _names(other, scope)
    if first & second:
        return True
    if _is_class(first) or _is_class(second):
        return bool(first and second)
    bags = frozenset(stems(one)), frozenset(stems(other))
    return bool(bags[0] and bags[1]) and (bags[0] <= bags[1] or bags[1] <= bags[0])


def _names(phrase: str, scope: Scope) -> frozenset[str]:
    terms = scope.subject or TREATMENTS
    return canonical(m.term for m in concepts.find(phrase, terms))


def canonical(terms: Iterable[str]) -> frozenset[str]:
    """The treatments that terms name, one name for all wordings of one treatment ("acetylsalicylic acid": aspirin)."""
    return frozenset(_first_name(term) for term in terms)


@lru_cache(maxsize=4096)
def _first_name(term: str) -> str:
    return next((c.names[0] for c in concepts.of_kind("treatment") if term in c.names), term)


@lru_cache(maxsize=1024)
def _members(names: frozenset[str]) -> frozenset[str]:
    return canonical(m for c in concepts.of_kind("treatment") if c.names[0] in names for m in c.members)


@lru_cache(maxsize=4096)
def _is_class(names: frozenset[str]) -> bool:
    return any(n in c.names and c.members for n in names for c in concepts.of_kind("treatment"))


def same_comparator(one: str, other: str) -> bool:
    """Both inactive or unnamed, or the same active treatment, or ``other`` of the class that ``one`` names."""
    nothing = [not c or concepts.holds(c, INACTIVE) for c in (one, other)]
    if all(nothing):
        return True
    named = [canonical(m.term for m in concepts.find(c, TREATMENTS)) for c in (one, other)]
    if any(nothing) and not all(named):
        return False
    if named[0] and named[1]:
        return bool((named[0] | _members(named[0])) & named[1])
    return bool(set(stems(one)) & set(stems(other)))


def same_outcome(one: str, other: str, scope: Scope) -> bool:
    """Whether ``other`` is the outcome ``one``: by the lexicon's concepts and sites, else by its telling words.

    For a question about efficacy all wordings of efficacy are one outcome. Else a part ("memory") and the whole
    ("cognition") are different outcomes, and so are two parts. An outcome at one site ("hip fracture") is one of its
    kind, not the reverse.
    """
    if not one or not other:
        return False
    if scope.asks_efficacy and True in (found := (_efficacy(one, scope), _efficacy(other, scope))):
        return all(found)
    if not covers_site(one, other):
        return False
    named = narrowest(one), groups(other)
    return bool(named[0] & named[1]) if named[0] and named[1] else share_words(one, other)


def _efficacy(phrase: str, scope: Scope) -> bool:
    """Whether the first outcome that the phrase names is that something got better, as the question asks."""
    named = concepts.find(phrase, tuple(dict.fromkeys((*scope.outcome, *OUTCOMES))))
    return phrase == "efficacy" or (bool(named) and concepts.holds(named[0].text, scope.outcome))
