"""A language model that answers as it is told, and what tests ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from consilience.endpoints.base import (
    ChatReply,
    ChatRequest,
    Completion,
    FaultKind,
    Message,
    ModelFault,
    ModelIdentity,
    TokenUsage,
)
from consilience.settings import Role

Answer = ChatReply | ModelFault | Exception
MODEL = "gpt-4.1-mini"
ENDPOINT = "https://api.example.org/v1"


def reply(text: str = '{"ok": true}', tokens_in: int = 100, tokens_out: int = 10) -> ChatReply:
    """An answer that used so many tokens."""
    return ChatReply(text, TokenUsage(tokens_in, tokens_out), model=f"{MODEL}-2025-04-14", seconds=0.25, retries=1)


def fault(kind: FaultKind, tokens_in: int = 0, tokens_out: int = 0) -> ModelFault:
    """A call that went wrong."""
    return ModelFault(kind, f"it was {kind}", advice="try another", usage=TokenUsage(tokens_in, tokens_out))


def request(text: str = "one", role: Role = "searcher", max_out: int = 100) -> ChatRequest:
    """A request whose messages hold ``text``."""
    return ChatRequest(
        role=role,
        task="plan",
        prompt_digest="d" * 64,
        messages=(Message("system", "You plan."), Message("user", text)),
        schema_name="plan",
        schema={"type": "object", "properties": {"ok": {"type": "boolean"}}},
        max_output_tokens=max_out,
    )


class ScriptedCompleter:
    """Gives its answers in turn and raises when they are used up; ``asked`` holds what it was asked.

    With ``held`` it answers nothing until ``go`` is set.
    """

    def __init__(
        self,
        answers: Sequence[Answer] = (),
        *,
        model: str = MODEL,
        endpoint: str = ENDPOINT,
        held: bool = False,
        each: Callable[[ChatRequest], Answer] | None = None,
    ) -> None:
        self._answers = list(answers)
        self._each = each
        self._identity = ModelIdentity(model, endpoint, {"temperature": 0.0, "seed": 7, "structure": "auto"})
        self.asked: list[ChatRequest] = []
        self.go = asyncio.Event()
        if not held:
            self.go.set()

    async def complete(self, request: ChatRequest) -> Completion:
        """The next answer."""
        self.asked.append(request)
        await self.go.wait()
        if self._each is None and not self._answers:
            raise AssertionError("the script has no further answer")
        answer = self._each(request) if self._each else self._answers.pop(0)
        if isinstance(answer, ChatReply):
            return Completion("", answer)
        raise answer

    def describe(self, role: Role) -> ModelIdentity:
        """The same model for all roles."""
        return self._identity
