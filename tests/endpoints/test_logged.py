"""A call is paid once: by this run, by another, by a killed one, by two that ask at the same time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from consilience.endpoints.base import (
    ChatReply,
    ChatRequest,
    Completer,
    Completion,
    FaultKind,
    Message,
    ModelFault,
    ModelIdentity,
    TokenUsage,
)
from consilience.endpoints.budget import Budget
from consilience.endpoints.exchange import Exchange, call_id
from consilience.endpoints.logged import LoggedCompleter, tokens_of
from consilience.endpoints.prices import price_of
from consilience.errors import CorruptRunError, StorageError
from consilience.runs.calls import CallLog
from consilience.runs.model_calls import CHAT, CHAT_FAULT, ModelCall, ModelCalls, fault_key
from consilience.settings import ROLES, BudgetSettings
from consilience.tests.support.completers import MODEL, ScriptedCompleter, fault, reply, request


@dataclass
class Home:
    """A call log that several runs share."""

    folder: Path
    log: CallLog

    def calls(self, run: str) -> ModelCalls:
        return ModelCalls(self.folder / f"{run}.sqlite")

    def completer(self, inner: Completer, run: str = "run-a", **bounds: int) -> tuple[LoggedCompleter, Budget]:
        account = self.calls(run)
        budget = Budget(BudgetSettings(**bounds), price_of, lambda: 0.0, account.read())
        return LoggedCompleter(inner, self.log, account, budget, run), budget

    def account(self, run: str = "run-a") -> tuple[ModelCall, ...]:
        return self.calls(run).read()


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Home]:
    log = CallLog(tmp_path / "calls.sqlite")
    yield Home(tmp_path, log)
    log.close()


async def test_an_answer_stands_in_the_log_and_in_the_account(shared: Home) -> None:
    inner = ScriptedCompleter([reply("{}", 1000, 500)])
    completer, budget = shared.completer(inner)
    done = await completer.complete(request())
    assert done == Completion(call_id(inner.describe("searcher"), request()), reply("{}", 1000, 500))
    exchange = Exchange.parse(shared.log.get_many(CHAT, [done.call_id])[done.call_id])
    assert [message.content for message in exchange.messages] == ["You plan.", "one"]
    assert (exchange.run, exchange.text, exchange.model) == ("run-a", "{}", f"{MODEL}-2025-04-14")
    (call,) = shared.account()
    assert (call.id, call.role, call.task, call.model) == (done.call_id, "searcher", "plan", MODEL)
    assert (call.tokens_in, call.tokens_out, call.estimated, call.paid, call.fault) == (1000, 500, False, True, "")
    assert call.cost == pytest.approx(1000 * 0.4e-6 + 500 * 1.6e-6)
    assert (call.seconds, call.retries) == (0.25, 1)
    assert budget.spent.tokens == 1500


async def test_the_same_run_and_another_are_answered_for_nothing(shared: Home) -> None:
    completer, _ = shared.completer(ScriptedCompleter([reply()]))
    first = await completer.complete(request())
    again, spent = shared.completer(ScriptedCompleter())
    assert await again.complete(request()) == first
    assert await completer.complete(request()) == first
    assert len(shared.account()) == 1
    assert spent.spent.tokens == 110
    other, nothing = shared.completer(ScriptedCompleter(), "run-b")
    assert await other.complete(request()) == first
    assert [call.paid for call in shared.account("run-b")] == [False]
    assert nothing.spent.tokens == 0
    assert shared.completer(ScriptedCompleter(), "run-b")[1].spent.tokens == 0


async def test_two_that_ask_the_same_at_once_share_one_call(shared: Home) -> None:
    inner = ScriptedCompleter([reply()], held=True)
    completer, _ = shared.completer(inner)
    both = [asyncio.create_task(completer.complete(request())) for _ in range(2)]
    while not inner.asked:
        await asyncio.sleep(0.001)
    inner.go.set()
    first, second = await asyncio.gather(*both)
    assert first == second
    assert len(inner.asked) == 1
    assert len(shared.account()) == 1


async def test_many_at_once_are_each_kept(shared: Home) -> None:
    completer, budget = shared.completer(ScriptedCompleter(each=lambda asked: reply(asked.messages[1].content)))
    done = await asyncio.gather(*(completer.complete(request(str(n))) for n in range(60)))
    assert [item.reply.text for item in done] == [str(n) for n in range(60)]
    assert {call.id for call in shared.account()} == {item.call_id for item in done}
    assert len(shared.log.get_many(CHAT, [item.call_id for item in done])) == 60
    assert budget.spent.tokens == 60 * 110


async def test_a_call_is_kept_though_nobody_waits_for_it_any_more(shared: Home) -> None:
    inner = ScriptedCompleter([reply()], held=True)
    completer, _ = shared.completer(inner)
    waiting = asyncio.create_task(completer.complete(request()))
    while not inner.asked:
        await asyncio.sleep(0.001)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    inner.go.set()
    done = await completer.complete(request())
    assert len(inner.asked) == 1
    assert shared.log.get_many(CHAT, [done.call_id])


DIFFERENT = [
    replace(request(), messages=(Message("system", "You plan."), Message("user", "two"))),
    replace(request(), messages=(Message("user", "You plan."), Message("user", "one"))),
    replace(request(), schema={"type": "object"}),
    replace(request(), schema_name="other"),
    replace(request(), max_output_tokens=101),
]


@pytest.mark.parametrize("different", DIFFERENT)
async def test_whatever_decides_an_answer_decides_its_id(shared: Home, different: ChatRequest) -> None:
    inner = ScriptedCompleter([reply("{}"), reply("[]")])
    completer, _ = shared.completer(inner)
    first, second = await completer.complete(request()), await completer.complete(different)
    assert first.call_id != second.call_id
    assert second.reply.text == "[]"


def test_the_model_decides_the_id_and_who_asks_does_not() -> None:
    one = ModelIdentity("m", "http://a/v1", {"temperature": 0.0, "seed": 7})
    same = ModelIdentity("m", "http://a/v1", {"seed": 7, "temperature": 0.0})
    others = [
        ModelIdentity("n", "http://a/v1", one.parameters),
        ModelIdentity("m", "http://b/v1", one.parameters),
        ModelIdentity("m", "http://a/v1", {"temperature": 0.5, "seed": 7}),
    ]
    assert call_id(one, request()) == call_id(same, request(role="judge"))
    assert len({call_id(identity, request()) for identity in [one, *others]}) == 4


def test_the_port_of_a_model_file_does_not_decide_the_id() -> None:
    served = [ModelIdentity("local:m.gguf@sha256:0123456789abcdef", f"http://127.0.0.1:{port}/v1") for port in (1, 2)]
    other = ModelIdentity("local:m.gguf@sha256:fedcba9876543210", "http://127.0.0.1:1/v1")
    assert call_id(served[0], request()) == call_id(served[1], request()) != call_id(other, request())


@pytest.mark.parametrize("kind", ["refused", "empty", "cut"])
async def test_a_paid_fault_is_paid_once_by_a_run_and_another_asks_anew(shared: Home, kind: FaultKind) -> None:
    completer, budget = shared.completer(ScriptedCompleter([fault(kind, 50, 5)]))
    with pytest.raises(ModelFault) as met:
        await completer.complete(request())
    assert (met.value.kind, met.value.usage, budget.spent.tokens) == (kind, TokenUsage(50, 5), 55)
    again, spent = shared.completer(ScriptedCompleter())
    with pytest.raises(ModelFault, match=f"it was {kind}") as same:
        await again.complete(request())
    assert (same.value.kind, same.value.advice, same.value.call_id) == (kind, "try another", met.value.call_id)
    assert spent.spent.tokens == 55
    (call,) = shared.account()
    assert (call.fault, call.message, call.tokens_in, call.tokens_out) == (kind, f"it was {kind}", 50, 5)
    other, _ = shared.completer(ScriptedCompleter([reply()]), "run-b")
    assert (await other.complete(request())).reply == reply()


async def test_an_unpaid_fault_is_asked_anew_and_stands_in_the_account(shared: Home) -> None:
    completer, budget = shared.completer(ScriptedCompleter([fault("unavailable"), reply()]))
    with pytest.raises(ModelFault) as met:
        await completer.complete(request())
    assert budget.spent.tokens == 0
    done = await completer.complete(request())
    assert met.value.call_id == done.call_id
    assert [(call.fault, call.tokens_in) for call in shared.account()] == [("unavailable", 0), ("", 100)]


async def test_what_the_server_does_not_report_is_estimated(shared: Home) -> None:
    silent = ChatReply("a short answer", TokenUsage(), MODEL)
    completer, budget = shared.completer(ScriptedCompleter([silent, fault("cut")]))
    done = await completer.complete(request())
    assert done.reply.usage.estimated
    assert done.reply.usage.tokens_in == tokens_of(request(), MODEL) > 10
    assert done.reply.usage.tokens_out > 0
    with pytest.raises(ModelFault):
        await completer.complete(request("two"))
    assert [call.estimated for call in shared.account()] == [True, True]
    assert shared.account()[1].tokens_out == 100
    assert budget.spent.tokens == sum(call.tokens_in + call.tokens_out for call in shared.account())


async def test_a_spent_budget_stops_the_call_before_it_is_made(shared: Home) -> None:
    inner = ScriptedCompleter([reply()])
    completer, _ = shared.completer(inner, max_tokens=50)
    with pytest.raises(ModelFault, match="bound of 50 tokens") as met:
        await completer.complete(request())
    assert (met.value.kind, met.value.advice) == ("budget", "raise --max-tokens")
    assert not inner.asked
    assert [call.fault for call in shared.account()] == ["budget"]


async def test_what_breaks_holds_nothing_of_the_budget(shared: Home) -> None:
    completer, budget = shared.completer(ScriptedCompleter([OSError("no route"), reply()]), max_tokens=200)
    with pytest.raises(OSError, match="no route"):
        await completer.complete(request())
    assert (await completer.complete(request())).reply == reply()
    assert budget.spent.tokens == 110


async def test_an_answer_that_cannot_be_kept_is_not_used(shared: Home, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    unwritable = CallLog(tmp_path / "folder")
    account = shared.calls("run-a")
    budget = Budget(BudgetSettings(), price_of, lambda: 0.0)
    completer = LoggedCompleter(ScriptedCompleter([reply()]), unwritable, account, budget, "run-a")
    with pytest.raises(StorageError):
        await completer.complete(request())
    assert not account.read()


async def test_a_damaged_answer_is_told(shared: Home) -> None:
    inner = ScriptedCompleter()
    key = call_id(inner.describe("searcher"), request())
    shared.log.put_many(CHAT, {key: b'{"version": 1'})
    completer, _ = shared.completer(inner)
    with pytest.raises(CorruptRunError, match="call log"):
        await completer.complete(request())


def test_the_models_of_all_roles_are_noted_once(shared: Home) -> None:
    for _ in range(2):
        shared.completer(ScriptedCompleter())
    models = shared.calls("run-a").models()
    assert [model.role for model in models] == list(ROLES)
    assert models[0].name == MODEL
    assert models[0].parameters == {"temperature": 0.0, "seed": 7, "structure": "auto"}
    shared.completer(ScriptedCompleter(model="another"))
    assert len(shared.calls("run-a").models()) == 2 * len(ROLES)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from consilience.endpoints.budget import Budget
from consilience.endpoints.logged import LoggedCompleter
from consilience.endpoints.prices import price_of
from consilience.runs.calls import CallLog
from consilience.runs.model_calls import ModelCalls
from consilience.settings import ROLES, BudgetSettings
from consilience.tests.support.completers import ScriptedCompleter, reply, request

class Dying(ModelCalls):
    def record_many(self, calls):
        os.kill(os.getpid(), signal.SIGKILL)

home = Path(sys.argv[1])
budget = Budget(BudgetSettings(), price_of, lambda: 0.0)
completer = LoggedCompleter(
    ScriptedCompleter([reply()]), CallLog(home / "calls.sqlite"), Dying(home / "run-a.sqlite"), budget, "run-a"
)
asyncio.run(completer.complete(request()))
"""


async def test_a_run_killed_behind_the_commit_pays_nothing_twice(shared: Home) -> None:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(shared.folder)], check=False)
    assert done.returncode == -9
    assert not shared.account()
    completer, budget = shared.completer(ScriptedCompleter())
    assert (await completer.complete(request())).reply == reply()
    assert [call.paid for call in shared.account()] == [True]
    assert budget.spent.tokens == 110
    await completer.complete(request())
    assert budget.spent.tokens == 110


async def test_a_fault_is_kept_apart_from_answers(shared: Home) -> None:
    completer, _ = shared.completer(ScriptedCompleter([fault("refused", 9, 1)]))
    with pytest.raises(ModelFault) as met:
        await completer.complete(request())
    key = met.value.call_id
    assert shared.log.get_many(CHAT, [key]) == {}
    assert shared.log.get_many(CHAT_FAULT, [fault_key("run-a", key)])
    assert shared.log.get_many(CHAT_FAULT, [fault_key("run-b", key)]) == {}
