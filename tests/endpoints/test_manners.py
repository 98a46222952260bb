"""What an endpoint takes: what a refusal teaches, and what is kept of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consilience.endpoints.choosing import Endpoint
from consilience.endpoints.manners import (
    Manners,
    answers_probe,
    first_manners,
    keep,
    probe_request,
    recall,
)
from consilience.endpoints.structure import strict_schema
from consilience.endpoints.transport import RefusedError
from consilience.evals.loopback.example_answers import example_answer
from consilience.runs.calls import CallLog
from consilience.settings import LanguageModelSettings

LOCAL = Endpoint("m", "http://localhost:8000/v1", (), None)
OPENAI = Endpoint("m", "https://api.openai.com/v1", (), "key")
SETTINGS = LanguageModelSettings()


def refused(message: str = "", param: str | None = None, status: int = 400) -> RefusedError:
    return RefusedError(status, json.dumps({"error": {"message": message, "param": param}}).encode(), None)


def test_openai_has_its_own_word_for_the_answer_s_length() -> None:
    assert first_manners(OPENAI, "json_schema").parameters(SETTINGS, 99)["max_completion_tokens"] == 99
    assert first_manners(LOCAL, "json_schema").parameters(SETTINGS, 99)["extra_body"] == {"max_tokens": 99}


def test_what_is_not_set_is_not_sent() -> None:
    unset = LanguageModelSettings(temperature=None, seed=None)
    assert set(first_manners(OPENAI, "plain").parameters(unset, 9)) == {"max_completion_tokens"}
    assert set(first_manners(OPENAI, "plain").parameters(SETTINGS, 9)) == {
        "temperature",
        "seed",
        "max_completion_tokens",
    }


@pytest.mark.parametrize(
    "refusal",
    [
        refused("Unsupported value: 'temperature' does not support 0.0 with this model.", "temperature"),
        refused("Unsupported parameter: temperature"),
        refused("body.temperature: extra fields not permitted", status=422),
    ],
)
def test_a_refused_parameter_is_left_out(refusal: RefusedError) -> None:
    learned = first_manners(OPENAI, "json_schema").learn(refusal, may_change_mode=True)
    assert learned is not None
    assert "temperature" not in learned.parameters(SETTINGS, 9)
    assert learned.parameters(SETTINGS, 9)["seed"] == 7
    assert learned.learn(refusal, may_change_mode=True) is None


def test_the_bound_on_length_goes_by_its_other_name_and_then_by_none() -> None:
    first = refused("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "max_tokens")
    second = refused("no such parameter", "max_completion_tokens")
    other = first_manners(LOCAL, "plain").learn(first, may_change_mode=True)
    assert other is not None
    assert other.parameters(SETTINGS, 9)["max_completion_tokens"] == 9
    assert "extra_body" not in other.parameters(SETTINGS, 9)
    none = other.learn(second, may_change_mode=True)
    assert none is not None
    assert set(none.parameters(SETTINGS, 9)) == {"temperature", "seed"}
    assert none.learn(first, may_change_mode=True) is None
    assert none.learn(second, may_change_mode=True) is None


@pytest.mark.parametrize(
    ("mode", "refusal", "later"),
    [
        ("json_schema", refused("not supported", "response_format"), "tools"),
        ("json_schema", refused("This model does not support structured outputs"), "tools"),
        ("tools", refused('"auto" tool choice requires --enable-auto-tool-choice'), "plain"),
        ("tools", refused("m does not support function calling"), "plain"),
    ],
)
def test_a_refused_way_gives_place_to_the_next(mode: Any, refusal: RefusedError, later: str) -> None:  # noqa: ANN401 -- a mode
    manners = first_manners(LOCAL, mode)
    learned = manners.learn(refusal, may_change_mode=True)
    assert learned is not None
    assert learned.mode == later
    assert manners.learn(refusal, may_change_mode=False) is None


@pytest.mark.parametrize(
    "refusal",
    [
        None,
        refused("temperature", "temperature", status=500),
        refused("too long", "messages"),
        refused("your messages speak of temperature and tools", "messages"),
        refused("something else"),
    ],
)
def test_other_refusals_teach_nothing(refusal: RefusedError | None) -> None:
    assert first_manners(LOCAL, "json_schema").learn(refusal, may_change_mode=True) is None


def test_the_last_way_has_no_next() -> None:
    assert first_manners(LOCAL, "plain").learn(refused("no tool, no function"), may_change_mode=True) is None


def test_what_was_found_out_is_kept_for_its_endpoint_and_model(tmp_path: Path) -> None:
    log = CallLog(tmp_path / "calls.sqlite")
    found = Manners("tools", "max_tokens", frozenset({"seed"}))
    assert recall(log, LOCAL) is None
    keep(log, LOCAL, found)
    assert recall(log, LOCAL) == found
    assert recall(log, replace(LOCAL, key="another key of the same")) == found
    assert recall(log, replace(LOCAL, name="other")) is None
    assert recall(log, replace(LOCAL, base_url="http://localhost:9000/v1")) is None
    log.close()
    assert b"another key" not in (tmp_path / "calls.sqlite").read_bytes()


def test_without_a_log_nothing_is_kept() -> None:
    keep(None, LOCAL, first_manners(LOCAL, "plain"))
    assert recall(None, LOCAL) is None


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"mode": "telepathy", "limit": "x", "left_out": []}', b"3"])
def test_what_another_version_kept_is_found_out_anew(data: bytes) -> None:
    assert Manners.parse(data) is None


def test_the_probe_is_answered_by_an_instance_and_by_nothing_else() -> None:
    probe = probe_request("judge", 64)
    assert probe.max_output_tokens == 64
    schema = strict_schema(probe.schema)
    good = example_answer(schema)
    assert answers_probe(json.dumps(good))
    wrong: list[Any] = [schema, {**good, "more": 1}, {**good, "tint": "x"}, {**good, "even": "yes"}, [], 3, "words"]
    for bad in wrong:
        assert not answers_probe(json.dumps(bad))
    assert not answers_probe("prose")
    # A model that is not held to the schema cannot know its fields.
    said = " ".join(message.content for message in probe.messages).lower().split()
    assert not set(schema["properties"]) & {"".join(filter(str.isalpha, word)) for word in said}
