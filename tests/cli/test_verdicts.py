"""How a verification is put into words: what a confidence means, and what a quotation was judged by."""

from __future__ import annotations

import pytest

from consilience.cli.verdicts import lines
from consilience.records import Stance, Verdict
from consilience.reports.verification import ClaimReading, LeftOut, Quotation, QuotedPaper, Searched, Verification

ABSTRACT = "Tea made no difference to sleep."
SEARCHED = Searched(
    library="sample", papers=1, read=1, passages=1, queries=("Tea",), papers_per_side=12, sentences_per_paper=3
)


def words(verdict: Verdict = Verdict.REFUTED, confidence: float = 0.6, **changes: object) -> str:
    made = Verification(
        claim="Tea reduces sleep.",
        verdict=verdict,
        confidence=confidence,
        reading=ClaimReading(by_rules=True, question="Does tea reduce sleep?"),
        papers=(QuotedPaper(id="p", title="Tea", abstract=ABSTRACT),),
        searched=SEARCHED,
    )
    return "\n".join(line.text for line in lines(made.model_copy(update=changes)))


@pytest.mark.parametrize(
    ("verdict", "confidence", "lean"),
    [
        (Verdict.REFUTED, 0.49, True),
        (Verdict.REFUTED, 0.5, False),
        (Verdict.CONTESTED, 0.3, False),
        (Verdict.NOT_ENOUGH_EVIDENCE, 0.3, False),
    ],
)
def test_a_refutation_under_one_half_is_called_a_lean(verdict: Verdict, confidence: float, lean: bool) -> None:
    assert ("no more than a lean" in words(verdict, confidence)) is lean


@pytest.mark.parametrize(("whole", "told"), [(True, "(0.80, the whole abstract)"), (False, "(0.80)")])
def test_a_quotation_tells_whether_the_whole_abstract_was_judged(whole: bool, told: str) -> None:
    quotation = Quotation(
        paper_id="p", start=0, end=len(ABSTRACT), text=ABSTRACT, stance=Stance.REFUTES, score=0.8, whole=whole
    )
    assert f"“{ABSTRACT}” {told}" in words(evidence_against=(quotation,))


def test_what_was_set_aside_is_listed_with_the_reason() -> None:
    assert "set aside as too weak to count" in words(
        left_out=(LeftOut(paper_id="p", reason="set aside as too weak to count"),)
    )
