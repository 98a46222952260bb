"""The panel's score and its bootstrap interval."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.reports.statistics import panel_score, score_interval

MATRICES = st.integers(1, 8).flatmap(
    lambda n: st.lists(
        st.fixed_dictionaries({f"c{i}": st.integers(1, 10).map(float) for i in range(n)}),
        min_size=1,
        max_size=6,
    )
)


def test_the_score_is_the_median_of_the_means() -> None:
    assert panel_score([{"a": 2, "b": 4}, {"a": 5, "b": 5}, {"a": 9, "b": 10}]) == 5
    assert panel_score([{"a": 2}, {"a": 5}]) == 3.5


def test_without_scores_there_is_no_score() -> None:
    assert panel_score([]) is None
    assert panel_score([{}]) is None
    assert score_interval([{}]) is None


def test_equal_scores_leave_no_doubt() -> None:
    assert score_interval([{"a": 6.0, "b": 6.0}] * 5) == (6.0, 6.0)


def test_disagreement_widens_the_interval() -> None:
    near = score_interval([{"a": 6.0 + i / 10, "b": 6.0} for i in range(5)])
    far = score_interval([{"a": 2.0 + 2 * i, "b": 6.0} for i in range(5)])
    assert near is not None
    assert far is not None
    assert far[1] - far[0] > 1 > near[1] - near[0]


def test_criteria_that_not_all_scored_are_no_error() -> None:
    low, high = score_interval([{"a": 3.0}, {"b": 9.0}]) or (0, 0)
    assert (low, high) == (3.0, 9.0)


@settings(max_examples=30)
@given(MATRICES)
def test_the_interval_holds_to_the_scores_and_repeats(matrix: list[dict[str, float]]) -> None:
    values = [v for row in matrix for v in row.values()]
    interval = score_interval(matrix, replicates=200)
    assert interval is not None
    assert min(values) <= interval[0] <= interval[1] <= max(values)
    assert interval == score_interval(matrix, replicates=200)
