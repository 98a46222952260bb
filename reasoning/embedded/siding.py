"""Whether a relation speaks for or against what the question asks."""

from __future__ import annotations

from consilience.language import concepts
from consilience.records import Direction, Relation, Valence

from .scope import Scope


def answers(
    relation: Relation,
    scope: Scope,
    *,
    inactive: bool,
    named_comparator: bool,
    same: bool = False,
    related: bool = False,
) -> str:
    """Whether an on-question relation speaks for or against what the question asks, or neither.

    A comparison with another active treatment says nothing about the subject against nothing, and the reverse; but
    where the question names no comparator, more of the asked effect than another member of the same class speaks for
    it: what exceeds another's effect has one. Nor does sameness (``same``: "equally", "similar") among arms that the
    clause does not name: it may be among doses. ``related``: the clause states a relation without a direction, which
    answers a question for any relation only.
    """
    if not relation.is_directed and not (related and scope.plan.any_change):
        return "none"
    if not asked_comparison(relation, scope, inactive=inactive, named=named_comparator):
        return "for" if named_comparator and _more_than_its_kind(relation, scope) else "none"
    if relation.direction is Direction.NO_DIFFERENCE and same and not named_comparator:
        return "none"
    if scope.plan.expected is Direction.NO_DIFFERENCE:
        return "against" if relation.valence is Valence.HARM else "for"
    if relation.direction is Direction.NO_DIFFERENCE:
        return "against"
    plan = scope.plan
    if plan.any_change:
        return "for"
    if plan.expected_valence is not Valence.UNSTATED and relation.valence is not Valence.UNSTATED:
        return "for" if relation.valence is plan.expected_valence else "against"
    if plan.expected not in (None, Direction.UNSTATED) and relation.direction is not Direction.UNSTATED:
        return "for" if relation.direction is plan.expected else "against"
    return "none"


def asked_comparison(relation: Relation, scope: Scope, *, inactive: bool, named: bool) -> bool:
    """Whether the claim's comparison is the question's: with nothing active, or with the treatment that it names."""
    if scope.inactive_asked:
        return inactive or not named
    return named and concepts.holds(relation.comparator, scope.comparator)


def _more_than_its_kind(relation: Relation, scope: Scope) -> bool:
    """Whether the subject shows more of the asked effect than another member of its own class."""
    if scope.comparator or not concepts.holds(relation.comparator, scope.subject):
        return False
    plan = scope.plan
    if relation.direction is Direction.NO_DIFFERENCE:
        return False
    if Valence.UNSTATED not in (plan.expected_valence, relation.valence):
        return relation.valence is plan.expected_valence
    return plan.expected not in (None, Direction.UNSTATED) and relation.direction is plan.expected
