"""The model's stance and the witnesses' as one probability: agreement raises it, disagreement lowers it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consilience.models.stance import StanceScores
from consilience.reasoning.embedded.examining import Passage, Witnessed
from consilience.reasoning.embedded.witness import Stated
from consilience.reasoning.language_model.joining import HOLDS, MODEL_IS_RIGHT, disagree, joint
from consilience.records import Stance
from consilience.tests.support import dossiers

S, R, N = Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL
SIDES = st.sampled_from([S, R])
UNIT = st.floats(0, 1)
CLAIM = dossiers.entry(1, dossiers.paper(1)).claim


def seen(
    ruled: Stance | None,
    same: float = 0.0,
    opposite: float = 0.0,
    *,
    side: Stance = S,
    stated: Stance = N,
    own: bool = False,
    own_words: bool = False,
    judged: bool = True,
) -> Witnessed:
    supports, refutes = (same, opposite) if side is S else (opposite, same)
    scores = StanceScores(supports, refutes, max(0.0, 1 - same - opposite)) if judged else None
    return Witnessed(Passage(CLAIM, CLAIM.spans[0], ruled, own, own_words), Stated(stated, 0.9), scores)


@given(side=SIDES, ruled=st.sampled_from([None, S, R, N]), low=UNIT, high=UNIT)
def test_more_agreement_of_the_judge_never_lowers_it(
    side: Stance, ruled: Stance | None, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    one, other = (joint(side, seen(ruled, q, (1 - q) / 2, side=side)) for q in (low, high))
    assert 0 < one <= other < 1


@given(side=SIDES, same=UNIT, share=UNIT)
def test_rules_that_agree_raise_it_and_rules_that_disagree_lower_it(side: Stance, same: float, share: float) -> None:
    opposite = R if side is S else S
    agreed, silent, elsewhere, opposed = (
        joint(side, seen(ruled, same, (1 - same) * share, side=side)) for ruled in (side, None, N, opposite)
    )
    assert agreed > silent > elsewhere > opposed


@given(side=SIDES)
def test_alone_the_models_word_counts_as_often_as_it_is_taken_to_be_right(side: Stance) -> None:
    assert joint(side, seen(None, judged=False)) == MODEL_IS_RIGHT


@given(side=SIDES)
def test_witnesses_that_see_nothing_leave_it_standing_with_less_confidence(side: Stance) -> None:
    assert HOLDS < joint(side, seen(N, 0.0, 0.0, side=side)) < MODEL_IS_RIGHT


@given(side=SIDES)
def test_both_witnesses_against_it_make_it_less_likely_than_not(side: Stance) -> None:
    opposite = R if side is S else S
    assert joint(side, seen(opposite, 0.0, 1.0, side=side)) < HOLDS < joint(side, seen(side, 1.0, 0.0, side=side))


def test_witnesses_disagree_where_own_words_are_not_carried_or_another_paper_refutes() -> None:
    assert disagree(seen(S, own=True, own_words=True, stated=N))
    assert not disagree(seen(S, own=True, own_words=True, stated=S))
    assert disagree(seen(R, stated=R))
    assert not disagree(seen(R, own=True, stated=R))
    assert not disagree(seen(S, stated=S))
