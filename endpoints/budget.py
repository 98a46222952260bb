"""Owns what a run may spend: tokens, money, seconds; checked before each call and counted after it.

Before a call its worst case is set aside: the estimate of what it reads, and the longest answer that it may give. The
bounds therefore hold: what is spent never passes them, where a server keeps to the length it was given and reports what
it used. A call whose worst case fits only once calls under way have ended waits for them, since most answers are far
shorter than they might be; it is refused when it does not fit into what is left with nothing else under way. So a run
ends early by one call's worst case at most, and the message says how much that is.

Seconds are those in which the run has calls under way: what it computes by itself between them does not count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from consilience.errors import EndpointError
from consilience.runs.model_calls import ModelCall
from consilience.settings import BudgetSettings

from .base import ModelFault, ModelIdentity, TokenUsage
from .prices import Price

PriceOf = Callable[[str, str], Price | None]
Clock = Callable[[], float]
_EPSILON = 1e-9


@dataclass(frozen=True)
class Spent:
    """What a run has used. ``cost`` holds what is known of it; ``unpriced`` counts calls of unknown price."""

    tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    unpriced: int = 0


@dataclass(frozen=True, eq=False)
class Reservation:
    """One call's worst case, set aside until it is settled or released."""

    identity: ModelIdentity
    tokens: int
    cost: float


class Budget:
    """The bounds of one run and what it has spent. Belongs to one event loop.

    ``before`` are calls that the run made already; one that another run has paid costs it nothing.
    """

    def __init__(
        self, bounds: BudgetSettings, price_of: PriceOf, clock: Clock, before: Sequence[ModelCall] = ()
    ) -> None:
        self._bounds = bounds
        self._price_of = price_of
        self._clock = clock
        paid = [call for call in before if call.paid]
        self._tokens = sum(call.tokens_in + call.tokens_out for call in paid)
        self._cost = sum(call.cost or 0.0 for call in paid)
        self._unpriced = sum(call.cost is None and call.tokens_in + call.tokens_out > 0 for call in paid)
        self._busy = max((call.busy for call in before), default=0.0)
        self._under_way: set[Reservation] = set()
        self._since = 0.0
        self._changed = asyncio.Event()

    def require_prices(self, identities: Iterable[ModelIdentity]) -> None:
        """Whether a bound on cost can be kept with these models; to be asked before anything is spent.

        Raises:
            EndpointError: there is such a bound and a model whose price is unknown.
        """
        if self._bounds.max_cost is None:
            return
        for identity in identities:
            if self._price_of(identity.name, identity.endpoint) is None:
                raise EndpointError(
                    f"--max-cost cannot be kept: the price of the model {identity.name} is not known",
                    "bound the run with --max-tokens instead, or choose a model with a listed price",
                )

    @property
    def weighs_calls(self) -> bool:
        """Whether a call's worst case matters: there is a bound on tokens or on money."""
        return self._bounds.max_tokens is not None or self._bounds.max_cost is not None

    def cost(self, identity: ModelIdentity, usage: TokenUsage) -> float | None:
        """US dollars of a call at the listed prices; None where the price is unknown."""
        price = self._price_of(identity.name, identity.endpoint)
        return None if price is None else price.cost(usage.tokens_in, usage.tokens_out)

    async def reserve(self, identity: ModelIdentity, tokens_in: int, max_out: int) -> Reservation:
        """Sets a call's worst case aside; waits for calls under way where it fits only after them.

        Raises:
            ModelFault: (``budget``) it does not fit. Names the bound, what is spent and how to raise it.
        """
        usage = TokenUsage(tokens_in, max_out)
        wanted = Reservation(identity, usage.total, self.cost(identity, usage) or 0.0)
        while True:
            self._refuse(wanted)
            if self._fits(wanted):
                break
            await self._changed.wait()
        if not self._under_way:
            self._since = self._clock()
        self._under_way.add(wanted)
        return wanted

    def settle(self, reservation: Reservation, usage: TokenUsage) -> None:
        """Counts what a call really used, and frees what was set aside for it."""
        self.add(reservation.identity, usage)
        self.release(reservation)

    def release(self, reservation: Reservation) -> None:
        """Frees what was set aside for a call; nothing if that was done already."""
        if reservation in self._under_way:
            self._under_way.remove(reservation)
            if not self._under_way:
                self._busy += self._clock() - self._since
            self._changed.set()
            self._changed = asyncio.Event()

    def add(self, identity: ModelIdentity, usage: TokenUsage) -> None:
        """Counts what was used without a reservation: a call whose answer outlived the process that paid it."""
        cost = self.cost(identity, usage)
        self._tokens += usage.total
        self._cost += cost or 0.0
        self._unpriced += cost is None and usage.total > 0

    @property
    def spent(self) -> Spent:
        """What the run has used so far, earlier attempts at it among them."""
        under_way = self._clock() - self._since if self._under_way else 0.0
        return Spent(self._tokens, self._cost, self._busy + under_way, self._unpriced)

    def _fits(self, wanted: Reservation) -> bool:
        """Whether it fits beside everything that is under way."""
        tokens = self._tokens + wanted.tokens + sum(other.tokens for other in self._under_way)
        cost = self._cost + wanted.cost + sum(other.cost for other in self._under_way)
        bounds = self._bounds
        return (bounds.max_tokens is None or tokens <= bounds.max_tokens) and (
            bounds.max_cost is None or cost <= bounds.max_cost + _EPSILON
        )

    def _refuse(self, wanted: Reservation) -> None:
        """Refuses what would not fit even if nothing else were under way."""
        bounds, spent = self._bounds, self.spent
        if bounds.max_seconds is not None and spent.seconds >= bounds.max_seconds:
            raise _over(
                f"the bound of {bounds.max_seconds:g} s on the language model is reached "
                f"({spent.seconds:.0f} s are spent)",
                "--max-seconds",
            )
        if bounds.max_tokens is not None and spent.tokens + wanted.tokens > bounds.max_tokens:
            raise _over(
                f"the bound of {bounds.max_tokens} tokens leaves no room for another call "
                f"({spent.tokens} are spent, the next may take {wanted.tokens})",
                "--max-tokens",
            )
        if bounds.max_cost is not None and spent.cost + wanted.cost > bounds.max_cost + _EPSILON:
            raise _over(
                f"the bound of ${bounds.max_cost:g} leaves no room for another call "
                f"(${spent.cost:.4f} are spent, the next may take ${wanted.cost:.4f})",
                "--max-cost",
            )


def _over(message: str, flag: str) -> ModelFault:
    return ModelFault("budget", message, advice=f"raise {flag}")
