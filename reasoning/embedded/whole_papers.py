"""Whole abstracts: what the stance judge makes of a paper on which the rules take no side.

A rule reads one sentence, and most of what an abstract says on a claim stands in words that no rule lists, or in
several sentences together. Where no sentence of a paper is for or against a claim by the rules, the judge reads the
claim beside the abstract, as it was trained to, and the sentence that it marks as evidence is quoted. An extracted
claim is read so only where the rules are silent: what they found to be on another outcome stays that. The claim of a
person is read so wherever the paper names what it is about, because its words were not chosen with the rules in mind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consilience.language import concepts
from consilience.models.stance import AbstractScores
from consilience.reasoning.base import Examination
from consilience.records import Claim, GivenClaim, Stance

from .extracting import states_result
from .outcome_kinds import is_named
from .passages import Passage, Witnessed, denied_by
from .scope import CONTROLS, PaperView, Scope
from .witness import alone, comparable

if TYPE_CHECKING:
    from .judging import LoggedJudge

SIDES = (Stance.SUPPORTS, Stance.REFUTES)


def read_whole(
    items: Sequence[Examination], seen: Sequence[Sequence[Witnessed]], scope: Scope, judge: LoggedJudge
) -> tuple[tuple[Witnessed, ...], ...]:
    """The witnessed passages of each examination, of a paper without a side its abstract's reading."""
    asked = [_without_side(item, group, scope) for item, group in zip(items, seen, strict=True)]
    found = iter(judge.judge_abstracts([one.pair for of in asked for one in of]))
    return tuple(
        _replaced(group, [_witnessed(one, next(found)) for one in of]) for group, of in zip(seen, asked, strict=True)
    )


@dataclass(frozen=True)
class _Whole:
    """A claim beside a whole abstract; ``silent`` where the rules could compare nothing with it."""

    claim: Claim
    view: PaperView
    silent: bool

    @property
    def pair(self) -> tuple[str, tuple[str, ...]]:
        """What the judge is asked: what a person's claim denies, and other claims without their figures."""
        claim = self.claim.text if isinstance(self.claim, GivenClaim) else comparable(self.claim.text)
        sentences = tuple(self.view.paper.abstract[start:end] for start, end in self.view.spans)
        return denied_by(self.claim) or claim or self.claim.text, sentences


def _without_side(item: Examination, group: Sequence[Witnessed], scope: Scope) -> list[_Whole]:
    """The papers on which the rules take no side, and which are to be read whole."""
    ruled: dict[str, set[Stance | None]] = {}
    for one in group:
        ruled.setdefault(one.passage.span.paper_id, set()).add(one.passage.ruled)
    return [
        _Whole(item.claim, scope.view(paper), None in stances)
        for paper in item.papers
        if (stances := ruled.get(paper.id))
        and not stances & set(SIDES)
        and (None in stances or _may_speak(item.claim, scope.view(paper)))
    ]


def _may_speak(claim: Claim, view: PaperView) -> bool:
    """Whether a paper on which the rules read something else may still speak on a person's claim.

    It must name the claim's subject, its outcome and what it compares with: the judge takes "reduced headache" for the
    contrary of "increases nausea", and less drowsiness than with another drug for less than with placebo.
    """
    if not isinstance(claim, GivenClaim):
        return False
    asked = claim.relation
    subject = view.holds(view.subject) or is_named(asked.subject, view.text)
    return subject and is_named(asked.outcome, view.text) and _has_arm(asked.comparator, view)


def _has_arm(comparator: str, view: PaperView) -> bool:
    """Whether a paper names a comparator at all, one that was given nothing active by any of their names."""
    if concepts.holds(comparator, CONTROLS):
        return view.holds(CONTROLS)
    return not comparator or is_named(comparator, view.text)


def _witnessed(of: _Whole, found: AbstractScores) -> Witnessed | None:
    """The abstract's reading, quoted by its likeliest evidence that states a result; None where none does.

    A sentence that names the claim's outcome goes before one that does not. What the judge leaves open counts as left
    open only where the rules are silent: what they read as being about something else does not lean to a side.
    """
    marks = found.evidence or (0.0,) * len(found.read)
    outcome = of.claim.relation.outcome
    quotable = [(mark, of.view.span(of.view.spans[i])) for i, mark in zip(found.read, marks, strict=True)]
    results = [(is_named(outcome, s.text), mark, s) for mark, s in quotable if states_result(s, of.view)]
    if not results:
        return None
    scores = found.scores.turned if denied_by(of.claim) else found.scores
    *_, span = max(results, key=lambda one: one[:2])  # of equal marks the first
    passage = Passage(of.claim, span, None, of.view.paper.id in of.claim.paper_ids, own_words=False, whole=True)
    stated = alone(scores)
    return Witnessed(passage, stated, scores) if of.silent or stated.stance in SIDES else None


def _replaced(group: Sequence[Witnessed], read: Sequence[Witnessed | None]) -> tuple[Witnessed, ...]:
    whole = [one for one in read if one is not None]
    papers = {one.passage.span.paper_id for one in whole}
    return (*(one for one in group if one.passage.span.paper_id not in papers), *whole)
