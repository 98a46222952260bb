"""How reviews, decisions and the audit become the report's ``review``."""

from __future__ import annotations

from collections.abc import Sequence

from consilience.records import Lens, Objection, PanelDecision, Review

from .panel import PanelReview, ReviewerScores, Round
from .statistics import panel_score, score_interval

NOTEWORTHY_GAP = 1.0
"""Points between panel and auditor above which the report says so."""


def panel_review(reviews: Sequence[Review], decisions: Sequence[PanelDecision], audit: Review | None) -> PanelReview:
    """Score, interval, history, objections and dissent; empty where there was no review."""
    given = [r for r in reviews if r.reviewer != "auditor" and r.scores]
    history = tuple(_round(n, given, decisions) for n in sorted({r.round for r in given}))
    final = history[-1].after if history else ()
    matrix = [{s.criterion: s.value for s in r.scores} for r in final]
    score = panel_score(matrix)
    last = max(decisions, key=lambda d: d.round, default=None)
    judged = _scores(audit) if audit and audit.scores else None
    gap = round(score - judged.mean, 2) if judged and score is not None else None
    return PanelReview(
        score=score,
        interval=score_interval(matrix),
        auditor_score=judged.mean if judged else None,
        auditor_gap=gap,
        auditor_note=_note(gap),
        auditor=judged,
        auditor_objections=audit.objections if audit else (),
        converged=last is not None and last.converged,
        rounds=len(history),
        agreement=last.agreement if last else None,
        first_scores=history[0].before if history else (),
        final_scores=final,
        history=history,
        objections=last.objections if last else _distinct(given),
        dissent=last.dissent if last else (),
    )


def _round(number: int, reviews: Sequence[Review], decisions: Sequence[PanelDecision]) -> Round:
    before: dict[Lens, Review] = {}
    after: dict[Lens, Review] = {}
    for review in reviews:
        if review.round == number:
            before.setdefault(review.reviewer, review)
            after[review.reviewer] = review
    decision = next((d for d in reversed(decisions) if d.round == number), None)
    return Round(
        round=number,
        before=tuple(_scores(before[lens]) for lens in sorted(before)),
        after=tuple(_scores(after[lens]) for lens in sorted(after)),
        decision=decision.model_copy(update={"objections": ()}) if decision else None,
    )


def _scores(review: Review) -> ReviewerScores:
    return ReviewerScores(
        reviewer=review.reviewer,
        round=review.round,
        mean=review.mean,
        scores=review.scores,
        changes=review.changes,
    )


def _distinct(reviews: Sequence[Review]) -> tuple[Objection, ...]:
    """The last state of every objection, for a run whose panel never came to a decision."""
    return tuple({o.id: o for r in reviews for o in r.objections}.values())


def _note(gap: float | None) -> str:
    if gap is None or abs(gap) <= NOTEWORTHY_GAP:
        return ""
    side = "below" if gap > 0 else "above"
    return (
        f"The auditor, who saw only the final report and the ledger, scored it {abs(gap):.2f} points {side} "
        "the panel. Revising until reviewers are content can raise scores without raising quality."
    )
