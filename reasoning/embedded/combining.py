"""Owns what the rules hear in a whole paper: the sentences with a side, and which side outweighs where they take both.

What is found for all outweighs what is found for some ("the lowest doses", "post hoc"). A finding on the claim's own
outcome outweighs one on another outcome of its kind. A conclusion that takes one side outweighs what leads up to it.
Where none of these tells the sides apart the paper stands on both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from consilience.language import concepts
from consilience.language.text import stems
from consilience.language.zones import Zone
from consilience.records import Claim, Span, Stance

from .ruling import Ruled, ruled_in
from .scope import PaperView, Scope

_FOR_SOME = re.compile(
    r"\bpost[- ]?hoc\b|\bsubgroups?\b|\b(?:lowest|lower|low|smaller|smallest|highest) doses?\b|"
    r"\bdoses? (?:below|under|above|of less)\b|\b(?:on|in|for) (?:at least )?some\b|\bbut not (?:on|in|at|for|among)\b|"
    r"\b(?:among|in|within) (?:the )?(?:\w+ )?(?:women|men|patients|people|adults|children|subjects|participants|"
    r"those) (?:who|with|whose|aged|on|adhering|assigned)\b|"
    r"\b(?:at|with) (?:\w+ )?\d+(?:\.\d+)?[- ]?(?:mg|g|ml)\b[^.;]*\bnot\b",
    re.IGNORECASE,
)
"""What was found for some doses, people or times only."""


class Heard(NamedTuple):
    """What the rules hear in one paper: the sentences that take a side, and the one side on which it stands.

    ``side`` is None where no sentence takes one, or both sides stay.
    """

    sentences: tuple[Span, ...]
    side: Stance | None


class _Told(NamedTuple):
    span: Span
    stance: Stance
    for_all: bool
    own_outcome: bool
    concluded: bool


_WEIGHTIER: tuple[Callable[[_Told], bool], ...] = (
    lambda t: t.for_all,
    lambda t: t.own_outcome,
    lambda t: t.concluded,
)


def heard_in(claim: Claim, view: PaperView, scope: Scope) -> Heard:
    """What the rules hear in a paper, whichever of its sentences a search brought."""
    told = [
        t
        for place, zone in zip(view.spans, view.zones, strict=True)
        for t in _told(claim, view.span(place), zone, view, scope)
    ]
    return Heard(tuple(t.span for t in told), _outweighing(told))


def _outweighing(told: list[_Told]) -> Stance | None:
    """The one side, or of two the weightier."""
    for weightier in _WEIGHTIER:
        if len({t.stance for t in told}) < 2:
            break
        told = [t for t in told if weightier(t)] or told
    sides = {t.stance for t in told}
    return sides.pop() if len(sides) == 1 else None


def _told(claim: Claim, span: Span, zone: Zone, view: PaperView, scope: Scope) -> list[_Told]:
    ruled = ruled_in(claim, span, view, scope)
    if ruled is None or ruled.stance is Stance.NEUTRAL:
        return []
    return [_Told(span, ruled.stance, _for_all(span.text, scope), _on_own(claim, ruled), zone == "conclusion")]


def _for_all(text: str, scope: Scope) -> bool:
    """Whether a sentence speaks of all who were studied, or of those whom the claim is about."""
    some = _FOR_SOME.search(text)
    return some is None or (bool(scope.population) and concepts.holds(some[0], scope.population))


def _on_own(claim: Claim, ruled: Ruled) -> bool:
    """Whether what was found has the words of the claim's own outcome."""
    asked = set(stems(claim.relation.outcome))
    return any(asked <= set(stems(outcome)) for outcome in ruled.outcomes)
