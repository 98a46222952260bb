"""Owns the way of a call through the call log, the budget and the run's account: paid once, and never over budget.

An answer is committed to the log before it is used, so that a run that is killed repeats none that reached the disk.
Whatever asks the same of the same model again, in this run or in a later one, is answered from the log; two that ask at
the same time share one call.

A refusal, an empty and a cut answer are paid too. The run that met one meets it again for nothing. Another run asks
anew: a server that has been mended, or a model that samples, may answer it. What was not paid (no connection, a
rejected request, a spent budget) is asked anew by whoever comes again. The account keeps faults of both sorts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from consilience.runs.calls import CallLog
from consilience.runs.model_calls import CHAT, CHAT_FAULT, CallModel, ModelCall, ModelCalls, fault_key
from consilience.settings import ROLES, Role

from .base import ChatRequest, Completer, Completion, ModelFault, ModelIdentity, TokenUsage
from .batching import Batches
from .budget import Budget
from .exchange import PAID_FAULTS, Exchange, call_id, canonical
from .tokens import MESSAGE_OVERHEAD, count

Row = tuple[str, str, bytes]
"""Kind, key and value, for the call log."""


class LoggedCompleter:
    """A ``Completer`` that pays nothing twice. Belongs to one event loop.

    Every completion and every fault that it gives carries the call's id. The models of all roles are noted in the run's
    account when this is made: a replay describes them from there.
    """

    def __init__(self, inner: Completer, log: CallLog, calls: ModelCalls, budget: Budget, run_id: str) -> None:
        self._inner = inner
        self._log = log
        self._budget = budget
        self._run = run_id
        self._accounted = {(call.id, call.fault) for call in calls.read()}
        self._under_way: dict[str, asyncio.Task[Completion]] = {}
        self._exchanges: Batches[Row] = Batches(self._put)
        self._account: Batches[ModelCall] = Batches(calls.record_many)
        calls.name_models([_model(role, inner.describe(role)) for role in ROLES])

    def describe(self, role: Role) -> ModelIdentity:
        """Which model answers a role."""
        return self._inner.describe(role)

    async def complete(self, request: ChatRequest) -> Completion:
        """The answer, from the log where it is known.

        Raises:
            ModelFault: there is none that can be used; it stands in the run's account.
            StorageError: the disk refuses to be written; the answer is not used.
        """
        identity = self._inner.describe(request.role)
        key = call_id(identity, request)
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._answer(key, identity, request))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        # Shielded: what is asked already is paid already, so its answer is awaited and kept whoever gives up on it.
        return await asyncio.shield(task)

    def _ended(self, key: str, task: asyncio.Task[Completion]) -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # looked at, so that nothing complains where everybody who waited is gone

    async def _answer(self, key: str, identity: ModelIdentity, request: ChatRequest) -> Completion:
        known = await asyncio.to_thread(self._known, key)
        if known is None:
            return await self._ask(key, identity, request)
        mine = known.run == self._run
        if mine and (key, known.fault) not in self._accounted:
            self._budget.add(identity, known.usage)
        await self._note(key, identity, request, known, paid=mine)
        return known.completion(key)

    async def _ask(self, key: str, identity: ModelIdentity, request: ChatRequest) -> Completion:
        try:
            tokens_in = tokens_of(request, identity.name) if self._budget.weighs_calls else 0
            reservation = await self._budget.reserve(identity, tokens_in, request.max_output_tokens)
        except ModelFault as fault:
            exchange = Exchange.faulted(self._run, identity, request, fault)
        else:
            try:
                exchange = await self._send(key, identity, request)
                self._budget.settle(reservation, exchange.usage)
            finally:
                self._budget.release(reservation)
        await self._note(key, identity, request, exchange, paid=True)
        return exchange.completion(key)

    async def _send(self, key: str, identity: ModelIdentity, request: ChatRequest) -> Exchange:
        """Asks, and keeps what was paid; the log's commit is done when this returns."""
        try:
            reply = (await self._inner.complete(request)).reply
        except ModelFault as fault:
            if fault.kind not in PAID_FAULTS:
                return Exchange.faulted(self._run, identity, request, fault)
            if not fault.usage.total:
                written = request.max_output_tokens if fault.kind == "cut" else 0
                fault.usage = TokenUsage(tokens_of(request, identity.name), written, True)
            exchange = Exchange.faulted(self._run, identity, request, fault)
            await self._exchanges.add((CHAT_FAULT, fault_key(self._run, key), exchange.to_bytes()))
            return exchange
        if not reply.usage.total:
            read, written = tokens_of(request, identity.name), count(reply.text, identity.name)
            reply = replace(reply, usage=TokenUsage(read, written, True))
        exchange = Exchange.answered(self._run, identity, request, reply)
        await self._exchanges.add((CHAT, key, exchange.to_bytes()))
        return exchange

    def _known(self, key: str) -> Exchange | None:
        data = self._log.get_many(CHAT, [key]).get(key)
        if data is None:
            fault = fault_key(self._run, key)
            data = self._log.get_many(CHAT_FAULT, [fault]).get(fault)
        return Exchange.parse(data) if data is not None else None

    def _put(self, rows: Sequence[Row]) -> None:
        for kind in (CHAT, CHAT_FAULT):
            self._log.put_many(kind, {key: value for of, key, value in rows if of == kind})

    async def _note(
        self, key: str, identity: ModelIdentity, request: ChatRequest, exchange: Exchange, *, paid: bool
    ) -> None:
        call = ModelCall(
            id=key,
            role=request.role,
            task=request.task,
            prompt_sha256=request.prompt_digest,
            model=identity.name,
            endpoint=identity.endpoint,
            tokens_in=exchange.tokens_in,
            tokens_out=exchange.tokens_out,
            estimated=exchange.estimated,
            cost=self._budget.cost(identity, exchange.usage),
            seconds=exchange.seconds,
            retries=exchange.retries,
            paid=paid,
            fault=exchange.fault,
            message=exchange.message,
            advice=exchange.advice,
            busy=round(self._budget.spent.seconds, 3),
        )
        await self._account.add(call)
        self._accounted.add((key, exchange.fault))


def _model(role: Role, identity: ModelIdentity) -> CallModel:
    return CallModel(role=role, name=identity.name, endpoint=identity.endpoint, parameters=dict(identity.parameters))


def tokens_of(request: ChatRequest, model: str) -> int:
    """Tokens that a request takes to read at most: its messages with their frames, and the schema."""
    messages = sum(count(message.content, model) + MESSAGE_OVERHEAD for message in request.messages)
    return messages + count(canonical(request.schema), model)
