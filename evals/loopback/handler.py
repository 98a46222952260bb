"""How a loopback model server speaks HTTP: one thread a connection, closed all together."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from . import wire
from .example_answers import with_strings
from .faults import STATUSES, Asked, Fault


class Owner(Protocol):
    """What the handler asks of its server: see ``ModelServer``."""

    models: Sequence[str] | None
    key: str | None
    latency: float
    reports_usage: bool
    refuses: tuple[str, ...]
    strict: bool
    modes: dict[str, str]
    listings: int
    closing: threading.Event

    def enter(self, asked: Asked) -> Fault | None: ...

    def leave(self) -> None: ...

    def answer(self, task: str, schema: dict[str, Any], body: dict[str, Any]) -> Any: ...  # noqa: ANN401 -- any JSON


class Listener(ThreadingHTTPServer):
    """Threads that are joined at the end, which closing every connection makes sure of."""

    daemon_threads = False
    request_queue_size = 256
    owner: Owner

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 -- passed on
        self._open: set[Any] = set()
        self._abrupt: set[Any] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- the library's own types
        self._open.add(request)
        super().process_request(request, client_address)

    def reset(self, connection: Any) -> None:  # noqa: ANN401 -- the library's own type
        """A connection that will end with a reset and not with a farewell."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._abrupt.add(connection)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 -- the library's own type
        self._open.discard(request)
        if request in self._abrupt:
            self._abrupt.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def hang_up(self) -> None:
        """Wakes every thread that waits for a next request."""
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side was first

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- the library's own types
        """Says nothing: clients that hang up are part of the tests."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any  # a Listener; the library names a wider type

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401 -- the library's signature
        """Nothing on stderr."""

    @property
    def owner(self) -> Owner:
        return self.server.owner

    def do_GET(self) -> None:
        self.owner.listings += 1
        if not urlsplit(self.path).path.endswith("/models"):
            return self._send(404, wire.error("no such path"))
        if not self._may_enter():
            return self._send(*STATUSES["wrong_key"])
        names = self.owner.models or ("any-model",)
        data = [{"id": name, "object": "model", "created": 0, "owned_by": "tests"} for name in names]
        return self._send(200, json.dumps({"object": "list", "data": data}).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        address = urlsplit(self.path)
        if not address.path.endswith("/chat/completions"):
            return self._send(404, wire.error("no such path"))
        want = wire.wanted(body)
        headers = {k.lower(): v for k, v in self.headers.items() if k.lower() not in ("authorization", "api-key")}
        asked = Asked(
            task=want.task,
            mode=want.mode,
            path=unquote(address.path),
            query=parse_qs(address.query),
            headers=headers,
            had_key=self._key() is not None,
            body=body,
        )
        fault = self.owner.enter(asked)
        try:
            self._reply(want, body, fault)
        except OSError:
            self.close_connection = True  # the client went away first
        finally:
            self.owner.leave()
        return None

    def _reply(self, want: wire.Wanted, body: dict[str, Any], fault: Fault | None) -> None:
        self.owner.closing.wait(self.owner.latency + (fault.seconds if fault and fault.kind == "silence" else 0))
        refused = self._refusal(want, body)
        if refused:
            return self._send(400, wire.error(refused[0], code=refused[1], param=refused[2]))
        kind = fault.kind if fault else None
        if kind == "wrong_key" or not self._may_enter():
            return self._send(*STATUSES["wrong_key"])
        if self.owner.models is not None and body["model"] not in self.owner.models:
            return self._send(*STATUSES["unknown_model"])
        if kind == "reset":
            self.server.reset(self.connection)
            self.close_connection = True
            return None
        if fault and kind == "unsupported":
            message = f"Unsupported parameter: '{fault.parameter}' is not supported with this model."
            return self._send(400, wire.error(message, code="unsupported_parameter", param=fault.parameter))
        if fault and kind in STATUSES:
            return self._send(*STATUSES[kind], retry_after=fault.retry_after)
        try:
            message, reason = self._message(want, body, fault)
        except Exception:
            return self._send(400, wire.error("the script has no answer", code="script"))
        return self._deliver(body, message, reason, kind)

    def _refusal(self, want: wire.Wanted, body: dict[str, Any]) -> tuple[str, str, str] | None:
        for name in self.owner.refuses:
            if name in body:
                return f"Unsupported parameter: '{name}'.", "unsupported_parameter", name
        if self.owner.modes.get(want.mode) == "refused":
            name = {"json_schema": "response_format", "tools": "tools"}.get(want.mode, "messages")
            return f"'{name}' is not supported by this server", "unsupported_value", name
        if want.mode == "json_schema" and self.owner.strict:
            for problem in wire.strict_faults(want.schema):
                return f"Invalid schema for response_format: {problem}", "invalid_schema", "response_format"
        return None

    def _message(self, want: wire.Wanted, body: dict[str, Any], fault: Fault | None) -> tuple[dict[str, Any], str]:
        kind = fault.kind if fault else None
        if kind == "refusal":
            return {"content": None, "refusal": "I cannot help with that."}, "stop"
        if kind == "filtered":
            return {"content": ""}, "content_filter"
        if kind == "empty":
            return {"content": ""}, "stop"
        answer = self._answer(want, body, fault)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        manner = self.owner.modes.get(want.mode, "honoured")
        if manner == "ignored":
            return {"content": "Gladly! Here is what I think about it."}, "stop"
        reason = "length" if kind == "length" else "stop"
        if kind == "length":
            text = text[: len(text) // 2]
        if want.mode == "tools" and manner == "honoured":
            return wire.tool_message(want.task, text), "tool_calls" if reason == "stop" else reason
        return {"content": text}, reason

    def _answer(self, want: wire.Wanted, body: dict[str, Any], fault: Fault | None) -> Any:  # noqa: ANN401 -- any JSON
        kind = fault.kind if fault else None
        if kind == "schema_echoed" or self.owner.modes.get(want.mode) == "echoed":
            return want.schema
        if kind == "wrong_schema":
            return {"unasked": True}
        if kind == "invalid_json":
            return '{"claims": [{"quote": "half'
        answer = self.owner.answer(want.task, want.schema, body)
        if fault and kind == "injected":
            asked = "\n".join(m["content"] for m in body["messages"] if m["role"] == "user")
            return with_strings(answer, want.schema, asked if fault.text is None else fault.text)
        return answer

    def _deliver(self, body: dict[str, Any], message: dict[str, Any], reason: str, kind: str | None) -> None:
        text = json.dumps(message)
        tokens = wire.usage(body, text) if self.owner.reports_usage else None
        if body.get("stream"):
            return self._stream(wire.pieces(body, message, reason, tokens), kind)
        data = wire.whole(body, message, reason, tokens)
        if kind == "cut":
            self._head(200, "application/json", {"Content-Length": str(len(data))})
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
            return None
        return self._send(200, data[: len(data) // 2] if kind in ("ended", "truncated") else data)

    def _stream(self, events: list[bytes], kind: str | None) -> None:
        is_broken = kind in ("cut", "ended", "truncated")
        self._head(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        for event in events[: len(events) // 2] if is_broken else events:
            self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        if kind == "cut":
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _key(self) -> str | None:
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return self.headers.get("api-key") or bearer or None

    def _may_enter(self) -> bool:
        return self.owner.key is None or self._key() == self.owner.key

    def _send(self, status: int, data: bytes, retry_after: str | None = None) -> None:
        more = {"Content-Length": str(len(data))}
        if retry_after is not None:
            more["Retry-After"] = retry_after
        self._head(status, "application/json", more)
        self.wfile.write(data)

    def _head(self, status: int, kind: str, more: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
