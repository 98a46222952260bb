"""Owns the spans of a run and of its calls, in the names of OpenTelemetry's conventions for generative AI.

The names are those of the conventions since version 1.37 (``gen_ai.provider.name`` in place of ``gen_ai.system``).
Prompts and answers stand on a span only where that was asked for. Imported only where spans are wanted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context

from consilience.settings import Role

from .base import ChatRequest, Completer, Completion, Message, ModelFault, ModelIdentity, TokenUsage
from .local_files import is_local

Attribute = str | int | float | tuple[str, ...]
WORKFLOW = "consilience"

_PROVIDERS: Final[Mapping[str, str]] = {
    "openai.com": "openai",
    "azure.com": "azure.ai.openai",
    "anthropic.com": "anthropic",
    "deepseek.com": "deepseek",
    "googleapis.com": "gcp.gemini",
    "groq.com": "groq",
    "mistral.ai": "mistral_ai",
    "perplexity.ai": "perplexity",
    "x.ai": "x_ai",
}
"""The conventions' names by the end of a host. Others speak the protocol, which says nothing of who they are."""


class Traced:
    """A ``Completer`` with a span for each call, under one for the run. Goes right around what really asks.

    Args:
        inner: what asks.
        tracer: makes the spans.
        texts: whether prompts and answers stand on them.
    """

    def __init__(self, inner: Completer, tracer: Tracer, *, texts: bool = False) -> None:
        self._inner = inner
        self._tracer = tracer
        self._texts = texts
        about: dict[str, Attribute] = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": WORKFLOW}
        self._run = tracer.start_span(f"invoke_workflow {WORKFLOW}", attributes=about)
        # Handed on and not made current: tasks of the run may outlive the block in which it was begun.
        self._under = set_span_in_context(self._run)

    def describe(self, role: Role) -> ModelIdentity:
        """Which model answers a role."""
        return self._inner.describe(role)

    async def complete(self, request: ChatRequest) -> Completion:
        """The inner completer's answer, or what it raises."""
        identity = self._inner.describe(request.role)
        span = self._tracer.start_span(
            f"chat {identity.name}",
            context=self._under,
            kind=SpanKind.CLIENT,
            attributes={**_asked(identity, request), **(_said("input", request.messages) if self._texts else {})},
        )
        try:
            done = await self._inner.complete(request)
        except BaseException as error:
            span.set_attributes(_failed(error))
            # Without words: a server's may repeat what it was asked.
            span.set_status(Status(StatusCode.ERROR))
            raise
        else:
            span.set_attributes(_answered(done))
            if self._texts:
                span.set_attributes(_said("output", (Message("assistant", done.reply.text),)))
            return done
        finally:
            span.end()

    def name_run(self, run_id: str) -> None:
        """Writes a run's id on its span."""
        self._run.set_attribute("gen_ai.conversation.id", run_id)

    def end(self, error: BaseException | None = None) -> None:
        """Ends the run's span."""
        if error is not None:
            _fail(self._run, error)
        self._run.end()


def _fail(span: Span, error: BaseException) -> None:
    span.set_attribute("error.type", type(error).__name__)
    span.set_status(Status(StatusCode.ERROR))


def _asked(identity: ModelIdentity, request: ChatRequest) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider(identity),
        "gen_ai.request.model": identity.name,
        "gen_ai.request.max_tokens": request.max_output_tokens,
        "gen_ai.output.type": "json",
        "gen_ai.agent.name": request.role,
        "gen_ai.prompt.name": request.task,
        "consilience.prompt.sha256": request.prompt_digest,
    }
    for name in ("temperature", "seed"):
        value = identity.parameters.get(name)
        if isinstance(value, int | float):
            found[f"gen_ai.request.{name}"] = value
    parts = urlsplit(identity.endpoint)
    if parts.hostname:
        found["server.address"] = parts.hostname
        found["server.port"] = parts.port or (443 if parts.scheme == "https" else 80)
    return found


def provider(identity: ModelIdentity) -> str:
    """Who serves a model, as far as the name of its host tells."""
    if is_local(identity.name):
        return "llama.cpp"
    host = urlsplit(identity.endpoint).hostname or ""
    known = (name for end, name in _PROVIDERS.items() if host == end or host.endswith(f".{end}"))
    return next(known, "openai_compatible")


def _answered(done: Completion) -> dict[str, Attribute]:
    found = {**_usage(done.reply.usage), "consilience.retries": done.reply.retries}
    return {**found, "gen_ai.response.model": done.reply.model} if done.reply.model else found


def _failed(error: BaseException) -> dict[str, Attribute]:
    if not isinstance(error, ModelFault):
        return {"error.type": type(error).__name__}
    usage = _usage(error.usage) if error.usage.total else {}
    return {**usage, "error.type": error.kind, "consilience.retries": error.retries}


def _usage(usage: TokenUsage) -> dict[str, Attribute]:
    counted: dict[str, Attribute] = {
        "gen_ai.usage.input_tokens": usage.tokens_in,
        "gen_ai.usage.output_tokens": usage.tokens_out,
    }
    return {**counted, "consilience.usage.estimated": True} if usage.estimated else counted


def _said(side: str, messages: tuple[Message, ...]) -> dict[str, Attribute]:
    shown = [{"role": m.role, "parts": [{"type": "text", "content": m.content}]} for m in messages]
    return {f"gen_ai.{side}.messages": json.dumps(shown, ensure_ascii=False)}
