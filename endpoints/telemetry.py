"""Owns OpenTelemetry: whether spans are wanted, where they go, and that a run never waits or fails for them.

They are wanted where an OTLP endpoint is configured in OpenTelemetry's own variables, which are obeyed as its SDK obeys
them. Without one nothing of it is imported. The provider is the run's own: what other libraries report (Chroma brings
OpenTelemetry with it) goes nowhere through it, and a program around this one keeps its own.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from .base import Completer

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

_PLACES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_EXPORTERS = {
    "http/protobuf": "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "grpc": "opentelemetry.exporter.otlp.proto.grpc.trace_exporter",
}
_TEXTS = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_TEXTS_WANTED = ("true", "span_only", "span_and_event")
LAST_SECONDS = 3.0
"""Seconds that a run's end waits for the last spans to be taken."""

_log = logging.getLogger(__name__)


def is_wanted(environ: Mapping[str, str]) -> bool:
    """Whether an OTLP endpoint is configured, and tracing not switched off."""
    off = environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or environ.get("OTEL_TRACES_EXPORTER") == "none"
    return bool(_first(environ, _PLACES)) and not off


@contextmanager
def traced(inner: Completer) -> Generator[Completer]:
    """The completer with a span for each call and one for the whole block; itself where no spans are wanted.

    Spans that cannot be delivered are lost, and one warning says so; nothing is raised for them.
    """
    sending = _sending() if is_wanted(os.environ) else None
    if sending is None:
        yield inner
        return
    from .spans import Traced

    texts = os.environ.get(_TEXTS, "").lower() in _TEXTS_WANTED
    tracer = sending.provider.get_tracer("consilience", metadata.version("consilience"))
    completer = Traced(inner, tracer, texts=texts)
    try:
        yield completer
    except BaseException as error:
        completer.end(error)
        raise
    else:
        completer.end()
    finally:
        sending.finish()


def name_run(completer: Completer | None, run_id: str) -> None:
    """Writes a run's id on its span, where there is one."""
    naming = getattr(completer, "name_run", None)
    if naming is not None:
        naming(run_id)


class QuietExporter:
    """A ``SpanExporter`` around another one, that raises nothing and remembers whether all was taken."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner
        self.has_failed = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hands spans on."""
        from opentelemetry.sdk.trace.export import SpanExportResult

        try:
            result = self._inner.export(spans)
        except Exception:  # of any sort: an exporter's failure is not the run's
            result = SpanExportResult.FAILURE
        self.has_failed = self.has_failed or result is not SpanExportResult.SUCCESS
        return result

    def shutdown(self) -> None:
        """Closes the inner exporter."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing is held back here."""
        return self._inner.force_flush(timeout_millis)


class Sending:
    """A provider of its own, not the global one, whose spans go to an exporter in batches and in the background."""

    def __init__(self, exporter: SpanExporter) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        # Its messages tell of each attempt, with tracebacks; this tells once, at the end.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        named = "OTEL_SERVICE_NAME" in os.environ or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
        resource = Resource.create({} if named else {"service.name": "consilience"})
        self._exporter = QuietExporter(exporter)
        self.provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self.provider.add_span_processor(BatchSpanProcessor(cast("SpanExporter", self._exporter)))

    def finish(self) -> None:
        """Sends what is left, for a bounded time; what goes on after it ends with the process."""
        last = threading.Thread(target=self.provider.shutdown, name="last-spans", daemon=True)
        last.start()
        last.join(LAST_SECONDS)
        if last.is_alive() or self._exporter.has_failed:
            host = urlsplit(_first(os.environ, _PLACES)).hostname or "the configured endpoint"
            _log.warning("spans could not be delivered to %s; the run itself is not affected", host)


def _sending() -> Sending | None:
    """To the configured endpoint; None, and a warning, where nothing can be sent."""
    protocol = _first(os.environ, _PROTOCOLS) or "http/protobuf"
    if protocol not in _EXPORTERS:
        _log.warning("no spans are sent: set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf or grpc")
        return None
    try:
        return Sending(cast(Any, import_module(_EXPORTERS[protocol])).OTLPSpanExporter())
    except ImportError:
        _log.warning("no spans are sent: install what sends them with: pip install 'consilience[telemetry]'")
    except Exception as error:  # whatever a variable of OpenTelemetry's holds, the run goes on
        _log.warning("no spans are sent: an OTEL_ variable cannot be used (%s)", type(error).__name__)
    return None


def _first(environ: Mapping[str, str], names: Sequence[str]) -> str:
    return next((environ[name].strip() for name in names if environ.get(name, "").strip()), "")
