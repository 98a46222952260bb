"""Changes of a claim by rule: each says the contrary, reads as a sentence, or is not made."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.training.cross_encoder import opposites


@pytest.mark.parametrize(
    ("claim", "opposite"),
    [
        ("Aspirin increases bleeding.", "Aspirin decreases bleeding."),
        ("Pain was lower with yoga.", "Pain was higher with yoga."),
        ("Statins reduce mortality.", "Statins increase mortality."),
        ("KLF4 is dispensable for growth.", "KLF4 is essential for growth."),
    ],
)
def test_direction_is_flipped(claim: str, opposite: str) -> None:
    assert opposites.flipped(claim, Random(0)) == opposite


@pytest.mark.parametrize(
    ("claim", "opposite"),
    [
        ("Aspirin causes bleeding.", "Aspirin does not cause bleeding."),
        ("Statins reduce mortality.", "Statins do not reduce mortality."),
        ("Yoga is associated with sleep.", "Yoga is not associated with sleep."),
        ("Yoga is not associated with sleep.", "Yoga is associated with sleep."),
        ("Aspirin does not cause bleeding.", "Aspirin cause bleeding."),
        ("Cells cannot divide.", "Cells can divide."),
    ],
)
def test_negation_is_put_in_or_taken_out(claim: str, opposite: str) -> None:
    assert opposites.negated(claim) == opposite


@pytest.mark.parametrize(
    "claim", ["Patients without diabetes live longer.", "Neither arm improves.", "A trial of yoga"]
)
def test_what_no_rule_fits_is_left(claim: str) -> None:
    assert opposites.negated(claim) is None


@pytest.mark.parametrize(
    ("sentence", "turned"),
    [
        ("Pain was lower with yoga (P = 0.01).", "Pain was higher with yoga (P = 0.01)."),
        ("More of them slept.", "Less of them slept."),
        ("Pain was lower and sleep was longer.", None),
        ("Pain was not lower with yoga.", None),
        ("Pain was measured.", None),
    ],
)
def test_a_sentence_of_one_direction_is_turned(sentence: str, turned: str | None) -> None:
    assert opposites.only_direction_turned(sentence) == turned


def test_a_direction_is_one_that_is_not_denied() -> None:
    assert opposites.direction("Yoga reduces pain.")
    assert opposites.says_direction("Yoga does not reduce pain.")
    assert not opposites.direction("Yoga does not reduce pain.")
    assert not opposites.says_direction("Pain was similar in both groups.")


def test_figures_change_and_years_do_not() -> None:
    changed = opposites.refigured("In 2001, 32% of programs stopped methadone.", Random(0))
    assert changed is not None
    assert changed.startswith("In 2001, ")
    assert "32%" not in changed
    assert opposites.refigured("In 2001 programs stopped; IL-6 and p53 rose.", Random(0)) is None


@given(claim=st.text(max_size=120), seed=st.integers(0, 9))
def test_a_change_changes(claim: str, seed: int) -> None:
    made = (opposites.flipped(claim, Random(seed)), opposites.negated(claim), opposites.refigured(claim, Random(seed)))
    assert claim not in made
