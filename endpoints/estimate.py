"""Owns what a run will probably cost, told before it is paid: arithmetic from stated assumptions, nothing measured.

How many calls each task takes follows from the graph: one a plan, a candidate, an included paper, a claim and so on.
How many candidates, papers and claims there will be is not known before, so these are assumed: the constants below,
with what three runs over the sample library showed beside them. A call reads its prompt, whose length is known, and
what the prompt is filled with; it writes an answer. The figures are meant to be rather too high than too low (232 calls
where those runs made 102, 121 and 174). They bound nothing: ``budget`` does that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from consilience import prompts
from consilience.prompts.catalogue import LENSES, TASKS
from consilience.settings import ROLES, Role, Settings

from .base import ModelIdentity
from .prices import Price
from .tokens import MESSAGE_OVERHEAD, estimate

SEARCH_ROUNDS = 1  # seen: 1; a further round plans again and screens again
PANEL_ROUNDS = 2  # the first round never converges; seen: 2
CANDIDATES = 2  # papers put to the model for each that may be included, as screening does
INCLUDED = 1 / 4  # of the candidates; seen: 0.05 to 0.22
CLAIMS = 3  # of an included paper; seen: 2.5 to 3.3
CARRYING = 2 / 5  # of the claims are cross-examined; seen: 0 to 0.33
REVIEWERS = len(LENSES)

_PLAN_TOKENS = 300
_PAPER_TOKENS = 500
_PASSAGES_TOKENS = 300
_CLAIM_TOKENS = 60
_ENTRY_TOKENS = 100  # a claim with verdict, tallies and quotations
_DRAFT_TOKENS = 1000
_REVIEW_TOKENS = 700


@dataclass(frozen=True)
class RoleEstimate:
    """What one role will probably ask. ``cost`` in US dollars, None where the model's price is unknown."""

    role: Role
    model: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost: float | None


@dataclass(frozen=True)
class Estimate:
    """What a run will probably ask; roles that ask nothing are left out. ``assumed`` says from what, in words."""

    calls: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    by_role: tuple[RoleEstimate, ...]
    assumed: str


@dataclass(frozen=True)
class _Work:
    """Calls of one task: how many, by whom, what each reads beside its prompt, what each writes."""

    task: str
    role: Role
    calls: int
    reads: int
    writes: int


def estimate_run(
    papers: int,
    settings: Settings,
    describe: Callable[[Role], ModelIdentity],
    price_of: Callable[[str, str], Price | None],
) -> Estimate:
    """What a run over a library of so many papers with an abstract will probably cost.

    Args:
        papers: those that may be found; a bound on candidates and included papers.
        settings: bounds on papers, claims and rounds; a person's own prompts.
        describe: which model answers a role.
        price_of: a model's price at an endpoint.

    Raises:
        SettingsError: a prompt of the person's folder cannot be read.
    """
    candidates = min(papers, CANDIDATES * settings.screening.max_included)
    included = min(math.ceil(candidates * INCLUDED), settings.screening.max_included)
    claims = included * min(CLAIMS, settings.extraction.max_claims_per_paper)
    work = tuple(_work(papers, candidates, included, claims, settings))
    lengths = {item.task: _length(item.task, settings.model.prompts) for item in work}
    by_role = tuple(_of_role(role, work, lengths, describe, price_of) for role in ROLES)
    asking = tuple(item for item in by_role if item.calls)
    known = [item.cost for item in asking if item.cost is not None]
    return Estimate(
        calls=sum(item.calls for item in asking),
        tokens_in=sum(item.tokens_in for item in asking),
        tokens_out=sum(item.tokens_out for item in asking),
        cost=math.fsum(known) if len(known) == len(asking) else None,
        by_role=asking,
        assumed=(
            f"{candidates} papers screened, {included} of them included, {claims} claims, "
            f"{_rounds(settings.search.max_rounds, SEARCH_ROUNDS, 'search')}, "
            f"{_rounds(settings.panel.max_rounds, PANEL_ROUNDS, 'review')}"
        ),
    )


def _work(papers: int, candidates: int, included: int, claims: int, settings: Settings) -> Iterator[_Work]:
    searches = min(SEARCH_ROUNDS, settings.search.max_rounds)
    rounds = min(PANEL_ROUNDS, settings.panel.max_rounds)
    carrying = math.ceil(claims * CARRYING)
    chunk = min(settings.verification.chunk_size, carrying)
    chunks = math.ceil(carrying / settings.verification.chunk_size)
    # Claims of a chunk share papers. Seen: 17 papers a side for 2 claims, 36 for 11, at 12 a claim: a square root.
    readings = chunks * min(papers, math.ceil(settings.verification.papers_per_side * math.sqrt(chunk)))
    ledger = claims * _ENTRY_TOKENS
    yield _Work("plan", "searcher", searches, 100, 600)
    yield _Work("screen", "screener", searches * candidates, _PLAN_TOKENS + _PAPER_TOKENS, 80)
    yield _Work("extract", "extractor", included, _PLAN_TOKENS + _PAPER_TOKENS, 700)
    yield _Work("reconcile", "extractor", min(claims, 1), _PLAN_TOKENS + claims * _CLAIM_TOKENS, 300)
    yield _Work("prosecute", "prosecutor", readings, _PASSAGES_TOKENS + chunk * _CLAIM_TOKENS, 150)
    yield _Work("defend", "defender", readings, _PASSAGES_TOKENS + chunk * _CLAIM_TOKENS, 150)
    yield _Work("judge", "judge", carrying, 2 * _PASSAGES_TOKENS, 250)
    yield _Work("write", "writer", 1, _PLAN_TOKENS + ledger, _DRAFT_TOKENS)
    yield _Work("revise", "writer", rounds - 1, _PLAN_TOKENS + ledger + 2 * _DRAFT_TOKENS, _DRAFT_TOKENS)
    yield _Work("review", "reviewer", REVIEWERS * rounds, ledger + _DRAFT_TOKENS + _REVIEW_TOKENS, _REVIEW_TOKENS)
    yield _Work("deliberate", "panel", REVIEWERS * rounds, _DRAFT_TOKENS + REVIEWERS * _REVIEW_TOKENS, _REVIEW_TOKENS)
    yield _Work("audit", "auditor", 1, ledger + _DRAFT_TOKENS, _REVIEW_TOKENS)


def _length(task: str, folder: Path | None) -> int:
    """Tokens of a task's prompt with the texts that it includes, nothing filled in."""
    parts = (f"lens_{LENSES[0]}" if part == "lens" else part for part in TASKS[task].includes)
    return sum(estimate(prompts.text(name, folder)) for name in (task, *parts)) + 2 * MESSAGE_OVERHEAD


def _of_role(
    role: Role,
    work: tuple[_Work, ...],
    lengths: Mapping[str, int],
    describe: Callable[[Role], ModelIdentity],
    price_of: Callable[[str, str], Price | None],
) -> RoleEstimate:
    mine = [item for item in work if item.role == role]
    tokens_in = sum(item.calls * (lengths[item.task] + item.reads) for item in mine)
    tokens_out = sum(item.calls * item.writes for item in mine)
    identity = describe(role)
    price = price_of(identity.name, identity.endpoint)
    cost = None if price is None else price.cost(tokens_in, tokens_out)
    return RoleEstimate(role, identity.name, sum(item.calls for item in mine), tokens_in, tokens_out, cost)


def _rounds(bound: int, assumed: int, name: str) -> str:
    number = min(bound, assumed)
    return f"{number} {name} round" if number == 1 else f"{number} {name} rounds"
