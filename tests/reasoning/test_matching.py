"""Whether two findings are on one comparison and one outcome, and whether they agree."""

from __future__ import annotations

import pytest

from consilience.reasoning.embedded.matching import same_comparator, same_outcome, same_subject, stance_of
from consilience.reasoning.embedded.scope import Scope
from consilience.reasoning.embedded.statements import read
from consilience.records import Direction, Facet, Relation, Stance, Valence
from consilience.tests.support import dossiers as made

OPEN = Scope(made.plan(facets=()))
ZOLAFEN = Scope(made.plan())
EFFICACY = Scope(
    made.plan(facets=(Facet(role="outcome", text="effective", terms=("efficacy", "relief", "pain-free")),))
)
UP, DOWN, NONE, UNSAID = Direction.INCREASE, Direction.DECREASE, Direction.NO_DIFFERENCE, Direction.UNSTATED
GOOD, BAD, UNRATED = Valence.BENEFIT, Valence.HARM, Valence.UNSTATED
S, R, N = Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("sumatriptan", "oral sumatriptan 50 mg", True),
        ("sumatriptan", "rizatriptan", False),
        ("sumatriptan", "triptans", True),
        ("zolafen", "Zolafen tablets", True),
        ("zolafen", "mirdapone", False),
        ("evening zolafen", "morning zolafen", False),
        ("", "zolafen", False),
        ("", "", False),
    ],
)
def test_subjects(one: str, other: str, expected: bool) -> None:
    assert same_subject(one, other, OPEN) is same_subject(other, one, OPEN) is expected


def test_what_the_question_asks_about_is_one_subject_in_any_wording() -> None:
    assert same_subject("evening zolafen", "morning zolafen", ZOLAFEN)
    assert not same_subject("zolafen", "mirdapone", ZOLAFEN)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", True),
        ("placebo", "", True),
        ("placebo", "matching placebo", True),
        ("placebo", "sumatriptan", False),
        ("", "sumatriptan", False),
        ("sumatriptan", "sumatriptan 100 mg", True),
        ("sumatriptan", "rizatriptan", False),
        ("mirdapone", "mirdapone tablets", True),
        ("mirdapone", "quelvine", False),
        ("sumatriptan", "mirdapone", False),
        ("aspirin", "lysine acetylsalicylate 900 mg", True),
        ("Cafergot", "ergotamine plus caffeine", True),
        ("aspirin", "Cafergot", False),
        ("placebo", "Cafergot (10%) or placebo", True),
        ("Cafergot", "Cafergot (10%) or placebo", True),
        ("aspirin", "Cafergot (10%) or placebo", False),
    ],
)
def test_comparators(one: str, other: str, expected: bool) -> None:
    assert same_comparator(one, other) is same_comparator(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("headache", "pain intensity", True),
        ("memory", "cognition", False),
        ("memory", "attention", False),
        ("memory", "recall of memory", True),
        ("stroke", "fracture", False),
        ("night cramps", "cramps at night", True),
        ("night cramps", "toe spasms", False),
        ("patients with cramps", "patients with spasms", False),
        # a word in common, but not what both are about
        ("breast cancer", "breast discomfort", False),
        ("breast", "breast discomfort", False),
        ("toe spasms at night", "night cramps", False),
        ("risk of toe spasms", "risk of night cramps", False),
        ("night cramps", "frequency of severe cramps", True),
        ("frequency", "frequency", True),
        ("heart rate", "heart failure", False),
        ("gallbladder disease", "the disease", False),
        ("gallbladder disease", "liver disease", False),
        ("sexual function", "sexual desire", False),
        ("breast cancer", "the breast", False),
        # another place in the body
        ("hip fracture", "forearm fractures", False),
        ("vertebral fractures", "non-vertebral fractures", False),
        ("hip fracture", "fracture of the femoral neck", True),
        ("breast cancer", "colorectal cancer", False),
        ("hip fracture", "forearm and hip fractures", True),
        ("", "memory", False),
        ("", "", False),
    ],
)
def test_outcomes(one: str, other: str, expected: bool) -> None:
    assert same_outcome(one, other, OPEN) is same_outcome(other, one, OPEN) is expected


