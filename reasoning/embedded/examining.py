"""Cross-examination: what each passage says about a claim, and the verdict that both briefs bear out.

Rules decide where both sides can be read as relations: only the same comparison and the same outcome can support or
refute. How likely a stance is right is said by both witnesses together (``witness``); one that is more likely wrong
than right is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from consilience.models.stance import StanceScores
from consilience.reasoning.base import Brief, Case, Examination, Judgement
from consilience.reasoning.confidence import confidence_in
from consilience.reasoning.verdicts import Tally, tally, verdict_of
from consilience.records import Claim, Evidence, Span, Stance, Verdict

from .combining import side_of
from .panel import wording
from .passages import Passage, Witnessed
from .ruling import Ruled, ruled_in
from .scope import Scope
from .whole_papers import SIDES, read_whole
from .witness import HOLDS, Stated, state

if TYPE_CHECKING:
    from .judging import LoggedJudge


OWN_WORDS = 0.8
"""Share of a claim's content words that a passage of its own must hold to carry it as its own words (chosen)."""
LEANS = 0.05
"""Probability of a stance from which a passage without one is told as leaning to it (chosen: it only bounds lists)."""
_ADDED = re.compile(r"\[[^\]]*\]")


def witness_all(
    items: tuple[Examination, ...], scope: Scope, judge: LoggedJudge, *, silent: bool = False
) -> tuple[tuple[Witnessed, ...], ...]:
    """What the witnesses state of every passage of each examination, in the passages' order.

    A passage that the rules found to be about something else is not put to the judge, and one on which they are silent
    only with ``silent``: ``read_whole`` reads its paper.
    """
    groups = [_passages(item, scope) for item in items]
    asked = [p for group in groups for p in group if p.ruled in SIDES or (silent and p.ruled is None)]
    scores = dict(zip(map(id, asked), judge.judge([p.pair for p in asked]), strict=True))
    return tuple(tuple(_witnessed(p, scores.get(id(p))) for p in group) for group in groups)


def _witnessed(passage: Passage, scores: StanceScores | None) -> Witnessed:
    if scores is None:
        return Witnessed(passage, Stated(Stance.NEUTRAL, 1.0), None)
    if passage.denied:
        scores = scores.turned
    return Witnessed(passage, state(passage.ruled, scores, own_words=passage.own_words), scores)


def examine_all(items: tuple[Examination, ...], scope: Scope, judge: LoggedJudge) -> tuple[tuple[Witnessed, ...], ...]:
    """What the witnesses state where no language model reasons: sentence by sentence, and whole papers beside it."""
    return read_whole(items, witness_all(items, scope, judge), scope, judge)


def brief_all(items: tuple[Examination, ...], scope: Scope, judge: LoggedJudge, want: Stance) -> tuple[Brief, ...]:
    """One side's brief for each examination: the passages with stance ``want``, most likely right first."""
    examined = examine_all(items, scope, judge)
    return tuple(brief(item.claim.id, seen, want) for item, seen in zip(items, examined, strict=True))


def brief(claim_id: str, witnessed: Sequence[Witnessed], want: Stance) -> Brief:
    """The passages on one side, most likely right first, and those that lean to it without a stance."""
    with_it = {w.passage.span: w.stated.probability for w in witnessed if w.stated.stance is want}
    leaning_to = {w.passage.span: leaning(w, want) for w in witnessed}
    own = {w.passage.span.paper_id for w in witnessed if w.passage.own}

    def ordered(chances: Mapping[Span, float]) -> tuple[Evidence, ...]:
        found = [Evidence(span=s, stance=want, score=q, own_source=s.paper_id in own) for s, q in chances.items()]
        return tuple(sorted(found, key=likeliest_first))

    return Brief(claim_id, ordered(with_it), ordered({s: q for s, q in leaning_to.items() if q >= LEANS}))


def likeliest_first(item: Evidence) -> tuple[float, str, int]:
    """The order of a brief's evidence; ties by paper, then by place."""
    return -item.score, item.span.paper_id, item.span.start


def leaning(seen: Witnessed, want: Stance) -> float:
    """The probability, to four decimals, that a passage without a stance has the one that is wanted after all.

    Zero where the rules read it as being about something else, or as the opposite.
    """
    ruled, scores = seen.passage.ruled, seen.scores
    if scores is None or seen.stated.stance is not Stance.NEUTRAL or ruled not in (None, want):
        return 0.0
    if ruled is want:
        return round(1 - seen.stated.probability, 4)
    return scores.supports if want is Stance.SUPPORTS else scores.refutes


def _passages(item: Examination, scope: Scope) -> list[Passage]:
    views = {paper.id: scope.view(paper) for paper in item.papers}
    own = set(item.claim.paper_ids)
    passages: list[Passage] = []

    @cache
    def side(paper_id: str) -> Stance | None:
        return side_of(item.claim, views[paper_id], scope)

    for span in item.passages:
        words = _holds_own_words(item.claim, span)
        read = ruled_in(item.claim, span, views[span.paper_id], scope) if not words else Ruled(Stance.SUPPORTS)
        ruled = read and read.stance
        if not words and ruled in SIDES and side(span.paper_id) not in (None, ruled):
            ruled = Stance.NEUTRAL  # the rest of the paper outweighs it
        passages.append(Passage(item.claim, span, ruled, span.paper_id in own, words))
    return passages


def _holds_own_words(claim: Claim, span: Span) -> bool:
    """Whether the claim consists of the passage's own words, those added in brackets aside.

    A claim that a language model worded, or that was merged under another paper's words, is judged like any other.
    """
    if not any(span.paper_id == s.paper_id and span.start <= s.start < s.end <= span.end for s in claim.spans):
        return False
    return wording.overlap(_ADDED.sub(" ", claim.text), span.text) >= OWN_WORDS


def judge_case(case: Case) -> Judgement:
    """The verdict that both briefs bear out, its confidence, and how it was reached.

    Support by others that is more likely no support than one, all of it together, bears nothing out: it is set aside,
    and counts as what leans to the claim.
    """
    evidence = tuple(dict.fromkeys((*case.defence.evidence, *case.prosecution.evidence)))
    undecided = (*case.defence.undecided, *case.prosecution.undecided)
    judged = _judged(case, evidence, undecided)
    if judged.verdict is not Verdict.SUPPORTED or judged.confidence >= HOLDS:
        return judged
    weak = tuple(e for e in evidence if not e.own_source)
    kept = _judged(case, tuple(e for e in evidence if e.own_source), (*undecided, *weak))
    return replace(kept, reason=f"{kept.reason}; what else speaks for it is too weak to count")


def _judged(case: Case, evidence: tuple[Evidence, ...], undecided: tuple[Evidence, ...]) -> Judgement:
    counted = tally(case.claim, evidence, case.papers)
    verdict = verdict_of(case.claim, counted, case.papers)
    return Judgement(
        claim_id=case.claim.id,
        verdict=verdict,
        confidence=confidence_in(verdict, evidence, counted, case.papers, undecided),
        evidence=evidence,
        reason=_reason(case.claim, counted),
    )


def _reason(claim: Claim, counted: Tally) -> str:
    own = "its own quotation carries it; " if counted.own_support else "its own quotation does not carry it; "
    pro, con = len(counted.independent_support), len(counted.independent_refutation)
    papers = "paper" if pro == 1 else "papers"
    shared = len(counted.supporting) - pro - (1 if counted.own_support else 0)
    dependent = f"; {shared} more for it by the same authors" if shared > 0 else ""
    return f"{own if claim.spans else ''}{pro} independent {papers} for it, {con} against it{dependent}"
