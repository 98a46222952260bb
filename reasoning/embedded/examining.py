"""Cross-examination: what each passage says about a claim, and the verdict that both briefs bear out.

Rules decide where both sides can be read as relations: only the same comparison and the same outcome can support or
refute. How likely a stance is right is said by both witnesses together (``witness``); one that is more likely wrong
than right is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consilience.reasoning.base import Brief, Case, Examination, Judgement
from consilience.reasoning.confidence import confidence_in
from consilience.reasoning.verdicts import Tally, tally, verdict_of
from consilience.records import Claim, Evidence, Span, Stance

from .extracting import statement_findings, states_result
from .matching import stance_of
from .scope import PaperView, Scope
from .witness import comparable, state

if TYPE_CHECKING:
    from consilience.models.entailment import StanceScores

    from .judging import LoggedJudge


@dataclass(frozen=True)
class Passage:
    """One passage with what the rules made of it: a stance, or None where one side holds no relation."""

    claim: Claim
    span: Span
    ruled: Stance | None
    own: bool
    own_words: bool

    @property
    def pair(self) -> tuple[str, str]:
        """What the stance judge is asked: across papers without figures, which two papers never share."""
        if self.own or self.ruled is None:
            return self.claim.text, self.span.text
        return comparable(self.claim.text), comparable(self.span.text)


def brief_all(items: tuple[Examination, ...], scope: Scope, judge: LoggedJudge, want: Stance) -> tuple[Brief, ...]:
    """One side's brief for each examination: the passages with stance ``want``, most likely right first."""
    groups = [_passages(item, scope) for item in items]
    # A passage that the rules found to be about something else is not put to the judge.
    asked = [p for group in groups for p in group if p.ruled is not Stance.NEUTRAL]
    scores = dict(zip(map(id, asked), judge.judge([p.pair for p in asked]), strict=True))
    return tuple(
        Brief(item.claim.id, _side([p for p in group if id(p) in scores], scores, want))
        for item, group in zip(items, groups, strict=True)
    )


def _side(passages: Sequence[Passage], scores: Mapping[int, StanceScores], want: Stance) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    for passage in passages:
        stated = state(passage.ruled, scores[id(passage)], own_words=passage.own_words)
        if stated.stance is want:
            found.append(Evidence(span=passage.span, stance=want, score=stated.probability, own_source=passage.own))
    return tuple(sorted(found, key=lambda e: (-e.score, e.span.paper_id, e.span.start)))


def _passages(item: Examination, scope: Scope) -> list[Passage]:
    views = {paper.id: scope.view(paper) for paper in item.papers}
    own = set(item.claim.paper_ids)
    passages: list[Passage] = []
    for span in item.passages:
        words = _holds_own_words(item.claim, span)
        ruled = Stance.SUPPORTS if words else _ruled(item.claim, span, views[span.paper_id], scope)
        passages.append(Passage(item.claim, span, ruled, span.paper_id in own, words))
    return passages


def _holds_own_words(claim: Claim, span: Span) -> bool:
    return any(span.paper_id == s.paper_id and span.start <= s.start < s.end <= span.end for s in claim.spans)


def _ruled(claim: Claim, span: Span, view: PaperView, scope: Scope) -> Stance | None:
    """The rules' stance; None where one side holds no relation that could be compared."""
    if not states_result(span, view):
        return Stance.NEUTRAL
    if scope.is_open or not _has_relation(claim, scope):
        return None
    stances = [stance_of(claim.relation, finding.relation, scope) for finding in statement_findings(span, view, scope)]
    told = {s for s in stances if s is not Stance.NEUTRAL}
    return told.pop() if len(told) == 1 else Stance.NEUTRAL


def _has_relation(claim: Claim, scope: Scope) -> bool:
    relation = claim.relation
    compares = scope.plan.any_change or relation.is_directed
    return compares and bool(relation.subject and relation.outcome)


def judge_case(case: Case) -> Judgement:
    """The verdict that both briefs bear out, its confidence, and how it was reached."""
    evidence = tuple(dict.fromkeys((*case.defence.evidence, *case.prosecution.evidence)))
    counted = tally(case.claim, evidence, case.papers)
    verdict = verdict_of(case.claim, counted, case.papers)
    return Judgement(
        claim_id=case.claim.id,
        verdict=verdict,
        confidence=confidence_in(verdict, evidence, counted),
        evidence=evidence,
        reason=_reason(counted),
    )


def _reason(counted: Tally) -> str:
    own = "its own quotation carries it" if counted.own_support else "its own quotation does not carry it"
    pro, con = len(counted.independent_support), len(counted.independent_refutation)
    papers = "paper" if pro == 1 else "papers"
    shared = len(counted.supporting) - pro - (1 if counted.own_support else 0)
    dependent = f"; {shared} more for it by the same authors" if shared > 0 else ""
    return f"{own}; {pro} independent {papers} for it, {con} against it{dependent}"
