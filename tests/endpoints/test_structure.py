"""How an answer is held to its schema: what is asked in each way, and what text comes of the answer."""

from __future__ import annotations

import inspect
import json
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from consilience.endpoints.base import Message
from consilience.endpoints.structure import MODES, ask, echoes_schema, json_in, strict_schema
from consilience.evals.loopback.example_answers import example_answer
from consilience.evals.loopback.wire import strict_faults, wanted
from consilience.reasoning.language_model import answers

MESSAGES = (Message("system", "You judge."), Message("user", "Is it so?"))
ANSWERS = [
    model
    for _, model in inspect.getmembers(answers, inspect.isclass)
    if issubclass(model, BaseModel) and model.model_fields
]
OBJECTS = st.dictionaries(
    st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=8)
)


class Inner(BaseModel):
    """A part."""

    kind: Literal["only"]
    title: str = "none"


class Sample(BaseModel):
    """Everything that pydantic writes and strict modes do not take."""

    title: str = Field(default="untitled", min_length=1)
    score: float = Field(ge=0, le=10, description="how well")
    count: Annotated[int, Field(gt=0)] = 3
    pair: tuple[int, str] = (1, "a")
    many: tuple[str, ...] = ()
    few: list[int] = Field(default=[], max_length=4)
    inner: Inner = Field(description="a part with words of its own")
    maybe: Inner | None = None


@pytest.mark.parametrize("model", [*ANSWERS, Sample], ids=lambda model: model.__name__)
def test_every_answer_s_schema_becomes_strict(model: type[BaseModel]) -> None:
    strict = strict_schema(model.model_json_schema())
    assert list(strict_faults(strict)) == []


@pytest.mark.parametrize("model", ANSWERS, ids=lambda model: model.__name__)
def test_an_instance_of_the_strict_schema_is_an_answer(model: type[BaseModel]) -> None:
    strict = strict_schema(model.model_json_schema())
    # Bounds are words in the strict schema; the example follows the full one, whose structure is the same.
    full = example_answer(model.model_json_schema())
    assert model.model_validate_json(json.dumps(full))
    assert example_answer(strict).keys() == full.keys()


def test_bounds_become_words_and_nothing_is_optional() -> None:
    strict = strict_schema(Sample.model_json_schema())
    fields = strict["properties"]
    assert fields["score"] == {"type": "number", "description": "how well (at least 0, at most 10)"}
    assert fields["count"]["description"] == "(above 0)"
    assert fields["title"]["description"] == "(at least 1 characters)"
    assert fields["few"]["description"] == "(at most 4 items)"
    assert strict["required"] == list(Sample.model_fields)
    assert "default" not in json.dumps(strict)


def test_references_stand_alone_and_a_constant_is_a_choice_of_one() -> None:
    strict = strict_schema(Sample.model_json_schema())
    assert strict["properties"]["inner"] == {"$ref": "#/$defs/Inner"}
    assert strict["$defs"]["Inner"]["properties"]["kind"]["enum"] == ["only"]
    assert strict["properties"]["maybe"]["anyOf"] == [{"$ref": "#/$defs/Inner"}, {"type": "null"}]
    assert strict["properties"]["pair"]["items"]["anyOf"] == [{"type": "integer"}, {"type": "string"}]


class Open(BaseModel):
    counts: dict[str, int]


class Anything(BaseModel):
    things: list[Any]


def test_what_cannot_be_strict_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="fields of any name"):
        strict_schema(Open.model_json_schema())
    with pytest.raises(ValueError, match="array of anything"):
        strict_schema({"type": "array"})


def test_json_schema_mode_asks_for_a_strict_schema() -> None:
    messages, parameters = ask("json_schema", MESSAGES, "judge", Sample.model_json_schema())
    assert messages == MESSAGES
    shape = parameters["response_format"]["json_schema"]
    assert (shape["name"], shape["strict"]) == ("judge", True)
    assert set(parameters) == {"response_format"}


def test_tools_mode_asks_for_one_call_that_must_be_made() -> None:
    messages, parameters = ask("tools", MESSAGES, "judge", Sample.model_json_schema())
    assert messages == MESSAGES
    assert [tool["function"]["name"] for tool in parameters["tools"]] == ["judge"]
    assert parameters["tool_choice"] == {"type": "function", "function": {"name": "judge"}}


def test_plain_mode_writes_the_schema_into_the_system_message() -> None:
    (system, user), parameters = ask("plain", MESSAGES, "judge", Sample.model_json_schema())
    assert system.content.startswith("You judge.\n\n")
    assert (user, parameters) == (MESSAGES[1], {})
    alone, _ = ask("plain", MESSAGES[1:], "judge", Sample.model_json_schema())
    assert [message.role for message in alone] == ["system", "user"]


@pytest.mark.parametrize("mode", MODES)
def test_the_server_of_the_tests_finds_name_and_schema_in_every_mode(mode: Any) -> None:  # noqa: ANN401 -- a mode
    messages, parameters = ask(mode, MESSAGES, "a task/é", Sample.model_json_schema())
    body = {"messages": [{"role": m.role, "content": m.content} for m in messages], **parameters}
    found = wanted(body)
    assert (found.mode, found.task) == (mode, "a_task__")
    assert found.schema == strict_schema(Sample.model_json_schema())


@pytest.mark.parametrize(
    ("said", "json_text"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('```json\n{"a": 1}\n```', '{"a": 1}'),
        ('Here it is:\n\n{"a": {"b": "}"}} I hope it helps {really}.', '{"a": {"b": "}"}}'),
        ('<think>maybe {"a": 0}?</think>{"a": 1}', '{"a": 1}'),
        ('The set {x, y} gives {"a": 1}', '{"a": 1}'),
        ('[{"a": 1}]', '[{"a": 1}]'),
        ('I quote [1]: {"a": [1]}', '{"a": [1]}'),
        ('Schema: {"type": "object", "properties": {}} Answer: {"a": 1}', '{"a": 1}'),
        ('{"claims": [{"quote": "whole"}, {"quo', '{"claims": [{"quote": "whole"}, {"quo'),
        ("Nothing of the kind.", "Nothing of the kind."),
        ("", ""),
    ],
)
def test_the_json_is_cut_out_of_an_answer(said: str, json_text: str) -> None:
    assert json_in(said) == json_text


@given(OBJECTS, st.text(st.characters(exclude_characters="{}<")), st.text(st.characters(exclude_characters="{}")))
def test_an_object_between_any_words_is_found(value: dict[str, Any], before: str, after: str) -> None:
    text = json.dumps(value)
    assert json.loads(json_in(f"{before} {text} {after}")) == value


@given(st.text())
def test_any_answer_is_read_without_failing(said: str) -> None:
    assert isinstance(json_in(said), str)
    assert isinstance(echoes_schema(said), bool)


def test_deep_nesting_is_no_answer_and_no_crash() -> None:
    deep = '{"a":' * 100_000
    assert json_in(deep) == deep
    assert json_in("[" * 100_000) == "[" * 100_000


@pytest.mark.parametrize(
    ("said", "echoed"),
    [
        (json.dumps(Sample.model_json_schema()), True),
        ("```json\n" + json.dumps(strict_schema(Sample.model_json_schema())) + "\n```", True),
        ('{"title": "a", "properties": 3}', False),
        ('{"type": "object"}', False),
        ("[1]", False),
        ("prose", False),
    ],
)
def test_a_schema_is_told_from_an_answer(said: str, echoed: bool) -> None:
    assert echoes_schema(said) is echoed
