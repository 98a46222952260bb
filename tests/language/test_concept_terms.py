"""Terms that a function word makes what they are, and terms of one field that must not be found in another's words."""

from __future__ import annotations

import pytest

from consilience.language import concepts

INACTIVE = concepts.wordings_of_kind("inactive")


@pytest.mark.parametrize(
    "text",
    [
        "hormone therapy",
        "drug treatment",
        "a school-based intervention",
        "vitamin D supplementation",
        "cognitive behavioral therapy",
        "treatment with statins",
        "no difference after treatment",
    ],
)
def test_an_active_treatment_is_not_the_absence_of_one(text: str) -> None:
    assert concepts.find(text, INACTIVE) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("better than no treatment", ["no treatment"]),
        ("compared with No active treatment", ["No active treatment"]),
        ("against no supplementation", ["no supplementation"]),
        ("higher than before treatment", ["before treatment"]),
        ("placebo, usual care and sham", ["placebo", "usual care", "sham"]),
        ("the control group", ["control group"]),
    ],
)
def test_nothing_active_is_found_with_the_word_that_says_so(text: str, found: list[str]) -> None:
    assert [m.text for m in concepts.find(text, INACTIVE)] == found


def test_every_wording_finds_itself() -> None:
    # A wording of stop words only, or one that its own matching cannot find, would be a dead entry of the lexicon.
    dead = [
        wording
        for concept in concepts.concepts()
        for wording in concept.wordings
        if not concepts.holds(f"we saw {wording} there", (wording,))
    ]
    assert dead == []


def test_the_lexicon_is_lower_case_and_without_repeats() -> None:
    for concept in concepts.concepts():
        assert all(w == w.casefold().strip() != "" for w in concept.wordings)
        assert len(set(concept.names)) == len(concept.names)
        assert not set(concept.names) & set(concept.members)
