"""Puts one task to a language model: prompt in, checked answer out, repaired once, or a gap with its reason.

The answer must be JSON of the task's model. One that is not, is empty or cut off, or that a task's own check refuses,
is asked for once more with what was wrong; a second failure is a gap. Any other fault of the endpoint is a gap at once:
what can be tried again was tried by the transport.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from consilience import prompts
from consilience.endpoints import tokens
from consilience.endpoints.base import ChatRequest, Completer, FaultKind, Message, ModelFault
from consilience.reasoning.base import Outcome
from consilience.records import Gap
from consilience.settings import LanguageModelSettings, Role

from .answers import StrictAnswer
from .showing import Handles

T = TypeVar("T")
A = TypeVar("A", bound=StrictAnswer)
Check = Callable[[A], str]
"""What is wrong with an answer that keeps its schema, or ''."""

_SHARE_OF_ROOM = 0.5
"""Share of the model's context that the ledger may fill (chosen): prompt, draft and objections need the rest."""
_ASK_AGAIN: Final[Mapping[FaultKind, str]] = {
    "empty": "It was empty.",
    "cut": "It was longer than it may be and was cut off. Give the same in fewer words, or fewer items.",
}
"""Faults that another word may mend, and what is said of them."""
_SHOWN_ERRORS = 6
_SHOWN_ANSWER = 4_000
_GAPS: Final[Mapping[FaultKind, Any]] = {
    "refused": "refused",
    "budget": "budget",
    "empty": "invalid",
    "cut": "invalid",
    "too_long": "bound_reached",
}


@dataclass(frozen=True)
class Asker:
    """Asks through a completer, with the shipped prompts or those of a person's folder."""

    completer: Completer
    settings: LanguageModelSettings

    @property
    def folder(self) -> Path | None:
        """The person's own prompts, where there are some."""
        return self.settings.prompts

    def fitting(self, shown: Handles[T], told: Callable[[Handles[T]], str]) -> Handles[T]:
        """As many of the first things as the model can read beside the prompt and its own answer."""
        room = (self.settings.context_tokens - self.settings.max_output_tokens) * _SHARE_OF_ROOM
        size = 0
        for place, item in enumerate(shown.items):
            size += tokens.estimate(told(Handles(shown.letter, (item,))))
            if size > room:
                return Handles(shown.letter, shown.items[:place])
        return shown

    async def ask(
        self,
        task: str,
        role: Role,
        kind: type[A],
        variables: Mapping[str, str],
        check: Check[A] | None = None,
    ) -> Outcome[A]:
        """The answer to a task, or the gap that is left of it; ``variables`` are the prompt's."""
        text = prompts.messages(task, folder=self.folder, **variables)
        messages = (Message("system", text.system), Message("user", text.user))
        calls: list[str] = []
        answer, problem = "", ""
        for _ in range(2):
            request = self._request(task, role, kind, messages, text.digest)
            try:
                done = await self.completer.complete(request)
            except ModelFault as fault:
                calls += [fault.call_id] if fault.call_id else []
                if fault.kind not in _ASK_AGAIN or len(messages) > 2:
                    return Outcome(gap=_gap(task, fault), calls=tuple(calls))
                messages = (*messages, self._repair(_ASK_AGAIN[fault.kind], ""))
                continue
            calls.append(done.call_id)
            answer = done.reply.text
            read = parse(answer, kind)
            problem = read if isinstance(read, str) else (check(read) if check else "")
            if not problem and not isinstance(read, str):
                return Outcome(value=read, calls=tuple(calls))
            messages = (*messages[:2], Message("assistant", answer[:_SHOWN_ANSWER]), self._repair(problem, answer))
        reason = f"the model's answer to the task {task} could not be used, nor could its second one"
        return Outcome(gap=Gap(node=task, kind="invalid", reason=reason), calls=tuple(calls))

    def _request(
        self, task: str, role: Role, kind: type[StrictAnswer], messages: tuple[Message, ...], digest: str
    ) -> ChatRequest:
        return ChatRequest(
            role=role,
            task=task,
            prompt_digest=digest,
            messages=messages,
            schema_name=task,
            schema=_schema(kind),
            max_output_tokens=self.settings.max_output_tokens,
        )

    def _repair(self, problem: str, answer: str) -> Message:
        text = prompts.messages("repair", folder=self.folder, problem=problem, answer=answer[:_SHOWN_ANSWER])
        return Message("user", text.user)


@cache
def _schema(kind: type[StrictAnswer]) -> Mapping[str, Any]:
    """The JSON schema of an answer, made once: pydantic takes milliseconds for it."""
    return kind.model_json_schema()


def parse(text: str, kind: type[A]) -> A | str:
    """The answer in a text, or what is wrong with it in words that a model can act on."""
    try:
        data: object = json.loads(text)
    except ValueError as error:
        return f"It is no JSON: {error}."
    except RecursionError:
        return "It is no JSON that can be read: it is nested too deeply."
    if is_schema(data):
        return "It is the schema itself, and not an answer that keeps the schema."
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        said = [f"{'.'.join(map(str, e['loc'])) or 'answer'}: {e['msg']}" for e in error.errors()[:_SHOWN_ERRORS]]
        return "It does not keep the schema: " + "; ".join(said) + "."


def is_schema(data: object) -> bool:
    """Whether a server gave back the JSON schema in place of an answer."""
    return isinstance(data, dict) and "properties" in data and ("type" in data or "$defs" in data)


def _gap(task: str, fault: ModelFault) -> Gap:
    kind = _GAPS.get(fault.kind, "source_failed")
    return Gap(node=task, kind=kind, reason=f"task {task}: {fault.message}", partial=fault.kind == "budget")
