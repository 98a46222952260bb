"""Directions: what a statement says happened, composed, negated and taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.language import directions
from consilience.records import Direction, Valence

WORDS = [
    "not",
    "no",
    "did",
    "reduced",
    "increase",
    "pain",
    ",",
    ".",
    ";",
    "but",
    "improved",
    "in",
    "than",
    "lower",
    "was",
    "greater",
    "of",
    "the",
    "and",
]
UP, DOWN, NONE, UNSTATED = Direction.INCREASE, Direction.DECREASE, Direction.NO_DIFFERENCE, Direction.UNSTATED
GOOD, BAD, NEUTRAL = Valence.BENEFIT, Valence.HARM, Valence.NEUTRAL


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("The drug reduced pain more than placebo did (P < .01).", DOWN),
        ("Pain scores were significantly lower in the drug group than in the control group.", DOWN),
        ("Fewer patients relapsed on the drug.", DOWN),
        ("Bone density rose by 3.7% against 0.1% with placebo.", UP),
        ("Sleep duration was longer with the drug than with placebo.", UP),
        ("Treatment was associated with an increased risk of stroke (OR 1.8, 95% CI 1.2 to 2.7).", UP),
        ("Exercise was inversely associated with depressive symptoms.", DOWN),
        ("Adverse events were more frequent with the new drug.", UP),
        ("There was no significant difference in mortality between groups.", NONE),
        ("The drug did not reduce pain.", NONE),
        ("The drug failed to reduce pain.", NONE),
        ("No increase in bleeding was seen.", NONE),
        ("Neither dose reduced blood loss.", NONE),
        ("Memory was unaffected by the drug.", NONE),
        ("The two drugs were comparable in efficacy.", NONE),
        ("The new device was at least as effective as the old one.", NONE),
        ("The drug was non-inferior to warfarin.", NONE),
        ("There is no evidence that the training improves reading.", NONE),
        ("Anxiety changed without any difference between the groups.", NONE),
        ("Exposure was not associated with asthma.", NONE),
        ("The drug was no better than placebo.", NONE),
        ("Survival was longer with it, but this difference did not reach statistical significance.", NONE),
        ("The reduction in pain was not significant (P = .22).", NONE),
        ("Mortality was lower with the drug (5.1% vs 6.0%; P = 0.31).", NONE),
        ("Pain decreased in both groups, but there was no significant difference between the groups.", NONE),
        ("The hazard ratio was 0.93 (95% CI 0.71-1.21).", NONE),
        ("The drug did not fail to reduce pain.", DOWN),
        ("Patients completed a questionnaire.", UNSTATED),
        ("The dose was more than 20 mg in 14 patients.", UNSTATED),
        ("P less than .05 was considered significant.", UNSTATED),
        ("Patients with lower back injuries took higher doses.", UNSTATED),
    ],
)  # fmt: skip
def test_overall(text: str, direction: Direction) -> None:
    assert directions.overall(text) == direction


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("The drug produced a greater reduction in pain than placebo.", DOWN),
        ("The drug produced a smaller reduction in pain.", UP),
        ("The drug attenuated the decline in memory.", UP),
        ("The increase in bone mass was smaller with placebo.", DOWN),
        ("Scores rose less with estrogen than with placebo.", DOWN),
        ("Symptoms were reduced significantly more by the drug.", DOWN),
    ],
)
def test_two_words_say_one_thing(text: str, direction: Direction) -> None:
    assert directions.overall(text) == direction


@pytest.mark.parametrize(
    ("text", "valence"),
    [
        ("The drug reduced headache.", GOOD),
        ("The drug increased the risk of fracture.", BAD),
        ("The drug increased bone mineral density.", GOOD),
        ("The drug prevented loss of memory.", GOOD),
        ("The drug caused lower rates of relief.", BAD),
        ("The drug improved cognition.", GOOD),
        ("Reaction time was impaired by the drug.", BAD),
        ("The drug produced less improvement than placebo.", BAD),
        ("The drug was superior to placebo.", GOOD),
        ("The drug did not improve pain.", NEUTRAL),
        ("The drug raised plasma estradiol.", Valence.UNSTATED),
        ("The method lowers the error rate.", GOOD),
    ],
)
def test_valence_of_the_head(text: str, valence: Valence) -> None:
    assert directions.overall_valence(text) == valence


def test_an_improvement_implies_the_direction_of_its_outcome() -> None:
    assert directions.overall("The drug improved depression.") == DOWN
    assert directions.overall("The drug improved quality of life.") == UP
    assert directions.overall("The drug improved plasma estradiol.") == UNSTATED


def test_a_negation_ends_where_its_clause_ends() -> None:
    found = directions.cues("The drug did not change weight but increased pain.")
    assert [(c.text, c.direction, c.negated) for c in found] == [("change", NONE, True), ("increased", UP, False)]


def test_an_aside_in_the_negative_leaves_the_verb_alone() -> None:
    assert directions.overall("Oral, but not intravenous, dosing reduced pain.") == DOWN


def test_a_negation_reaches_all_that_or_joins() -> None:
    found = directions.cues("The drug did not reduce pain or improve sleep.")
    assert [c.direction for c in found] == [NONE, NONE]


def test_what_does_not_differ_is_one_cue() -> None:
    found = directions.cues("There was no significant difference in improvement between the groups.")
    assert [(c.text, c.direction) for c in found] == [("difference", NONE)]


def test_the_name_of_a_state_is_no_cue() -> None:
    found = directions.cues("Depressed mood and the sleep of depressed patients improved.")
    assert [c.text for c in found] == ["improved"]
    assert directions.overall("Morphine depressed breathing.") == DOWN


def test_compound_words_are_no_cues() -> None:
    assert directions.cues("Morphine-induced sedation and lack-of-ghosting were rated.") == ()


@given(st.text(max_size=200))
def test_cues_are_exact_and_ordered(text: str) -> None:
    found = directions.cues(text)
    assert all(text[c.start : c.end] == c.text for c in found)
    assert list(found) == sorted(found, key=lambda c: c.start)


@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=25,
    )
)
def test_any_arrangement_of_its_words_is_read(parts: list[str]) -> None:
    text = " ".join(parts)
    assert directions.overall(text) in Direction
    assert all((c.direction == NONE) <= (c.valence == NEUTRAL) for c in directions.cues(text))
