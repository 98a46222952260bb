"""The reviewers: one fan-out task a lens, none of which sees another's scores before it has given its own.

A review as first given is stored under ``p<round>/<lens>`` and never changed; what deliberation makes of it
stands beside it under ``p<round>/<lens>/final``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast, get_args

from langgraph.runtime import Runtime
from langgraph.types import Send

from consilience.agents.context import Context
from consilience.agents.dossier import load_dossier, load_draft
from consilience.agents.state import ReviewTask, RunState
from consilience.agents.steps import Step, leave_gap, step
from consilience.records import Gap, Lens, Review

LENSES = tuple(cast(Lens, lens) for lens in get_args(Lens) if lens != "auditor")
"""The panel, in a fixed order; the auditor is not on it."""

_NEEDED: Final = ("plan", "screening", "ledger", "draft")
_LISTS: Final = ("searches", "gaps")


def send_reviews(state: RunState) -> list[Send]:
    """One review task a lens, with the references that it reads and its own review of the round before."""
    this_round = state.get("panel_round", 0)
    reviews = state.get("reviews", {})
    tasks: list[Send] = []
    for lens in LENSES:
        before = f"p{this_round - 1}/{lens}"
        task = ReviewTask(
            key=f"p{this_round}/{lens}",
            round=state.get("round", 0),
            items=[lens],
            panel_round=this_round,
            earlier=reviews.get(f"{before}/final", reviews.get(before, "")),
        )
        tasks.append(Send("review", _with_references(task, state)))
    return tasks


def _with_references(task: ReviewTask, state: RunState) -> ReviewTask:
    """The task with those of the references it reads that the state holds."""
    for name in _NEEDED:
        reference = state.get(name)
        if reference is not None:
            task[name] = reference
    for name in _LISTS:
        references = state.get(name)
        if references is not None:
            task[name] = references
    return task


async def review(state: ReviewTask, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """One reviewer's scores on every criterion, and its objections; a reasoner that fails leaves a gap."""
    context, key, lens = runtime.context, state["key"], cast(Lens, state["items"][0])
    with step(context, node="review", agent=reviewer_name(lens), key=key) as told:
        missing = missing_for_review(state)
        if missing is not None:
            told.decided = missing.reason
            return leave_gap(context, f"{key}/review", missing)
        dossier, draft = load_dossier(state, context), load_draft(state, context)
        earlier = context.run.artifacts.get(state["earlier"], Review) if state["earlier"] else None
        told.saw = f"draft {draft.version} and {len(dossier.ledger)} ledger entries"
        outcome = await context.reasoner.review(lens, dossier, draft, state["panel_round"], earlier)
        told.took(outcome)
        gap = leave_gap(context, f"{key}/review", outcome.gap)
        if outcome.value is None:
            told.decided = "no review"
            told.why = outcome.gap.reason if outcome.gap else ""
            return gap
        tell(told, outcome.value)
        return {"reviews": {key: context.run.artifacts.put(outcome.value)}, **gap}


def tell(told: Step, given: Review) -> None:
    """A review as its event tells it: the mean, the scores with their reasons, the objections."""
    told.decided = f"{given.mean:.2f} of 10, {len(given.objections)} objections"
    lowest = min(given.scores, key=lambda s: (s.value, s.criterion))
    told.why = f"lowest on {lowest.criterion}: {lowest.reason}"
    told.counts = {s.criterion: s.value for s in given.scores}
    told.details = [
        *(f"{s.criterion} {s.value:.1f}: {s.reason}" for s in given.scores),
        *(f"{o.severity}: {o.action} {o.target}: {o.problem}" for o in given.objections),
        *given.changes,
    ]


def reviewer_name(lens: Lens) -> str:
    """The agent's name in the transcript."""
    return f"Reviewer ({lens})"


def missing_for_review(refs: Mapping[str, Any]) -> Gap | None:
    """The gap to leave where an earlier step left nothing to review, or None."""
    missing = [name for name in _NEEDED if not refs.get(name)]
    if not missing:
        return None
    return Gap(node="review", kind="not_found", reason=f"nothing to review: no {' and no '.join(missing)}")
