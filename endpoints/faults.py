"""Owns the reading of what went wrong: exceptions and odd replies become one kind of fault and one clear sentence.

No secret stands in a sentence: keys, passwords and query values are cut out, and what looks like a key is too. What
a server said is quoted on one line, cut short, and only where it helps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from .base import FaultKind, ModelFault, TokenUsage
from .choosing import Endpoint
from .transport import LONGEST_WAIT, BrokenBodyError, RefusedError, has_bad_certificate

_LOOKS_LIKE_KEY = re.compile(r"\b(?:sk|pk|key|gsk|AIza)[-_]?[A-Za-z0-9*_-]{12,}|(?<=Bearer )\S+")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|prompt is too long|input is too long|too many (?:input )?tokens"
    r"|exceeds? the (?:maximum|limit of) .{0,20}tokens",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(r"\b(?:model|deployment)\b.{0,120}(?:not (?:found|exist)|does not exist)", re.IGNORECASE)
_NO_MODEL_CODES = frozenset({"model_not_found", "DeploymentNotFound"})
_FILTERED_CODES = frozenset({"content_filter", "content_policy_violation"})
_QUOTED = 200
CUT_ADVICE = "allow more with CONSILIENCE_MODEL__MAX_OUTPUT_TOKENS"
_KEY_ADVICE = (
    "set OPENAI_API_KEY for OpenAI, or CONSILIENCE_MODEL__API_KEY for the endpoint in CONSILIENCE_MODEL__BASE_URL"
)


@dataclass(frozen=True)
class _Reading:
    kind: FaultKind
    message: str
    advice: str = ""


def fault_of(error: Exception, endpoint: Endpoint, *, retries: int = 0) -> ModelFault:
    """The fault that an exception of a call is; ``ModelFault`` itself comes back as it is."""
    if isinstance(error, ModelFault):
        return error
    reading = _read(error, endpoint)
    return ModelFault(
        reading.kind,
        clean(reading.message, endpoint),
        advice=reading.advice,
        usage=_usage_in(error),
        retries=retries,
    )


def refusal_in(error: BaseException | None) -> RefusedError | None:
    """The server's refusal behind an exception, if there is one."""
    return next((e for e in _causes(error) if isinstance(e, RefusedError)), None)


def clean(text: str, endpoint: Endpoint) -> str:
    """The text on one line without the endpoint's secrets, and without what looks like one."""
    for secret in sorted(endpoint.secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return _INVISIBLE.sub(" ", _LOOKS_LIKE_KEY.sub("***", text)).strip()


def no_key(endpoint: Endpoint) -> ModelFault:
    """An endpoint that takes nobody without a key has none."""
    return ModelFault("unauthorised", f"no key is set for {endpoint.address}", advice=_KEY_ADVICE)


def _read(error: Exception, endpoint: Endpoint) -> _Reading:
    where = endpoint.address
    refused = refusal_in(error)
    if refused is not None:
        return _read_refusal(refused, endpoint)
    for cause in _causes(error):
        if isinstance(cause, httpx.ConnectError) and has_bad_certificate(cause):
            advice = "set SSL_CERT_FILE to a file with the certificate that signed it"
            return _Reading("unavailable", f"the certificate of {where} is not trusted", advice)
        if isinstance(cause, (httpx.ConnectError, httpx.ConnectTimeout)):
            advice = "start that server, or correct CONSILIENCE_MODEL__BASE_URL"
            return _Reading("unavailable", f"nothing answers at {where}", advice)
        if isinstance(cause, httpx.TimeoutException):
            advice = "allow more with CONSILIENCE_MODEL__TIMEOUT_SECONDS"
            return _Reading("silent", f"{where} gave no answer in time", advice)
        if isinstance(cause, (BrokenBodyError, httpx.TransportError, httpx.DecodingError)):
            return _Reading("unavailable", f"the answers of {where} broke off on the way", "try again later")
        if (kind := _finish_of(cause)) is not None:
            words = "ended at the bound on its length" if kind == "cut" else "was held back by the server's filter"
            return _Reading(kind, f"the answer of {endpoint.name} {words}", CUT_ADVICE if kind == "cut" else "")
    advice = "check that CONSILIENCE_MODEL__BASE_URL is an OpenAI-compatible endpoint, up to its version (/v1)"
    return _Reading("rejected", f"{where} answered with something that is no chat completion", advice)


def _read_refusal(refused: RefusedError, endpoint: Endpoint) -> _Reading:
    where, status = endpoint.address, refused.status
    # Cleaned before it is cut: half a key would not be known for one.
    said = f": {clean(refused.message, endpoint)[:_QUOTED]}" if refused.message else ""
    if refused.has_no_credit:
        return _Reading("unauthorised", f"the account at {where} has no credit left", "check its plan and billing")
    if status == 401 or refused.code == "invalid_api_key" or "API key not valid" in refused.message:
        if endpoint.key:
            return _Reading("unauthorised", f"{where} does not take the key that is set for it", "set another key")
        return _Reading("unauthorised", f"{where} asks for a key, and none is set for it", _KEY_ADVICE)
    if _names_no_model(refused):
        message = f"{where} has no model named {endpoint.name}"
        return _Reading("unknown_model", message, "set CONSILIENCE_MODEL__NAME to one that it serves")
    if status == 413 or (status in (400, 422) and _is_too_long(refused)):
        advice = "lower CONSILIENCE_MODEL__CONTEXT_TOKENS to what the model reads"
        return _Reading("too_long", f"the request is longer than {endpoint.name} reads", advice)
    if refused.code in _FILTERED_CODES:
        return _Reading("refused", f"{where} refused the request by its content filter")
    if status == 429 or status in (408, 409) or status >= 500:
        return _read_passing(refused, where, said)
    if status == 404:
        advice = "give CONSILIENCE_MODEL__BASE_URL up to its version, as http://localhost:8000/v1"
        return _Reading("rejected", f"{where} has no chat completions there (404)", advice)
    return _Reading("rejected", f"{where} refused the request ({status}){said}")


def _read_passing(refused: RefusedError, where: str, said: str) -> _Reading:
    if refused.wait is not None and refused.wait > LONGEST_WAIT:
        message = f"{where} asks to wait {refused.wait:.0f} seconds before the next call"
        return _Reading("unavailable", message, "try again after that time")
    if refused.status == 429:
        return _Reading(
            "unavailable", f"{where} turns calls away: too many of them", "lower CONSILIENCE_MODEL__CONCURRENCY"
        )
    return _Reading("unavailable", f"{where} failed in all attempts ({refused.status}){said}", "try again later")


def _names_no_model(refused: RefusedError) -> bool:
    named = refused.code in _NO_MODEL_CODES or _NO_MODEL.search(refused.message) is not None
    return named and refused.status in (400, 403, 404)


def _is_too_long(refused: RefusedError) -> bool:
    return refused.code == "context_length_exceeded" or _TOO_LONG.search(refused.message) is not None


def _finish_of(error: BaseException) -> FaultKind | None:
    """The fault that openai's own reading of a finish reason stands for."""
    import openai  # lazy: it is slow, and loaded already where a call was made

    if isinstance(error, openai.LengthFinishReasonError):
        return "cut"
    return "refused" if isinstance(error, openai.ContentFilterFinishReasonError) else None


def _usage_in(error: BaseException) -> TokenUsage | None:
    """The tokens of an answer that openai gives as an exception for its finish reason."""
    for cause in _causes(error):
        usage = getattr(getattr(cause, "completion", None), "usage", None)
        if usage is not None:
            return TokenUsage(int(usage.prompt_tokens), int(usage.completion_tokens))
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
