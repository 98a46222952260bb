"""A reasoner that says what a test wrote down for it, and fails the test when it is asked for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from consilience.reasoning.base import (
    Brief,
    Candidate,
    Case,
    Dossier,
    Examination,
    FollowUp,
    Judgement,
    Outcome,
    PlanRequest,
)
from consilience.records import (
    Claim,
    Draft,
    Extraction,
    Gap,
    Lens,
    Objection,
    Paper,
    Plan,
    Review,
    ScreeningDecision,
)

Script = Sequence[Any] | Callable[..., Any]
"""Answers in their order, or a function of the method's arguments that gives each answer."""


class ExhaustedError(AssertionError):
    """The reasoner was asked for more than its script holds."""


def refusal(node: str = "any") -> Outcome[Any]:
    """What a reasoner gives that cannot judge."""
    return Outcome(gap=Gap(node=node, kind="refused", reason="the model refused"))


class Scripted:
    """Keeps the ``Reasoner`` protocol. ``calls`` holds each method's name with its arguments, in order."""

    name = "scripted"

    def __init__(self, **scripts: Script) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self._scripts = {name: s if callable(s) else list(s) for name, s in scripts.items()}

    def asked(self, method: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of a method."""
        return [arguments for name, arguments in self.calls if name == method]

    def _answer(self, method: str, *arguments: object) -> Any:  # noqa: ANN401 -- each method's own outcome
        self.calls.append((method, arguments))
        script = self._scripts.get(method, [])
        if callable(script):
            return script(*arguments)
        if not script:
            raise ExhaustedError(f"{method} was asked once more than its script answers")
        return script.pop(0)

    async def plan(self, request: PlanRequest) -> Outcome[Plan]:
        """See the protocol, as all methods below."""
        return self._answer("plan", request)

    async def screen(
        self, plan: Plan, candidates: tuple[Candidate, ...], max_included: int
    ) -> Outcome[tuple[ScreeningDecision, ...]]:
        return self._answer("screen", plan, candidates, max_included)

    async def extract(self, plan: Plan, papers: tuple[Paper, ...]) -> tuple[Outcome[Extraction], ...]:
        return self._answer("extract", plan, papers)

    async def reconcile(self, plan: Plan, claims: tuple[Claim, ...]) -> Outcome[tuple[Claim, ...]]:
        return self._answer("reconcile", plan, claims)

    async def prosecute(self, items: tuple[Examination, ...]) -> tuple[Outcome[Brief], ...]:
        return self._answer("prosecute", items)

    async def defend(self, items: tuple[Examination, ...]) -> tuple[Outcome[Brief], ...]:
        return self._answer("defend", items)

    async def judge(self, cases: tuple[Case, ...]) -> tuple[Outcome[Judgement], ...]:
        return self._answer("judge", cases)

    async def write(self, dossier: Dossier) -> Outcome[Draft]:
        return self._answer("write", dossier)

    async def revise(self, dossier: Dossier, draft: Draft, objections: tuple[Objection, ...]) -> Outcome[Draft]:
        return self._answer("revise", dossier, draft, objections)

    async def review(
        self, lens: Lens, dossier: Dossier, draft: Draft, round: int, earlier: Review | None
    ) -> Outcome[Review]:
        return self._answer("review", lens, dossier, draft, round, earlier)

    async def deliberate(
        self, dossier: Dossier, draft: Draft, reviews: tuple[Review, ...]
    ) -> Outcome[tuple[Review, ...]]:
        return self._answer("deliberate", dossier, draft, reviews)

    async def follow_up(self, question: str, dossier: Dossier, draft: Draft) -> Outcome[FollowUp]:
        return self._answer("follow_up", question, dossier, draft)
