"""The panel's part of the Markdown report: scores by round, reasons, objections, dissent, the auditor."""

from __future__ import annotations

from collections.abc import Iterator

from .escaping import markdown as escape
from .markdown_text import bullets, heading, paragraph, table
from .panel import PanelReview, ReviewerScores
from .report import Report
from .tables import agreement, criteria_table, first_reasons, number, objections_table, rounds_table, score_line


def review_blocks(report: Report) -> Iterator[str]:
    """The blocks of the section "Review"."""
    review = report.review
    yield heading(2, "Review")
    yield f"**Score:** {escape(score_line(review))}."
    if review.history:
        yield heading(3, "Scores by round")
        yield table(*rounds_table(review))
        yield heading(3, "Scores by criterion, first and final")
        yield table(*criteria_table(review))
        yield heading(3, "Reasons")
        yield from _reasons(review)
    yield heading(3, "Objections")
    head, rows = objections_table(report)
    if rows:
        yield table(head, rows)
    else:
        yield paragraph("None was raised.")
    yield heading(3, "Dissent and agreement")
    yield bullets(review.dissent) or paragraph("No dissent was recorded.")
    yield paragraph(f"Agreement of the panel (Krippendorff's alpha): {agreement(review.agreement)}.")
    yield from _audit(review)


def _reasons(review: PanelReview) -> Iterator[str]:
    """The final scores' reasons and, where a frozen first score differed, its reason too."""
    reasons = first_reasons(review)
    for final in review.final_scores:
        yield f"**{escape(final.reviewer)}** (round {final.round}, mean {number(final.mean)})"
        yield bullets([*_scored(final), *reasons[final.reviewer], *final.changes])


def _scored(scores: ReviewerScores) -> tuple[str, ...]:
    return tuple(f"{s.criterion} {number(s.value)}: {s.reason}" for s in scores.scores)


def _audit(review: PanelReview) -> Iterator[str]:
    yield heading(3, "Auditor")
    if review.auditor is None:
        yield paragraph("The report was not audited.")
        return
    yield paragraph(f"The auditor's score: {number(review.auditor_score)} of 10. {review.auditor_note}")
    yield bullets(_scored(review.auditor))
