"""Owns a call as the call log keeps it: what was asked, what came back, who paid; and the id that names it.

The id is a sha256 over everything that decides an answer: the model with its endpoint and parameters, the messages,
the schema and the bound on the answer's length. Who asked, and for which task, decides nothing and is left out; so is
the port on which a model file happens to be served, since its name holds the file's own hash.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, ValidationError

from consilience.errors import CorruptRunError
from consilience.records import Frozen
from consilience.runs.calls import call_key

from .base import ChatReply, ChatRequest, Completion, FaultKind, ModelFault, ModelIdentity, TokenUsage
from .local_files import is_local

_VERSION = "chat/1"
PAID_FAULTS: frozenset[FaultKind] = frozenset({"refused", "empty", "cut"})
"""Faults in which the server answered, and was paid."""


def call_id(identity: ModelIdentity, request: ChatRequest) -> str:
    """The id of a call (64 hex digits): equal requests to an equal model have one."""
    return call_key(
        _VERSION,
        identity.name,
        "" if is_local(identity.name) else identity.endpoint,
        canonical(identity.parameters),
        canonical([[message.role, message.content] for message in request.messages]),
        request.schema_name,
        canonical(request.schema),
        str(request.max_output_tokens),
    )


def canonical(value: Mapping[str, Any] | list[Any]) -> str:
    """JSON that is the same for equal values, in whichever order they were built."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class SentMessage(Frozen):
    """One message of a request."""

    role: Literal["system", "user", "assistant"]
    content: str


class Exchange(Frozen):
    """A request and its outcome. ``fault`` is empty where the model answered; ``text`` then holds its answer."""

    version: Literal[1] = 1
    run: str = Field(description="the run that paid it")
    role: str
    task: str
    prompt_sha256: str
    asked: str = Field(description="the model that was asked for")
    endpoint: str
    messages: tuple[SentMessage, ...]
    schema_name: str
    max_output_tokens: int
    text: str = ""
    model: str = Field(default="", description="the model that answered, as the server names it")
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False
    seconds: float = 0.0
    retries: int = 0
    fault: FaultKind | Literal[""] = ""
    message: str = ""
    advice: str = ""

    @classmethod
    def answered(cls, run: str, identity: ModelIdentity, request: ChatRequest, reply: ChatReply) -> Self:
        """A call that the model answered."""
        return cls(
            **_asked(run, identity, request),
            text=reply.text,
            model=reply.model,
            tokens_in=reply.usage.tokens_in,
            tokens_out=reply.usage.tokens_out,
            estimated=reply.usage.estimated,
            seconds=round(reply.seconds, 3),
            retries=reply.retries,
        )

    @classmethod
    def faulted(cls, run: str, identity: ModelIdentity, request: ChatRequest, fault: ModelFault) -> Self:
        """A call that was paid without an answer that can be used."""
        return cls(
            **_asked(run, identity, request),
            tokens_in=fault.usage.tokens_in,
            tokens_out=fault.usage.tokens_out,
            estimated=fault.usage.estimated,
            retries=fault.retries,
            fault=fault.kind,
            message=fault.message,
            advice=fault.advice,
        )

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """What the call log holds.

        Raises:
            CorruptRunError: it is no exchange, or one of another version.
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            advice = "move calls.sqlite in CONSILIENCE_HOME away: its answers are then asked for again"
            raise CorruptRunError("the call log holds an answer that cannot be read", advice) from error

    def to_bytes(self) -> bytes:
        """As the call log keeps it."""
        return self.model_dump_json(exclude_defaults=True).encode()

    @property
    def usage(self) -> TokenUsage:
        """Its tokens."""
        return TokenUsage(self.tokens_in, self.tokens_out, self.estimated)

    def completion(self, key: str) -> Completion:
        """The answer, or the fault as it was met.

        Raises:
            ModelFault: the call ended in one.
        """
        if self.fault:
            raise ModelFault(
                self.fault,
                self.message,
                advice=self.advice,
                call_id=key,
                usage=self.usage,
                retries=self.retries,
            )
        return Completion(key, ChatReply(self.text, self.usage, self.model, self.seconds, self.retries))


def _asked(run: str, identity: ModelIdentity, request: ChatRequest) -> dict[str, Any]:
    return {
        "run": run,
        "role": request.role,
        "task": request.task,
        "prompt_sha256": request.prompt_digest,
        "asked": identity.name,
        "endpoint": identity.endpoint,
        "messages": tuple(SentMessage(role=message.role, content=message.content) for message in request.messages),
        "schema_name": request.schema_name,
        "max_output_tokens": request.max_output_tokens,
    }
