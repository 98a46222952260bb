"""The Panel: reviewers read each other, objections are settled, and what happens next is decided.

``panel_round`` in the state is the round under way: the writer opens it with a draft, this node closes it
with a decision. A search that the panel asks for opens the next search round.
"""

from __future__ import annotations

from typing import Any, Literal

from langgraph.runtime import Runtime

from consilience.agents import convergence
from consilience.agents.context import Context
from consilience.agents.dossier import latest_decision, load_dossier, load_draft, load_screening
from consilience.agents.reviewers import LENSES, missing_for_review
from consilience.agents.settlement import Situation, open_blocking, settle
from consilience.agents.state import RunState
from consilience.agents.steps import Step, leave_gap, step
from consilience.records import Gap, Objection, PanelDecision, Review

AGENT = "Panel"


async def deliberate(state: RunState, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """Close the round: final scores, objections with their states, and the decision what happens next.

    Returns the final reviews, the decision, ``next``, and for a search its wishes, the next search round
    and the count of searches. Where there is nothing to decide (no review, or a round that the writer could
    not go on from), the run goes to the audit with a gap.
    """
    context, this_round = runtime.context, state.get("panel_round", 0)
    repeated = f"p{this_round}" in state.get("decisions", {})
    key = f"p{this_round}" + ("/again" if repeated else "")
    with step(context, node="deliberate", agent=AGENT, key=key) as told:
        first = _reviews(state, context, this_round)
        stop = _nothing_to_decide(state, first, repeated)
        if stop is not None:
            told.decided, told.why = "no decision: on to the audit", stop.reason
            return {"next": "audit", **leave_gap(context, f"{key}/deliberate", stop)}
        dossier, draft = load_dossier(state, context), load_draft(state, context)
        outcome = await context.reasoner.deliberate(dossier, draft, first)
        told.took(outcome)
        final = outcome.value or first
        bounds = _bounds(state, context)
        situation = Situation(dossier, draft, bounds.can_search, _search_said(state, context))
        decision = _decide(state, context, final, situation, bounds)
        _tell(told, first, final, decision)
        update = _update(state, context, final, decision)
        gaps = _gaps(decision, bounds)
        if outcome.gap is not None:
            gaps["deliberate"] = outcome.gap
        update["gaps"] = {f"p{this_round}/{n}": context.run.artifacts.put(gap) for n, gap in gaps.items()}
        return update


def route(state: RunState) -> Literal["revise", "search", "audit"]:
    """Where the panel's decision sends the run."""
    return state.get("next", "audit")


def _reviews(state: RunState, context: Context, this_round: int) -> tuple[Review, ...]:
    """The round's reviews as first given, in the panel's order."""
    refs = state.get("reviews", {})
    keys = [f"p{this_round}/{lens}" for lens in LENSES]
    return tuple(context.run.artifacts.get(refs[key], Review) for key in keys if key in refs)


def _nothing_to_decide(state: RunState, first: tuple[Review, ...], repeated: bool) -> Gap | None:
    if repeated:
        reason = "the writer gave no new draft, so the panel's last decision stands"
        return Gap(node="deliberate", kind="not_found", reason=reason)
    missing = missing_for_review(state)
    if missing is not None:
        return missing.model_copy(update={"node": "deliberate"})
    if not first:
        return Gap(node="deliberate", kind="not_found", reason="no reviewer gave a review")
    return None


def _bounds(state: RunState, context: Context) -> convergence.Bounds:
    settings, screening = context.settings, load_screening(state, context)
    searches = state.get("coverage_searches", 0)
    full = screening.saturation >= settings.search.saturation
    in_vain = searches > 0 and screening.new_included == 0
    return convergence.Bounds(
        round=state.get("panel_round", 0),
        max_rounds=settings.panel.max_rounds,
        searches=searches,
        max_searches=settings.panel.max_searches,
        can_search=not (context.source.closed and (full or in_vain)),
    )


def _search_said(state: RunState, context: Context) -> str:
    """What the ledger shows against a wish to search again."""
    screening = load_screening(state, context)
    asked, kind = len(state.get("searches", {})), "closed library" if context.source.closed else "source"
    return (
        f"{asked} queries over the {kind} {context.source.name} screened {screening.prisma.screened} "
        f"records and included {screening.prisma.included}; the last round included "
        f"{screening.new_included} new ones, and the estimated saturation is {screening.saturation:.2f}"
    )


def _decide(
    state: RunState,
    context: Context,
    final: tuple[Review, ...],
    situation: Situation,
    bounds: convergence.Bounds,
) -> PanelDecision:
    previous = latest_decision(state, context, before=state.get("panel_round", 0))
    raised = [o for review in final for o in review.objections]
    objections = settle(previous.objections if previous else (), raised, situation)
    median, blocking = convergence.median_of(final), open_blocking(objections)
    before = previous.median if previous else None
    converged = convergence.has_converged(median, before, blocking, context.settings.panel.tolerance)
    step_to = convergence.choose_next(converged, objections, bounds)
    return PanelDecision(
        round=bounds.round,
        median=median,
        previous_median=before,
        agreement=convergence.agreement(final),
        converged=converged,
        open_blocking=blocking,
        next=step_to,
        reason=_reason(median, before, blocking, converged, objections),
        dissent=convergence.dissent(final, median, objections if step_to == "audit" else ()),
        objections=objections,
    )


def _reason(
    median: float, before: float | None, blocking: int, converged: bool, objections: tuple[Objection, ...]
) -> str:
    moved = "no round before" if before is None else f"moved by {abs(median - before):.2f} from {before:.2f}"
    wishes = convergence.wants_search(objections)
    asked = f"; a search is asked for: {', '.join(wishes)}" if wishes else ""
    state = "converged" if converged else "not converged"
    return f"{state}: median {median:.2f}, {moved}; {blocking} blocking objections open{asked}"


def _gaps(decision: PanelDecision, bounds: convergence.Bounds) -> dict[str, Gap]:
    """Bounds that ended the loop: in the report, and no reason to call its result partial."""
    reached = convergence.bounds_reached(decision.converged, decision.objections, bounds, decision.next)
    return {n: Gap(node="deliberate", kind="bound_reached", reason=r) for n, r in sorted(reached.items())}


def _update(state: RunState, context: Context, final: tuple[Review, ...], decision: PanelDecision) -> dict[str, Any]:
    put = context.run.artifacts.put
    update: dict[str, Any] = {
        "reviews": {f"p{decision.round}/{r.reviewer}/final": put(r) for r in final},
        "decisions": {f"p{decision.round}": put(decision)},
        "next": decision.next,
    }
    if decision.next == "search":
        update["coverage_searches"] = state.get("coverage_searches", 0) + 1
        update["wishes"] = list(convergence.wants_search(decision.objections))
        # Keys of searches begin with their round: a new search must not write over the one before.
        update["round"] = state.get("round", 0) + 1
    return update


def _tell(told: Step, first: tuple[Review, ...], final: tuple[Review, ...], decision: PanelDecision) -> None:
    told.saw = f"{len(first)} reviews of round {decision.round}"
    told.decided = f"median {decision.median:.2f}, next: {decision.next}"
    told.why = decision.reason
    told.counts = {
        "median": decision.median,
        "open blocking": decision.open_blocking,
        "open": sum(o.state == "open" for o in decision.objections),
        "resolved": sum(o.state == "resolved" for o in decision.objections),
        "answered": sum(o.state == "answered" for o in decision.objections),
    }
    if decision.agreement is not None:
        told.counts["agreement"] = decision.agreement
    moves = [
        f"{after.reviewer}: {before.mean:.2f} to {after.mean:.2f}"
        for before, after in zip(first, final, strict=False)
        if before.mean != after.mean
    ]
    closed = [f"{o.id} {o.state}: {o.settlement}" for o in decision.objections if o.state != "open"]
    told.details = [*moves, *closed, *decision.dissent]
