"""Confidence: the chances of the verdicts, from the best span of each independent paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.confidence import HIGHEST, confidence_in
from consilience.reasoning.verdicts import Tally
from consilience.records import Evidence, Span, Stance, Verdict

Scores = dict[str, float]
CHANCE = st.floats(0.05, 0.9)


def spans(scores: Scores, stance: Stance, *, own: bool = False) -> list[Evidence]:
    return [
        Evidence(span=Span(paper_id=p, start=0, end=1, text="x"), stance=stance, score=q, own_source=own)
        for p, q in scores.items()
    ]


def chances(own: Scores, support: Scores, against: Scores) -> dict[Verdict, float]:
    found = [
        *spans(own, Stance.SUPPORTS, own=True),
        *spans(support, Stance.SUPPORTS),
        *spans(against, Stance.REFUTES),
    ]
    counted = Tally(bool(own), tuple({**own, **support}), tuple(against), tuple(support), tuple(against))
    return {verdict: confidence_in(verdict, found, counted) for verdict in Verdict}


@given(s=CHANCE, r=CHANCE)
def test_without_a_paper_of_its_own_the_verdicts_part_all_chances(s: float, r: float) -> None:
    assert sum(chances({}, {"s": s}, {"r": r}).values()) == pytest.approx(1, abs=3e-4)


@given(o=CHANCE, s=CHANCE)
def test_without_refutation_the_verdicts_part_all_chances(o: float, s: float) -> None:
    found = chances({"o": o}, {"s": s}, {})
    assert sum(found.values()) == pytest.approx(1, abs=3e-4)
    assert found[Verdict.CONTESTED] == found[Verdict.REFUTED] == 0


@given(o=CHANCE, s=CHANCE, r=CHANCE)
def test_only_a_refuted_claim_of_one_paper_counts_as_contested_and_refuted(o: float, s: float, r: float) -> None:
    """R with O and without S is either verdict's event: ``verdict_of`` decides by the number of papers."""
    total = sum(chances({"o": o}, {"s": s}, {"r": r}).values())
    assert total == pytest.approx(1 + r * o * (1 - s), abs=3e-4)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.SUPPORTED, 0.5 * 0.8),
        (Verdict.UNCORROBORATED, 0.9 * 0.5 * 0.8),
        (Verdict.CONTESTED, (1 - 0.1 * 0.5) * 0.2),
        (Verdict.REFUTED, 0.5 * 0.2),
        (Verdict.NOT_ENOUGH_EVIDENCE, 0.1 * 0.5 * 0.8),
    ],
)
def test_each_verdict_has_its_event(verdict: Verdict, expected: float) -> None:
    assert chances({"o": 0.9}, {"s": 0.5}, {"r": 0.2})[verdict] == pytest.approx(expected)


def test_papers_of_one_side_add_up_to_at_least_one_right() -> None:
    assert chances({}, {"s": 0.5, "t": 0.6}, {})[Verdict.SUPPORTED] == pytest.approx(1 - 0.5 * 0.4)
    assert chances({}, {}, {"s": 0.5, "t": 0.6})[Verdict.REFUTED] == pytest.approx(1 - 0.5 * 0.4)


def test_a_papers_best_span_counts_and_papers_not_independent_add_nothing() -> None:
    found = [e for q in (0.3, 0.7, 0.4) for e in spans({"s": q}, Stance.SUPPORTS)]
    found += spans({"same group": 0.9}, Stance.SUPPORTS) + spans({"s": 0.95}, Stance.NEUTRAL)
    counted = Tally(False, ("s", "same group"), (), ("s",), ())
    assert confidence_in(Verdict.SUPPORTED, found, counted) == pytest.approx(0.7)


def test_an_own_paper_that_corroborates_is_not_counted_twice() -> None:
    found = spans({"a": 0.6, "b": 0.5}, Stance.SUPPORTS, own=True)
    counted = Tally(True, ("a", "b"), (), ("b",), ())
    assert confidence_in(Verdict.UNCORROBORATED, found, counted) == pytest.approx(0.6 * 0.5)


@pytest.mark.parametrize(
    ("verdict", "own", "support", "against"),
    [
        (Verdict.SUPPORTED, {}, {"s": 1.0}, {}),
        (Verdict.SUPPORTED, {}, {"s": 0.95, "t": 0.95}, {}),
        (Verdict.UNCORROBORATED, {"o": 1.0}, {}, {}),
        (Verdict.CONTESTED, {"o": 1.0}, {}, {"r": 1.0}),
        (Verdict.REFUTED, {}, {}, {"r": 1.0}),
        (Verdict.NOT_ENOUGH_EVIDENCE, {}, {}, {}),
    ],
)
def test_no_confidence_is_above_the_cap(verdict: Verdict, own: Scores, support: Scores, against: Scores) -> None:
    assert chances(own, support, against)[verdict] == HIGHEST == 0.99
