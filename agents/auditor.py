"""The Auditor: judges the final report against the ledger, once.

It never sees a reviewer's scores or objections, and the writer never hears of it: revising until judges are
content raises scores without raising quality, so a judge that the loop never saw stands beside the panel.
"""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime

from consilience.agents.context import Context
from consilience.agents.dossier import latest_decision, load_dossier, load_draft
from consilience.agents.reviewers import missing_for_review, tell
from consilience.agents.state import RunState
from consilience.agents.steps import leave_gap, step
from consilience.records import PanelDecision, Review

AGENT = "Auditor"
NOTED = 1.0
"""A distance from the panel's median beyond this is noted."""


async def audit(state: RunState, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """The auditor's review of the final draft, with the distance from the panel's median told afterwards."""
    context = runtime.context
    with step(context, node="audit", agent=AGENT, key="final") as told:
        missing = missing_for_review(state)
        if missing is not None:
            told.decided = missing.reason
            return leave_gap(context, "audit", missing.model_copy(update={"node": "audit"}))
        dossier, draft = load_dossier(state, context), load_draft(state, context)
        outcome = await context.reasoner.review("auditor", dossier, draft, state.get("panel_round", 0), earlier=None)
        told.took(outcome)
        gap = leave_gap(context, "audit", outcome.gap)
        told.saw = f"draft {draft.version} and {len(dossier.ledger)} ledger entries, and nothing of the panel's"
        if outcome.value is None:
            told.decided = "no audit"
            told.why = outcome.gap.reason if outcome.gap else ""
            return gap
        tell(told, outcome.value)
        note = distance_note(outcome.value, latest_decision(state, context))
        if note:
            told.why = f"{note}; {told.why}"
        return {"audit": context.run.artifacts.put(outcome.value), **gap}


def distance_note(given: Review, decision: PanelDecision | None) -> str:
    """What is to be said where auditor and panel are more than a point apart, or ''."""
    if decision is None or abs(round(given.mean - decision.median, 4)) <= NOTED:
        return ""
    side = "below" if given.mean < decision.median else "above"
    distance = abs(given.mean - decision.median)
    return f"the auditor's {given.mean:.2f} is {distance:.2f} {side} the panel's median of {decision.median:.2f}"
