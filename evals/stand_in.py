"""A stand-in for a language model: reads a request as a model would and answers by simple rules, with no network.

For measurements that need answers which depend on nothing but the prompt: whether an injection reaches beyond its own
paper, and what a run costs in time beside the model. It says nothing about how well a real model reasons. Given
``obeys``, it does what a hijacked model would do: wherever that text stands in its prompt, or one sentence of it, its
answer serves the text.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple

from consilience.endpoints.base import ChatReply, ChatRequest, Completion, Message, ModelIdentity, TokenUsage
from consilience.language import directions
from consilience.language.text import stems
from consilience.reasoning.base import PlanRequest
from consilience.reasoning.embedded.extracting import extract
from consilience.reasoning.embedded.planning import make_plan
from consilience.reasoning.embedded.scope import Scope
from consilience.records import Claim, Direction, Paper, Plan
from consilience.settings import Role

from .obedience import Traces, obey

Answer = dict[str, Any]
_BLOCK = re.compile(r'<data kind="(?P<kind>[^"]*)"[^>]*>\n(?P<text>.*?)\n</data>', re.DOTALL)
_HANDLE = re.compile(r"^(?P<name>[CSO]\d+)[.\s]\s*(?P<text>.+)$")
_CRITERIA = (
    "methodology", "relevance", "evidence", "contradiction", "coverage", "citation", "clarity", "calibration",
)  # fmt: skip
_ALIKE = 0.4


@dataclass(frozen=True)
class Prompt:
    """A request's user message, read back: the question first, then each block of data by its kind."""

    blocks: Mapping[str, str]
    text: str

    @classmethod
    def of(cls, messages: Sequence[Message]) -> Prompt:
        """The prompt of a request; of a repair, the one that was to be repaired."""
        text = next(m.content for m in messages if m.role == "user")
        blocks: dict[str, str] = {}
        for match in _BLOCK.finditer(text):
            blocks.setdefault(match["kind"], match["text"])
        return cls(blocks, text)

    def items(self, kind: str) -> dict[str, str]:
        """The lines of a block that begin with a handle: handle to text."""
        found = (_HANDLE.match(line) for line in self.blocks.get(kind, "").splitlines())
        return {m["name"]: m["text"] for m in found if m}

    @property
    def title(self) -> str:
        """The title of the paper that the prompt is about; '' where it is about none."""
        return self.blocks.get("paper", "").partition("\n")[0].removeprefix("Title: ")

    def kinds_holding(self, traces: Traces) -> frozenset[str]:
        """The kinds of the blocks in which one of the traces stands; ``outside`` for anywhere else."""
        held = {m["kind"] for m in _BLOCK.finditer(self.text) if traces.stand_in(m["text"])}
        outside = {"outside"} if traces.stand_in(_BLOCK.sub("\n", self.text)) else set[str]()
        return frozenset(held | outside)


@dataclass(frozen=True)
class Sight:
    """A prompt in which the injected text stood: the task, the kinds of blocks that held it, and the paper's title."""

    task: str
    kinds: frozenset[str]
    title: str

    def is_about(self, title: str) -> bool:
        """Whether the prompt was about that paper alone: its abstract, or its passages beside others' claims."""
        if self.task in ("screen", "extract"):
            return self.kinds == frozenset({"paper"}) and self.title == title
        return self.task in ("prosecute", "defend") and self.kinds == frozenset({"passages"})


class Timed(NamedTuple):
    """When a call was under way, in seconds of ``time.perf_counter``."""

    task: str
    began: float
    ended: float


