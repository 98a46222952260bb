"""What went wrong becomes one kind and one clear sentence without secrets."""

from __future__ import annotations

import json
import ssl

import httpx
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion

from consilience.endpoints.base import FaultKind, ModelFault, TokenUsage
from consilience.endpoints.choosing import Endpoint
from consilience.endpoints.faults import clean, fault_of, no_key, refusal_in
from consilience.endpoints.transport import BrokenBodyError, RefusedError

KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz"
ENDPOINT = Endpoint("large", "https://user:passw0rd@models.example.org/v1", (("sig", "s1gnature"),), KEY)
KEYLESS = Endpoint("large", "http://localhost:8000/v1", (), None)


def refused(status: int, message: str = "", code: str | None = None, wait: float | None = None) -> RefusedError:
    return RefusedError(status, json.dumps({"error": {"message": message, "code": code}}).encode(), wait)


def bad_certificate() -> httpx.ConnectError:
    error = httpx.ConnectError("no")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    return error


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (refused(400, "bad thing"), "rejected", "refused the request (400): bad thing"),
        (refused(422, "bad thing"), "rejected", "(422): bad thing"),
        (refused(403, "not in your country"), "rejected", "(403): not in your country"),
        (refused(302), "rejected", "(302)"),
        (refused(404, "Not Found"), "rejected", "no chat completions there"),
        (refused(404, "The model `large` does not exist", "model_not_found"), "unknown_model", "no model named large"),
        (refused(404, 'model "large" not found, try pulling it first'), "unknown_model", "no model named large"),
        (
            refused(404, "The API deployment for this resource does not exist", "DeploymentNotFound"),
            "unknown_model",
            "",
        ),
        (refused(403, "Project has no access to model large", "model_not_found"), "unknown_model", ""),
        (refused(401, f"Incorrect API key provided: {KEY}"), "unauthorised", "does not take the key"),
        (refused(400, "API key not valid. Please pass a valid API key."), "unauthorised", "does not take the key"),
        (refused(402, "Payment Required"), "unauthorised", "no credit"),
        (refused(429, "You exceeded your quota", "insufficient_quota"), "unauthorised", "no credit"),
        (refused(400, "This model's maximum context length is 8192 tokens"), "too_long", "longer than large reads"),
        (refused(400, "prompt is too long: 9 tokens > 8 maximum"), "too_long", ""),
        (refused(400, "the request exceeds the available context size"), "too_long", ""),
        (refused(400, "no", "context_length_exceeded"), "too_long", ""),
        (refused(413, "Payload Too Large"), "too_long", ""),
        (refused(400, "filtered", "content_filter"), "refused", "content filter"),
        (refused(429, "slow down"), "unavailable", "too many"),
        (refused(429, "slow down", wait=3600.0), "unavailable", "asks to wait 3600 seconds"),
        (refused(503, "overloaded", wait=90.0), "unavailable", "asks to wait 90 seconds"),
        (refused(500, "oops"), "unavailable", "failed in all attempts (500): oops"),
        (refused(408), "unavailable", "(408)"),
        (httpx.ConnectError("All connection attempts failed"), "unavailable", "nothing answers at"),
        (httpx.ConnectTimeout("slow"), "unavailable", "nothing answers at"),
        (bad_certificate(), "unavailable", "certificate of https://models.example.org/v1 is not trusted"),
        (httpx.ReadTimeout("slow"), "silent", "gave no answer in time"),
        (httpx.ReadError("reset"), "unavailable", "broke off"),
        (BrokenBodyError("half"), "unavailable", "broke off"),
        (KeyError("choices"), "rejected", "no chat completion"),
        (AttributeError("'str' object has no attribute 'model_dump'"), "rejected", "no chat completion"),
    ],
)
def test_each_failure_has_its_kind_and_its_words(error: Exception, kind: FaultKind, words: str) -> None:
    fault = fault_of(error, ENDPOINT, retries=3)
    assert (fault.kind, fault.retries) == (kind, 3)
    assert words in fault.message
    assert "\n" not in fault.message
    said = fault.message + fault.advice + repr(fault)
    assert not [secret for secret in (KEY, "passw0rd", "s1gnature") if secret in said]


def test_a_failure_is_found_behind_what_libraries_wrap_around_it() -> None:
    request = httpx.Request("POST", "http://localhost:8000/v1")
    outer = openai.APIConnectionError(request=request)  # pyright: ignore[reportArgumentType] -- takes both httpx's
    outer.__cause__ = refused(404, "The model `large` does not exist")
    assert fault_of(outer, KEYLESS).kind == "unknown_model"
    assert refusal_in(outer) is outer.__cause__
    outer.__cause__ = httpx.ReadTimeout("slow")
    assert fault_of(outer, KEYLESS).kind == "silent"
    assert refusal_in(outer) is None


@pytest.mark.parametrize(
    ("raised", "kind"),
    [(openai.LengthFinishReasonError, "cut"), (openai.ContentFilterFinishReasonError, "refused")],
)
def test_an_answer_that_was_stopped_keeps_its_usage(
    raised: type[openai.LengthFinishReasonError], kind: FaultKind
) -> None:
    completion = ChatCompletion.model_validate(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "large",
            "choices": [],
            "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
        }
    )
    fault = fault_of(raised(completion=completion), KEYLESS)
    assert (fault.kind, fault.usage) == (kind, TokenUsage(11, 7))


def test_a_server_that_wants_a_key_says_which_setting() -> None:
    fault = fault_of(refused(401), KEYLESS)
    assert "asks for a key, and none is set" in fault.message
    assert "CONSILIENCE_MODEL__API_KEY" in fault.advice
    assert no_key(ENDPOINT).is_fatal


def test_a_fault_stays_what_it_is() -> None:
    fault = ModelFault("budget", "spent")
    assert fault_of(fault, ENDPOINT) is fault


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect key {KEY}",
        "Incorrect API key provided: sk-ab12****************wxyz.",
        "header Authorization: Bearer abc.def.ghi",
        "https://user:passw0rd@models.example.org?sig=s1gnature",
    ],
)
def test_keys_are_cut_out_of_any_text(text: str) -> None:
    said = clean(text, ENDPOINT)
    assert "***" in said
    assert not [part for part in (KEY, "ab12", "wxyz", "abc.def", "passw0rd", "s1gnature") if part in said]


@given(st.text(), st.integers(300, 599))
def test_whatever_a_server_says_stays_one_short_line(message: str, status: int) -> None:
    fault = fault_of(refused(status, message + KEY), ENDPOINT)
    assert KEY[:12] not in fault.message
    assert len(fault.message) < 400
    assert all(letter.isprintable() or letter == " " for letter in fault.message if ord(letter) < 0xA0)
