"""The Searcher's nodes with a scripted reasoner: what is asked, what becomes a gap, and when searching goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from langgraph.runtime import Runtime

from consilience.agents.context import Context
from consilience.agents.extractor import send_papers
from consilience.agents.searcher import plan, screen, search, send_queries
from consilience.agents.state import RunState, Screening, SearchBatch
from consilience.errors import ReasonerError
from consilience.reasoning.base import Candidate, Outcome, PlanRequest
from consilience.records import Gap, Paper, Plan, ScreeningDecision
from consilience.tests.support import dossiers as made
from consilience.tests.support.acting import TIME, Shelf, act, make_context
from consilience.tests.support.scripted import Scripted, refusal

PAPERS = {paper.id: paper for paper in (made.paper(n) for n in range(1, 8))}
FAILED = Gap(node="search", kind="source_failed", reason="rate limit reached (429)")


def screens(*ids: str) -> Any:  # noqa: ANN401 -- a script: a function of the method's arguments
    """A screening that includes these papers and no other."""

    def decide(_: Plan, candidates: tuple[Candidate, ...], __: int) -> Outcome[tuple[ScreeningDecision, ...]]:
        return Outcome(
            value=tuple(
                ScreeningDecision(
                    paper_id=c.paper.id, included=c.paper.id in ids, reason="fits" if c.paper.id in ids else "far: x",
                    score=c.fused,
                )
                for c in candidates
            )
        )  # fmt: skip

    return decide


def put_plan(context: Context, **changes: object) -> str:
    return context.run.artifacts.put(made.plan(**changes))


def runtime(context: Context) -> Runtime[Context]:
    return Runtime(context=context)


async def searched(context: Context, state: RunState) -> RunState:
    """The state after all of the round's queries."""
    sends = send_queries(state, runtime(context))
    updates = [await act(search, send.arg, context) for send in sends if not isinstance(send, str)]
    for update in updates:
        for name, value in update.items():
            cast("dict[str, Any]", state)[name] = {**state.get(name, {}), **value}
    return state


# ----------------------------------------------------------------- planning


async def test_a_later_plan_is_told_what_was_tried_and_what_is_missing(home: Path) -> None:
    reasoner = Scripted(plan=[Outcome(value=made.plan(queries=("quinine cramps",)))])
    context = make_context(home, reasoner, Shelf(PAPERS, {"*": [("paper1", 0.9, 0.8)]}))
    state = RunState(question=made.QUESTION, round=0, plan=put_plan(context, queries=("zolafen", "cramps")))
    state = await searched(context, state)
    update = await act(plan, {**state, "round": 1, "wishes": ["quinine"]}, context)
    ((request,),) = cast("list[tuple[PlanRequest]]", reasoner.asked("plan"))
    assert (request.round, request.tried, request.missing) == (1, ("zolafen", "cramps"), ("quinine",))
    assert context.run.artifacts.get(update["plan"], Plan).queries == ("quinine cramps",)


async def test_no_plan_at_all_ends_the_run_and_nothing_is_told_of_the_step(home: Path) -> None:
    context = make_context(home, Scripted(plan=[refusal()]), Shelf(PAPERS))
    with pytest.raises(ReasonerError, match="the model refused") as told:
        await act(plan, RunState(question=made.QUESTION), context)
    assert told.value.advice
    assert context.run.transcript.read() == [], "a resumed run plans again"


async def test_a_later_plan_that_fails_is_a_gap_and_sends_no_query_again(home: Path) -> None:
    context = make_context(home, Scripted(plan=[refusal()]), Shelf(PAPERS, {"*": [("paper1", 0.9, 0.8)]}))
    state = await searched(context, RunState(question=made.QUESTION, round=0, plan=put_plan(context)))
    state["round"] = 1
    update = await act(plan, state, context)
    assert list(update) == ["gaps"]
    assert list(update["gaps"]) == ["r1/plan"]
    assert send_queries(state, runtime(context)) == "screen"


# ----------------------------------------------------------------- searching


async def test_one_task_a_query_and_none_twice(home: Path) -> None:
    context = make_context(home, Scripted(), Shelf(PAPERS))
    state = RunState(question=made.QUESTION, round=0, plan=put_plan(context, queries=("a", "b", "a")))
    sends = send_queries(state, runtime(context))
    assert [(s.node, s.arg["key"], s.arg["items"]) for s in sends if not isinstance(s, str)] == [
        ("search", "r0/q00", ["a"]),
        ("search", "r0/q01", ["b"]),
    ]
    state = RunState(question=made.QUESTION, round=0, plan=put_plan(context, queries=()))
    assert send_queries(state, runtime(context)) == "screen"


async def test_what_a_query_brought_is_kept_with_its_words_and_its_time(home: Path) -> None:
    shelf = Shelf(PAPERS, {"cramps": [("paper2", 0.9, 0.8), ("paper1", 0.5, 0.4)]})
    context = make_context(home, Scripted(), shelf, search={"hits_per_query": 1})
    update = await act(search, {"key": "r0/q00", "round": 0, "items": ["cramps"]}, context)
    kept = context.run.artifacts.get(update["searches"]["r0/q00"], SearchBatch)
    assert (kept.outcome.query, kept.outcome.time, kept.outcome.source) == ("cramps", TIME, "library:tests")
    assert [(s.paper_id, s.fused) for s in kept.scored] == [("paper2", 0.9)]
    assert "gaps" not in update


