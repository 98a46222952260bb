"""Owns what an endpoint and its model take: which way to a structured answer, and which optional parameters not.

It is found out by one tiny call for each way, best first, and kept in the call log, so that later runs do not ask
again. Where a real call is refused for a parameter or a way after all, the lesson is learned there, for this run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, cast, get_args

from consilience.runs.calls import CallLog, call_key
from consilience.settings import LanguageModelSettings, Role

from .base import ChatRequest, Message
from .choosing import Endpoint
from .structure import MODES, Mode
from .transport import RefusedError

KIND = "structure"
PROBE_NAME = "structure_probe"
OPTIONAL = ("temperature", "seed", "stream_options")
"""What a request does without where it is refused."""
_LIMITS = ("max_completion_tokens", "max_tokens")
_FIRST_WORDS = 160  # characters
_PROBE_TOKENS = 2_048  # few are used; a model that thinks first needs room to do so
# The fields' names stand in no message: a model that is not held to the schema cannot know them.
_PROBE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "tint": {"type": "string", "enum": ["green", "blue", "red"]},
        "even": {"type": "boolean"},
        "words": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["tint", "even", "words"],
    "additionalProperties": False,
}
_PROBE_MESSAGES = (
    Message("system", "You fill in forms."),
    Message("user", "Which colour has grass, is four divisible by two, and how does this sentence begin?"),
)


@dataclass(frozen=True)
class Manners:
    """How an endpoint is asked. ``left_out``: optional parameters that it refuses."""

    mode: Mode
    limit: str
    left_out: frozenset[str] = frozenset()

    def parameters(self, settings: LanguageModelSettings, max_output_tokens: int) -> dict[str, Any]:
        """The optional parameters of a request."""
        wanted = {"temperature": settings.temperature, "seed": settings.seed}
        given = {k: v for k, v in wanted.items() if v is not None and k not in self.left_out}
        if self.limit in self.left_out:
            return given
        if self.limit == "max_tokens":
            # Handed over as it is: the client would rename it to what only OpenAI's own models know.
            return given | {"extra_body": {"max_tokens": max_output_tokens}}
        return given | {self.limit: max_output_tokens}

    def learn(self, refused: RefusedError | None, *, may_change_mode: bool) -> Self | None:
        """What a refusal teaches, or None where it teaches nothing: each lesson is learned once."""
        if refused is None or refused.status not in (400, 422):
            return None
        for name in _named_in(refused, OPTIONAL):
            if name not in self.left_out:
                return replace(self, left_out=self.left_out | {name})
        if self.limit in _named_in(refused, _LIMITS) and self.limit not in self.left_out:
            other = next(name for name in _LIMITS if name != self.limit)
            tried = self.left_out | {self.limit}
            return replace(self, limit=other if other not in tried else self.limit, left_out=tried)
        later = MODES[MODES.index(self.mode) + 1 :]
        if may_change_mode and later and _refuses_mode(refused, self.mode):
            return replace(self, mode=later[0])
        return None

    def to_bytes(self) -> bytes:
        """As the call log keeps it."""
        return json.dumps({"mode": self.mode, "limit": self.limit, "left_out": sorted(self.left_out)}).encode()

    @classmethod
    def parse(cls, data: bytes) -> Self | None:
        """What the call log holds, or None where that is of another version."""
        try:
            kept = cast(Mapping[str, Any], json.loads(data))
            found = cls(kept["mode"], str(kept["limit"]), frozenset(kept["left_out"]))
        except (ValueError, KeyError, TypeError):
            return None
        return found if found.mode in get_args(Mode) else None


def first_manners(endpoint: Endpoint, mode: Mode) -> Manners:
    """How an endpoint is asked before anything is known: OpenAI's own have another word for the answer's length."""
    return Manners(mode, _LIMITS[0] if endpoint.is_openai or endpoint.is_azure else _LIMITS[1])


def recall(log: CallLog | None, endpoint: Endpoint) -> Manners | None:
    """What the call log knows of an endpoint and its model."""
    if log is None:
        return None
    key = _key(endpoint)
    found = log.get_many(KIND, [key]).get(key)
    return None if found is None else Manners.parse(found)


def keep(log: CallLog | None, endpoint: Endpoint, manners: Manners) -> None:
    """Writes down what was found out."""
    if log is not None:
        log.put_many(KIND, {_key(endpoint): manners.to_bytes()})


def probe_request(role: Role, max_output_tokens: int) -> ChatRequest:
    """The tiny call by which a way to structured answers is tried."""
    tokens = min(max_output_tokens, _PROBE_TOKENS)
    return ChatRequest(role, PROBE_NAME, "", _PROBE_MESSAGES, PROBE_NAME, _PROBE_SCHEMA, tokens)


def answers_probe(text: str) -> bool:
    """Whether a reply kept the probe's schema; whether it is right does not matter."""
    try:
        said: Any = json.loads(text)
    except ValueError:
        return False
    if not isinstance(said, dict):
        return False
    fields = cast(dict[str, Any], said)
    return (
        fields.keys() == _PROBE_SCHEMA["properties"].keys()
        and fields["tint"] in _PROBE_SCHEMA["properties"]["tint"]["enum"]
        and isinstance(fields["even"], bool)
        and isinstance(fields["words"], list)
    )


def _key(endpoint: Endpoint) -> str:
    return call_key("structure/1", endpoint.address, endpoint.name, endpoint.api_version or "")


def _named_in(refused: RefusedError, names: tuple[str, ...]) -> tuple[str, ...]:
    """Which parameters a refusal is about: the one in its own field, else those in its first words (a server may go on
    to quote the messages, which can be about seeds and temperatures)."""
    if refused.parameter:
        return tuple(name for name in names if refused.parameter.split(".")[0] == name)
    return tuple(name for name in names if re.search(rf"\b{name}\b", refused.message[:_FIRST_WORDS]))


def _refuses_mode(refused: RefusedError, mode: Mode) -> bool:
    words = ("response_format", "json_schema", "structured") if mode == "json_schema" else ("tool", "function")
    about = f"{refused.parameter} {refused.message}".lower()
    return any(word in about for word in words)
