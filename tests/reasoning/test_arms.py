"""Who is compared with whom, and what the two arms' figures say where no word does."""

from __future__ import annotations

import pytest

from consilience.reasoning.embedded import findings
from consilience.reasoning.embedded.arm_figures import direction_by_numbers, direction_by_ratio
from consilience.reasoning.embedded.arms import read
from consilience.records import Direction
from consilience.tests.support.readings import view

ASKED = "Do statins reduce stroke?"
SEEN = view(ASKED, "Atorvastatin, aspirin and placebo were compared.")
UP, DOWN, SAME, UNTOLD = Direction.INCREASE, Direction.DECREASE, Direction.NO_DIFFERENCE, Direction.UNSTATED


@pytest.mark.parametrize(
    ("clause", "subject", "comparator", "inactive", "swapped"),
    [
        ("Strokes were rarer with atorvastatin than with placebo", "atorvastatin", "placebo", True, False),
        ("Strokes were rarer with placebo than with atorvastatin", "atorvastatin", "placebo", True, True),
        ("Atorvastatin, compared with aspirin, reduced stroke", "Atorvastatin", "aspirin", False, False),
        ("Compared with placebo, atorvastatin reduced stroke", "atorvastatin", "placebo", True, False),
        ("Unlike aspirin, atorvastatin reduced stroke", "atorvastatin", "aspirin", False, False),
        ("Using placebo as the reference, atorvastatin reduced stroke", "atorvastatin", "placebo", True, False),
        ("Stroke did not differ between atorvastatin and aspirin", "atorvastatin", "aspirin", False, False),
        ("Atorvastatin was not inferior to aspirin", "Atorvastatin", "aspirin", False, False),
        ("Atorvastatin was noninferior to aspirin", "Atorvastatin", "aspirin", False, False),
        ("Atorvastatin reduced stroke more than no treatment did", "Atorvastatin", "no treatment", True, False),
        ("Atorvastatin reduced stroke over two years", "Atorvastatin", "", False, False),
        ("Atorvastatin reduced stroke below 3 percent", "Atorvastatin", "", False, False),
        ("Stroke was rarer than with aspirin", "", "aspirin", False, False),
        ("Atorvastatin raised survival (30 vs 20 days) when aspirin was given", "Atorvastatin", "", False, False),
        ("Atorvastatin shortened the stay to 4 days compared with 9 days before", "Atorvastatin", "", False, False),
        (
            "Stroke struck 5 on atorvastatin compared with 9 (6%) in the placebo group",
            "atorvastatin",
            "placebo",
            True,
            False,
        ),
        ("Strokes were counted", "", "", False, False),
        (
            "Stroke came in 1.5% of atorvastatin and 1.3% of aspirin users",
            "atorvastatin",
            "aspirin users",
            False,
            False,
        ),
        ("Strokes fell against controls with atorvastatin only", "atorvastatin", "controls", True, False),
        ("Strokes fell against controls with aspirin only", "", "controls", True, False),
    ],
)
def test_arms_by_the_words_between_them(
    clause: str, subject: str, comparator: str, inactive: bool, swapped: bool
) -> None:
    found = read(clause, SEEN)
    assert (found.subject, found.comparator, found.inactive, found.swapped) == (
        subject,
        comparator,
        inactive,
        swapped,
    )


@pytest.mark.parametrize(
    ("clause", "comparator"),
    [
        ("Treatment with atorvastatin and aspirin prevents stroke", ""),
        ("Strokes fell in both the atorvastatin and the aspirin groups", ""),
        ("Strokes did not differ with atorvastatin and aspirin", "aspirin"),
        ("Strokes fell by 9% with atorvastatin and 4% with aspirin", "aspirin"),
        ("Strokes fell by 9 in the year with atorvastatin and by 4 with aspirin", "aspirin"),
        ("Strokes were equally common with atorvastatin and aspirin", "aspirin"),
    ],
)
def test_two_treatments_are_compared_only_where_something_tells_them_apart(clause: str, comparator: str) -> None:
    made = findings.read(clause, SEEN, SEEN.scope)
    assert made is not None
    assert made.relation.comparator == comparator


@pytest.mark.parametrize(
    ("clause", "comparator"),
    [
        ("Atorvastatin and aspirin were equally effective", "aspirin"),
        ("Placebo and atorvastatin gave similar results", "Placebo"),
        ("Atorvastatin, aspirin and placebo were similar", ""),
        ("Atorvastatin reduced strokes of all kinds and, in the end, placebo was similar", ""),
    ],
)
def test_two_things_called_alike_are_compared(clause: str, comparator: str) -> None:
    cue = max(clause.find("equally"), clause.find("similar"))
    assert read(clause, SEEN, cue, alike=True).comparator == comparator


