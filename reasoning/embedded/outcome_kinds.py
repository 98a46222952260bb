"""What kind of outcome a phrase names, and at which site of the body: what makes two outcomes one."""

from __future__ import annotations

import re
from functools import lru_cache

from consilience.language import concepts
from consilience.language.text import stems

_EMPTY = frozenset(
    stems(
        "patients subjects women men results significantly group groups likewise authors both adults children people "
        "participants"
    )
)
"""Words that stand beside an outcome and are none."""
_MEASURES = frozenset(
    stems(
        "risk rate incidence frequency severity number proportion percentage score level index measure odds prevalence "
        "occurrence symptoms test scale total mean overall amount degree development disease disorder condition "
        "illness syndrome problem event"
    )
)
"""Words that say how an outcome was counted, or only that it is one, not which."""
_END_OF_HEAD = re.compile(
    r"\s(?:of|in|for|to|from|with|during|at|after|on|under|by|among|as|than|when)\s|[,;(]", re.IGNORECASE
)
_SITES = concepts.wordings_of_kind("site")


@lru_cache(maxsize=8192)
def groups(phrase: str) -> frozenset[str]:
    """The lexicon's names for the outcomes in a phrase: the concept's first name, or the member's own."""
    found: set[str] = set()
    for concept in concepts.of_kind("outcome", "efficacy"):
        if concepts.holds(phrase, concept.names):
            found.add(concept.names[0])
        found.update(m for m in concept.members if concepts.holds(phrase, (m,)))
    return frozenset(found)


@lru_cache(maxsize=8192)
def narrowest(phrase: str) -> frozenset[str]:
    """The lexicon's names for what a phrase names, without kinds of which it names one only.

    Driving is one of the things by which sedation is told; what tells of sedation otherwise tells nothing of driving.
    """
    found, known = groups(phrase), concepts.of_kind("outcome")
    heads = found & {c.names[0] for c in known}
    return found - {c.names[0] for c in known if heads & set(c.names[1:])} or found


def is_named(outcome: str, text: str) -> bool:
    """Whether a text names an outcome at all, by one of its telling words or as the lexicon does."""
    return bool(_content(outcome) & set(stems(text)) or groups(outcome) & groups(text))


def is_part(claimed: str, found: str) -> bool:
    """Whether what was found is one of the things by which the claimed outcome is told, and not that itself."""
    whole, part = narrowest(claimed), narrowest(found)
    return bool(whole and part) and not whole & part and bool(whole & groups(found))


@lru_cache(maxsize=8192)
def sites(phrase: str) -> frozenset[str]:
    """The sites of the body that a phrase names, each by the first name of its concept."""
    named = {m.term for m in concepts.find(phrase, _SITES)}
    return frozenset(c.names[0] for c in concepts.of_kind("site") if named & set(c.names))


def covers_site(claimed: str, found: str) -> bool:
    """Whether what was found at ``found``'s sites is at one of ``claimed``'s, or ``claimed`` names none.

    A hip fracture is a fracture, but fractures are not all of the hip.
    """
    wanted = sites(claimed)
    return not wanted or bool(sites(found) & (wanted | _within(wanted)))


@lru_cache(maxsize=1024)
def _within(wanted: frozenset[str]) -> frozenset[str]:
    """The sites that lie within others."""
    return frozenset(m for c in concepts.of_kind("site") if c.names[0] in wanted for m in c.members)


def share_words(one: str, other: str) -> bool:
    """Whether two outcomes that the lexicon does not know are one by their words: one within the other, or one head.

    A word in common is not enough: breast discomfort is no breast cancer.
    """
    first, second = (frozenset(stems(phrase)) - _EMPTY for phrase in (one, other))
    if first and first == second:
        return True
    if first <= second or second <= first:
        return bool((first & second) - _MEASURES - _site_words(one))
    return bool(_head(one) & _head(other))


def _content(phrase: str) -> frozenset[str]:
    """The stems of the words that tell which outcome it is; of a phrase of measures alone, those."""
    words = frozenset(stems(phrase)) - _EMPTY
    return words - _MEASURES or words


def _head(phrase: str) -> frozenset[str]:
    """The stem of the phrase's head noun: the last telling word before a preposition."""
    content = _content(phrase)
    for part in _END_OF_HEAD.split(phrase):
        telling = [s for s in stems(part) if s in content]
        if telling:
            return frozenset(telling[-1:])
    return frozenset()


def _site_words(phrase: str) -> frozenset[str]:
    """The stems of the words that only say where: "breast" names no outcome."""
    return frozenset(s for m in concepts.find(phrase, _SITES) for s in stems(m.text))
