"""Whole abstracts: what the stance judge makes of a paper on which the rules take no side.

A rule reads one sentence, and most of what an abstract says on a claim stands in words that no rule lists, or in
several sentences together. Where no sentence of a paper is for or against a claim by the rules, the judge reads the
claim beside the abstract, as it was trained to, and the sentence that it marks as evidence is quoted. An extracted
claim is read so only where the rules are silent: what they found to be on another outcome stays that. The claim of a
person is read so wherever the paper names its outcome, because its words were not chosen with the rules in mind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from consilience.models.stance import AbstractScores, StanceScores
from consilience.reasoning.base import Examination
from consilience.records import GivenClaim, Paper, Span, Stance

from .extracting import states_result
from .outcome_kinds import is_named
from .passages import Passage, Witnessed
from .scope import PaperView, Scope
from .witness import alone, comparable, said

if TYPE_CHECKING:
    from .judging import LoggedJudge

SIDES = (Stance.SUPPORTS, Stance.REFUTES)


def read_whole(
    items: Sequence[Examination], seen: Sequence[Sequence[Witnessed]], scope: Scope, judge: LoggedJudge
) -> tuple[tuple[Witnessed, ...], ...]:
    """The witnessed passages of each examination, of a paper without a side its abstract's reading."""
    asked = [(item, paper) for item, group in zip(items, seen, strict=True) for paper in _without_side(item, group)]
    views = [scope.view(paper) for _, paper in asked]
    pairs = [
        (_put(item), tuple(_text(paper, span) for span in view.spans))
        for (item, paper), view in zip(asked, views, strict=True)
    ]
    silent = {
        (id(item), one.passage.span.paper_id)
        for item, group in zip(items, seen, strict=True)
        for one in group
        if one.passage.ruled is None
    }
    found = zip(asked, views, judge.judge_abstracts(pairs), strict=True)
    read = {
        (id(item), paper.id): witnessed
        for (item, paper), view, scores in found
        if (witnessed := _witnessed(item, paper, view, scores, silent=(id(item), paper.id) in silent)) is not None
    }
    return tuple(_replaced(item, group, read) for item, group in zip(items, seen, strict=True))


def _without_side(item: Examination, group: Sequence[Witnessed]) -> list[Paper]:
    """The papers on which the rules take no side, and which are to be read whole."""
    ruled: dict[str, set[Stance | None]] = {}
    for one in group:
        ruled.setdefault(one.passage.span.paper_id, set()).add(one.passage.ruled)
    return [
        paper
        for paper in item.papers
        if (stances := ruled.get(paper.id))
        and not stances & set(SIDES)
        and (None in stances or _may_speak(item, paper))
    ]


def _may_speak(item: Examination, paper: Paper) -> bool:
    """Whether a paper on which the rules read something else may still speak on a person's claim: it names its outcome.

    The judge takes "reduced headache" for the contrary of "increases nausea".
    """
    outcome = item.claim.relation.outcome
    return isinstance(item.claim, GivenClaim) and is_named(outcome, f"{paper.title}. {paper.abstract}")


def _put(item: Examination) -> str:
    """The claim as the judge is asked it: what a person's claim denies, and of others no figures."""
    if not isinstance(item.claim, GivenClaim):
        return comparable(item.claim.text) or item.claim.text
    return (said(item.claim.relation) if item.claim.denied else None) or item.claim.text


def _witnessed(
    item: Examination, paper: Paper, view: PaperView, found: AbstractScores, *, silent: bool
) -> Witnessed | None:
    """The abstract's reading, quoted by its likeliest evidence that states a result; None where none does.

    What the judge leaves open counts as left open only where the rules are silent (``silent``): what they read as being
    about something else does not lean to a side.
    """
    spans = {i: _span(paper, view.spans[i]) for i in found.read}
    marks = dict(zip(found.read, found.evidence or (0.0,) * len(found.read), strict=True))
    results = [i for i, span in spans.items() if states_result(span, view)]
    if not results:
        return None
    scores = found.scores
    if isinstance(item.claim, GivenClaim) and item.claim.denied and said(item.claim.relation):
        scores = StanceScores(scores.refutes, scores.supports, scores.neutral)
    span = spans[max(results, key=lambda i: (marks[i], -i))]
    passage = Passage(item.claim, span, None, paper.id in item.claim.paper_ids, own_words=False)
    stated = alone(scores)
    return Witnessed(passage, stated, scores) if silent or stated.stance in SIDES else None


def _replaced(
    item: Examination, group: Sequence[Witnessed], read: dict[tuple[int, str], Witnessed]
) -> tuple[Witnessed, ...]:
    kept = [one for one in group if (id(item), one.passage.span.paper_id) not in read]
    return (*kept, *(one for (of, _), one in read.items() if of == id(item)))


def _span(paper: Paper, place: tuple[int, int]) -> Span:
    start, end = place
    return Span(paper_id=paper.id, start=start, end=end, text=paper.abstract[start:end])


def _text(paper: Paper, place: tuple[int, int]) -> str:
    return paper.abstract[place[0] : place[1]]
