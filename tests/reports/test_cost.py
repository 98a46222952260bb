"""What agents cost is counted once a call, in whatever order calls ended and whoever paid."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from consilience.reports.cost import AgentCost, costs, total_cost
from consilience.runs.model_calls import ModelCall


def call(
    key: str,
    role: str = "judge",
    model: str = "m",
    tokens: tuple[int, int] = (10, 2),
    cost: float | None = 0.25,
    fault: str = "",
    paid: bool = True,
    estimated: bool = False,
) -> ModelCall:
    return ModelCall(
        id=key,
        role=role,
        task="",
        prompt_sha256="",
        model=model,
        endpoint="",
        tokens_in=tokens[0],
        tokens_out=tokens[1],
        cost=cost,
        fault=fault,
        paid=paid,
        estimated=estimated,
    )


def test_each_role_and_model_has_a_line() -> None:
    lines = costs([call("1", "writer"), call("2"), call("3", model="n", cost=None), call("4", estimated=True)])
    assert lines == (
        AgentCost(role="judge", model="m", calls=2, tokens_in=20, tokens_out=4, cost=0.5, estimated=True),
        AgentCost(role="judge", model="n", calls=1, tokens_in=10, tokens_out=2, cost=None),
        AgentCost(role="writer", model="m", calls=1, tokens_in=10, tokens_out=2, cost=0.25),
    )
    assert total_cost(lines) is None
    assert total_cost(lines[::2]) == 0.75
    assert total_cost(()) == 0.0


def test_a_call_counts_once_and_only_if_it_was_answered() -> None:
    calls = [call("1", fault="silent", tokens=(0, 0), cost=0.0), call("1"), call("1"), call("2", fault="refused")]
    (line,) = costs(calls)
    assert (line.calls, line.tokens_in, line.cost) == (2, 20, 0.5)
    assert costs([call("1", fault="budget", tokens=(0, 0), cost=None)]) == ()


def test_who_paid_changes_nothing() -> None:
    assert costs([call("1", paid=False)]) == costs([call("1")])


COSTS = st.lists(st.floats(0, 10, allow_nan=False), max_size=30)


@given(COSTS, st.randoms(use_true_random=False))
def test_the_order_changes_nothing(amounts: list[float], random: Random) -> None:
    calls = [call(str(number), cost=amount) for number, amount in enumerate(amounts)]
    shuffled = list(calls)
    random.shuffle(shuffled)
    assert costs(shuffled) == costs(calls)
