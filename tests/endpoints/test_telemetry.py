"""Spans of runs and calls: what stands on them and what does not, where they go, and that no run waits for them."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import ProxyTracerProvider, SpanKind, StatusCode

from consilience.endpoints import telemetry
from consilience.endpoints.base import ChatReply, ModelFault, ModelIdentity, TokenUsage
from consilience.endpoints.spans import Traced, provider
from consilience.endpoints.telemetry import is_wanted, name_run, traced
from consilience.tests.support.completers import ScriptedCompleter, fault, reply, request

SECRET = "the abstract's own words"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of OpenTelemetry's variables is around."""
    import os

    for name in tuple(os.environ):
        if name.startswith("OTEL_"):
            monkeypatch.delenv(name)


class Traces:
    """A tracer whose spans are kept."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        held = TracerProvider(shutdown_on_exit=False)
        held.add_span_processor(SimpleSpanProcessor(self._kept))
        self.tracer = held.get_tracer("test")

    def spans(self) -> tuple[ReadableSpan, ...]:
        return tuple(self._kept.get_finished_spans())

    def call(self) -> ReadableSpan:
        (found,) = (span for span in self.spans() if span.kind is SpanKind.CLIENT)
        return found


@pytest.fixture
def traces() -> Traces:
    return Traces()


def about(span: ReadableSpan) -> Mapping[str, Any]:
    return span.attributes or {}


class TestSpans:
    async def test_a_call_is_told_in_the_conventions_names(self, traces: Traces) -> None:
        inner = ScriptedCompleter([reply(tokens_in=120, tokens_out=30)])
        await Traced(inner, traces.tracer).complete(request(role="judge", max_out=500))
        span = traces.call()
        assert span.name == "chat gpt-4.1-mini"
        told = about(span)
        assert told["gen_ai.operation.name"] == "chat"
        assert told["gen_ai.request.model"] == "gpt-4.1-mini"
        assert told["gen_ai.response.model"] == "gpt-4.1-mini-2025-04-14"
        assert told["gen_ai.request.max_tokens"] == 500
        assert told["gen_ai.usage.input_tokens"] == 120
        assert told["gen_ai.usage.output_tokens"] == 30
        assert told["gen_ai.agent.name"] == "judge"
        assert told["gen_ai.prompt.name"] == "plan"
        assert (told["server.address"], told["server.port"]) == ("api.example.org", 443)
        assert span.status.status_code is StatusCode.UNSET

    async def test_the_answer_is_the_inner_ones(self, traces: Traces) -> None:
        inner = ScriptedCompleter([reply("first"), reply("second")])
        completer = Traced(inner, traces.tracer)
        answers = [(await completer.complete(request())).reply.text for _ in range(2)]
        assert answers == ["first", "second"]
        assert completer.describe("writer") == inner.describe("writer")

    async def test_calls_stand_under_their_run(self, traces: Traces) -> None:
        completer = Traced(ScriptedCompleter([reply(), reply()]), traces.tracer)
        await completer.complete(request())
        await completer.complete(request())
        name_run(completer, "run-7")
        completer.end()
        *calls, run = traces.spans()
        assert run.context is not None
        assert about(run)["gen_ai.operation.name"] == "invoke_workflow"
        assert about(run)["gen_ai.conversation.id"] == "run-7"
        assert [call.parent and call.parent.span_id for call in calls] == [run.context.span_id] * 2

    async def test_a_fault_is_told_by_its_kind_and_not_in_words(self, traces: Traces) -> None:
        error = ModelFault("refused", f"it declined: {SECRET}", usage=TokenUsage(90, 7))
        with pytest.raises(ModelFault) as raised:
            await Traced(ScriptedCompleter([error]), traces.tracer).complete(request())
        assert raised.value is error
        span = traces.call()
        assert about(span)["error.type"] == "refused"
        assert about(span)["gen_ai.usage.input_tokens"] == 90
        assert span.status.status_code is StatusCode.ERROR
        assert SECRET not in span.to_json()

    async def test_a_call_that_was_not_paid_counts_no_tokens(self, traces: Traces) -> None:
        with pytest.raises(ModelFault):
            await Traced(ScriptedCompleter([fault("unavailable")]), traces.tracer).complete(request())
        assert "gen_ai.usage.input_tokens" not in about(traces.call())

    async def test_any_other_failure_ends_its_span_too(self, traces: Traces) -> None:
        with pytest.raises(OSError, match="disk"):
            await Traced(ScriptedCompleter([OSError("disk")]), traces.tracer).complete(request())
        assert about(traces.call())["error.type"] == "OSError"

    async def test_texts_are_left_out(self, traces: Traces) -> None:
        completer = Traced(ScriptedCompleter([ChatReply(f"said: {SECRET}", TokenUsage(1, 1))]), traces.tracer)
        await completer.complete(request(SECRET))
        completer.end()
        assert len(traces.spans()) == 2
        assert not any(SECRET in span.to_json() for span in traces.spans())

    async def test_texts_stand_where_they_were_asked_for(self, traces: Traces) -> None:
        completer = Traced(ScriptedCompleter([reply("an answer")]), traces.tracer, texts=True)
        await completer.complete(request(SECRET))
        told = about(traces.call())
        assert SECRET in told["gen_ai.input.messages"]
        assert "an answer" in told["gen_ai.output.messages"]

    @pytest.mark.parametrize(
        ("endpoint", "name", "expected"),
        [
            ("https://api.openai.com/v1", "gpt-5", "openai"),
            ("https://us.api.openai.com/v1", "gpt-5", "openai"),
            ("https://mine.openai.azure.com/openai", "gpt-5", "azure.ai.openai"),
            ("https://openai.com.example.org/v1", "gpt-5", "openai_compatible"),
            ("https://notopenai.com/v1", "gpt-5", "openai_compatible"),
            ("http://localhost:11434/v1", "qwen3", "openai_compatible"),
            ("http://localhost/v1", "local:m.gguf@sha256:0123456789abcdef", "llama.cpp"),
        ],
    )
    def test_a_provider_is_named_by_its_host(self, endpoint: str, name: str, expected: str) -> None:
        assert provider(ModelIdentity(name, endpoint)) == expected


class TestWanting:
    @pytest.mark.parametrize(
        ("variables", "wanted"),
        [
            ({}, False),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, True),
            ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}, True),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
            ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://localhost:4318"}, False),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_SDK_DISABLED": "true"}, False),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
        ],
    )
    def test_spans_are_wanted_where_an_endpoint_is_configured(self, variables: dict[str, str], wanted: bool) -> None:
        assert is_wanted(variables) is wanted

    def test_without_an_endpoint_nothing_is_imported_and_nothing_changes(self) -> None:
        program = (
            "import sys\n"
            "from consilience.endpoints.telemetry import name_run, traced\n"
            "thing = object()\n"
            "with traced(thing) as same:\n"
            "    name_run(same, 'run-7')\n"
            "    assert same is thing\n"
            "print([name for name in sys.modules if name.startswith('opentelemetry')])\n"
        )
        done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


class Collector(ThreadingHTTPServer):
    """Takes spans over HTTP."""

    daemon_threads = True

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        super().__init__(("127.0.0.1", 0), _Taking)


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        self.server.paths.append(self.path)
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class TestSending:
    async def test_spans_reach_the_configured_endpoint(
        self, collector: Collector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
        with traced(ScriptedCompleter([reply(SECRET)])) as completer:
            name_run(completer, "run-7")
            await completer.complete(request(SECRET))
        body = b"".join(collector.bodies)
        assert set(collector.paths) == {"/v1/traces"}
        assert b"invoke_workflow consilience" in body
        assert b"gen_ai.usage.input_tokens" in body
        assert b"run-7" in body
        assert SECRET.encode() not in body

    async def test_texts_are_sent_where_the_variable_says_so(
        self, collector: Collector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
        monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
        with traced(ScriptedCompleter([reply()])) as completer:
            await completer.complete(request(SECRET))
        assert SECRET.encode() in b"".join(collector.bodies)

    async def test_neither_the_global_provider_nor_the_index_takes_part(
        self, collector: Collector, monkeypatch: pytest.MonkeyPatch, home: Path
    ) -> None:
        from consilience.vectorstore.storage import open_client

        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
        with traced(ScriptedCompleter([reply()])) as completer:
            open_client(home / "index").heartbeat()
            await completer.complete(request())
        assert isinstance(trace.get_tracer_provider(), ProxyTracerProvider)
        body = b"".join(collector.bodies)
        assert b"chat gpt-4.1-mini" in body
        assert b"chroma" not in body.lower()

    async def test_what_a_run_raises_goes_through(self, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
        with pytest.raises(KeyError), traced(ScriptedCompleter()):
            raise KeyError("of the run")
        assert b"KeyError" in b"".join(collector.bodies)

    async def test_an_endpoint_that_is_not_there_is_told_once_and_no_more(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # bound and not listening: refused
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{unused.getsockname()[1]}")
            monkeypatch.setattr(telemetry, "LAST_SECONDS", 0.5)
            with traced(ScriptedCompleter([reply()])) as completer:
                await completer.complete(request())
        self._assert_told_once(caplog, capfd)

    async def test_an_endpoint_that_never_answers_holds_up_no_run(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "2")
            monkeypatch.setattr(telemetry, "LAST_SECONDS", 0.2)
            with traced(ScriptedCompleter([reply()])) as completer:
                await completer.complete(request())
            left = [thread for thread in threading.enumerate() if thread.name == "last-spans"]
        assert left  # it waits still, and the run is over
        assert all(thread.daemon for thread in left)
        self._assert_told_once(caplog, capfd)

    @staticmethod
    def _assert_told_once(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
        (said,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
        assert said.name == "consilience.endpoints.telemetry"
        assert "127.0.0.1" in said.getMessage()
        assert said.exc_info is None
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err

    @pytest.mark.parametrize(
        ("variables", "told"),
        [
            ({"OTEL_EXPORTER_OTLP_PROTOCOL": "carrier-pigeon"}, "OTEL_EXPORTER_OTLP_PROTOCOL"),
            ({"OTEL_EXPORTER_OTLP_TIMEOUT": "soon", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "OTEL_ variable"),
        ],
    )
    async def test_variables_that_cannot_be_used_leave_a_run_without_spans(
        self,
        variables: dict[str, str],
        told: str,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        for name, value in {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", **variables}.items():
            monkeypatch.setenv(name, value)
        inner = ScriptedCompleter([reply()])
        with traced(inner) as completer:
            assert completer is inner
        assert told in caplog.text

    async def test_a_missing_exporter_is_told_with_its_command(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
        monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
        inner = ScriptedCompleter([reply()])
        with traced(inner) as completer:
            assert completer is inner
        assert "pip install 'consilience[telemetry]'" in caplog.text
