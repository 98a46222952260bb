"""What a language model says in the tests of what is made of it, and who listens: answers by task, calls in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from consilience.endpoints.base import ChatReply, ChatRequest, Completion, ModelFault
from consilience.reasoning.language_model.answers import StrictAnswer
from consilience.reasoning.language_model.asking import Asker
from consilience.records import Criterion
from consilience.settings import LanguageModelSettings

from .completers import Answer, ScriptedCompleter, fault, reply

Said = StrictAnswer | Mapping[str, Any] | str | Answer
REFUSAL: Said = fault("refused")


class Model(ScriptedCompleter):
    """Says ``answers`` in turn, or what ``each`` makes of a request; its calls are call1, call2, ... as asked."""

    def __init__(self, *answers: Said, each: Callable[[ChatRequest], Said] | None = None) -> None:
        super().__init__([said(a) for a in answers], each=(lambda request: said(each(request))) if each else None)

    async def complete(self, request: ChatRequest) -> Completion:
        """The next answer, under the number of its call."""
        done = await super().complete(request)
        return replace(done, call_id=f"call{len(self.asked)}")

    @property
    def prompts(self) -> list[str]:
        """All that the model was shown, call by call."""
        return ["\n".join(m.content for m in request.messages) for request in self.asked]

    @property
    def shown(self) -> list[str]:
        """The variable part of each call's prompt: what comes from the world and from earlier steps."""
        return [request.messages[1].content for request in self.asked]


def said(answer: Said) -> Answer:
    """An answer as the transport brings it."""
    if isinstance(answer, ChatReply | ModelFault | Exception):
        return answer
    if isinstance(answer, StrictAnswer):
        return reply(answer.model_dump_json())
    return reply(answer if isinstance(answer, str) else json.dumps(answer))


def asker(model: ScriptedCompleter, **settings: Any) -> Asker:  # noqa: ANN401 -- settings of any kind
    """Who asks the model, with the shipped prompts."""
    return Asker(model, LanguageModelSettings(**settings))


def scores(value: float = 7.0, **others: float) -> list[dict[str, Any]]:
    """Every criterion's score in an answer."""
    names = get_args(Criterion)
    return [{"criterion": n, "reason": f"said of {n}", "value": others.get(n, value)} for n in names]


def sentence(text: str, *claims: str) -> dict[str, Any]:
    """A sentence in an answer, with the handles that it names."""
    return {"text": text, "claims": list(claims)}


def prose(**parts: Sequence[Any] | str) -> dict[str, Any]:
    """A writer's answer: what is not given is empty."""
    empty: dict[str, Any] = {
        "title": "", "abstract": [], "answer": [], "introduction": [], "results": [], "limitations": [],
        "gaps_in_evidence": [],
    }  # fmt: skip
    return {**empty, **parts}


def section(*sentences: Mapping[str, Any], heading: str = "Findings") -> dict[str, Any]:
    """A section in a writer's answer."""
    return {"heading": heading, "sentences": list(sentences)}


def claim(quote: str, /, **changes: object) -> dict[str, Any]:
    """A claim in an extractor's answer: the quotation in its own words, for the question of ``dossiers``."""
    made: dict[str, Any] = {
        "quote": quote, "text": quote, "subject": "zolafen", "comparator": "placebo", "outcome": "night cramps",
        "population": "adults", "direction": "decrease", "valence": "benefit", "strength": "causal",
        "subjects": "humans", "hedged": False, "on_question": True, "answers": "for",
    }  # fmt: skip
    return {**made, **changes}
