"""What a run may spend is checked before each call, with its worst case, and counted after it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.endpoints.base import ModelFault, ModelIdentity, TokenUsage
from consilience.endpoints.budget import Budget, Reservation
from consilience.endpoints.prices import Price
from consilience.errors import EndpointError
from consilience.runs.model_calls import ModelCall
from consilience.settings import BudgetSettings

CHEAP = ModelIdentity("cheap", "https://a/v1")
DEAR = ModelIdentity("dear", "https://a/v1")
UNKNOWN = ModelIdentity("unknown", "https://a/v1")
PRICES = {"cheap": Price(1.0, 2.0, "listed"), "dear": Price(10.0, 100.0, "listed")}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def budget(
    clock: Clock | None = None,
    before: tuple[ModelCall, ...] = (),
    max_tokens: int | None = None,
    max_cost: float | None = None,
    max_seconds: float | None = None,
) -> Budget:
    bounds = BudgetSettings(max_cost=max_cost, max_tokens=max_tokens, max_seconds=max_seconds)
    return Budget(bounds, lambda model, _: PRICES.get(model), clock or Clock(), before)


def call(number: int, model: str = "cheap", *, cost: float | None, paid: bool = True, busy: float = 0.0) -> ModelCall:
    return ModelCall(
        id=str(number),
        role="judge",
        task="judge",
        prompt_sha256="",
        model=model,
        endpoint="",
        tokens_in=100,
        tokens_out=10,
        cost=cost,
        paid=paid,
        busy=busy,
    )


async def test_without_bounds_everything_is_counted_and_nothing_refused() -> None:
    free = budget()
    for identity in (CHEAP, DEAR, UNKNOWN):
        free.settle(await free.reserve(identity, 10**9, 10**9), TokenUsage(1000, 100))
    assert free.spent.tokens == 3300
    assert free.spent.cost == pytest.approx((1000 + 200 + 10_000 + 10_000) / 1e6)
    assert free.spent.unpriced == 1


async def test_a_call_whose_worst_case_does_not_fit_is_refused_with_the_flag_that_raises_the_bound() -> None:
    bounded = budget(max_tokens=1000)
    bounded.settle(await bounded.reserve(CHEAP, 400, 100), TokenUsage(400, 50))
    await bounded.reserve(CHEAP, 450, 100)
    with pytest.raises(ModelFault) as refused:
        await bounded.reserve(CHEAP, 451, 100)
    assert refused.value.kind == "budget"
    assert refused.value.message == (
        "the bound of 1000 tokens leaves no room for another call (450 are spent, the next may take 551)"
    )
    assert refused.value.advice == "raise --max-tokens"


async def test_money_is_bounded_by_each_models_price() -> None:
    bounded = budget(max_cost=0.01)
    with pytest.raises(ModelFault, match=r"bound of \$0.01 .* \(\$0.0000 are spent, the next may take \$0.0110\)"):
        await bounded.reserve(DEAR, 100, 100)
    kept = await bounded.reserve(CHEAP, 100, 100)
    bounded.settle(kept, TokenUsage(100, 100))
    assert bounded.spent.cost == pytest.approx(0.0003)
    with pytest.raises(ModelFault, match=r"\$0.0003 are spent") as refused:
        await bounded.reserve(DEAR, 0, 98)
    assert refused.value.advice == "raise --max-cost"
    await bounded.reserve(DEAR, 0, 97)


async def test_a_call_that_fits_only_after_those_under_way_waits_for_them() -> None:
    bounded = budget(max_tokens=1000)
    first = await bounded.reserve(CHEAP, 100, 800)
    second = asyncio.create_task(bounded.reserve(CHEAP, 100, 800))
    await asyncio.sleep(0)
    assert not second.done()
    bounded.settle(first, TokenUsage(100, 0))
    bounded.settle(await second, TokenUsage(100, 50))
    assert bounded.spent.tokens == 250


async def test_one_that_waited_is_refused_when_those_under_way_used_too_much() -> None:
    bounded = budget(max_tokens=1000)
    first = await bounded.reserve(CHEAP, 100, 800)
    second = asyncio.create_task(bounded.reserve(CHEAP, 100, 800))
    await asyncio.sleep(0)
    bounded.settle(first, TokenUsage(100, 1))
    with pytest.raises(ModelFault, match="101 are spent, the next may take 900"):
        await second


async def test_what_is_released_counts_nothing_and_lets_others_in() -> None:
    bounded = budget(max_tokens=1000)
    first = await bounded.reserve(CHEAP, 100, 800)
    second = asyncio.create_task(bounded.reserve(CHEAP, 100, 800))
    await asyncio.sleep(0)
    bounded.release(first)
    bounded.release(first)
    bounded.release(await second)
    assert bounded.spent.tokens == 0


async def test_seconds_count_only_while_calls_are_under_way() -> None:
    clock = Clock()
    bounded = budget(clock, max_seconds=10)
    clock.now += 1000
    first, second = await bounded.reserve(CHEAP, 1, 1), await bounded.reserve(CHEAP, 1, 1)
    clock.now += 4
    bounded.settle(first, TokenUsage(1, 1))
    clock.now += 5
    assert bounded.spent.seconds == 9
    bounded.settle(second, TokenUsage(1, 1))
    clock.now += 1000
    assert bounded.spent.seconds == 9
    third = await bounded.reserve(CHEAP, 1, 1)
    clock.now += 1
    with pytest.raises(ModelFault, match="bound of 10 s") as refused:
        await bounded.reserve(CHEAP, 1, 1)
    assert refused.value.advice == "raise --max-seconds"
    bounded.settle(third, TokenUsage(1, 1))


async def test_a_resumed_run_begins_with_what_it_spent() -> None:
    before = (
        call(1, cost=0.5, busy=3.0),
        call(2, cost=0.25, busy=7.0),
        call(3, cost=9.0, paid=False, busy=7.5),
        call(4, "unknown", cost=None),
    )
    spent = budget(before=before).spent
    assert (spent.tokens, spent.cost, spent.seconds, spent.unpriced) == (330, 0.75, 7.5, 1)
    with pytest.raises(ModelFault, match="330 are spent"):
        await budget(before=before, max_tokens=340).reserve(CHEAP, 10, 1)


def test_a_bound_on_cost_needs_prices() -> None:
    budget(max_tokens=5).require_prices([UNKNOWN])
    budget(max_cost=5).require_prices([CHEAP, DEAR])
    with pytest.raises(EndpointError, match="price of the model unknown is not known") as refused:
        budget(max_cost=5).require_prices([CHEAP, UNKNOWN])
    assert "--max-tokens" in refused.value.advice


CALLS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300), st.floats(0, 1)), max_size=30)


@given(CALLS, st.integers(1, 2000), st.integers(1, 5))
def test_no_order_of_calls_passes_the_bound(calls: list[tuple[int, int, float]], bound: int, width: int) -> None:
    async def one(bounded: Budget, gate: asyncio.Semaphore, wanted: tuple[int, int, float]) -> bool:
        async with gate:
            try:
                kept: Reservation = await bounded.reserve(CHEAP, wanted[0], wanted[1])
            except ModelFault:
                return False
            await asyncio.sleep(0)
            bounded.settle(kept, TokenUsage(wanted[0], int(wanted[1] * wanted[2])))
            return True

    async def drive() -> None:
        bounded, gate = budget(max_tokens=bound), asyncio.Semaphore(width)
        done = await asyncio.gather(*(one(bounded, gate, wanted) for wanted in calls))
        assert bounded.spent.tokens <= bound
        if sum(tokens_in + most for tokens_in, most, _ in calls) <= bound:
            assert all(done)

    asyncio.run(drive())
