"""Reviews of small cases, and small changes to a case: what the tests of the panel's rules share."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import Any

from consilience.reasoning.base import Dossier
from consilience.reasoning.embedded.panel.checks import PANEL
from consilience.reasoning.embedded.reviewing import review
from consilience.records import Draft, Lens, Objection, Review, Sentence
from consilience.tests.support import dossiers as made

Case = tuple[Dossier, Draft]


def panel(case: Case, round: int = 1) -> tuple[Review, ...]:
    return tuple(review(lens, *case, round, None) for lens in PANEL)


def raised(lens: Lens, case: Case) -> list[Objection]:
    return list(review(lens, *case, 1, None).objections)


def found(lens: Lens, case: Case, words: str) -> list[Objection]:
    return [o for o in raised(lens, case) if words in o.problem]


def median(case: Case) -> float:
    return statistics.median(r.mean for r in panel(case))


def answer(draft: Draft, **changes: object) -> Draft:
    return draft.model_copy(update={"answer": draft.answer.model_copy(update=changes)})


def told(draft: Draft, *sentences: Sentence, heading: str = "Findings") -> Draft:
    return draft.model_copy(update={"results": made.results(*sentences, heading=heading)})


def change(case: Case, number: int, claim: dict[str, Any] | None = None, **entry: object) -> Case:
    """The case with one ledger entry changed."""
    ledger = list(case[0].ledger)
    old = ledger[number]
    ledger[number] = old.model_copy(update={**entry, "claim": old.claim.model_copy(update=claim or {})})
    return replace(case[0], ledger=tuple(ledger)), case[1]


def only(objections: list[Objection]) -> Objection:
    assert len(objections) == 1, objections
    return objections[0]
