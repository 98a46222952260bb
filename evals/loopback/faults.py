"""What a loopback model server is asked, and what can go wrong there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from . import wire

PROBE = "structure_probe"
KEY = "test-key-of-nobody"
TravelFault = Literal["rate_limited", "server_error", "unavailable", "timeout", "reset", "cut", "ended", "truncated"]
AnswerFault = Literal[
    "invalid_json", "wrong_schema", "schema_echoed", "injected", "refusal", "filtered", "empty", "length"
]
LastingFault = Literal["silence", "unknown_model", "wrong_key", "forbidden", "too_long", "unsupported"]
FaultKind = TravelFault | AnswerFault | LastingFault
TRAVEL_FAULTS: tuple[TravelFault, ...] = get_args(TravelFault)
"""Gone when asked again. ``cut``: the body breaks off and the connection closes; ``ended``: a stream that ends
politely before its end; ``truncated``: half a JSON body under an honest length (streams: as ``ended``)."""
ANSWER_FAULTS: tuple[AnswerFault, ...] = get_args(AnswerFault)
"""Answers that arrive, and are paid, and are none. ``injected``: every open string holds the text of the request."""
ANY_FAULT: tuple[FaultKind, ...] = (*TRAVEL_FAULTS, *ANSWER_FAULTS)
STATUSES: dict[str, tuple[int, bytes]] = {
    "rate_limited": (429, wire.error("Rate limit reached", "requests", "rate_limit_exceeded")),
    "server_error": (500, wire.error("The server had an error", "server_error")),
    "unavailable": (503, wire.error("The engine is overloaded", "server_error")),
    "timeout": (408, wire.error("Request timeout", "timeout")),
    "forbidden": (403, wire.error("Country not supported", "request_forbidden")),
    "wrong_key": (401, wire.error(f"Incorrect API key provided: {KEY}", code="invalid_api_key")),
    "unknown_model": (404, wire.error("The model does not exist", code="model_not_found")),
    "too_long": (400, wire.error("This model's maximum context length is 10 tokens", code="context_length_exceeded")),
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong. ``parameter`` is the one that ``unsupported`` names; ``text`` is what ``injected`` says."""

    kind: FaultKind
    retry_after: str | None = None
    seconds: float = 60.0
    parameter: str = "temperature"
    text: str | None = None


@dataclass(frozen=True)
class Asked:
    """One request as it came: never its key, only whether it had one."""

    task: str
    mode: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    had_key: bool
    body: dict[str, Any]
    fault: FaultKind | None = None
