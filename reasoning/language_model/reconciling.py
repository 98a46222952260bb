"""Equivalent claims by a language model, within bounds that rules set: it proposes groups, the rules admit members."""

from __future__ import annotations

from consilience.reasoning.base import Outcome, Reasoner
from consilience.reasoning.embedded.reconciling import overlap
from consilience.records import Claim, Plan

from . import showing
from .answers import GroupAnswer, ReconcileAnswer
from .asking import Asker
from .showing import Handles
from .standing_in import or_rules

_ALIKE = 0.3
"""Share of the smaller claim's words that the other must hold (chosen): a model merges by meaning, not at will."""
_SAME = 0.5
"""Share of the shorter comparator's words that the other must hold (chosen): "placebo", "a placebo tablet"."""
_MOST = 120
"""Claims that one call compares; the others stand for themselves."""


async def reconcile(asker: Asker, rules: Reasoner, plan: Plan, claims: tuple[Claim, ...]) -> Outcome[tuple[Claim, ...]]:
    """One claim for each group of equivalent claims, in the order of their first members."""
    shown = Handles("C", tuple(c for c in claims if _may_merge(c))[:_MOST])
    if len(shown.items) < 2:
        return Outcome(value=claims)
    asked = await asker.ask(
        "reconcile",
        "extractor",
        ReconcileAnswer,
        {"question": plan.question, "plan": showing.plan(plan), "claims": showing.claims(shown)},
    )
    return await or_rules(asked, lambda answer: merge(claims, answer, shown), lambda: rules.reconcile(plan, claims))


def _may_merge(claim: Claim) -> bool:
    """A claim with figures stays its own entry: one text cannot carry another paper's figures."""
    return not claim.background and not claim.quantities


def merge(claims: tuple[Claim, ...], answer: ReconcileAnswer, shown: Handles[Claim]) -> tuple[Claim, ...]:
    """The claims with each admitted group as one: its first member with every member's spans."""
    taken: set[str] = set()
    merged: dict[str, Claim] = {}
    for group in answer.groups:
        members = _members(group, shown, taken)
        if len(members) > 1:
            first = members[0]
            spans = sorted((s for m in members for s in m.spans), key=lambda s: (s.paper_id, s.start))
            hedged = any(m.hedged for m in members)
            merged[first.id] = first.model_copy(update={"spans": tuple(spans), "hedged": hedged})
            taken.update(m.id for m in members)
    gone = taken - set(merged)
    return tuple(merged.get(claim.id, claim) for claim in claims if claim.id not in gone)


def _members(group: GroupAnswer, shown: Handles[Claim], taken: set[str]) -> list[Claim]:
    """The group's members that say what its first says: other papers', same direction, side and comparison."""
    named = [c for c in map(shown.find, dict.fromkeys(group.claims)) if c is not None and c.id not in taken]
    members: list[Claim] = []
    for claim in named:
        if not members or _equivalent(members, claim):
            members.append(claim)
    return members


def _equivalent(members: list[Claim], claim: Claim) -> bool:
    first, papers = members[0], {p for m in members for p in m.paper_ids}
    return (
        not papers & set(claim.paper_ids)
        and claim.relation.direction is first.relation.direction
        and claim.relation.valence is first.relation.valence
        and _same_comparator(claim.relation.comparator, first.relation.comparator)
        and len({m.subjects for m in (*members, claim)} - {"unstated"}) < 2
        and claim.answers == first.answers
        and overlap(claim.text, first.text) >= _ALIKE
    )


def _same_comparator(one: str, other: str) -> bool:
    """Whether both compare with nothing that they name, or with what shares half of its words."""
    return overlap(one, other) >= _SAME if one and other else one == other
