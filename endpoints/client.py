"""Owns the endpoints of a run: one client for each, its bound on calls at once, and one answer for each request.

Nothing is shared between event loops and nothing is global: connections and waiters belong to the loop in which they
were made, and ``Endpoints`` begins anew where it is used in another one.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import httpx

from consilience.runs.calls import CallLog
from consilience.settings import Role, Settings

from . import structure, tokens
from .base import ChatReply, ChatRequest, Completion, FaultKind, Message, ModelFault, ModelIdentity, TokenUsage
from .choosing import Endpoint, resolve
from .connecting import OwnHeaders, connection
from .exchange import call_id
from .faults import CUT_ADVICE, clean, fault_of, no_key, refusal_in
from .limits import AdaptiveLimit
from .local_files import HERE, is_local
from .manners import OPTIONAL, Manners, answers_probe, first_manners, keep, probe_request, recall
from .transport import ATTEMPTS_EXTENSION, PatientTransport, Travel, travel

if TYPE_CHECKING:
    from langchain_openai.chat_models.base import BaseChatOpenAI

    from .chat_models import Said

_CONNECT_SECONDS = 10.0
_LESSONS = 12  # more than there is to learn
_FAULTY_PROBES: frozenset[FaultKind] = frozenset({"rejected", "refused", "empty", "cut"})
"""Faults of a probe after which the next way is tried; others would meet that one too."""


@dataclass
class _OfLoop:
    """What belongs to one event loop."""

    loop: asyncio.AbstractEventLoop
    clients: dict[Endpoint, httpx.AsyncClient] = field(default_factory=dict[Endpoint, httpx.AsyncClient])
    limits: dict[str, AdaptiveLimit] = field(default_factory=dict[str, AdaptiveLimit])
    models: dict[Endpoint, BaseChatOpenAI] = field(default_factory=dict[Endpoint, "BaseChatOpenAI"])
    locks: defaultdict[Endpoint, asyncio.Lock] = field(
        default_factory=cast(Any, lambda: defaultdict[Endpoint, asyncio.Lock](asyncio.Lock))
    )


class Endpoints:
    """Keeps ``Completer``: answers requests over HTTP, logs none of them, and bounds nothing but their number at once.

    Args:
        settings: who answers which role, and how it is asked.
        log: where it is kept what each endpoint takes; None: found out anew.
        environ: where ``OPENAI_API_KEY`` may stand; the process's own by default.
        transport: what really sends, in place of the network.
        sleep: how the waits between attempts pass; handed in by tests.
    """

    def __init__(
        self,
        settings: Settings,
        log: CallLog | None,
        environ: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._log = log
        self._environ = os.environ if environ is None else environ
        self._transport = transport
        self._sleep = sleep
        self._resolved: dict[Role, Endpoint] = {}
        self._manners: dict[Endpoint, Manners] = {}
        self._of_loop: _OfLoop | None = None
        self.probe_usage = TokenUsage()
        """Tokens of the tiny calls by which endpoints were tried."""

    def endpoint(self, role: Role) -> Endpoint:
        """The model that a role asks, with the way to it.

        Raises:
            EndpointError: an address that cannot be used.
        """
        if role not in self._resolved:
            self._resolved[role] = resolve(self._settings, role, self._environ)
        return self._resolved[role]

    def describe(self, role: Role) -> ModelIdentity:
        """See ``Completer``. Parameters are those that are asked for, whatever the server takes."""
        endpoint, model = self.endpoint(role), self._settings.model
        parameters = {"temperature": model.temperature, "seed": model.seed, "structure": model.structure}
        # A file's server listens at another port in every run; the file is the same.
        place = HERE if is_local(endpoint.name) else endpoint.address
        return ModelIdentity(endpoint.name, place, parameters)

    def left_out(self, role: Role) -> tuple[str, ...]:
        """The parameters that a role's endpoint refused so far, sorted: a temperature that is not 0 after all."""
        known = self._manners.get(self.endpoint(role))
        return tuple(sorted(known.left_out & frozenset(OPTIONAL))) if known else ()

    async def complete(self, request: ChatRequest) -> Completion:
        """See ``Completer``.

        Raises:
            ModelFault: no answer that can be used.
            EndpointError: an address that cannot be used.
        """
        endpoint = self.endpoint(request.role)
        await self.prepare(request.role)
        try:
            reply = await self._instructed(endpoint, request)
        except ModelFault as fault:
            if fault.usage.total:
                fault.call_id = call_id(self.describe(request.role), request)
            raise
        return Completion(call_id(self.describe(request.role), request), reply)

    async def prepare(self, role: Role) -> None:
        """Finds out how a role's endpoint is asked, if that is not known: the first call that may cost something.

        Raises:
            ModelFault: the endpoint cannot be asked in any way.
        """
        endpoint = self.endpoint(role)
        if endpoint.needs_key and not endpoint.key:
            raise no_key(endpoint)
        if endpoint in self._manners:
            return
        async with self._here().locks[endpoint]:
            if endpoint not in self._manners:
                await self._find_out(endpoint, role)

    async def try_call(self, role: Role) -> None:
        """One tiny call in the way that is known or set.

        Raises:
            ModelFault: as ``complete``; an answer of whatever content is none.
        """
        await self.prepare(role)
        try:
            reply = await self._instructed(self.endpoint(role), self._probe(role))
        except ModelFault as fault:
            self._count(fault.usage)
            if fault.kind not in ("refused", "empty", "cut"):
                raise
        else:
            self._count(reply.usage)

    async def models(self, role: Role) -> tuple[str, ...]:
        """The models that a role's endpoint lists; none where it keeps no list. Costs nothing.

        Raises:
            ModelFault: it cannot be reached, or takes no key or not this one.
        """
        endpoint = self.endpoint(role)
        if endpoint.api_version is not None:
            return ()  # Azure's older endpoints list what could be deployed, not what is
        try:
            response = await self._client(endpoint).get(
                f"{endpoint.base_url}/models",
                params=list(endpoint.query),
                timeout=httpx.Timeout(min(_CONNECT_SECONDS, self._settings.model.timeout_seconds)),
                extensions={ATTEMPTS_EXTENSION: min(2, self._settings.model.attempts)},
            )
            listed = cast(list[dict[str, Any]], response.json()["data"])
            return tuple(sorted(str(model["id"]) for model in listed))
        except (ValueError, KeyError, TypeError):
            return ()  # an answer, but no list
        except Exception as error:
            fault = fault_of(error, endpoint)
            if fault.kind in ("unauthorised", "unavailable", "silent"):
                raise fault from error
            return ()  # servers need not keep a list

    async def aclose(self) -> None:
        """Closes every connection; the next call opens them again."""
        held, self._of_loop = self._of_loop, None
        if held is not None and held.loop is asyncio.get_running_loop():
            for client in held.clients.values():
                await client.aclose()

    async def _find_out(self, endpoint: Endpoint, role: Role) -> None:
        wanted = self._settings.model.structure
        if wanted != "auto":
            self._manners[endpoint] = first_manners(endpoint, wanted)
            return
        known = await asyncio.to_thread(recall, self._log, endpoint)
        if known is not None:
            self._manners[endpoint] = known
            return
        found, is_certain = await self._try_ways(endpoint, role)
        self._manners[endpoint] = found
        if is_certain:
            await asyncio.to_thread(keep, self._log, endpoint, found)

    async def _try_ways(self, endpoint: Endpoint, role: Role) -> tuple[Manners, bool]:
        """The first way in which the endpoint keeps a schema; where none works, the last, for the time being."""
        known = {endpoint: first_manners(endpoint, structure.MODES[0])}
        failure: ModelFault | None = None
        answered = False
        for mode in structure.MODES:
            known[endpoint] = replace(known[endpoint], mode=mode)
            try:
                reply = await self._taught(known, endpoint, self._probe(role), may_change_mode=False)
            except ModelFault as fault:
                self._count(fault.usage)
                if fault.kind not in _FAULTY_PROBES:
                    raise
                failure = fault
                answered = answered or fault.kind != "rejected"
                continue
            self._count(reply.usage)
            answered = True
            if answers_probe(reply.text):
                return known[endpoint], True
        if failure is not None and not answered:
            raise failure
        return known[endpoint], False

    async def _instructed(self, endpoint: Endpoint, request: ChatRequest) -> ChatReply:
        may_change = self._settings.model.structure == "auto"
        return await self._taught(self._manners, endpoint, request, may_change_mode=may_change)

    async def _taught(
        self, known: dict[Endpoint, Manners], endpoint: Endpoint, request: ChatRequest, *, may_change_mode: bool
    ) -> ChatReply:
        """A call in the way that is known; what a refusal teaches is known from then on, to other calls too."""
        for _ in range(_LESSONS):
            manners = known[endpoint]
            try:
                return await self._call(endpoint, manners, request)
            except ModelFault as fault:
                if known[endpoint] is not manners and fault.kind == "rejected":
                    continue  # another call has learned something meanwhile
                refused = refusal_in(fault) if fault.kind == "rejected" else None
                learned = manners.learn(refused, may_change_mode=may_change_mode)
                if learned is None:
                    raise
                known[endpoint] = learned
        raise AssertionError("each lesson is learned once")

    async def _call(self, endpoint: Endpoint, manners: Manners, request: ChatRequest) -> ChatReply:
        from .chat_models import CallWatch, answer

        messages, shape = structure.ask(manners.mode, request.messages, request.schema_name, request.schema)
        parameters = {**manners.parameters(self._settings.model, request.max_output_tokens), **shape}
        streaming = self._settings.model.streaming
        if streaming:
            parameters["stream_usage"] = "stream_options" not in manners.left_out
        model = self._model(endpoint)
        watch, under_way = CallWatch(), Travel()
        token = travel.set(under_way)
        try:
            said = await answer(model, messages, parameters, watch, streaming=streaming)
        except Exception as error:
            raise fault_of(error, endpoint, retries=under_way.retries) from error
        finally:
            travel.reset(token)
        usage = watch.usage or _estimated(messages, said.text, endpoint.name)
        _check(said, endpoint, usage, under_way.retries)
        return ChatReply(structure.json_in(said.text), usage, watch.model, watch.seconds, under_way.retries)

    def _probe(self, role: Role) -> ChatRequest:
        return probe_request(role, self._settings.model.max_output_tokens)

    def _count(self, usage: TokenUsage) -> None:
        before = self.probe_usage
        self.probe_usage = TokenUsage(
            before.tokens_in + usage.tokens_in,
            before.tokens_out + usage.tokens_out,
            before.estimated or usage.estimated,
        )

    def _here(self) -> _OfLoop:
        loop = asyncio.get_running_loop()
        if self._of_loop is None or self._of_loop.loop is not loop:
            self._of_loop = _OfLoop(loop)
        return self._of_loop

    def _client(self, endpoint: Endpoint) -> httpx.AsyncClient:
        here, model = self._here(), self._settings.model
        place = replace(endpoint, name="")
        if place not in here.clients:
            bound = AdaptiveLimit(model.concurrency, sleep=self._sleep)
            limit = here.limits.setdefault(endpoint.host_and_port, bound)
            inner = self._transport or connection(endpoint, model.concurrency)
            patient = PatientTransport(OwnHeaders(inner, place), limit, model.attempts, sleep=self._sleep)
            here.clients[place] = httpx.AsyncClient(transport=patient, timeout=self._timeout())
        return here.clients[place]

    def _model(self, endpoint: Endpoint) -> BaseChatOpenAI:
        from .chat_models import chat_model

        here = self._here()
        if endpoint not in here.models:
            here.models[endpoint] = chat_model(endpoint, self._client(endpoint), self._timeout())
        return here.models[endpoint]

    def _timeout(self) -> httpx.Timeout:
        seconds = self._settings.model.timeout_seconds
        return httpx.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds), pool=None)


def _estimated(messages: tuple[Message, ...], text: str, model: str) -> TokenUsage:
    read = sum(tokens.count(message.content, model) + tokens.MESSAGE_OVERHEAD for message in messages)
    return TokenUsage(read, tokens.count(text, model), estimated=True)


def _check(said: Said, endpoint: Endpoint, usage: TokenUsage, retries: int) -> None:
    """Raises for an answer that is none: declined, filtered, cut at its bound, or without content."""
    name = endpoint.name
    if said.refusal:
        words = clean(said.refusal, endpoint)[:200]
        raise ModelFault("refused", f"{name} declined to answer: {words}", usage=usage, retries=retries)
    if said.finish == "content_filter":
        message = f"the answer of {name} was held back by the server's filter"
        raise ModelFault("refused", message, usage=usage, retries=retries)
    if said.finish in ("length", "max_tokens"):
        message = f"the answer of {name} ended at the bound on its length"
        raise ModelFault("cut", message, advice=CUT_ADVICE, usage=usage, retries=retries)
    if not said.text.strip():
        raise ModelFault("empty", f"{name} answered with nothing", usage=usage, retries=retries)
