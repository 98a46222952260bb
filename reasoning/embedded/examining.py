"""Cross-examination: what each passage says about a claim, and the verdict that both briefs bear out.

Rules decide where both sides can be read as relations: only the same comparison and the same outcome can support or
refute. The stance judge, fitted on labelled pairs, is the second witness: it gives each stance its probability, can
veto a rule's stance, and decides alone only for statements that hold no relation, at a high threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consilience.reasoning.base import Brief, Case, Examination, Judgement
from consilience.reasoning.confidence import confidence_in
from consilience.reasoning.verdicts import Tally, tally, verdict_of
from consilience.records import Claim, Direction, Evidence, Paper, Span, Stance, Valence, Verdict

from .extracting import statement_findings, states_result
from .matching import stance_of
from .scope import PaperView, Scope

if TYPE_CHECKING:
    from consilience.models.entailment import StanceScores

    from .judging import LoggedJudge

VETO = 0.80
"""Probability of the opposite at which the judge overrules the rules (chosen)."""
ALONE_SUPPORTS, ALONE_REFUTES = 0.75, 0.85
"""Probabilities at which the judge decides alone, for a statement without a relation (chosen)."""


@dataclass(frozen=True)
class Passage:
    """One passage with what the rules made of it."""

    claim: Claim
    span: Span
    ruled: Stance | None
    own: bool


def brief_all(items: tuple[Examination, ...], scope: Scope, judge: LoggedJudge, want: Stance) -> tuple[Brief, ...]:
    """One side's brief for each examination: the passages with stance ``want``, best first."""
    passages = [_passages(item, scope) for item in items]
    flat = [p for group in passages for p in group]
    scores = iter(judge.judge([(p.claim.text, p.span.text) for p in flat]))
    briefs: list[Brief] = []
    for item, group in zip(items, passages, strict=True):
        found = [e for p in group if (e := _evidence(p, next(scores))).stance is want or e.own_source]
        kept = [e for e in found if e.stance is want]
        briefs.append(Brief(item.claim.id, tuple(sorted(kept, key=_order))))
    return tuple(briefs)


def _order(evidence: Evidence) -> tuple[float, str, int]:
    return (-evidence.score, evidence.span.paper_id, evidence.span.start)


def _passages(item: Examination, scope: Scope) -> list[Passage]:
    views = {paper.id: scope.view(paper) for paper in item.papers}
    own = set(item.claim.paper_ids)
    return [
        Passage(item.claim, span, _ruled(item.claim, span, views[span.paper_id], scope), span.paper_id in own)
        for span in item.passages
    ]


def _ruled(claim: Claim, span: Span, view: PaperView, scope: Scope) -> Stance | None:
    """The rules' stance; None where one side holds no relation that could be compared."""
    if any(
        span == s or (span.paper_id == s.paper_id and span.start <= s.start < s.end <= span.end)
        for s in claim.spans
    ):
        return Stance.SUPPORTS
    if not states_result(span, view):
        return Stance.NEUTRAL
    if scope.is_open or not _has_relation(claim):
        return None
    stances = [
        stance_of(claim.relation, finding.relation, scope) for finding in statement_findings(span, view, scope)
    ]
    told = {s for s in stances if s is not Stance.NEUTRAL}
    return told.pop() if len(told) == 1 else Stance.NEUTRAL


def _has_relation(claim: Claim) -> bool:
    relation = claim.relation
    directed = relation.direction is not Direction.UNSTATED or relation.valence is not Valence.UNSTATED
    return directed and bool(relation.subject and relation.outcome)


def _evidence(passage: Passage, scores: StanceScores) -> Evidence:
    stance = _stance(passage, scores)
    score = {
        Stance.SUPPORTS: scores.supports,
        Stance.REFUTES: scores.refutes,
        Stance.NEUTRAL: scores.neutral,
    }[stance]
    return Evidence(span=passage.span, stance=stance, score=round(score, 4), own_source=passage.own)


def _stance(passage: Passage, scores: StanceScores) -> Stance:
    ruled = passage.ruled
    if ruled is None:
        if scores.supports >= ALONE_SUPPORTS:
            return Stance.SUPPORTS
        return Stance.REFUTES if scores.refutes >= ALONE_REFUTES else Stance.NEUTRAL
    if ruled is Stance.SUPPORTS and scores.refutes >= VETO and not _is_own_quotation(passage):
        return Stance.NEUTRAL
    if ruled is Stance.REFUTES and scores.supports >= VETO:
        return Stance.NEUTRAL
    return ruled


def _is_own_quotation(passage: Passage) -> bool:
    return passage.span in passage.claim.spans


def judge_case(case: Case) -> Judgement:
    """The verdict that both briefs bear out, its confidence, and how it was reached."""
    evidence = tuple(dict.fromkeys((*case.defence.evidence, *case.prosecution.evidence)))
    counted = tally(case.claim, evidence, case.papers)
    verdict = verdict_of(case.claim, counted, case.papers)
    return Judgement(
        claim_id=case.claim.id,
        verdict=verdict,
        confidence=confidence_in(verdict, evidence),
        evidence=evidence,
        reason=_reason(verdict, counted, case.papers),
    )


def _reason(verdict: Verdict, counted: Tally, papers: Mapping[str, Paper]) -> str:
    own = "its own quotation carries it" if counted.own_support else "its own quotation does not carry it"
    pro, con = len(counted.independent_support), len(counted.independent_refutation)
    sides = f"{pro} independent {_papers(pro)} for it, {con} against it"
    shared = len(counted.supporting) - pro - (1 if counted.own_support else 0)
    dependent = f"; {shared} more for it by the same authors" if shared > 0 else ""
    return f"{own}; {sides}{dependent}"


def _papers(number: int) -> str:
    return "paper" if number == 1 else "papers"
