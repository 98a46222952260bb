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
from consilience.records import Claim, Evidence, GivenClaim, Span, Stance, Verdict

from .combining import Heard, heard_in
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

    A passage that the rules found to be about something else is not put to the judge. With ``silent`` one on which they
    are silent is; without it ``read_whole`` reads its paper. Where the claim is a person's and a search brought no
    sentence of a paper on which the rules take a side, those that the paper has come after the passages then.
    """
    groups = [_passages(item, scope, beyond=not silent) for item in items]
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
    of = {w.passage.span: w.passage for w in witnessed}

    def ordered(chances: Mapping[Span, float]) -> tuple[Evidence, ...]:
        found = [
            Evidence(span=s, stance=want, score=q, own_source=of[s].own, whole=of[s].whole) for s, q in chances.items()
        ]
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


def _passages(item: Examination, scope: Scope, *, beyond: bool) -> list[Passage]:
    views = {paper.id: scope.view(paper) for paper in item.papers}
    own = set(item.claim.paper_ids)

    @cache
    def heard(paper_id: str) -> Heard:
        return heard_in(item.claim, views[paper_id], scope)

    def passage(span: Span) -> Passage:
        words = _holds_own_words(item.claim, span)
        read = ruled_in(item.claim, span, views[span.paper_id], scope) if not words else Ruled(Stance.SUPPORTS)
        ruled = read and read.stance
        if not words and ruled in SIDES and heard(span.paper_id).side not in (None, ruled):
            ruled = Stance.NEUTRAL  # the rest of the paper outweighs it
        return Passage(item.claim, span, ruled, span.paper_id in own, words)

    passages = [passage(span) for span in item.passages]
    if beyond and isinstance(item.claim, GivenClaim):
        sided = {p.span.paper_id for p in passages if p.ruled in SIDES}
        others = dict.fromkeys(s.paper_id for s in item.passages if s.paper_id not in sided)
        passages += [passage(span) for paper_id in others for span in heard(paper_id).sentences]
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
    and counts as what leans to the claim. Refutation is not: under one half it is still the likeliest verdict
    (docs/verification.md, section 4).
    """
    judged = counted(case)
    if judged.verdict is not Verdict.SUPPORTED or judged.confidence >= HOLDS:
        return judged
    weak = tuple(e for e in judged.evidence if not e.own_source)
    kept = _judged(case, tuple(e for e in judged.evidence if e.own_source), (*_undecided(case), *weak))
    return replace(kept, reason=f"{kept.reason}; what else speaks for it is too weak to count")


def counted(case: Case) -> Judgement:
    """The verdict on all evidence of both briefs, however weak."""
    evidence = tuple(dict.fromkeys((*case.defence.evidence, *case.prosecution.evidence)))
    return _judged(case, evidence, _undecided(case))


def _undecided(case: Case) -> tuple[Evidence, ...]:
    return (*case.defence.undecided, *case.prosecution.undecided)


def _judged(case: Case, evidence: tuple[Evidence, ...], undecided: tuple[Evidence, ...]) -> Judgement:
    sides = tally(case.claim, evidence, case.papers)
    verdict = verdict_of(case.claim, sides, case.papers)
    return Judgement(
        claim_id=case.claim.id,
        verdict=verdict,
        confidence=confidence_in(verdict, evidence, sides, case.papers, undecided),
        evidence=evidence,
        reason=_reason(case.claim, sides),
    )


def _reason(claim: Claim, counted: Tally) -> str:
    own = "its own quotation carries it; " if counted.own_support else "its own quotation does not carry it; "
    pro, con = len(counted.independent_support), len(counted.independent_refutation)
    papers = "paper" if pro == 1 else "papers"
    shared = len(counted.supporting) - pro - (1 if counted.own_support else 0)
    dependent = f"; {shared} more for it by the same authors" if shared > 0 else ""
    return f"{own if claim.spans else ''}{pro} independent {papers} for it, {con} against it{dependent}"
