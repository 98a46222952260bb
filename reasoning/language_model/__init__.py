"""Reasoning by a language model: prompts, answers that are checked, guards, and rules that stand in and say so.

The embedded reasoner goes along: its witnesses judge the same passages independently, its scope decides what is on the
question, its counts give verdict and certainty, and where the model gives no usable answer its judgement stands in.
"""

from __future__ import annotations

from consilience.endpoints.base import Completer
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
from consilience.reasoning.embedded import EmbeddedReasoner
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
)
from consilience.settings import Settings

from .asking import Asker
from .briefing import briefs
from .drafting import revise, write
from .extracting import extract
from .following import follow_up
from .judging import judge
from .planning import make_plan
from .reconciling import reconcile
from .reviewing import deliberate, review
from .screening import screen
from .standing_in import gather


class LanguageModelReasoner:
    """Judgement by a language model behind a completer, beside the embedded reasoner."""

    name = "language model"

    def __init__(self, completer: Completer, rules: EmbeddedReasoner, settings: Settings) -> None:
        self._asker = Asker(completer, settings.model)
        self._rules = rules
        self._most_claims = settings.extraction.max_claims_per_paper

    async def plan(self, request: PlanRequest) -> Outcome[Plan]:
        """See ``planning``."""
        return await make_plan(self._asker, self._rules, request)

    async def screen(
        self, plan: Plan, candidates: tuple[Candidate, ...], max_included: int
    ) -> Outcome[tuple[ScreeningDecision, ...]]:
        """See ``screening``."""
        return await screen(self._asker, self._rules, plan, candidates, max_included)

    async def extract(self, plan: Plan, papers: tuple[Paper, ...]) -> tuple[Outcome[Extraction], ...]:
        """See ``extracting``: one call a paper."""
        scope = self._rules.scope(plan)
        work = [extract(self._asker, self._rules, scope, paper, self._most_claims) for paper in papers]
        return tuple(await gather(work))

    async def reconcile(self, plan: Plan, claims: tuple[Claim, ...]) -> Outcome[tuple[Claim, ...]]:
        """See ``reconciling``."""
        return await reconcile(self._asker, self._rules, plan, claims)

    async def prosecute(self, items: tuple[Examination, ...]) -> tuple[Outcome[Brief], ...]:
        """See ``briefing``: what refutes."""
        return await briefs(self._asker, self._rules, items, "prosecute")

    async def defend(self, items: tuple[Examination, ...]) -> tuple[Outcome[Brief], ...]:
        """See ``briefing``: what supports."""
        return await briefs(self._asker, self._rules, items, "defend")

    async def judge(self, cases: tuple[Case, ...]) -> tuple[Outcome[Judgement], ...]:
        """See ``judging``."""
        return await judge(self._asker, cases)

    async def write(self, dossier: Dossier) -> Outcome[Draft]:
        """See ``drafting``."""
        return await write(self._asker, dossier)

    async def revise(self, dossier: Dossier, draft: Draft, objections: tuple[Objection, ...]) -> Outcome[Draft]:
        """See ``drafting``."""
        return await revise(self._asker, dossier, draft, objections)

    async def review(
        self, lens: Lens, dossier: Dossier, draft: Draft, round: int, earlier: Review | None
    ) -> Outcome[Review]:
        """See ``reviewing``."""
        return await review(self._asker, self._rules, lens, dossier, draft, round, earlier)

    async def deliberate(
        self, dossier: Dossier, draft: Draft, reviews: tuple[Review, ...]
    ) -> Outcome[tuple[Review, ...]]:
        """See ``reviewing``."""
        return await deliberate(self._asker, dossier, draft, reviews)

    async def follow_up(self, question: str, dossier: Dossier, draft: Draft) -> Outcome[FollowUp]:
        """See ``following``."""
        return await follow_up(self._asker, question, dossier, draft)
