"""Owns how a request travels: attempts, waits between them, whole bodies, and a refusal as an exception.

The body is read inside the transport, so that an answer that breaks off half-way is asked for again like any other
failure of the way. What cannot succeed when repeated (400, 401, 403, 404, 422, no credit) is not repeated.
"""

from __future__ import annotations

import asyncio
import json
import random
import ssl
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from .limits import AdaptiveLimit

RETRIED = frozenset({408, 409, 429})
"""Statuses below 500 that a later attempt may not meet; of 500 and above, all are."""
LONGEST_WAIT = 60.0
"""Seconds. A server that asks for a longer wait ends the call: the person should know, and not wait for it."""
ATTEMPTS_EXTENSION = "consilience_attempts"
"""A request's own number of attempts, in place of the transport's."""
_BACKOFF = wait_random_exponential(multiplier=0.5, max=20.0)
_SPREAD = 0.5  # seconds over which calls that were told to wait equally long come back
_OF_THE_BODY = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_NO_CREDIT = "insufficient_quota"


@dataclass
class Travel:
    """What became of the requests of one call."""

    retries: int = 0


travel: ContextVar[Travel | None] = ContextVar("travel", default=None)
"""The call under way: whoever makes it sets this, and the transport counts in it."""


class RefusedError(Exception):
    """The server answered, and not with what was asked: the last of the attempts, or one that was not repeated."""

    def __init__(self, status: int, body: bytes, wait: float | None) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.wait = wait
        error = _error_of(body)
        self.message = str(error.get("message") or error.get("detail") or "")
        self.code = str(error.get("code") or error.get("type") or "")
        self.parameter = str(error.get("param") or "")

    @property
    def has_no_credit(self) -> bool:
        """Whether the account behind the key is used up: a 429 that no wait cures, or 402."""
        return self.status == 402 or (self.status == 429 and self.code == _NO_CREDIT)

    @property
    def is_passing(self) -> bool:
        """Whether a later attempt may succeed, soon enough."""
        passes = (self.status in RETRIED or self.status >= 500) and not self.has_no_credit
        return passes and (self.wait or 0.0) <= LONGEST_WAIT


class BrokenBodyError(httpx.RemoteProtocolError):
    """A body that ended politely before its end: half a JSON text, or a stream without its last event."""


class PatientTransport(httpx.AsyncBaseTransport):
    """Sends through ``inner``, again where that may help. Raises ``RefusedError`` for any status but 200 to 299.

    Args:
        inner: what really sends.
        limit: the endpoint's bound; each attempt takes a place, waits between attempts take none.
        attempts: at most, the first among them.
        sleep, now: waiting, and the time of day (for dates in Retry-After); handed in by tests.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        limit: AdaptiveLimit,
        attempts: int,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._inner = inner
        self._limit = limit
        self._attempts = attempts
        self._sleep = sleep
        self._now = now

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer.

        Raises:
            RefusedError: the server refused, finally.
            httpx.TransportError: no answer came, in all attempts.
        """
        attempts = int(request.extensions.get(ATTEMPTS_EXTENSION, self._attempts))
        retrying = AsyncRetrying(
            stop=stop_after_attempt(attempts),
            wait=_wait,
            retry=retry_if_exception(_may_pass),
            sleep=self._sleep,
            before_sleep=_count,
            reraise=True,
        )
        return await retrying(self._attempt, request)

    async def aclose(self) -> None:
        """Closes what really sends."""
        await self._inner.aclose()

    async def _attempt(self, request: httpx.Request) -> httpx.Response:
        async with self._limit.slot():
            response = await self._inner.handle_async_request(request)
            try:
                content = await response.aread()
            finally:
                await response.aclose()
        status = response.status_code
        # The content is decoded by now, and the headers that told of its coding and its length would be wrong.
        headers = [(k, v) for k, v in response.headers.multi_items() if k not in _OF_THE_BODY]
        whole = httpx.Response(status, headers=headers, content=content, extensions=response.extensions)
        if not 200 <= status < 300:
            refused = RefusedError(status, whole.content, self._asked_wait(response.headers))
            if status == 429 and not refused.has_no_credit:
                # Everybody waits as long as one was asked to, or each would spend an attempt on being told so.
                self._limit.crowded((refused.wait or 0.0) if refused.is_passing else 0.0)
            raise refused
        _check_whole(whole)
        self._limit.succeeded()
        return whole

    def _asked_wait(self, headers: httpx.Headers) -> float | None:
        """Seconds that the server asks to wait, from ``Retry-After`` (RFC 9110, 10.2.3: seconds or a date)."""
        milliseconds, said = headers.get("retry-after-ms", ""), headers.get("retry-after", "").strip()
        for text, unit in ((milliseconds, 1000.0), (said, 1.0)):
            try:
                seconds = float(text) / unit
            except ValueError:
                continue
            return max(0.0, seconds) if seconds == seconds else None  # "nan" is a float, and no time
        try:
            date = parsedate_to_datetime(said)
        except ValueError:
            return None
        moment = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(0.0, (moment - self._now()).total_seconds())


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, RefusedError) else None
    return _BACKOFF(state) if asked is None else asked + random.uniform(0, _SPREAD)


def _count(_: RetryCallState) -> None:
    if (under_way := travel.get()) is not None:
        under_way.retries += 1


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, RefusedError):
        return error.is_passing
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)) or has_bad_certificate(error):
        return False
    return isinstance(error, (httpx.TransportError, httpx.DecodingError))


def has_bad_certificate(error: BaseException | None) -> bool:
    """Whether a connection failed because the server's certificate cannot be trusted: no attempt changes that."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _check_whole(response: httpx.Response) -> None:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            json.loads(response.content)
        except ValueError as error:
            raise BrokenBodyError("the body is no whole JSON text") from error
    elif kind == "text/event-stream" and not _has_ended(response.content):
        raise BrokenBodyError("the stream has no last event")


def _has_ended(stream: bytes) -> bool:
    """Whether the stream says that it is over: ``[DONE]``, or a reason to finish where a server leaves that out."""
    for line in reversed(stream.splitlines()):
        data = line.removeprefix(b"data:").strip()
        if data == b"[DONE]":
            return True
        if not line.startswith(b"data:"):
            continue
        try:
            choices: list[Any] = json.loads(data).get("choices") or []
        except (ValueError, AttributeError):
            return False
        if any(choice.get("finish_reason") for choice in choices):
            return True
    return False


def _error_of(body: bytes) -> dict[str, Any]:
    """The error of a refusal's body in the shapes that servers use: nested, flat, or a plain text."""
    try:
        parsed: Any = json.loads(body)
    except ValueError:
        return {}
    if isinstance(parsed, list) and parsed:  # one gateway wraps its error in a list
        parsed = cast(list[Any], parsed)[0]
    if not isinstance(parsed, dict):
        return {}
    flat = cast(dict[str, Any], parsed)
    nested = flat.get("error", flat)
    if isinstance(nested, dict):
        return cast(dict[str, Any], nested)
    return {**flat, "message": nested}
