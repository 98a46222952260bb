"""The embedded reasoner: no key, no server, no network. It extracts and arranges sentences; it does not compose them.

Each judgement is a pure function in a module of its own; this class gives them the models and the call log, and runs
what takes long beside the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

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
    Lens,
    Objection,
    Paper,
    Plan,
    Review,
    ScreeningDecision,
    Stance,
)

from .deliberating import deliberate
from .examining import brief_all, judge_case, witness_all
from .extracting import extract
from .following import follow_up
from .passages import Passage, Witnessed
from .planning import make_plan
from .reconciling import reconcile
from .reviewing import review
from .scope import Scope
from .screening import screen
from .writing.drafting import compose, revise

if TYPE_CHECKING:
    from consilience.models.stance import StanceScores
    from consilience.settings import Settings

    from .judging import LoggedJudge

T = TypeVar("T")


async def _beside(work: Callable[[], T]) -> Outcome[T]:
    """Run pure work in a thread and wrap its value."""
    return Outcome(value=await asyncio.to_thread(work))


class EmbeddedReasoner:
    """Judgement by rules and small models: deterministic, and the same on every machine of one processor kind."""

    name = "embedded"

    def __init__(self, judge: LoggedJudge, settings: Settings) -> None:
        self._judge = judge
        self._settings = settings
        self._scopes: dict[str, Scope] = {}

    def scope(self, plan: Plan) -> Scope:
        """The scope of a question, kept with what was read through it: rounds differ in their queries only."""
        key = plan.model_copy(update={"queries": ()}).model_dump_json()
        return self._scopes.setdefault(key, Scope(plan))

    async def plan(self, request: PlanRequest) -> Outcome[Plan]:
        """See ``planning``."""
        return Outcome(value=make_plan(request))

    async def screen(
        self, plan: Plan, candidates: tuple[Candidate, ...], max_included: int
    ) -> Outcome[tuple[ScreeningDecision, ...]]:
        """See ``screening``."""
        least = self._settings.screening.min_score
        return await _beside(lambda: screen(self.scope(plan), candidates, max_included, least))

    async def extract(self, plan: Plan, papers: tuple[Paper, ...]) -> tuple[Outcome[Extraction], ...]:
        """See ``extracting``."""
        scope = self.scope(plan)
        found = await asyncio.to_thread(lambda: [extract(paper, scope) for paper in papers])
        return tuple(Outcome(value=extraction) for extraction in found)

    async def reconcile(self, plan: Plan, claims: tuple[Claim, ...]) -> Outcome[tuple[Claim, ...]]:
        """See ``reconciling``."""
        return await _beside(lambda: reconcile(plan, claims))

    async def prosecute(self, items: tuple[Examination, ...]) -> tuple[Outcome[Brief], ...]:
        """See ``examining``: what refutes."""
        return await self._briefs(items, Stance.REFUTES)

    async def defend(self, items: tuple[Examination, ...]) -> tuple[Outcome[Brief], ...]:
        """See ``examining``: what supports."""
        return await self._briefs(items, Stance.SUPPORTS)

    async def witness(self, items: tuple[Examination, ...]) -> tuple[tuple[Witnessed, ...], ...]:
        """What rules and stance judge state together of every passage, for whoever reasons beside them."""
        if not items:
            return ()
        return await asyncio.to_thread(witness_all, items, self.scope(items[0].plan), self._judge, silent=True)

    async def stance_scores(self, passages: Sequence[Passage]) -> list[StanceScores]:
        """What the stance judge alone says of passages that the rules had found to be about something else."""
        return await asyncio.to_thread(self._judge.judge, [passage.pair for passage in passages])

    async def _briefs(self, items: tuple[Examination, ...], want: Stance) -> tuple[Outcome[Brief], ...]:
        if not items:
            return ()
        briefs = await asyncio.to_thread(brief_all, items, self.scope(items[0].plan), self._judge, want)
        return tuple(Outcome(value=brief) for brief in briefs)

    async def judge(self, cases: tuple[Case, ...]) -> tuple[Outcome[Judgement], ...]:
        """See ``examining``: the verdict of both briefs."""
        return tuple(Outcome(value=judge_case(case)) for case in cases)

    async def write(self, dossier: Dossier) -> Outcome[Draft]:
        """See ``writing``."""
        return await _beside(lambda: compose(dossier))

    async def revise(self, dossier: Dossier, draft: Draft, objections: tuple[Objection, ...]) -> Outcome[Draft]:
        """See ``writing``."""
        return await _beside(lambda: revise(dossier, draft, objections))

    async def review(
        self, lens: Lens, dossier: Dossier, draft: Draft, round: int, earlier: Review | None
    ) -> Outcome[Review]:
        """See ``reviewing``."""
        return await _beside(lambda: review(lens, dossier, draft, round, earlier))

    async def deliberate(
        self, dossier: Dossier, draft: Draft, reviews: tuple[Review, ...]
    ) -> Outcome[tuple[Review, ...]]:
        """See ``deliberating``."""
        return await _beside(lambda: deliberate(dossier, draft, reviews))

    async def follow_up(self, question: str, dossier: Dossier, draft: Draft) -> Outcome[FollowUp]:
        """See ``following``."""
        return Outcome(value=follow_up(question, dossier, draft))
