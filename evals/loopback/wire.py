"""What an OpenAI-compatible server puts on the wire: answers whole and in pieces, errors, usage."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

PLAIN = re.compile(r"^JSON schema `([^`\n]+)`:\n(\{.*\})$", re.MULTILINE)
"""Where the plain mode names its schema, in a system message."""
_STRICT_KEYWORDS = {
    "$defs",
    "$ref",
    "additionalProperties",
    "anyOf",
    "const",
    "description",
    "enum",
    "items",
    "properties",
    "required",
    "title",
    "type",
}


@dataclass(frozen=True)
class Wanted:
    """What a request asks for: in which mode, under which name, by which schema."""

    mode: str
    task: str
    schema: dict[str, Any]


def wanted(body: Mapping[str, Any]) -> Wanted:
    """The schema that a request carries, and how; mode ``free`` where it carries none."""
    shape: Mapping[str, Any] = body.get("response_format") or {}
    if shape.get("type") == "json_schema":
        return Wanted("json_schema", shape["json_schema"]["name"], shape["json_schema"]["schema"])
    if body.get("tools"):
        function = body["tools"][0]["function"]
        return Wanted("tools", function["name"], function["parameters"])
    for message in body.get("messages", ()):
        found = PLAIN.search(message["content"]) if message["role"] == "system" else None
        if found:
            return Wanted("plain", found[1], json.loads(found[2]))
    return Wanted("free", "", {})


def strict_faults(schema: object, path: str = "schema") -> Iterator[str]:
    """What a strict server refuses in a schema: open objects, optional fields, keywords that it does not know."""
    if isinstance(schema, Mapping):
        yield from _mapping_faults(cast(Mapping[str, Any], schema), path)


def _mapping_faults(schema: Mapping[str, Any], path: str) -> Iterator[str]:
    for word in sorted(set(schema) - _STRICT_KEYWORDS):
        yield f"{path}: keyword '{word}' is not permitted"
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            yield f"{path}: 'additionalProperties' is required to be false"
        if sorted(schema.get("required", ())) != sorted(schema.get("properties", {})):
            yield f"{path}: 'required' must name every property"
    for name, part in (schema.get("properties", {}) | schema.get("$defs", {})).items():
        yield from strict_faults(part, f"{path}.{name}")
    for part in (schema.get("items"), *schema.get("anyOf", ())):
        yield from strict_faults(part, path)


def usage(body: Mapping[str, Any], answer: str) -> dict[str, int]:
    """Tokens at four characters each: wrong as a count, the same every time."""
    read = sum(len(message["content"] or "") for message in body.get("messages", ())) // 4
    written = max(1, len(answer) // 4)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def whole(body: Mapping[str, Any], message: dict[str, Any], reason: str, tokens: dict[str, int] | None) -> bytes:
    """A chat completion in one piece."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason, "logprobs": None}
    answer: dict[str, Any] = {**_head(body, "chat.completion"), "choices": [choice]}
    if tokens is not None:
        answer["usage"] = tokens
    return json.dumps(answer).encode()


def pieces(body: Mapping[str, Any], message: dict[str, Any], reason: str, tokens: dict[str, int] | None) -> list[bytes]:
    """The same as server-sent events, the last of them ``[DONE]``."""
    head = _head(body, "chat.completion.chunk")
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}, *_deltas(message)]
    chunks = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    chunks.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    if tokens is not None and (body.get("stream_options") or {}).get("include_usage"):
        chunks.append({**head, "choices": [], "usage": tokens})
    return [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks] + [b"data: [DONE]\n\n"]


def error(
    message: str, kind: str = "invalid_request_error", code: str | None = None, param: str | None = None
) -> bytes:
    """An error's body."""
    return json.dumps({"error": {"message": message, "type": kind, "param": param, "code": code}}).encode()


def tool_message(name: str, arguments: str) -> dict[str, Any]:
    """A message that calls one function."""
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return {"content": None, "tool_calls": [call]}


def _deltas(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for call in message.get("tool_calls", ()):
        function = call["function"]
        opening = {"index": 0, "id": call["id"], "type": "function", "function": {"name": function["name"]}}
        yield {"tool_calls": [opening | {"function": {"name": function["name"], "arguments": ""}}]}
        for part in _parts(function["arguments"]):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": part}}]}
    for field in ("content", "refusal"):
        for part in _parts(message.get(field) or ""):
            yield {field: part}


def _parts(text: str) -> Iterator[str]:
    for start in range(0, len(text), 24):
        yield text[start : start + 24]


def _head(body: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": body.get("model", "")}
