"""The record of a verification: its published schema, and that it cannot be built on a wrong quotation."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from consilience.records import Paper, StudyDesign, Verdict
from consilience.reports.schema import VERIFICATION_SCHEMA_PATH, schema_text
from consilience.reports.verification import QuotedPaper, Verification, Verifications

ABSTRACT = "We dug. Mulching reduced erosion."
PAPER: dict[str, Any] = {"id": "one", "title": "Mulch", "abstract": ABSTRACT}
QUOTE: dict[str, Any] = {
    "paper_id": "one", "start": 8, "end": 33, "text": ABSTRACT[8:], "stance": "supports", "score": 0.9
}  # fmt: skip


def record(**changes: object) -> Verification:
    given: dict[str, Any] = {
        "claim": "Mulching reduces erosion",
        "verdict": Verdict.SUPPORTED,
        "confidence": 0.9,
        "reading": {"by_rules": True},
        "evidence_for": [QUOTE],
        "supporting_papers": ["one"],
        "papers": [PAPER],
        "searched": {
            "library": "mine", "papers": 1, "read": 1, "passages": 2, "queries": ["q"], "papers_per_side": 12,
            "sentences_per_paper": 3,
        },
    }  # fmt: skip
    return Verification.model_validate(given | changes)


def test_the_published_schema_is_that_of_the_types() -> None:
    written = VERIFICATION_SCHEMA_PATH.read_text("utf-8")
    assert written == schema_text(Verifications), "run: python -m consilience.reports.schema"


def test_a_record_is_read_back_as_it_was() -> None:
    assert Verification.model_validate_json(record().model_dump_json()) == record()


@pytest.mark.parametrize(
    "changes",
    [
        {"evidence_for": [{**QUOTE, "text": "Mulching raised erosion. "}]},
        {"evidence_against": [{**QUOTE, "start": 7, "end": 32}]},
        {"evidence_for": [{**QUOTE, "paper_id": "two"}]},
        {"papers": [{**PAPER, "retracted": True}]},
        {"retracted": ["two"]},
        {"left_out": [{"paper_id": "two", "reason": "far"}]},
    ],
)
def test_what_does_not_stand_in_its_abstract_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        record(**changes)


def test_a_paper_is_shown_with_its_design_and_whose_words_it_has() -> None:
    paper = Paper(id="one", title="Mulch", abstract=ABSTRACT, text_origin="summary", sources=("library:mine",))
    shown = QuotedPaper.of(paper, StudyDesign.COHORT)
    assert (shown.id, shown.text_origin, shown.design) == ("one", "summary", StudyDesign.COHORT)
