"""Cross-examinations about the drug of ``dossiers``: claims, the passages found for them, and answers about these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consilience.reasoning.base import Examination
from consilience.records import Claim, Paper, Span

from . import dossiers

AGAINST = "Zolafen did not reduce night cramps in adults against placebo (p = 0.60)."


def papers(count: int = 3, *against: int) -> list[Paper]:
    """Randomised trials, those numbered ``against`` without a difference."""
    numbers = range(1, count + 1)
    return [dossiers.paper(n, AGAINST if n in against else "", type="randomised controlled trial") for n in numbers]


def result(of: Paper) -> Span:
    """The paper's one sentence of results."""
    text = AGAINST if AGAINST in of.abstract else dossiers.finding(int(of.id[5:]))
    return dossiers.span(of, text)


def claim(of: Paper, **changes: object) -> Claim:
    """The claim that a paper's result makes."""
    return dossiers.entry(int(of.id[5:]), of).claim.model_copy(update=changes)


def examination(made: Claim, found: Sequence[Paper], *extra: Span) -> Examination:
    """A claim with the results of the papers found, and other passages of them."""
    spans = sorted(dict.fromkeys((*map(result, found), *extra)), key=lambda s: (s.paper_id, s.start))
    return Examination(dossiers.plan(), made, tuple(spans), tuple(found))


def finding(claim_handle: str, passage: str, bears: str, *, same: bool = True, outcome: bool = True) -> dict[str, Any]:
    """What a brief's answer says of one passage and one claim."""
    return {
        "claim": claim_handle,
        "passage": passage,
        "reason": "It tells of it.",
        "same_comparison": same,
        "same_outcome": outcome,
        "bears": bears,
    }
