"""The floor is read from the transcript, what stands between calls from their times, and a small run has both."""

from __future__ import annotations

from consilience.evals.overhead import Measured, alone, chain, result, run_once
from consilience.evals.stand_in import Timed
from consilience.records import Event
from consilience.reports.cost import AgentCost
from consilience.settings import Settings
from consilience.tests.support.homes import FEW


def event(step: int, node: str, *calls: str) -> Event:
    return Event(
        key=f"{node}/{step}{calls}",
        step=step,
        node=node,
        agent="A",
        time="",
        seconds=0,
        saw="",
        decided="",
        calls=calls,
    )


def test_calls_of_one_task_are_one_link_and_steps_follow_one_another() -> None:
    tasks = {"a": "plan", "b": "screen", "c": "screen", "d": "defend", "e": "prosecute", "f": "judge", "g": "screen"}
    heard = [
        event(1, "plan", "a"),
        event(2, "search"),
        event(3, "screen", "b", "c"),
        event(4, "cross_examine", "d", "e", "f"),
        event(4, "cross_examine", "d", "e", "g", "f"),
        event(5, "write", "unknown"),
        event(9, "screen", "b"),
    ]
    assert chain(heard, tasks) == {"plan": 1, "screen": 2, "cross_examine": 3}


def test_what_stands_between_calls_goes_to_the_next_one() -> None:
    timed = [Timed("plan", 2.0, 3.0), Timed("screen", 4.5, 5.0), Timed("screen", 4.75, 6.0), Timed("write", 6.0, 7.0)]
    assert alone(timed, 1.0, 9.0) == {"plan": 1.0, "screen": 1.5, "the end": 2.0}


def test_the_tables_hold_the_ratio_and_the_calls_by_agent() -> None:
    costs = (AgentCost(role="judge", model="m", calls=2, tokens_in=30, tokens_out=4),)
    made = result(Measured(3.0, {"plan": 1, "screen": 3}, {"plan": 0.5, "the end": 0.25}, 40, costs))
    assert made.figures["wall_over_floor"] == 1.5
    assert made.figures["wall_over_floor_without_start-up"] == 1.25
    assert made.figures["their_share_of_the_wall"] == 0.25
    assert made.figures["judge.tokens"] == 34
    lines = made.table.splitlines()
    assert "| judge | 2 | 30 | 4 |" in lines
    assert "| before plan | 0.50 |" in lines


def test_a_run_has_a_floor_and_repeats_its_answers(few: Settings) -> None:
    answers: dict[str, str] = {}
    measured = run_once(few.home, answers, latency=0.01, included=2, library=FEW)
    assert measured.included == 2
    assert {"plan", "screen", "extract", "review", "audit"} <= set(measured.chain)
    assert 0 < sum(measured.alone.values()) < measured.wall
    assert measured.floor > 0
    assert sum(cost.calls for cost in measured.costs) == len(answers)
