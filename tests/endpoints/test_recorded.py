"""A replay is answered as the run was: the same answers, the same faults, the same account; and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consilience.endpoints.base import ModelFault, TokenUsage
from consilience.endpoints.budget import Budget
from consilience.endpoints.logged import LoggedCompleter
from consilience.endpoints.prices import price_of
from consilience.endpoints.recorded import RecordedCompleter
from consilience.errors import CorruptRunError
from consilience.runs.calls import CallLog
from consilience.runs.model_calls import ModelCalls
from consilience.settings import ROLES, BudgetSettings
from consilience.tests.support.completers import MODEL, Answer, ScriptedCompleter, fault, reply, request


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CallLog]:
    calls = CallLog(tmp_path / "calls.sqlite")
    yield calls
    calls.close()


@pytest.fixture
def calls(tmp_path: Path) -> ModelCalls:
    return ModelCalls(tmp_path / "model-calls.sqlite")


def live(answers: list[Answer], log: CallLog, calls: ModelCalls, model: str = MODEL, **bounds: int) -> LoggedCompleter:
    budget = Budget(BudgetSettings(**bounds), price_of, lambda: 0.0, calls.read())
    return LoggedCompleter(ScriptedCompleter(answers, model=model), log, calls, budget, "run-a")


async def met(completer: LoggedCompleter | RecordedCompleter, text: str = "one") -> ModelFault:
    with pytest.raises(ModelFault) as found:
        await completer.complete(request(text))
    return found.value


async def test_answers_come_back_with_their_ids_and_the_account_is_the_same(
    log: CallLog, calls: ModelCalls, tmp_path: Path
) -> None:
    run = live([reply("{}", 7, 3), reply("[]")], log, calls)
    first, second = await run.complete(request("one")), await run.complete(request("two"))
    account = ModelCalls(tmp_path / "replay.sqlite")
    replay = RecordedCompleter(log, calls, account)
    assert await replay.complete(request("two")) == second
    assert await replay.complete(request("one")) == first == await replay.complete(request("one"))
    assert sorted(account.read(), key=lambda call: call.id) == sorted(calls.read(), key=lambda call: call.id)


def test_models_are_described_from_what_the_run_noted(log: CallLog, calls: ModelCalls) -> None:
    run = live([], log, calls)
    replay = RecordedCompleter(log, calls)
    assert [replay.describe(role) for role in ROLES] == [run.describe(role) for role in ROLES]


async def test_what_was_not_recorded_is_not_answered(log: CallLog, calls: ModelCalls) -> None:
    await live([reply()], log, calls).complete(request("one"))
    replay = RecordedCompleter(log, calls)
    assert (await met(replay, "two")).kind == "unrecorded"
    assert (await replay.complete(request("one"))).reply == reply()


async def test_an_answer_of_another_run_is_not_this_runs(log: CallLog, calls: ModelCalls, tmp_path: Path) -> None:
    await live([reply()], log, calls).complete(request())
    other = ModelCalls(tmp_path / "other.sqlite")
    live([], log, other)
    assert (await met(RecordedCompleter(log, other))).kind == "unrecorded"


async def test_a_run_of_which_nothing_is_known_answers_nothing(log: CallLog, calls: ModelCalls) -> None:
    replay = RecordedCompleter(log, calls)
    assert (await met(replay)).kind == "unrecorded"
    assert replay.describe("judge").name == ""


async def test_faults_come_back_in_their_order_the_last_again_and_again(log: CallLog, calls: ModelCalls) -> None:
    run = live([fault("silent"), fault("unavailable"), fault("refused", 9, 1)], log, calls)
    faults = [await met(run) for _ in range(4)]
    replay = RecordedCompleter(log, calls)
    again = [await met(replay) for _ in range(4)]
    assert (
        [one.kind for one in again] == [one.kind for one in faults] == ["silent", "unavailable", "refused", "refused"]
    )
    assert [(one.message, one.advice, one.call_id, one.usage, one.retries) for one in again] == [
        (one.message, one.advice, one.call_id, one.usage, one.retries) for one in faults
    ]
    assert again[-1].usage == TokenUsage(9, 1)


async def test_what_was_answered_in_the_end_is_answered(log: CallLog, calls: ModelCalls) -> None:
    run = live([fault("unavailable"), reply()], log, calls)
    await met(run)
    await run.complete(request())
    assert (await RecordedCompleter(log, calls).complete(request())).reply == reply()


async def test_a_spent_budget_is_met_where_it_was(log: CallLog, calls: ModelCalls) -> None:
    run = live([reply()], log, calls, max_tokens=250)
    await run.complete(request("one"))
    refused = await met(run, "two")
    replay = RecordedCompleter(log, calls)
    await replay.complete(request("one"))
    again = await met(replay, "two")
    assert (again.kind, again.message, again.advice) == ("budget", refused.message, "raise --max-tokens")


async def test_a_run_that_was_resumed_with_another_model_is_answered_by_both(log: CallLog, calls: ModelCalls) -> None:
    await live([reply("{}")], log, calls).complete(request("one"))
    await live([reply("[]")], log, calls, "another").complete(request("two"))
    replay = RecordedCompleter(log, calls)
    assert (await replay.complete(request("one"))).reply.text == "{}"
    assert (await replay.complete(request("two"))).reply.text == "[]"
    assert replay.describe("searcher").name == "another"


async def test_an_answer_that_the_log_lost_is_told(calls: ModelCalls, log: CallLog, tmp_path: Path) -> None:
    await live([reply()], log, calls).complete(request())
    with pytest.raises(CorruptRunError, match="lost the answer"):
        await RecordedCompleter(CallLog(tmp_path / "empty.sqlite"), calls).complete(request())
