"""Figures of a ranking, held against cases counted by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.evals.benchmarks.rank_scores import ndcg_at, recall_at


def test_recall_is_the_share_of_what_is_relevant() -> None:
    ranked = ("a", "b", "c", "d")
    assert [recall_at(ranked, ("b", "d", "z"), k) for k in (1, 2, 4, 9)] == [0, 1 / 3, 2 / 3, 2 / 3]


def test_gain_falls_with_the_rank() -> None:
    assert ndcg_at(("x", "a", "y", "b"), ("a", "b"), 10) == (1 / math.log2(3) + 1 / math.log2(5)) / (
        1 + 1 / math.log2(3)
    )
    assert ndcg_at(("a", "b"), ("a", "b"), 10) == 1


def test_only_the_first_k_count_for_what_is_gained_and_for_the_ideal() -> None:
    assert ndcg_at(("a", "x", "b"), ("a", "b"), 1) == 1
    assert ndcg_at(("x", "a"), ("a",), 1) == 0


def test_a_document_that_is_ranked_twice_counts_once() -> None:
    assert recall_at(("a", "a", "b"), ("a", "b"), 2) == 1
    assert ndcg_at(("a", "a", "b"), ("a", "b"), 2) == 1
    assert recall_at(("a",), ("a", "a"), 1) == 1


@pytest.mark.parametrize(("relevant", "k"), [((), 1), (("a",), 0)])
def test_without_anything_to_find_there_is_no_figure(relevant: tuple[str, ...], k: int) -> None:
    with pytest.raises(ValueError, match="relevant documents"):
        recall_at(("a",), relevant, k)
    with pytest.raises(ValueError, match="relevant documents"):
        ndcg_at(("a",), relevant, k)


@given(st.permutations("abcdef"), st.sets(st.sampled_from("abcdefz"), min_size=1), st.integers(1, 8))
def test_shares_lie_between_0_and_1_and_recall_never_falls_with_depth(
    ranked: list[str], relevant: set[str], k: int
) -> None:
    assert 0 <= ndcg_at(ranked, relevant, k) <= 1.0000001
    assert 0 <= recall_at(ranked, relevant, k) <= recall_at(ranked, relevant, k + 1) <= 1
