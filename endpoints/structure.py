"""Owns how an answer is held to its JSON schema: three ways to ask, and the one text that comes of each.

``json_schema``: ``response_format`` with a strict schema. ``tools``: one function that must be called. ``plain``: the
schema stands in the system message, and the JSON is cut out of the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, cast

from .base import Message

Mode = Literal["json_schema", "tools", "plain"]
MODES: tuple[Mode, ...] = ("json_schema", "tools", "plain")
"""From the one that holds an answer best to the one that every server takes."""
_PLAIN = (
    "Answer with one JSON value and nothing else: no explanation before or after it, no code fence. It must be an "
    "instance of the following JSON schema, with every required field filled in; it is not the schema itself.\n"
    "JSON schema `{name}`:\n{schema}"
)
_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_OPENED = re.compile(r'\{\s*"')
_NAME = re.compile(r"[^A-Za-z0-9_-]")
# What strict modes take everywhere. The rest is refused by one server or another, and bounds are told in words.
_KEPT = ("$ref", "type", "enum", "description")
_BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
}


def ask(
    mode: Mode, messages: Sequence[Message], name: str, schema: Mapping[str, Any]
) -> tuple[tuple[Message, ...], dict[str, Any]]:
    """The messages and the parameters of a request that holds its answer to a schema.

    Raises:
        ValueError: a schema that cannot be made strict.
    """
    strict = strict_schema(schema)
    label = _NAME.sub("_", name)[:64]
    if mode == "json_schema":
        shape = {"type": "json_schema", "json_schema": {"name": label, "strict": True, "schema": strict}}
        return tuple(messages), {"response_format": shape}
    if mode == "tools":
        function = {"name": label, "description": "Hands over the answer.", "strict": True, "parameters": strict}
        choice = {"type": "function", "function": {"name": label}}
        return tuple(messages), {"tools": [{"type": "function", "function": function}], "tool_choice": choice}
    text = _PLAIN.format(name=label, schema=json.dumps(strict, ensure_ascii=False))
    first, rest = (messages[0].content, messages[1:]) if messages[0].role == "system" else ("", messages)
    return (Message("system", f"{first}\n\n{text}".strip()), *rest), {}


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema in the words that strict modes know: closed objects, every field required, no defaults.

    Bounds on numbers and lengths go into the descriptions; pydantic checks them. Tuples of one type become arrays.

    Raises:
        ValueError: an object with fields of any name, which no strict mode takes.
    """
    strict = _strict(schema)
    if "$defs" in schema:
        strict["$defs"] = {name: _strict(part) for name, part in schema["$defs"].items()}
    return strict


def _strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # a reference stands alone
    if len(schema.get("allOf", ())) == 1:
        return _strict({**schema["allOf"][0], **{k: v for k, v in schema.items() if k != "allOf"}})
    strict = {word: schema[word] for word in _KEPT if word in schema}
    if "const" in schema:
        strict["enum"] = [schema["const"]]
    for word in ("anyOf", "oneOf"):
        if word in schema:
            strict["anyOf"] = [_strict(part) for part in schema[word]]
    if schema.get("type") == "array":
        strict["items"] = _items(schema)
    if schema.get("type") == "object":
        strict |= _closed(schema)
    bounds = ", ".join(words.format(schema[word]) for word, words in _BOUNDS.items() if word in schema)
    if bounds:
        strict["description"] = " ".join(filter(None, (schema.get("description", ""), f"({bounds})")))
    return strict


def _items(schema: Mapping[str, Any]) -> dict[str, Any]:
    if "items" in schema and schema["items"] is not False:
        return _strict(schema["items"])
    kinds: list[dict[str, Any]] = []
    for part in schema.get("prefixItems", ()):
        if (kind := _strict(part)) not in kinds:
            kinds.append(kind)
    if not kinds:
        raise ValueError("an array of anything cannot be asked for strictly")
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    if schema.get("additionalProperties"):
        raise ValueError("an object with fields of any name cannot be asked for strictly")
    fields = {name: _strict(part) for name, part in schema.get("properties", {}).items()}
    return {"properties": fields, "required": list(fields), "additionalProperties": False}


def json_in(text: str) -> str:
    """The JSON of an answer: the text where it is JSON, else the first whole object in it, else the text.

    A thought in ``<think>`` before it is no part of an answer, code fences fall away by themselves, and an object that
    is a schema is passed over where another follows. Of an object that breaks off, no inner part is taken for it.
    """
    said = _THOUGHT.sub("", text).strip()
    if _is_json(said):
        return said
    found = list(_objects(said))
    return next((part for part in found if not _is_schema(json.loads(part))), found[0] if found else said)


def _objects(text: str) -> Iterator[str]:
    """The whole JSON objects in a text, up to one that breaks off."""
    decoder = json.JSONDecoder()
    place = text.find("{")
    while place >= 0:
        try:
            _, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            if _OPENED.match(text, place):
                return
            end = place + 1  # a brace of prose
        else:
            yield text[place:end]
        place = text.find("{", end)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def echoes_schema(text: str) -> bool:
    """Whether an answer is a schema and no instance of one: some servers send back what they were given."""
    said = json_in(text)
    return _is_json(said) and _is_schema(json.loads(said))


def _is_schema(said: object) -> bool:
    fields = cast(dict[str, Any], said) if isinstance(said, dict) else {}
    return fields.get("type") == "object" and isinstance(fields.get("properties"), dict)