@pytest.mark.parametrize(
    ("general", "special"),
    [
        ("fracture", "hip fractures"),
        ("non-vertebral fracture", "forearm fractures"),
        ("peripheral fracture", "fractures of the hip"),
        ("cancer", "breast cancer"),
    ],
)
def test_what_is_found_at_one_site_is_found_but_not_the_reverse(general: str, special: str) -> None:
    assert same_outcome(general, special, OPEN)
    assert not same_outcome(special, general, OPEN)


def test_a_class_of_comparators_covers_its_members_but_not_the_reverse() -> None:
    assert same_comparator("first-generation antihistamines", "diphenhydramine")
    assert not same_comparator("diphenhydramine", "first-generation antihistamines")
    assert not same_comparator("first-generation antihistamines", "loratadine")


def test_two_names_of_one_treatment_are_one_subject() -> None:
    asked = Scope(read("Acetylsalicylic acid reduces headache.").plan)
    assert same_subject("aspirin", "acetylsalicylic acid", asked)
    assert same_subject("aspirin", "lysine acetylsalicylate", OPEN)


def test_wordings_of_efficacy_are_one_outcome_only_where_it_is_asked() -> None:
    assert same_outcome("efficacy", "pain-free", EFFICACY)
    assert not same_outcome("efficacy", "pain-free", ZOLAFEN)
    assert not same_outcome("efficacy", "memory", EFFICACY)


def test_what_happened_to_those_whom_it_helped_is_another_outcome() -> None:
    assert same_outcome("efficacy", "relief among women", EFFICACY)
    assert not same_outcome("efficacy", "recurrence among those with relief", EFFICACY)
    assert not same_outcome("relief", "adverse events in pain-free patients", EFFICACY)


def relation(direction: Direction, valence: Valence = UNRATED) -> Relation:
    return Relation(
        subject="zolafen", comparator="placebo", outcome="night cramps", direction=direction, valence=valence
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (relation(DOWN), relation(DOWN), S),
        (relation(DOWN), relation(UP), R),
        (relation(NONE), relation(NONE), S),
        (relation(NONE), relation(DOWN), R),
        (relation(NONE), relation(UNSAID, GOOD), R),
        (relation(NONE), relation(UNSAID), N),
        (relation(UNSAID), relation(DOWN), N),
        (relation(UNSAID), relation(UNSAID), N),
        (relation(UP, GOOD), relation(DOWN, GOOD), S),
        (relation(DOWN, GOOD), relation(DOWN, BAD), R),
        (relation(DOWN, GOOD), relation(DOWN), S),
        (relation(UNSAID, GOOD), relation(UNSAID, BAD), R),
    ],
)
def test_agreement_is_the_same_both_ways(one: Relation, other: Relation, expected: Stance) -> None:
    assert stance_of(one, other, ZOLAFEN) is stance_of(other, one, ZOLAFEN) is expected


@pytest.mark.parametrize("part", ["subject", "comparator", "outcome"])
@pytest.mark.parametrize("direction", [DOWN, UP, NONE])
def test_another_comparison_says_nothing(part: str, direction: Direction) -> None:
    other = relation(direction).model_copy(update={part: "quelvine"})
    assert stance_of(relation(DOWN), other, ZOLAFEN) is N


@pytest.mark.parametrize(
    ("claimed", "found", "direction", "expected"),
    [
        ("sedation", "driving performance", NONE, N),
        ("driving performance", "driving performance", NONE, S),
        ("sedation", "drowsiness", NONE, S),
        ("sedation", "driving impairment", UP, R),
    ],
)
def test_no_effect_on_a_part_is_not_none_on_the_whole(
    claimed: str, found: str, direction: Direction, expected: Stance
) -> None:
    one = Relation(subject="zolafen", comparator="placebo", outcome=claimed, direction=NONE)
    other = Relation(subject="zolafen", comparator="placebo", outcome=found, direction=direction)
    assert stance_of(one, other, OPEN) is expected
