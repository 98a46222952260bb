"""Screening by a language model: one call a paper, so that no paper's text can sway another's decision.

The ranking by meaning, words and facets chooses which papers are worth a call: twice as many as may be included. The
others keep the ranking's decision. Retracted papers and papers without an abstract are never put to the model.
"""

from __future__ import annotations

from consilience.language import instructions
from consilience.reasoning.base import Candidate, Outcome, Reasoner
from consilience.reasoning.embedded.screening import beyond
from consilience.records import Gap, Paper, Plan, ScreeningDecision

from . import showing
from .answers import ScreenAnswer
from .asking import Asker
from .reading import readable
from .standing_in import gather, gravest, told

WORTH_A_CALL = 2
"""Papers that are put to the model for each that may be included (chosen)."""
_SHARE_OF_MODEL = 0.9
_LONGEST_REASON = 240


async def screen(
    asker: Asker, rules: Reasoner, plan: Plan, candidates: tuple[Candidate, ...], max_included: int
) -> Outcome[tuple[ScreeningDecision, ...]]:
    """One decision for each candidate, in the order of relevance."""
    ranked = (await rules.screen(plan, candidates, max_included)).value or ()
    papers = {c.paper.id: c.paper for c in candidates}
    worth = [d for d in ranked if papers[d.paper_id].abstract and not papers[d.paper_id].retracted]
    asked = worth[: WORTH_A_CALL * max_included]
    outcomes = await gather([_decide(asker, plan, papers[d.paper_id], d) for d in asked])
    judged = {o.value.paper_id: o.value for o in outcomes if o.value}
    decided = sorted((judged.get(d.paper_id, _left_out(d)) for d in ranked), key=lambda d: (-d.score, d.paper_id))
    return Outcome(
        value=_bounded(decided, max_included),
        gap=_gap(outcomes),
        calls=tuple(call for o in outcomes for call in o.calls),
    )


async def _decide(asker: Asker, plan: Plan, paper: Paper, ranked: ScreeningDecision) -> Outcome[ScreeningDecision]:
    asked = await asker.ask(
        "screen",
        "screener",
        ScreenAnswer,
        {
            "question": plan.question,
            "plan": showing.plan(plan),
            "paper": showing.paper(paper, readable(paper)),
        },
    )
    if asked.value is None:
        return Outcome(value=ranked, gap=told(asked.gap), calls=asked.calls)
    answer = asked.value
    score = _SHARE_OF_MODEL * answer.relevance / 10 + (1 - _SHARE_OF_MODEL) * ranked.score
    decision = ScreeningDecision(
        paper_id=paper.id, included=answer.include, reason=_reason(answer), score=round(score, 4)
    )
    return Outcome(value=decision, calls=asked.calls)


def _reason(answer: ScreenAnswer) -> str:
    """The countable group, then the model's own words unless they speak to the reader."""
    said = " ".join(answer.reason.split())[:_LONGEST_REASON]
    if not said or instructions.speaks_to_reader(said):
        return answer.group
    return said if answer.include else f"{answer.group}: {said}"


def _left_out(ranked: ScreeningDecision) -> ScreeningDecision:
    if not ranked.included:
        return ranked
    return ranked.model_copy(update={"included": False, "reason": "not read: ranked lower than the papers that were"})


def _bounded(decided: list[ScreeningDecision], most: int) -> tuple[ScreeningDecision, ...]:
    """The best ``most`` of the included stay; the rest are told to be beyond them."""
    kept = [d.paper_id for d in decided if d.included][:most]
    out = {"included": False, "reason": beyond(most)}
    return tuple(d.model_copy(update=out) if d.included and d.paper_id not in kept else d for d in decided)


def _gap(outcomes: list[Outcome[ScreeningDecision]]) -> Gap | None:
    """The gravest gap with the number of papers that went without the model."""
    gap = gravest(o.gap for o in outcomes)
    missing = sum(o.gap is not None for o in outcomes)
    return gap and gap.model_copy(update={"reason": f"{gap.reason} ({missing} of {len(outcomes)} papers)"})
