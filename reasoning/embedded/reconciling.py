"""Merges claims of several papers that say the same: one comparison, outcome and direction, without own figures."""

from __future__ import annotations

from consilience.language.text import stems
from consilience.records import Claim, Plan, Stance

from .matching import stance_of
from .scope import Scope

ALIKE = 0.5
"""Share of the smaller claim's content words that the other must hold (chosen): one text has to carry both."""


def overlap(one: str, other: str) -> float:
    """The content words that two texts share, over those of the smaller."""
    first, second = set(stems(one)), set(stems(other))
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def reconcile(plan: Plan, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """One claim for each group of equivalent claims, in the order of their first members.

    A claim with figures stays its own entry: another paper's figures are others, and one text cannot carry both. Two
    claims of one paper are never merged; a repetition within a paper is dropped.
    """
    scope = Scope(plan)
    merged: list[Claim] = []
    for claim in _without_repeats(claims):
        place = next((i for i, m in enumerate(merged) if _equivalent(m, claim, scope)), None)
        if place is None:
            merged.append(claim)
        else:
            spans = sorted((*merged[place].spans, *claim.spans), key=lambda s: (s.paper_id, s.start))
            hedged = merged[place].hedged or claim.hedged
            merged[place] = merged[place].model_copy(update={"spans": tuple(spans), "hedged": hedged})
    return tuple(merged)


def _without_repeats(claims: tuple[Claim, ...]) -> list[Claim]:
    seen: set[tuple[tuple[str, ...], str]] = set()
    kept: list[Claim] = []
    for claim in claims:
        key = (claim.paper_ids, claim.text.casefold())
        if key not in seen:
            seen.add(key)
            kept.append(claim)
    return kept


def _equivalent(one: Claim, other: Claim, scope: Scope) -> bool:
    if one.background or other.background or one.quantities or other.quantities:
        return False
    if set(one.paper_ids) & set(other.paper_ids):
        return False
    if bool(one.relation.comparator) != bool(other.relation.comparator):
        return False
    if overlap(one.text, other.text) < ALIKE:
        return False
    same = stance_of(one.relation, other.relation, scope) is Stance.SUPPORTS
    return same and one.relation.direction is other.relation.direction and one.answers == other.answers
