"""The Searcher: plans, asks the source, screens, and decides whether to search again."""

from __future__ import annotations

from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Send, interrupt

from consilience.agents.context import Context
from consilience.agents.dossier import load_plan, load_screening, load_searches
from consilience.agents.screening import fuse, prisma_counts, saturation_of, uncovered_facets, without_retracted
from consilience.agents.state import RunState, Scored, Screening, SearchBatch, SearchTask, required
from consilience.agents.steps import leave_gap, step
from consilience.errors import ReasonerError
from consilience.reasoning.base import PlanRequest
from consilience.records import Gap, Plan, SearchOutcome

AGENT = "Searcher"


async def plan(state: RunState, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """Read the question into facets and queries; in later rounds, only queries that were not tried.

    Raises:
        ReasonerError: no plan could be made, and there is none of an earlier round.
    """
    context, settings = runtime.context, runtime.context.settings
    this_round, question = state.get("round", 0), required(state, "question")
    tried = tuple(dict.fromkeys(s.outcome.query for s in load_searches(state, context)))
    with step(context, node="plan", agent=AGENT, key=f"r{this_round}") as told:
        told.saw = question
        request = PlanRequest(
            question=question,
            round=this_round,
            tried=tried,
            missing=tuple(state.get("wishes", ())),
            max_queries=settings.search.max_queries,
            earlier=load_plan(state, context) if "plan" in state else None,
        )
        outcome = await context.reasoner.plan(request)
        told.took(outcome)
        gap = leave_gap(context, f"r{this_round}/plan", outcome.gap)
        if outcome.value is None:
            told.decided = "no plan could be made"
            told.why = outcome.gap.reason if outcome.gap else ""
            if "plan" not in state:
                raise ReasonerError(f"no plan could be made: {told.why}", "see to the reason given")
            return gap
        made = outcome.value
        told.decided = f"a {made.question_type.value} question, {len(made.queries)} queries"
        told.why = "; ".join(f"{f.role}: {f.text}" for f in made.facets)
        told.counts = {"queries": len(made.queries), "facets": len(made.facets)}
        told.details = list(made.queries)
        return {"plan": context.run.artifacts.put(made), **gap}


async def approve(state: RunState, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """Let the person confirm the first plan where they asked to; a node of its own, so nothing is repeated."""
    context = runtime.context
    if not context.confirm_plan or state.get("round", 0) > 0:
        return {}
    answer: object = interrupt({"plan": load_plan(state, context).model_dump(mode="json")})
    with step(context, node="approve", agent="Person", key="r0") as told:
        told.saw = "the plan"
        if isinstance(answer, dict):
            changed = Plan.model_validate(answer)
            told.decided = "approved with changes"
            told.details = [changed.model_dump_json()]
            return {"plan": context.run.artifacts.put(changed)}
        told.decided = "approved"
    return {}


def send_queries(state: RunState, runtime: Runtime[Context]) -> list[Send] | Literal["screen"]:
    """One search task a query; straight to screening where a round has no new query."""
    context, this_round = runtime.context, state.get("round", 0)
    # Where no new plan could be made the earlier one stands, whose queries were sent.
    sent = {s.outcome.query for s in load_searches(state, context) if s.outcome.round < this_round}
    queries = [query for query in dict.fromkeys(load_plan(state, context).queries) if query not in sent]
    tasks = [
        Send("search", SearchTask(key=f"r{this_round}/q{n:02d}", round=this_round, items=[query]))
        for n, query in enumerate(queries)
    ]
    return tasks or "screen"


async def search(state: SearchTask, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """Ask the source one query; a failure becomes a gap beside the query, never an empty result."""
    context = runtime.context
    query, key = state["items"][0], state["key"]
    with step(context, node="search", agent=AGENT, key=key) as told:
        told.saw = query
        answer = await context.source.search(query, context.settings.search.hits_per_query)
        outcome = SearchOutcome(
            source=context.source.name,
            query=query,
            round=state["round"],
            paper_ids=tuple(f.paper.id for f in answer.found),
            time=context.clock(),
            gap=answer.gap,
        )
        scored = tuple(Scored(paper_id=f.paper.id, fused=f.fused, cosine=f.cosine) for f in answer.found)
        told.decided = f"{len(scored)} records from {context.source.name}"
        told.why = answer.gap.reason if answer.gap else "every hit goes to screening"
        told.counts = {"hits": len(scored)}
        told.details = [f"{f.cosine:.2f} {f.paper.title}" for f in answer.found[:5]]
    batch = context.run.artifacts.put(SearchBatch(outcome=outcome, scored=scored))
    return {"searches": {key: batch}, **leave_gap(context, f"{key}/search", answer.gap)}


async def screen(state: RunState, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """Include or exclude every record found so far, with a reason, and estimate how full the search is."""
    context, settings = runtime.context, runtime.context.settings
    this_round = state.get("round", 0)
    searches = load_searches(state, context)
    with step(context, node="screen", agent=AGENT, key=f"r{this_round}") as told:
        candidates = fuse(searches, context.papers, required(state, "question"))
        told.saw = f"{len(candidates)} papers from {len(searches)} queries"
        before = _included_before(state, context)
        made = load_plan(state, context)
        outcome = await context.reasoner.screen(made, candidates, settings.screening.max_included)
        told.took(outcome)
        decisions = without_retracted(outcome.value or (), context.papers)
        included = {d.paper_id for d in decisions if d.included}
        screening = Screening(
            decisions=tuple(sorted(decisions, key=lambda d: d.paper_id)),
            prisma=prisma_counts(searches, decisions, context.papers),
            saturation=saturation_of(searches, included, len(context.papers), closed=context.source.closed),
            uncovered=uncovered_facets(made, included, context.papers),
            new_included=len(included - before),
        )
        told.decided = f"{len(included)} included, {len(decisions) - len(included)} excluded"
        told.why = _why_search_on(screening, settings.search.saturation)
        told.counts = {
            "included": len(included),
            "excluded": len(decisions) - len(included),
            "saturation": screening.saturation,
        }
        told.details = [
            f"{'+' if d.included else '-'} {d.score:.2f} {context.papers[d.paper_id].title}: {d.reason}"
            for d in sorted(decisions, key=lambda d: (-d.score, d.paper_id))
        ]
    again = _search_again(screening, this_round, context)
    update: dict[str, Any] = {
        "screening": context.run.artifacts.put(screening),
        "saturated": not again,
        "round": this_round + (1 if again else 0),
        "wishes": list(screening.uncovered) if again else [],
    }
    gaps = _gaps(screening, this_round, context, outcome.gap)
    if gaps:
        update["gaps"] = gaps
    return update


def _included_before(state: RunState, context: Context) -> set[str]:
    if "screening" not in state:
        return set()
    return set(load_screening(state, context).included)


def _search_again(screening: Screening, this_round: int, context: Context) -> bool:
    """Again while not saturated, while rounds are left, and (after the first) while new papers came in."""
    settings = context.settings.search
    if screening.saturation >= settings.saturation or this_round + 1 >= settings.max_rounds:
        return False
    return this_round == 0 or screening.new_included > 0


def _why_search_on(screening: Screening, target: float) -> str:
    found = f"an estimated {screening.saturation:.0%} of the relevant work that the source holds was found"
    return f"{found}; searching stops at {target:.0%}"


def _gaps(screening: Screening, this_round: int, context: Context, gap: Gap | None) -> dict[str, str]:
    gaps: dict[str, str] = {}
    settings = context.settings.search
    if gap is not None:
        gaps[f"r{this_round}/screen"] = context.run.artifacts.put(gap)
    if screening.saturation < settings.saturation and this_round + 1 >= settings.max_rounds:
        reason = (
            f"searching stopped after {settings.max_rounds} rounds at an estimated saturation of "
            f"{screening.saturation:.2f}"
        )
        bound = Gap(node="screen", kind="bound_reached", reason=reason)
        gaps[f"r{this_round}/rounds"] = context.run.artifacts.put(bound)
    return gaps
