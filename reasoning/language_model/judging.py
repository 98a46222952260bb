"""The judge: sees one claim with both briefs' quotations and weighs each; the tallies then give the verdict.

It may take evidence away and never add any. Where it would have given another verdict than the papers counted, theirs
stands with less confidence, and the reason says what the judge would have said.
"""

from __future__ import annotations

from dataclasses import replace

from consilience.prompts import data
from consilience.reasoning.base import Case, Judgement, Outcome
from consilience.reasoning.embedded.examining import judge_case
from consilience.records import Evidence, Span, Verdict

from . import showing
from .answers import JudgeAnswer
from .asking import Asker
from .joining import JUDGE_DISAGREES
from .standing_in import gather, told

Quoted = tuple[str, Evidence]
"""A piece of evidence under its handle."""


async def judge(asker: Asker, cases: tuple[Case, ...]) -> tuple[Outcome[Judgement], ...]:
    """A judgement for each case; the model sees those that have evidence and are on the question."""
    return tuple(await gather([_judge(asker, case) for case in cases]))


async def _judge(asker: Asker, case: Case) -> Outcome[Judgement]:
    quoted = _quoted(case)
    if case.claim.background or case.claim.answers == "none" or not quoted:
        return Outcome(value=judge_case(case))
    asked = await asker.ask(
        "judge",
        "judge",
        JudgeAnswer,
        {
            "question": case.question,
            "claim": data("claim", showing.claim(case.claim)),
            "defence": _side(quoted, case.defence.evidence, case),
            "prosecution": _side(quoted, case.prosecution.evidence, case),
        },
    )
    if asked.value is None:
        return Outcome(value=judge_case(case), gap=told(asked.gap), calls=asked.calls)
    return Outcome(value=_weighed(case, quoted, asked.value), calls=asked.calls)


def _quoted(case: Case) -> tuple[Quoted, ...]:
    both = dict.fromkeys((*case.defence.evidence, *case.prosecution.evidence))
    return tuple((f"S{n}", item) for n, item in enumerate(both, start=1))


def _side(quoted: tuple[Quoted, ...], side: tuple[Evidence, ...], case: Case) -> str:
    shown: list[tuple[str, Span, bool]] = [(h, e.span, e.own_source) for h, e in quoted if e in side]
    papers = dict.fromkeys(e.span.paper_id for _, e in quoted)
    names = {paper_id: f"P{n}" for n, paper_id in enumerate(papers, start=1)}
    return showing.brief(shown, case.papers, names)


def _weighed(case: Case, quoted: tuple[Quoted, ...], answer: JudgeAnswer) -> Judgement:
    """The case judged on the evidence that the judge left standing."""
    denied = {w.passage.strip().upper() for w in answer.weighed if not _agrees(w.passage, w.stance, quoted)}
    gone = [item for handle, item in quoted if handle in denied]
    kept = replace(
        case,
        defence=replace(case.defence, evidence=tuple(e for e in case.defence.evidence if e not in gone)),
        prosecution=replace(case.prosecution, evidence=tuple(e for e in case.prosecution.evidence if e not in gone)),
    )
    judged = judge_case(kept)
    said = f"{judged.reason}; the judge left out {len(gone)} of {len(quoted)} quotations" if gone else judged.reason
    if Verdict(answer.verdict) is judged.verdict:
        return replace(judged, reason=said)
    confidence = round(judged.confidence * JUDGE_DISAGREES, 4)
    return replace(judged, confidence=confidence, reason=f"{said}; the judge would have said {answer.verdict}")


def _agrees(handle: str, stance: str, quoted: tuple[Quoted, ...]) -> bool:
    """Whether the judge reads a quotation as the brief did; a handle that was not shown changes nothing."""
    named = next((item for name, item in quoted if name == handle.strip().upper()), None)
    return named is None or named.stance.value == stance
