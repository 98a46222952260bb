"""Counts papers, not claims: what each paper that bears on the question says, and what they say together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from consilience.reasoning.base import Dossier
from consilience.reasoning.verdicts import STANDING
from consilience.records import AnswerVerdict, Direction, Fate, LedgerEntry, QuestionType

Side = Literal["for", "no difference", "opposite", "both"]

CLEAR = 0.75
"""Share of papers on one side from which the answer is yes or no and not mixed (chosen)."""


@dataclass(frozen=True)
class Votes:
    """What the standing ledger entries say about the question, by paper."""

    dossier: Dossier

    @cached_property
    def standing(self) -> tuple[LedgerEntry, ...]:
        """Entries on the question that were not dropped and whose verdict lets them stand."""
        return tuple(
            e
            for e in self.dossier.ledger
            if not e.claim.background and e.fate is not Fate.DROPPED and e.verdict in STANDING
        )

    @cached_property
    def answering(self) -> tuple[LedgerEntry, ...]:
        """Standing entries that answer: with a side, or any on topic for an open question."""
        if self.dossier.plan.question_type is QuestionType.OPEN:
            return self.standing
        return tuple(e for e in self.standing if e.claim.answers != "none")

    @cached_property
    def sides(self) -> dict[str, Side]:
        """Each paper's side. A paper with findings for the question and against it is on both."""
        found: dict[str, set[Side]] = {}
        for entry in self.answering:
            for paper_id in entry.claim.paper_ids:
                found.setdefault(paper_id, set()).add(side_of(entry))
        return {paper: _one(sides) for paper, sides in sorted(found.items())}

    def count(self, side: Side) -> int:
        """Papers on a side."""
        return sum(s == side for s in self.sides.values())

    @property
    def total(self) -> int:
        """Papers that bear on the question."""
        return len(self.sides)

    @cached_property
    def share_for(self) -> float:
        """The share of papers for; one on both sides counts half."""
        return (self.count("for") + 0.5 * self.count("both")) / self.total if self.total else 0.0

    @cached_property
    def verdict(self) -> AnswerVerdict:
        """The answer that the papers give together."""
        if not self.total:
            return AnswerVerdict.NOT_ENOUGH_EVIDENCE
        if self.dossier.plan.question_type is QuestionType.OPEN:
            return AnswerVerdict.FINDINGS
        if self.share_for >= CLEAR:
            return AnswerVerdict.YES
        return AnswerVerdict.NO if self.share_for <= 1 - CLEAR else AnswerVerdict.MIXED


def side_of(entry: LedgerEntry) -> Side:
    """The side that an answering entry takes."""
    if entry.claim.answers == "for":
        return "for"
    return "no difference" if entry.claim.relation.direction is Direction.NO_DIFFERENCE else "opposite"


def _one(sides: set[Side]) -> Side:
    if len(sides) == 1:
        return next(iter(sides))
    return "both" if "for" in sides else "opposite"
