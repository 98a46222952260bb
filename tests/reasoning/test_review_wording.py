"""What a reviewer reads off a sentence's wording."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.embedded.panel import wording


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("Zolafen helped.", False),
        ("Zolafen helped (p = .05).", False),
        ("It fell to 5.6 mg/dl.", False),
        ("Zolafen helped", True),
        ("Zolafen helped more than.", True),
        ("Zolafen helped (p = 0.01.", True),
        ("Zolafen helped...", True),
        ('They said "it helped."', False),
        ("Zolafen helped (Author1 2001).", False),
        ("Zolafen helped. [1]", False),
    ],
)
def test_cut_off(line: str, cut: bool) -> None:
    assert wording.is_cut_off(line) is cut


@pytest.mark.parametrize(
    ("line", "told_so"),
    [
        ("Papers contradict each other.", True),
        ("The evidence is mixed.", True),
        ("Evidence against it comes from two trials.", True),
        ("No paper contradicts this.", False),
        ("Zolafen helped.", False),
        ("The claims are not contradicted by any paper.", False),
    ],
)
def test_conflict_is_read_and_its_denial_is_not(line: str, told_so: bool) -> None:
    assert wording.names_conflict(line) is told_so


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("In one trial (Author1, 2001): It reduced night cramps.", "It"),
        ("In one trial, the treatment reduced night cramps.", "the treatment"),
        ("In one trial (Author1, 2001): Zolafen reduced night cramps.", ""),
        ("Zolafen reduced these cramps.", ""),
    ],
)
def test_an_opening_that_points_outside_is_seen_behind_a_citation(line: str, word: str) -> None:
    assert wording.loose_opening(line) == word


def test_what_is_said_about_the_run_is_no_finding() -> None:
    assert not wording.states_finding("The claims table lists 3 more findings of this kind.")
    assert not wording.states_finding("None of the 4 included papers states a finding on the question.")
    assert wording.states_finding("Zolafen reduced night cramps.")
    assert wording.states_finding("Night cramps were seen in 12% of adults.")


@given(st.text(max_size=200))
def test_wording_never_raises(line: str) -> None:
    for read in (
        wording.asserts,
        wording.states_finding,
        wording.is_cut_off,
        wording.loose_opening,
        wording.says_single,
    ):
        read(line)
    assert 0 <= wording.overlap(line, line) <= 1