async def test_a_source_that_fails_is_a_gap_and_never_an_empty_result(home: Path) -> None:
    context = make_context(home, Scripted(), Shelf(PAPERS, gaps={"cramps": FAILED}))
    update = await act(search, {"key": "r0/q00", "round": 0, "items": ["cramps"]}, context)
    assert context.run.artifacts.get(update["searches"]["r0/q00"], SearchBatch).outcome.gap == FAILED
    assert context.run.artifacts.get(update["gaps"]["r0/q00/search"], Gap) == FAILED
    (event,) = context.run.transcript.read()
    assert event.why == FAILED.reason


# ----------------------------------------------------------------- screening

LONELY = {"a": [("paper1", 0.9, 0.9)], "b": [("paper2", 0.8, 0.8)], "c": [("paper3", 0.7, 0.7)]}


async def screened(home: Path, ids: tuple[str, ...], max_rounds: int = 3) -> tuple[Context, dict[str, Any], Screening]:
    """The screening of three queries, each of which found one paper that the others did not."""
    context = make_context(
        home, Scripted(screen=screens(*ids)), Shelf(PAPERS, LONELY), search={"max_rounds": max_rounds}
    )
    state = RunState(question=made.QUESTION, round=0, plan=put_plan(context, queries=("a", "b", "c")))
    update = await act(screen, await searched(context, state), context)
    return context, update, context.run.artifacts.get(update["screening"], Screening)


async def test_searching_goes_on_while_it_is_not_saturated(home: Path) -> None:
    context, update, screening = await screened(home, ("paper1", "paper2", "paper3"))
    assert screening.saturation == 0.5
    assert (update["saturated"], update["round"]) == (False, 1)
    assert send_papers(cast("RunState", update), runtime(context)) == "plan"
    assert [d.paper_id for d in screening.decisions] == ["paper1", "paper2", "paper3"]
    assert screening.new_included == 3


async def test_the_bound_on_rounds_ends_the_search_with_a_gap(home: Path) -> None:
    context, update, _ = await screened(home, ("paper1", "paper2", "paper3"), max_rounds=1)
    assert (update["saturated"], update["round"]) == (True, 0)
    gap = context.run.artifacts.get(update["gaps"]["r0/rounds"], Gap)
    assert (gap.kind, gap.partial) == ("bound_reached", False)
    assert "after 1 rounds at an estimated saturation of 0.50" in gap.reason


async def test_a_saturated_search_goes_on_to_extraction(home: Path) -> None:
    context, update, screening = await screened(home, ("paper1",))
    assert (screening.saturation, update["saturated"], update["wishes"]) == (1.0, True, [])
    assert "gaps" not in update
    sends = send_papers(cast("RunState", {**update, "plan": put_plan(context)}), runtime(context))
    assert [(s.node, s.arg["key"], s.arg["items"]) for s in sends if not isinstance(s, str)] == [
        ("extract", "r0/c000", ["paper1"])
    ]


async def test_a_later_round_without_a_new_paper_is_the_last(home: Path) -> None:
    context, update, _ = await screened(home, ("paper1", "paper2", "paper3"))
    state = RunState(question=made.QUESTION, round=1, plan=put_plan(context, queries=("a", "b", "c")))
    state = await searched(context, state)
    again = await act(screen, {**state, "screening": update["screening"]}, context)
    assert context.run.artifacts.get(again["screening"], Screening).new_included == 0
    assert (again["saturated"], again["round"]) == (True, 1)


async def test_a_screening_that_fails_includes_nothing_and_says_why(home: Path) -> None:
    context = make_context(home, Scripted(screen=[refusal()]), Shelf(PAPERS, LONELY))
    state = RunState(question=made.QUESTION, round=0, plan=put_plan(context, queries=("a", "b", "c")))
    update = await act(screen, await searched(context, state), context)
    screening = context.run.artifacts.get(update["screening"], Screening)
    assert (screening.included, screening.prisma.screened) == ((), 0)
    assert context.run.artifacts.get(update["gaps"]["r0/screen"], Gap).kind == "refused"


async def test_a_retracted_paper_that_a_reasoner_let_in_is_put_out(home: Path) -> None:
    papers = PAPERS | {"paper1": Paper.model_validate(PAPERS["paper1"].model_dump() | {"retracted": True})}
    context = make_context(home, Scripted(screen=screens("paper1", "paper2")), Shelf(papers, LONELY))
    state = RunState(question=made.QUESTION, round=0, plan=put_plan(context, queries=("a", "b", "c")))
    update = await act(screen, await searched(context, state), context)
    screening = context.run.artifacts.get(update["screening"], Screening)
    assert screening.included == ("paper2",)
    assert screening.prisma.excluded == {"far": 1, "retracted": 1}
    assert screening.prisma.retracted == 1
