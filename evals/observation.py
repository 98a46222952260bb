"""What the metrics look at: a report reduced to its answer, its claims and where they were quoted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consilience.records import AnswerVerdict, Direction, Fate, Relation, Stance, Valence, Verdict
from consilience.reports.report import Report


@dataclass(frozen=True)
class Quotation:
    """Characters of a paper's abstract, as the report gives them."""

    paper_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class ObservedClaim:
    """One ledger entry.

    ``papers`` are those that state the claim itself; ``support`` those that support it.
    """

    id: str
    text: str
    relation: Relation
    verdict: Verdict
    background: bool
    dropped: bool
    papers: tuple[str, ...]
    quotations: tuple[Quotation, ...] = ()
    support: tuple[str, ...] = ()

    @property
    def answers(self) -> bool:
        """Whether it is on the question and was not dropped."""
        return not self.background and not self.dropped

    @property
    def direction(self) -> Direction:
        """The direction of its outcome in the subject's arm."""
        return self.relation.direction

    @property
    def valence(self) -> Valence:
        """Whether that is good."""
        return self.relation.valence


@dataclass(frozen=True)
class Observation:
    """A report as the metrics see it. ``abstracts`` holds the abstract of every paper by id."""

    answer: AnswerVerdict
    answer_claims: tuple[str, ...]
    claims: tuple[ObservedClaim, ...]
    abstracts: Mapping[str, str]
    title: str = ""
    score: float | None = None

    def cited(self) -> tuple[str, ...]:
        """Papers that state a claim on which the answer rests, sorted; none for "not enough"."""
        if self.answer is AnswerVerdict.NOT_ENOUGH_EVIDENCE:
            return ()
        resting = set(self.answer_claims)
        return tuple(sorted({p for c in self.claims if c.id in resting for p in c.papers}))


def observe(report: Report) -> Observation:
    """Reduce a report to what is measured."""
    return Observation(
        answer=report.answer.verdict,
        answer_claims=report.answer.claim_ids,
        claims=tuple(
            ObservedClaim(
                id=claim.id,
                text=claim.text,
                relation=claim.relation,
                verdict=claim.verdict,
                background=claim.background,
                dropped=claim.fate is Fate.DROPPED,
                papers=tuple(sorted({span.paper_id for span in claim.spans})),
                quotations=tuple(
                    Quotation(part.paper_id, part.start, part.end, part.text)
                    for part in (*claim.spans, *claim.evidence)
                ),
                support=tuple(sorted({e.paper_id for e in claim.evidence if e.stance is Stance.SUPPORTS})),
            )
            for claim in report.claims
        ),
        abstracts={paper.id: paper.abstract for paper in report.papers},
        title=report.title,
        score=report.review.score,
    )
