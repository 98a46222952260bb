"""Owns what the rules read in one passage about a claim: from its findings to one stance, or to none."""

from __future__ import annotations

from typing import NamedTuple

from consilience.language import concepts
from consilience.records import Claim, GivenClaim, Span, Stance, StudyDesign

from .carried import whole_findings
from .extracting import states_result
from .findings import Finding
from .matching import stance_of
from .scope import CONTROLS, INACTIVE, PaperView, Scope

_OPPOSITE = {Stance.SUPPORTS: Stance.REFUTES, Stance.REFUTES: Stance.SUPPORTS}


class Ruled(NamedTuple):
    """The stance that the rules read in a passage, and the outcomes of the findings that take it."""

    stance: Stance
    outcomes: tuple[str, ...] = ()


def ruled_in(claim: Claim, span: Span, view: PaperView, scope: Scope) -> Ruled | None:
    """The rules' reading; None where one side holds no relation that could be compared."""
    if not states_result(span, view):
        return Ruled(Stance.NEUTRAL)
    if scope.is_open or not _has_relation(claim, scope):
        return None
    told: dict[Stance, list[str]] = {}
    for finding in whole_findings(span, view, scope):
        if _says_nothing_of(claim, finding, view):
            continue
        stance = stance_of(claim.relation, finding.relation, scope)
        if stance is not Stance.NEUTRAL:
            told.setdefault(stance, []).append(finding.relation.outcome)
    if len(told) != 1:
        return Ruled(Stance.NEUTRAL)
    [(stance, outcomes)] = told.items()
    turned = isinstance(claim, GivenClaim) and claim.denied
    return Ruled(_OPPOSITE[stance] if turned else stance, tuple(outcomes))


def _says_nothing_of(claim: Claim, finding: Finding, view: PaperView) -> bool:
    return _without_control(claim, finding, view) or _of_several(claim, finding, view)


def _without_control(claim: Claim, finding: Finding, view: PaperView) -> bool:
    """Whether a claim against an inactive arm meets a bare change in a trial that compared active treatments only.

    What fell in both arms of such a trial may have fallen without them, so it is another comparison.
    """
    if not concepts.holds(claim.relation.comparator, INACTIVE) or finding.arms.comparator:
        return False
    compared = view.design is StudyDesign.RANDOMISED and len(view.agents) + len(view.others) > 1
    return compared and not concepts.holds(view.text, CONTROLS)


def _of_several(claim: Claim, finding: Finding, view: PaperView) -> bool:
    """Whether one of several treatments is "less effective" and is not said to be so than what.

    It is less than the others then, which says nothing of it against nothing, nor of its whole class.
    """
    if not finding.comparative or finding.arms.comparator or len(view.agents) + len(view.others) < 2:
        return False
    if claim.relation.comparator and not concepts.holds(claim.relation.comparator, INACTIVE):
        return False
    judged = finding.cue is not None and finding.cue.kind == "evaluation"
    return judged or not view.inactive


def _has_relation(claim: Claim, scope: Scope) -> bool:
    relation = claim.relation
    compares = scope.plan.any_change or relation.is_directed
    return compares and bool(relation.subject and relation.outcome)
