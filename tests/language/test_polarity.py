"""Polarity: whether more of an outcome is good, in medicine, psychology and computing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.language import polarity
from consilience.records import Direction, Valence

GOOD = """
relief of headache; headache relief; pain-free at 2 hours; reduction in symptoms; symptom improvement; survival;
freedom from seizures; verbal memory; bone mineral density; quality of life; risk reduction; prevention of bone loss;
recovery from stroke; classification accuracy; inference efficiency; code quality; adherence; time to recurrence;
absence of pain; self-esteem; reading performance; remission of depression; test coverage; delayed recall;
reduction in the risk of death
"""
BAD = """
risk of fracture; loss of memory; memory loss; cognitive impairment; time to relief; mortality; somnolence; bone loss;
incidence of adverse events; lack of response; stress response; sleep disturbance; training time; defect density;
word error rate; depressive symptoms; costs; postoperative nausea; rate of relapse; impairment of driving performance;
bleeding; failure of treatment; reaction time
"""


def phrases(listed: str) -> list[str]:
    return [" ".join(p.split()) for p in listed.split(";")]


@pytest.mark.parametrize("phrase", phrases(GOOD))
def test_good(phrase: str) -> None:
    assert polarity.of_outcome(phrase) == "good"


@pytest.mark.parametrize("phrase", phrases(BAD))
def test_bad(phrase: str) -> None:
    assert polarity.of_outcome(phrase) == "bad"


@pytest.mark.parametrize("phrase", ["plasma estradiol", "weight loss", "", "blood pressure", "the size of the corpus"])
def test_unknown_stays_unknown(phrase: str) -> None:
    assert polarity.of_outcome(phrase) == "unknown"


def test_valence_multiplies_direction_and_polarity() -> None:
    assert polarity.valence(Direction.DECREASE, "bad") == Valence.BENEFIT
    assert polarity.valence(Direction.DECREASE, "good") == Valence.HARM
    assert polarity.valence(Direction.INCREASE, "unknown") == Valence.UNSTATED
    assert polarity.valence(Direction.NO_DIFFERENCE, "bad") == Valence.NEUTRAL
    assert polarity.implied(Valence.BENEFIT, "bad") == Direction.DECREASE


@given(st.text(max_size=120))
def test_any_phrase_is_read(phrase: str) -> None:
    assert polarity.of_outcome(phrase) in ("good", "bad", "unknown")
