"""The panel's part of ``report.json``: scores by reviewer and round, objections, agreement, the auditor."""

from __future__ import annotations

from pydantic import Field

from consilience.records import Frozen, Lens, Objection, PanelDecision, Score


class ReviewerScores(Frozen):
    """One reviewer's scores, each with its reason, and why they moved since the reviewer's last round."""

    reviewer: Lens
    round: int
    mean: float = Field(ge=1, le=10, description="unweighted mean of the criterion scores, two decimals")
    scores: tuple[Score, ...]
    changes: tuple[str, ...] = ()


class Round(Frozen):
    """One review round: what each reviewer gave alone, what stood after deliberation, what was decided."""

    round: int
    before: tuple[ReviewerScores, ...] = Field(description="as given alone, sorted by reviewer")
    after: tuple[ReviewerScores, ...] = Field(description="after deliberation; equal to `before` without one")
    decision: PanelDecision | None = Field(
        default=None, description="median, agreement and next step, less the objections (they stand once)"
    )


class PanelReview(Frozen):
    """The quality of the report as the panel and, apart from it, the auditor judged it.

    ``score`` is the median of the final round's reviewer means on the scale 1 to 10; None without a review.
    ``interval`` is its 95 % bootstrap interval over reviewers and criteria (``reports.statistics``): it shows
    how far reviewers and criteria disagree, not how far all of them may be wrong together.
    """

    score: float | None = Field(ge=1, le=10)
    interval: tuple[float, float] | None
    auditor_score: float | None = Field(ge=1, le=10, description="one look by a judge outside the loop")
    auditor_gap: float | None = Field(description="panel's score minus the auditor's")
    auditor_note: str = Field(description="says so where the two differ by more than one point, else empty")
    auditor: ReviewerScores | None = None
    auditor_objections: tuple[Objection, ...] = ()
    converged: bool
    rounds: int = Field(ge=0)
    agreement: float | None = Field(description="Krippendorff's alpha of the last round; None where undefined")
    first_scores: tuple[ReviewerScores, ...] = Field(description="frozen: given alone, in the first round")
    final_scores: tuple[ReviewerScores, ...]
    history: tuple[Round, ...] = Field(description="every round, in order")
    objections: tuple[Objection, ...] = Field(description="every objection, with how it was settled")
    dissent: tuple[str, ...] = ()