def test_a_name_that_only_sets_the_scene_is_no_arm() -> None:
    assert read("Aspirin reduced stroke during atorvastatin", SEEN, cue=8).subject == ""


@pytest.mark.parametrize(
    ("clause", "subject"),
    [
        ("Aspirin prevented stroke, whereas the effect of atorvastatin is unproven", ""),
        ("Although aspirin was added, stroke was prevented by atorvastatin", "atorvastatin"),
        ("Stroke was prevented, whereas deaths on atorvastatin rose", "atorvastatin"),
    ],
)
def test_what_stands_behind_a_contrast_does_not_do_what_another_treatment_did(clause: str, subject: str) -> None:
    assert read(clause, SEEN, cue=clause.find("prevented")).subject == subject


def test_what_acts_against_controls_is_the_treatment_behind_them() -> None:
    assert read("Strokes fell against controls with aspirin only", SEEN).added == "aspirin"


def test_the_agent_is_named_before_its_class() -> None:
    assert read("The statin atorvastatin reduced stroke", SEEN).subject == "atorvastatin"


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("Stroke occurred in 4% with atorvastatin and in 9% with placebo", DOWN),
        ("Stroke occurred in 9% with atorvastatin and in 4% with placebo", UP),
        ("Stroke occurred in 9% with placebo and in 4% with atorvastatin", DOWN),
        ("Stroke occurred in 9% of the placebo group, 4% of the atorvastatin group", DOWN),
        ("Stroke rates were atorvastatin 4% and placebo 9%", DOWN),
        ("Stroke (4% with atorvastatin versus 9% with placebo)", DOWN),
        ("Stroke occurred in 4% with atorvastatin and in 9% with placebo (p = 0.20)", SAME),
        ("Stroke occurred in 4.0% with atorvastatin and in 4.1% with placebo (p = 0.01)", DOWN),
        ("Stroke occurred in 4.0% with atorvastatin and in 4.1% with placebo", UNTOLD),
        ("Stroke occurred in 4% with atorvastatin and in 4% with placebo", SAME),
        ("Stroke occurred in 4% with atorvastatin", UNTOLD),
        ("Stroke occurred in 4% of patients and death in 9%", UNTOLD),
        ("Stroke occurred in 4% with aspirin and in 9% with placebo", UNTOLD),
    ],
)
def test_percentages_of_two_arms(clause: str, expected: Direction) -> None:
    found, arms = direction_by_numbers(clause, SEEN)
    assert found is expected
    if expected is not UNTOLD:
        assert (arms.subject, arms.comparator) == ("atorvastatin", "placebo")


@pytest.mark.parametrize(
    ("clause", "expected", "comparator"),
    [
        ("Stroke struck 9% on aspirin compared with 4% on atorvastatin (p = 0.01)", DOWN, "aspirin"),
        ("Stroke struck 9 patients taking aspirin compared with 2 using atorvastatin (p = 0.01)", DOWN, "aspirin"),
        ("Stroke struck 3 patients on placebo compared with 12 using atorvastatin (p = 0.01)", UP, "placebo"),
        ("Stroke struck 9 patients taking aspirin compared with 2 using clopidogrel (p = 0.01)", UNTOLD, ""),
    ],
)
def test_figures_of_two_arms_in_either_order(clause: str, expected: Direction, comparator: str) -> None:
    found, arms = direction_by_numbers(clause, SEEN)
    assert found is expected
    if expected is not UNTOLD:
        assert (arms.subject, arms.comparator) == ("atorvastatin", comparator)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("the hazard ratio was 0.70 (95% CI 0.55-0.90)", DOWN),
        ("the Hazard ratio was 1.40 (95% CI 1.10 to 1.80)", UP),
        ("the odds ratio was 0.70 (95% CI 0.40\u20131.20)", SAME),
        ("the RR was 0.70, 95% CI 0.55 to 0.90", DOWN),
        ("the relative risk was 0\u00b770 (0\u00b755 to 0\u00b790)", DOWN),
        ("the odds ratio was 0.70 (95% CI 0.80 to 0.90)", UNTOLD),
        ("the hazard ratio was 0.70", UNTOLD),
        ("the ratio was 0.70 (95% CI 0.55 to 0.90)", UNTOLD),
    ],
)
def test_a_ratio_with_its_interval(said: str, expected: Direction) -> None:
    assert direction_by_ratio(f"For stroke with atorvastatin compared with placebo {said}", SEEN)[0] is expected


def test_a_ratio_of_another_treatment_says_nothing_of_the_subject() -> None:
    clause = "For stroke with aspirin the hazard ratio was 0.70 (95% CI 0.55 to 0.90)"
    assert direction_by_ratio(clause, SEEN)[0] is UNTOLD
