"""How questions and citing sentences become claims, and what is held out of training."""

from __future__ import annotations

import pytest

from consilience.evals import phrasing, splits


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Does tea lower pain?", "Tea lower pain."),
        ("Tea and pain: is it so?", "Tea and pain: is it so."),
        ("Is it so? Or not?", "Is it so? Or not."),
    ],
)
def test_a_question_is_asserted(question: str, claim: str) -> None:
    assert phrasing.asserted(question) == claim


def test_a_citing_sentence_loses_its_marks() -> None:
    assert phrasing.citing("Tea helps [<|multi_cit|>,7] , and figs do not (<|cit|>).") == "Tea helps, and figs do not."


def test_about_a_fifth_of_trials_and_an_eighth_of_questions_are_held_out() -> None:
    assert 350 < sum(splits.trial_held_out(f"PMC{n}") for n in range(2000)) < 450
    assert 200 < sum(splits.question_held_out(f"pubmedqa:{n}") for n in range(2000)) < 300


def test_the_split_never_moves() -> None:
    # Weights were trained without these: another answer here would make their figures worthless.
    assert [n for n in range(1, 20) if splits.question_held_out(f"pubmedqa:{n}")] == [3, 4, 18]
    assert [n for n in range(1, 40) if splits.trial_held_out(f"PMC{n}")] == [24, 25, 34, 36, 38, 39]
