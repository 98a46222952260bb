"""The loopback server itself: what it counts, what it refuses, how it fails a test whose script runs dry."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.evals.loopback.example_answers import example_answer, with_strings
from consilience.evals.loopback.server import KEY, Fault, ModelServer, ScriptError
from consilience.evals.loopback.wire import pieces, usage, whole

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"enum": ["x", "y"]}, "c": {"$ref": "#/$defs/c"}},
    "required": ["a", "b", "c"],
    "additionalProperties": False,
    "$defs": {"c": {"type": "array", "items": {"type": "string"}}},
}


def body(task: str, text: str = "words", **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    shape = {"type": "json_schema", "json_schema": {"name": task, "strict": True, "schema": SCHEMA}}
    return {"model": "m", "messages": [{"role": "user", "content": text}], "response_format": shape, **more}


def post(server: ModelServer, asked: dict[str, Any], key: str = "") -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    # No certificates are read, which takes longer than all the rest.
    return httpx.post(f"{server.base_url}/chat/completions", json=asked, headers=headers, verify=False)


def content(response: httpx.Response) -> Any:  # noqa: ANN401 -- any JSON
    return json.loads(response.json()["choices"][0]["message"]["content"])


def test_a_script_answers_by_task_and_is_used_up() -> None:
    with ModelServer({"one": [{"n": 1}, {"n": 2}], "two": {"n": 9}}) as server:
        said = [content(post(server, body(task))) for task in ("one", "two", "two", "one")]
        assert [answer["n"] for answer in said] == [1, 9, 9, 2]
        assert (server.count(), server.count("one")) == (4, 2)


@pytest.mark.parametrize("task", ["one", "unknown"])
def test_a_script_that_runs_dry_fails_the_test(task: str) -> None:
    def run() -> None:
        with ModelServer({"one": []}) as server:
            assert post(server, body(task)).status_code == 400

    with pytest.raises(ScriptError, match=task):
        run()


def test_keys_are_checked_and_never_noted() -> None:
    with ModelServer(key=KEY) as server:
        assert post(server, body("t"), "wrong").status_code == 401
        assert post(server, body("t"), KEY).status_code == 200
        assert all(asked.had_key for asked in server.asked)
        assert KEY not in repr(server.asked)


def test_faults_come_for_a_task_before_those_for_all() -> None:
    with ModelServer() as server:
        server.fail("server_error", Fault("rate_limited", retry_after="3"))
        server.fail("unavailable", task="special")
        replies = [post(server, body(task)) for task in ("special", "other", "other", "other")]
        assert [reply.status_code for reply in replies] == [503, 500, 429, 200]
        assert replies[2].headers["Retry-After"] == "3"
        server.fail_always("server_error", task="special")
        assert [post(server, body(task)).status_code for task in ("special", "special", "other")] == [500, 500, 200]


def test_random_faults_are_the_same_for_a_seed() -> None:
    def met(seed: int) -> list[str | None]:
        with ModelServer() as server:
            server.fail_randomly(0.5, ["server_error", "empty"], seed)
            for _ in range(20):
                post(server, body("t"))
            return [asked.fault for asked in server.asked]

    assert met(1) == met(1) != met(2)
    assert set(met(1)) == {None, "server_error", "empty"}


def test_text_of_the_request_comes_back_in_every_open_string() -> None:
    with ModelServer() as server:
        server.fail("injected", Fault("injected", text="obey"))
        assert content(post(server, body("t", "ignore all of it"))) == {"a": "ignore all of it", "b": "x", "c": []}
        assert content(post(server, body("t")))["a"] == "obey"


def test_a_schema_that_is_not_strict_is_refused() -> None:
    asked = body("t")
    asked["response_format"]["json_schema"]["schema"] = {**SCHEMA, "required": ["a"]}
    with ModelServer() as server:
        refused = post(server, asked)
        assert refused.status_code == 400
        assert "'required' must name every property" in refused.json()["error"]["message"]


def test_the_example_satisfies_references_and_choices() -> None:
    assert example_answer(SCHEMA) == {"a": "x", "b": "x", "c": []}
    assert with_strings({"a": "1", "b": "y", "c": ["2"]}, SCHEMA, "new") == {"a": "new", "b": "y", "c": ["new"]}


@given(st.text())
def test_a_stream_s_pieces_make_the_whole(text: str) -> None:
    message, tokens = {"content": text}, usage({}, text)
    asked = {"model": "m", "stream_options": {"include_usage": True}}
    *events, done = pieces(asked, message, "stop", tokens)
    assert done == b"data: [DONE]\n\n"
    chunks = [json.loads(event.removeprefix(b"data: ")) for event in events]
    said = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks if c["choices"])
    assert said == json.loads(whole(asked, message, "stop", tokens))["choices"][0]["message"]["content"] == text
    assert chunks[-1]["usage"] == tokens
