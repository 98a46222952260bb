"""Ranking figures, against values worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.evals.ranking import average_precision, recall_at, wss


def ranked(size: int, *included: int) -> list[bool]:
    """``size`` labels with those at the ranks (from 1) included."""
    return [rank in included for rank in range(1, size + 1)]


def test_recall_among_the_best_tenth_and_fifth() -> None:
    labels = ranked(20, 1, 2, 4, 20)
    assert recall_at(labels, 0.1) == 0.5
    assert recall_at(labels, 0.2) == 0.75


def test_the_share_of_records_is_rounded_up() -> None:
    assert recall_at(ranked(15, 2), 0.1) == 1.0


@pytest.mark.parametrize(
    ("labels", "saved"),
    [
        (ranked(100, 1), 0.94),  # one record read: 99 saved, less the 5 that sampling saves too
        (ranked(100, 100), -0.05),
        (ranked(100, *range(1, 21)), 0.76),  # 19 of 20 make 95 %: reached at rank 19
        (ranked(100, *range(1, 20), 100), 0.76),  # the twentieth may be missed
    ],
)
def test_work_saved_over_sampling(labels: list[bool], saved: float) -> None:
    assert wss(labels) == saved


def test_average_precision() -> None:
    assert average_precision(ranked(4, 1, 4)) == 0.75
    assert average_precision(ranked(3, 1, 2, 3)) == 1.0


@pytest.mark.parametrize("labels", [[], [False, False]])
def test_without_an_included_record_there_is_no_figure(labels: list[bool]) -> None:
    assert (recall_at(labels, 0.1), wss(labels), average_precision(labels)) == (None, None, None)


@given(st.lists(st.booleans(), min_size=1).filter(any))
def test_the_perfect_order_is_never_beaten(labels: list[bool]) -> None:
    best = sorted(labels, reverse=True)
    assert (recall_at(labels, 0.2) or 0) <= (recall_at(best, 0.2) or 0)
    assert (wss(labels) or 0) <= (wss(best) or 0)
    assert (average_precision(labels) or 0) <= (average_precision(best) or 0)
