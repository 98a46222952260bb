"""The Reasoner protocol: judgement, apart from procedure.

Agents decide what is asked, what is checked and what happens next; a reasoner judges. Every method is
asynchronous and batch-first and returns ``Outcome``: a value, a gap or both, and the ids of the calls in the call
log. No method raises for what a model or a text withholds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from consilience.records import (
    Claim,
    Draft,
    Evidence,
    Extraction,
    Gap,
    LedgerEntry,
    Lens,
    Objection,
    Paper,
    Plan,
    Review,
    ScreeningDecision,
    Span,
    Verdict,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """A value, or a gap, or a value that stands in for what the gap says could not be had.

    ``calls`` are the ids of the language model's calls, in the order in which they were made; what they cost stands
    in the run's own account of them (``runs.model_calls``).
    """

    value: T | None = None
    gap: Gap | None = None
    calls: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.value is None and self.gap is None:
            raise ValueError("an outcome holds a value or a gap")


@dataclass(frozen=True)
class PlanRequest:
    """``tried`` are the queries of earlier rounds; ``missing`` are reviewers' or saturation's wishes.

    ``earlier`` is the plan of the round before: its facets stand, and only its queries are followed by new ones.
    """

    question: str
    round: int = 0
    tried: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    max_queries: int = 8
    earlier: Plan | None = None


@dataclass(frozen=True)
class Candidate:
    """A paper to screen with its retrieval scores: reciprocal-rank fusion and exact cosine, both in [0, 1]."""

    paper: Paper
    fused: float
    cosine: float


@dataclass(frozen=True)
class Examination:
    """A claim and the passages found on one side, with the papers they stand in (their text, not their fate)."""

    plan: Plan
    claim: Claim
    passages: tuple[Span, ...]
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Brief:
    """One side's evidence: spans with a stance, best first.

    ``undecided`` are passages that lean to this side and were not given its stance, with the probability of it: never
    evidence, and the reason why a verdict can be less sure than its evidence.
    """

    claim_id: str
    evidence: tuple[Evidence, ...]
    undecided: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Case:
    """What the judge sees of one claim: both sides' briefs, the papers that they quote, and the question."""

    claim: Claim
    defence: Brief
    prosecution: Brief
    papers: Mapping[str, Paper]
    question: str = ""


@dataclass(frozen=True)
class Judgement:
    """The verdict on one claim from both briefs."""

    claim_id: str
    verdict: Verdict
    confidence: float
    evidence: tuple[Evidence, ...]
    reason: str


@dataclass(frozen=True)
class Search:
    """What the search did, for the writer and the reviewers: counts and exact queries, never abstracts."""

    library: str
    identified: int
    screened: int
    included: int
    queries: tuple[str, ...]
    rounds: int
    saturation: float
    excluded: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class Dossier:
    """What the writer and the reviewers see: plan, ledger, included papers, the search's figures, gaps."""

    plan: Plan
    ledger: tuple[LedgerEntry, ...]
    papers: dict[str, Paper]
    search: Search
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class FollowUp:
    """An answer to a follow-up from the run's own ledger, or the sign that a new run is needed."""

    text: str
    claim_ids: tuple[str, ...]
    needs_run: bool
    question: str = ""


class Reasoner(Protocol):
    """Judgement for every step of the graph."""

    name: str

    async def plan(self, request: PlanRequest) -> Outcome[Plan]:
        """Question type, facets, expected direction, queries (new ones only), criteria."""
        ...

    async def screen(
        self, plan: Plan, candidates: tuple[Candidate, ...], max_included: int
    ) -> Outcome[tuple[ScreeningDecision, ...]]:
        """One decision for each candidate, with a reason."""
        ...

    async def extract(self, plan: Plan, papers: tuple[Paper, ...]) -> tuple[Outcome[Extraction], ...]:
        """The claims of each paper, each with exact spans."""
        ...

    async def reconcile(self, plan: Plan, claims: tuple[Claim, ...]) -> Outcome[tuple[Claim, ...]]:
        """Equivalent claims merged; every source span kept."""
        ...

    async def prosecute(self, items: tuple[Examination, ...]) -> tuple[Outcome[Brief], ...]:
        """What speaks against each claim."""
        ...

    async def defend(self, items: tuple[Examination, ...]) -> tuple[Outcome[Brief], ...]:
        """What speaks for each claim."""
        ...

    async def judge(self, cases: tuple[Case, ...]) -> tuple[Outcome[Judgement], ...]:
        """A verdict for each claim from both briefs, with their quotations only."""
        ...

    async def write(self, dossier: Dossier) -> Outcome[Draft]:
        """The first draft."""
        ...

    async def revise(self, dossier: Dossier, draft: Draft, objections: tuple[Objection, ...]) -> Outcome[Draft]:
        """A draft that settles what it can of the open objections."""
        ...

    async def review(
        self, lens: Lens, dossier: Dossier, draft: Draft, round: int, earlier: Review | None
    ) -> Outcome[Review]:
        """One reviewer's scores on every criterion, and objections. The auditor is a lens that runs once."""
        ...

    async def deliberate(
        self, dossier: Dossier, draft: Draft, reviews: tuple[Review, ...]
    ) -> Outcome[tuple[Review, ...]]:
        """Scores revised with reasons after the reviewers have read each other."""
        ...

    async def follow_up(self, question: str, dossier: Dossier, draft: Draft) -> Outcome[FollowUp]:
        """An answer from the ledger, or ``needs_run``."""
        ...
