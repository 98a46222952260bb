"""What the reasoner asks of a language model, and what comes back or goes wrong.

``Completer`` is the one way to a model. Its implementations are stacked: the endpoint itself (``client``), and around
it the call log, the budget and the run's account (``logged``), so that a call is paid once, and none over budget.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from consilience.settings import Role

FaultKind = Literal[
    "refused",  # the model declined to answer
    "empty",  # an answer without content
    "cut",  # the answer ended at the bound on its length
    "too_long",  # the request is longer than the model reads
    "rejected",  # the server will never take this request (400, 403, 404, 422)
    "unauthorised",  # no key, or a wrong one (401)
    "unknown_model",  # the endpoint has no such model
    "unavailable",  # 408, 409, 429, 5xx or no connection, after all attempts
    "silent",  # no answer in time, after all attempts
    "budget",  # a bound on cost, tokens or seconds would be passed
    "unrecorded",  # a replay asks for what was not recorded
]


@dataclass(frozen=True)
class Message:
    """One message of a request."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class ChatRequest:
    """One call: who asks, for which task, with which messages, and the JSON schema that the answer must keep."""

    role: Role
    task: str
    prompt_digest: str
    messages: tuple[Message, ...]
    schema_name: str
    schema: Mapping[str, Any]
    max_output_tokens: int


@dataclass(frozen=True)
class TokenUsage:
    """Tokens of one call; ``estimated`` where the server reported none."""

    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        """Tokens in and out."""
        return self.tokens_in + self.tokens_out


@dataclass(frozen=True)
class ChatReply:
    """The model's answer as text that should be JSON, whichever way it was held to its schema."""

    text: str
    usage: TokenUsage
    model: str = ""
    seconds: float = 0.0
    retries: int = 0


@dataclass(frozen=True)
class Completion:
    """A reply with the id of its call (64 hex digits), under which the call log and the run's account hold it."""

    call_id: str
    reply: ChatReply


class ModelFault(Exception):
    """A call without a usable answer. ``message`` is one clear sentence without secrets.

    ``call_id`` and ``usage`` are set where the server answered after all (a refusal, an empty or a cut answer): such a
    call was paid, and stands in the run's account.
    """

    def __init__(
        self,
        kind: FaultKind,
        message: str,
        *,
        advice: str = "",
        call_id: str = "",
        usage: TokenUsage | None = None,
        retries: int = 0,
    ) -> None:
        super().__init__(message)
        self.kind: FaultKind = kind
        self.message = message
        self.advice = advice
        self.call_id = call_id
        self.usage = usage or TokenUsage()
        self.retries = retries

    @property
    def is_fatal(self) -> bool:
        """Whether every further call would fail in the same way."""
        return self.kind in ("unauthorised", "unknown_model")


class Completer(Protocol):
    """Answers requests; safe to call many times at once."""

    async def complete(self, request: ChatRequest) -> Completion:
        """The model's answer.

        Raises:
            ModelFault: there is none that can be used.
        """
        ...

    def describe(self, role: Role) -> ModelIdentity:
        """Which model answers a role, for manifests, estimates and call ids."""
        ...


@dataclass(frozen=True)
class ModelIdentity:
    """A model as a report names it: never a key, and of the endpoint neither user, password nor query."""

    name: str
    endpoint: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
