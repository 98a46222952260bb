"""The two witnesses: the rules' stance weighed by the judge's scores, and the judge alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.models.stance import StanceScores
from consilience.reasoning.embedded.witness import (
    HOLDS,
    comparable,
    constants,
    evidence,
    probability,
    restated,
    state,
)
from consilience.records import Direction, Relation, Stance

S, R, N = Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL
UNIT = st.floats(0, 1)
RULED = st.sampled_from([S, R])


def scores(supports: float, refutes: float) -> StanceScores:
    return StanceScores(supports, refutes, round(max(0.0, 1 - supports - refutes), 4))


def towards(stance: Stance, same: float, opposite: float) -> StanceScores:
    return scores(same, opposite) if stance is S else scores(opposite, same)


@given(ruled=RULED, low=UNIT, high=UNIT, fixed=UNIT)
def test_more_agreement_never_lowers_and_more_opposition_never_raises(
    ruled: Stance, low: float, high: float, fixed: float
) -> None:
    low, high = sorted((low, high))
    assert probability(ruled, towards(ruled, low, fixed)) <= probability(ruled, towards(ruled, high, fixed))
    assert probability(ruled, towards(ruled, fixed, low)) >= probability(ruled, towards(ruled, fixed, high))


@pytest.mark.parametrize("ruled", [S, R])
def test_the_judge_moves_a_rules_stance_both_ways(ruled: Stance) -> None:
    against, even, agreed = (probability(ruled, towards(ruled, q, 1 - q)) for q in (0.0, 0.5, 1.0))
    assert against < HOLDS < even < agreed < 1
    assert evidence(ruled, towards(ruled, 0.4, 0.4)) == 0


def test_a_refutation_gains_the_fitted_constant() -> None:
    even = scores(0.3, 0.3)
    assert constants().refutes > 0
    assert probability(R, even) > probability(S, even)


@given(ruled=RULED, same=UNIT, opposite=UNIT)
def test_a_stance_holds_from_the_threshold_and_is_neutral_below(ruled: Stance, same: float, opposite: float) -> None:
    found = towards(ruled, same, opposite)
    likely, stated = probability(ruled, found), state(ruled, found, own_words=False)
    assert stated.stance is (ruled if likely >= HOLDS else N)
    assert stated.probability == round(max(likely, 1 - likely), 4) >= HOLDS


@pytest.mark.parametrize(
    ("ruled", "same", "expected"),
    [(S, 1.0, S), (S, 0.0, N), (R, 1.0, R), (R, 0.0, N)],
)
def test_the_judge_can_overrule_a_rule_but_not_turn_it_round(ruled: Stance, same: float, expected: Stance) -> None:
    assert state(ruled, towards(ruled, same, 1 - same), own_words=False).stance is expected


def test_own_words_support_at_least_with_the_rules_precision() -> None:
    opposed, agreed = scores(0.0, 1.0), scores(1.0, 0.0)
    assert state(S, opposed, own_words=True) == (S, constants().precision)
    assert state(S, agreed, own_words=True) == state(S, agreed, own_words=False)
    assert state(S, agreed, own_words=True).probability > constants().precision
    assert state(R, scores(1.0, 0.0), own_words=True).stance is N, "own words never lift a refutation"


def test_a_neutral_rule_stays_neutral_whatever_the_judge_says() -> None:
    assert state(N, scores(0.98, 0.01), own_words=True) == (N, 0.01)


@pytest.mark.parametrize(
    ("supports", "refutes", "expected"),
    [
        (HOLDS, 0.1, (S, HOLDS)),
        (HOLDS - 0.01, 0.1, (N, 0.41)),
        (0.1, HOLDS, (R, HOLDS)),
        (0.1, HOLDS - 0.01, (N, 0.41)),
        (0.0, 0.0, (N, 1.0)),
    ],
)
def test_alone_the_judge_must_be_more_likely_right_than_wrong(
    supports: float, refutes: float, expected: tuple[Stance, float]
) -> None:
    stated = state(None, scores(supports, refutes), own_words=False)
    assert stated.stance is expected[0]
    assert stated.probability == pytest.approx(expected[1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pain fell by 21% (p = 0.01) in adults", "Pain fell by in adults"),
        ("Pain fell [zolafen] at 2,5 mg", "Pain fell at mg"),
        ("Pain  fell", "Pain fell"),
    ],
)
def test_asides_and_figures_are_not_compared(text: str, expected: str) -> None:
    assert comparable(text) == expected


def test_a_claim_whose_figures_told_its_direction_is_said_in_words() -> None:
    text = "Fractures occurred in 8.6% of women on estrogen and 11.1% on placebo."
    relation = Relation(subject="estrogen", comparator="placebo", outcome="fractures", direction=Direction.DECREASE)
    assert restated(text, relation) == "estrogen decreased fractures compared with placebo."
    assert restated("Estrogen lowered fractures (RR 0.8).", relation) == "Estrogen lowered fractures ."


def test_a_claim_without_a_read_direction_stays_what_it_says() -> None:
    assert restated("Fractures occurred in 8.6% of women.", Relation(outcome="fractures")) == comparable(
        "Fractures occurred in 8.6% of women."
    )


def test_a_denial_without_figures_stays_a_denial() -> None:
    relation = Relation(subject="yoga", outcome="pain", direction=Direction.INCREASE)
    assert restated("Yoga does not increase pain.", relation) == "Yoga does not increase pain."