@dataclass
class StandIn:
    """A ``Completer`` that answers by rules after ``latency`` seconds.

    ``asked`` holds the task of every call, ``sights`` every prompt in which the text that it obeys stood, ``timed``
    when each call was under way. With ``includes_all`` it screens every paper in. What it answered once stands in
    ``remembered`` and is not worked out again.
    """

    obeys: str = ""
    latency: float = 0.0
    includes_all: bool = False
    asked: list[str] = field(default_factory=list[str])
    sights: list[Sight] = field(default_factory=list[Sight])
    remembered: dict[str, str] = field(default_factory=dict[str, str])
    timed: list[Timed] = field(default_factory=list[Timed])
    most_at_once: int = 0
    _under_way: int = 0

    @cached_property
    def traces(self) -> Traces:
        """What it obeys, as it is looked for."""
        return Traces.of(self.obeys)

    def describe(self, role: Role) -> ModelIdentity:
        """One model for every role, and another one for each text obeyed: what it answers depends on that."""
        obeys = {"obeys": hashlib.sha256(self.obeys.encode()).hexdigest()} if self.obeys else {}
        return ModelIdentity("stand-in", "in this process", obeys)

    async def complete(self, request: ChatRequest) -> Completion:
        """The answer by rules; never a fault."""
        self.asked.append(request.task)
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        began = time.perf_counter()
        try:
            await asyncio.sleep(self.latency)
        finally:
            self._under_way -= 1
        key = hashlib.sha256("\n".join((request.task, *(m.content for m in request.messages))).encode()).hexdigest()
        text = self._said(key, request)
        self.timed.append(Timed(request.task, began, time.perf_counter()))
        size = sum(len(m.content) for m in request.messages)
        usage = TokenUsage(size // 4, len(text) // 4, estimated=True)
        return Completion(key, ChatReply(text=text, usage=usage, model="stand-in", seconds=self.latency))

    def answer(self, task: str, messages: Sequence[Message]) -> Answer:
        """The answer to a task's prompt, as a model that obeys would give it; such a prompt is noted in ``sights``."""
        prompt = Prompt.of(messages)
        made = self._honest(task, prompt)
        return obey(task, made, self.obeys) if self._sees(task, prompt) else made

    def _said(self, key: str, request: ChatRequest) -> str:
        """The answer as text; one that serves what the prompt holds is not remembered."""
        prompt = Prompt.of(request.messages)
        if self._sees(request.task, prompt):
            return _dumped(obey(request.task, self._honest(request.task, prompt), self.obeys))
        if key not in self.remembered:
            self.remembered[key] = _dumped(self._honest(request.task, prompt))
        return self.remembered[key]

    def _sees(self, task: str, prompt: Prompt) -> bool:
        kinds = prompt.kinds_holding(self.traces) if self.obeys else None
        if kinds:
            self.sights.append(Sight(task, kinds, prompt.title))
        return bool(kinds)

    def _honest(self, task: str, prompt: Prompt) -> Answer:
        made = _ANSWERS[task](prompt)
        if task == "screen" and self.includes_all:
            return {**made, "include": True, "group": "on the question"}
        return made


def _dumped(answer: Answer) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _question(prompt: Prompt) -> str:
    return prompt.blocks["question"].strip()


def _planned(prompt: Prompt) -> Plan:
    return _plan_of(_question(prompt))


@cache
def _plan_of(question: str) -> Plan:
    return make_plan(PlanRequest(question))


def _plan(prompt: Prompt) -> Answer:
    made = _planned(prompt)
    expected = "either" if made.any_change else made.expected.value if made.expected else "none"
    return {
        "question_type": made.question_type.value,
        "facets": [{"role": f.role, "text": f.text, "wordings": list(f.terms[:20])} for f in made.facets],
        "expected": expected if expected in ("increase", "decrease", "either") else "none",
        "yes_would_be": made.expected_valence.value,
        "queries": list(made.queries),
        "inclusion": list(made.inclusion),
        "exclusion": list(made.exclusion),
    }


def _paper(prompt: Prompt) -> Paper:
    title, _, abstract = prompt.blocks["paper"].partition("\nAbstract: ")
    return Paper(id="P1", title=title.removeprefix("Title: "), abstract=abstract)


def _screen(prompt: Prompt) -> Answer:
    view = Scope(_planned(prompt)).view(_paper(prompt))
    facets = [view.expand(f.terms) for f in view.scope.plan.facets]
    named = sum(view.holds(terms) for terms in facets)
    include = bool(facets) and named * 2 > len(facets)
    return {
        "reason": f"names {named} of {len(facets)} parts of the question",
        "relevance": round(10 * named / max(1, len(facets))),
        "include": include,
        "group": "on the question" if include else "another topic",
    }


def _extract(prompt: Prompt) -> Answer:
    found = extract(_paper(prompt), Scope(_planned(prompt)))
    return {"claims": [_claim(claim) for claim in found.claims]}


def _claim(claim: Claim) -> Answer:
    relation = claim.relation
    return {
        "quote": claim.spans[0].text,
        "text": f"{claim.text.rstrip('.')}.",
        "subject": relation.subject,
        "comparator": relation.comparator,
        "outcome": relation.outcome,
        "population": relation.population,
        "direction": relation.direction.value,
        "valence": relation.valence.value,
        "strength": claim.strength.value,
        "subjects": claim.subjects,
        "hedged": claim.hedged,
        "on_question": not claim.background,
        "answers": claim.answers,
    }


def _reconcile(prompt: Prompt) -> Answer:
    same: dict[str, list[str]] = {}
    for name, text in _by_text(prompt.items("claims")).items():
        same.setdefault(" ".join(stems(text)), []).append(name)
    return {"groups": [{"claims": names} for names in same.values() if len(names) > 1]}


def _bearing(prompt: Prompt) -> Answer:
    findings = [
        {
            "claim": claim,
            "passage": passage,
            "reason": "the same words, and the directions compared",
            "same_comparison": True,
            "same_outcome": True,
            "bears": _bears(text, said),
        }
        for claim, text in prompt.items("claims").items()
        for passage, said in prompt.items("passages").items()
        if _alike(text, said)
    ]
    return {"findings": findings}


def _alike(one: str, other: str) -> bool:
    ours, theirs = set(stems(one)), set(stems(other))
    return bool(ours and theirs) and len(ours & theirs) / min(len(ours), len(theirs)) >= _ALIKE


def _bears(claim: str, passage: str) -> str:
    ours, theirs = directions.overall(claim), directions.overall(passage)
    if Direction.UNSTATED in (ours, theirs):
        return "supports" if ours is theirs else "neither"
    return "supports" if ours is theirs else "refutes"


def _judge(prompt: Prompt) -> Answer:
    defence, _, prosecution = prompt.text.partition("Quotations of the prosecution")
    sides = {"supports": defence, "refutes": prosecution}
    weighed = [
        {"passage": name, "reason": "as the side that brought it read it", "stance": stance}
        for stance, text in sides.items()
        for name in dict.fromkeys(re.findall(r"^(S\d+) \[", text, re.MULTILINE))
    ]
    return {"weighed": weighed, "reason": "as the papers count", "verdict": "SUPPORTED"}


def _write(prompt: Prompt) -> Answer:
    entries = _by_text(prompt.items("ledger"))
    usable = [
        n for n in entries if not re.search(rf"^{n}\. .*?\[(?:REFUTED|NOT_ENOUGH)|fate dropped", _entry(prompt, n))
    ]
    sentences = [{"text": f"In the abstracts found: {entries[n].rstrip('.')}.", "claims": [n]} for n in usable]
    return {
        "title": f"What abstracts report: {_question(prompt).rstrip('?')}",
        "abstract": [{"text": "The claims found are listed below.", "claims": []}],
        "answer": sentences[:1],
        "introduction": [],
        "results": [{"heading": "Findings", "sentences": sentences}] if sentences else [],
        "limitations": ["Only abstracts were read, and risk of bias was not assessed."],
        "gaps_in_evidence": [],
    }


def _by_text(items: Mapping[str, str]) -> dict[str, str]:
    """In the order of their words: the order in which claims are shown follows the ranks of their papers."""
    return dict(sorted(items.items(), key=lambda item: (item[1], item[0])))


def _entry(prompt: Prompt, name: str) -> str:
    """A ledger entry's lines in one."""
    text = prompt.blocks.get("ledger", "")
    found = re.search(rf"^{name}\. .*?(?=^C\d+\. |\Z)", text, re.MULTILINE | re.DOTALL)
    return " ".join(found.group().split()) if found else ""


def _review(prompt: Prompt) -> Answer:
    scores = [{"criterion": c, "reason": "level 7 holds", "value": 7.0} for c in _CRITERIA]
    return {"scores": scores, "objections": []}


def _deliberate(prompt: Prompt) -> Answer:
    return {"scores": _review(prompt)["scores"], "kept": list(prompt.items("review")), "changes": []}


def _follow_up(prompt: Prompt) -> Answer:
    sentences = [{"text": f"{t.rstrip('.')}.", "claims": [n]} for n, t in list(prompt.items("ledger").items())[:3]]
    return {"sentences": sentences, "needs_run": not sentences, "question": ""}


_ANSWERS: Mapping[str, Callable[[Prompt], Answer]] = {
    "plan": _plan, "screen": _screen, "extract": _extract, "reconcile": _reconcile, "prosecute": _bearing,
    "defend": _bearing, "judge": _judge, "write": _write, "revise": _write, "review": _review, "audit": _review,
    "deliberate": _deliberate, "follow_up": _follow_up,
}  # fmt: skip
