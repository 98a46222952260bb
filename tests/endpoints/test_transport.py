"""How a request travels: what is repeated, how often, after which wait, and what is not."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.endpoints.limits import AdaptiveLimit
from consilience.endpoints.transport import (
    ATTEMPTS_EXTENSION,
    LONGEST_WAIT,
    BrokenBodyError,
    PatientTransport,
    RefusedError,
    Travel,
    travel,
)
from consilience.evals.loopback.server import Fault, FaultKind, ModelServer

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
Handler = Callable[[httpx.Request], httpx.Response]


class Sleeps(list[float]):
    """The waits that were asked for; none is waited."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


class Answers:
    """Gives prepared responses, or raises prepared errors, one a request; the last one again and again."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.left = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Halting(httpx.AsyncByteStream):
    """A body that breaks off."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"half":'
        raise httpx.ReadError("gone")


def good() -> httpx.Response:
    return httpx.Response(200, json={"well": True})


def refusal(status: int, code: str | None = None, **headers: str) -> httpx.Response:
    error = {"message": "no", "code": code, "param": "seed"}
    return httpx.Response(status, json={"error": error}, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def limit() -> AdaptiveLimit:
    return AdaptiveLimit(8, sleep=Sleeps())


def client(handler: Handler, limit: AdaptiveLimit, sleeps: Sleeps, attempts: int = 5) -> httpx.AsyncClient:
    patient = PatientTransport(httpx.MockTransport(handler), limit, attempts, sleep=sleeps, now=lambda: NOON)
    return httpx.AsyncClient(transport=patient)


async def fetch(
    answers: Answers,
    limit: AdaptiveLimit,
    sleeps: Sleeps,
    attempts: int = 5,
    **more: Any,  # noqa: ANN401 -- passed on
) -> httpx.Response:
    async with client(answers, limit, sleeps, attempts) as opened:
        return await opened.post("http://test/v1/chat/completions", json={"a": 1}, **more)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
async def test_what_may_pass_is_asked_again(status: int, limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    answers = Answers(refusal(status), refusal(status), good())
    assert (await fetch(answers, limit, sleeps)).json() == {"well": True}
    assert len(answers.requests) == 3
    assert len(sleeps) == 2
    assert {request.content for request in answers.requests} == {b'{"a":1}'}


@pytest.mark.parametrize("status", [301, 400, 401, 402, 403, 404, 413, 422])
async def test_what_cannot_succeed_is_asked_once(status: int, limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    answers = Answers(refusal(status))
    with pytest.raises(RefusedError) as caught:
        await fetch(answers, limit, sleeps)
    assert (caught.value.status, caught.value.message, caught.value.parameter) == (status, "no", "seed")
    assert len(answers.requests) == 1
    assert not sleeps


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.ReadTimeout("silent"),
        httpx.RemoteProtocolError("cut"),
        httpx.WriteError("reset"),
    ],
)
async def test_a_broken_connection_is_tried_again(error: Exception, limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    answers = Answers(error, good())
    assert (await fetch(answers, limit, sleeps)).status_code == 200
    assert len(answers.requests) == 2


async def test_attempts_are_bounded(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    answers = Answers(refusal(500))
    with pytest.raises(RefusedError):
        await fetch(answers, limit, sleeps, attempts=4)
    assert len(answers.requests) == 4


async def test_a_request_may_have_fewer_attempts_of_its_own(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    answers = Answers(httpx.ConnectError("refused"))
    with pytest.raises(httpx.ConnectError):
        await fetch(answers, limit, sleeps, extensions={ATTEMPTS_EXTENSION: 2})
    assert len(answers.requests) == 2


async def test_an_untrusted_certificate_is_not_tried_again(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    error = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed")
    answers = Answers(error)
    with pytest.raises(httpx.ConnectError):
        await fetch(answers, limit, sleeps)
    assert len(answers.requests) == 1


async def test_waits_have_jitter_and_a_bound(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    with pytest.raises(RefusedError):
        await fetch(Answers(refusal(500)), limit, sleeps, attempts=20)
    assert all(0 <= wait <= 20 for wait in sleeps)
    assert len(set(sleeps)) == len(sleeps)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("0", 0.0),
        ("-3", 0.0),
        ("Sun, 01 Mar 2026 12:00:09 GMT", 9.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
    ],
)
async def test_retry_after_is_obeyed(said: str, seconds: float, limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    await fetch(Answers(refusal(429, retry_after=said), good()), limit, sleeps)
    assert seconds <= sleeps[0] <= seconds + 0.5


@pytest.mark.parametrize("said", ["soon", "", "nan", "Sun, 99 Foo 2026"])
async def test_a_retry_after_that_says_nothing_is_passed_over(said: str, limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    assert (await fetch(Answers(refusal(503, retry_after=said), good()), limit, sleeps)).status_code == 200


async def test_milliseconds_come_before_seconds(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    await fetch(Answers(refusal(429, retry_after="30", retry_after_ms="1500"), good()), limit, sleeps)
    assert 1.5 <= sleeps[0] <= 2.0


@pytest.mark.parametrize("said", ["61", "86400", "inf", "Mon, 02 Mar 2026 12:00:00 GMT"])
async def test_a_wait_that_is_too_long_ends_the_call(said: str, limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    answers = Answers(refusal(429, retry_after=said), good())
    with pytest.raises(RefusedError) as caught:
        await fetch(answers, limit, sleeps)
    assert caught.value.wait is not None
    assert caught.value.wait > LONGEST_WAIT
    assert len(answers.requests) == 1


async def test_no_credit_is_not_waited_for(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    answers = Answers(refusal(429, code="insufficient_quota"), good())
    with pytest.raises(RefusedError) as caught:
        await fetch(answers, limit, sleeps)
    assert caught.value.has_no_credit
    assert limit.current == 8


async def test_a_429_lowers_the_bound_and_other_failures_do_not(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    await fetch(Answers(refusal(503), good()), limit, sleeps)
    assert limit.current == 8
    await fetch(Answers(refusal(429), good()), limit, sleeps)
    assert limit.current == 4


async def test_a_body_that_breaks_off_is_asked_for_again(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    headers = {"content-type": "application/json"}
    answers = Answers(httpx.Response(200, headers=headers, stream=Halting()), good())
    assert (await fetch(answers, limit, sleeps)).json() == {"well": True}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"half": tr'),
        ("application/json; charset=utf-8", b""),
        ("text/event-stream", b'data: {"choices":[{"delta":{"content":"a"},"finish_reason":null}]}\n\n'),
        ("text/event-stream", b'data: {"choices":[{"delta"'),
        ("text/event-stream", b""),
    ],
)
async def test_a_body_that_ends_politely_before_its_end_is_broken(
    kind: str, body: bytes, limit: AdaptiveLimit, sleeps: Sleeps
) -> None:
    answers = Answers(httpx.Response(200, headers={"content-type": kind}, content=body))
    with pytest.raises(BrokenBodyError):
        await fetch(answers, limit, sleeps, attempts=2)
    assert len(answers.requests) == 2


@pytest.mark.parametrize(
    "body",
    [
        b'data: {"choices":[]}\n\ndata: [DONE]\n\n',
        b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
        b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: {"choices":[],"usage":{}}\n\n',
        b'data: {"choices":[]}\r\n\r\ndata:[DONE]\r\n\r\n: farewell\r\n',
    ],
)
async def test_a_stream_with_its_end_is_whole(body: bytes, limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    answers = Answers(httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body))
    assert (await fetch(answers, limit, sleeps)).content == body


async def test_compressed_bodies_are_read_once(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    import gzip

    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    body = gzip.compress(b'{"well": true}')
    cut = httpx.Response(200, headers=headers, stream=httpx.ByteStream(body[: len(body) // 2]))
    whole = httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))
    assert (await fetch(Answers(cut, whole), limit, sleeps)).json() == {"well": True}


async def test_retries_are_counted_where_the_call_is_made(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    under_way = Travel()
    token = travel.set(under_way)
    try:
        await fetch(Answers(refusal(500), refusal(429), good()), limit, sleeps)
    finally:
        travel.reset(token)
    assert under_way.retries == 2


@given(st.binary(max_size=200), st.integers(300, 599))
def test_a_refusal_reads_any_body(body: bytes, status: int) -> None:
    refused = RefusedError(status, body, None)
    assert isinstance(refused.message, str)
    assert str(refused) == f"status {status}"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": {"message": "nested"}}', "nested"),
        (b'{"error": "plain"}', "plain"),
        (b'{"message": "flat", "code": 400}', "flat"),
        (b'{"detail": "fast"}', "fast"),
        (b'[{"error": {"message": "listed"}}]', "listed"),
        (b"<html>", ""),
        (b"[]", ""),
        (b"3", ""),
    ],
)
def test_a_refusal_finds_its_message(body: bytes, message: str) -> None:
    assert RefusedError(400, body, None).message == message


@pytest.mark.parametrize("kind", ["rate_limited", "server_error", "timeout", "reset", "cut", "ended", "truncated"])
@pytest.mark.parametrize("stream", [False, True])
async def test_each_fault_of_the_way_over_a_real_connection(
    kind: FaultKind, stream: bool, limit: AdaptiveLimit, sleeps: Sleeps
) -> None:
    with ModelServer() as server:
        server.fail(kind)
        patient = PatientTransport(httpx.AsyncHTTPTransport(), limit, 3, sleep=sleeps)
        async with httpx.AsyncClient(transport=patient) as opened:
            body: dict[str, Any] = {"model": "m", "messages": [], "stream": stream}
            response = await opened.post(f"{server.base_url}/chat/completions", json=body)
        assert response.status_code == 200
        assert [asked.fault for asked in server.asked] == [kind, None]


async def test_silence_is_bounded_for_each_attempt(limit: AdaptiveLimit, sleeps: Sleeps) -> None:
    with ModelServer() as server:
        server.fail(Fault("silence", seconds=30))
        patient = PatientTransport(httpx.AsyncHTTPTransport(), limit, 2, sleep=sleeps)
        async with httpx.AsyncClient(transport=patient, timeout=0.3) as opened:
            response = await opened.post(f"{server.base_url}/chat/completions", json={"model": "m", "messages": []})
        assert response.status_code == 200
        assert len(server.asked) == 2
