"""The smallest valid instance of a JSON schema: what a scripted model says where a test does not care what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

Schema = Mapping[str, Any]


def example_answer(schema: Schema) -> Any:  # noqa: ANN401 -- an instance of any schema
    """An instance that satisfies the schema: first choices, shortest arrays, least numbers; ``$ref`` is followed."""
    return _example(schema, schema)


def with_strings(answer: object, schema: Schema, text: str) -> Any:  # noqa: ANN401 -- an instance of any schema
    """The answer with ``text`` in place of every string that the schema leaves open (no enum, no const)."""
    return _replaced(answer, schema, schema, text)


def _example(schema: Schema, root: Schema) -> Any:  # noqa: ANN401 -- an instance of any schema
    schema = _resolved(schema, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object" if "properties" in schema else "string")
    maker = _MAKERS[kind[0] if isinstance(kind, list) else kind]
    return maker(schema, root)


def _resolved(schema: Schema, root: Schema) -> Schema:
    while True:
        if "$ref" in schema:
            found: Any = root
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = cast(Schema, found)
            continue
        choices = next((schema[word] for word in ("anyOf", "oneOf", "allOf") if word in schema), None)
        if choices is None:
            return schema
        schema = choices[0]


def _object(schema: Schema, root: Schema) -> dict[str, Any]:
    return {name: _example(part, root) for name, part in schema.get("properties", {}).items()}


def _array(schema: Schema, root: Schema) -> list[Any]:
    if "prefixItems" in schema:
        return [_example(part, root) for part in schema["prefixItems"]]
    return [_example(schema["items"], root) for _ in range(schema.get("minItems", 0))]


def _number(schema: Schema, _: Schema) -> float:
    return schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)


def _string(schema: Schema, _: Schema) -> str:
    return "x" * max(1, schema.get("minLength", 1))


_MAKERS: dict[str, Callable[[Schema, Schema], Any]] = {
    "object": _object,
    "array": _array,
    "number": _number,
    "integer": _number,
    "string": _string,
    "boolean": lambda _, __: False,
    "null": lambda _, __: None,
}


def _replaced(answer: object, schema: Schema, root: Schema, text: str) -> Any:  # noqa: ANN401 -- see ``with_strings``
    schema = _resolved(schema, root)
    if isinstance(answer, dict):
        known = schema.get("properties", {})
        fields = cast(dict[str, Any], answer).items()
        return {name: _replaced(value, known.get(name, {}), root, text) for name, value in fields}
    if isinstance(answer, list):
        return [_replaced(value, schema.get("items", {}), root, text) for value in cast(list[Any], answer)]
    is_open = isinstance(answer, str) and "enum" not in schema and "const" not in schema
    return text if is_open else answer
