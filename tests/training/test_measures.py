"""The figures of a judge on pairs, against cases that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from consilience.training.cross_encoder import measures
from consilience.training.cross_encoder.pairs import Labelled


def pair(label: int, group: str, evidence: tuple[int, ...] = (0,)) -> Labelled:
    return Labelled("c", ("s",) * len(evidence), label, evidence, group, "made")


def test_recall_at_precision_takes_the_lowest_threshold_that_holds() -> None:
    chances = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    wanted = np.array([True, True, False, True, True])
    assert measures.recall_at_precision(chances, wanted, 0.8) == (1.0, 0.5)
    assert measures.recall_at_precision(chances, wanted, 0.9) == (0.5, 0.8)
    assert measures.recall_at_precision(chances, ~wanted, 0.9) == (0.0, 1.0)


def test_recall_at_precision_does_not_split_ties() -> None:
    assert measures.recall_at_precision(np.array([0.5, 0.5]), np.array([True, False]), 0.8) == (0.0, 1.0)


def test_temperature_flattens_a_judge_that_is_too_sure() -> None:
    pairs = [pair(i % 3, str(i)) for i in range(60)]
    logits = np.array([np.eye(3)[(i if i % 2 else i + 1) % 3] * 9 for i in range(60)])
    assert measures.fit_temperature(logits, pairs) > 2
    chances = measures.cross_fitted(logits, pairs)
    assert chances.shape == (60, 3)
    assert chances.max() < 0.8


def test_sentences_count_where_a_side_is_taken() -> None:
    pairs = [pair(0, "a", (1, 0)), pair(2, "b", (0, 0)), pair(1, "c", (1, 1))]
    marks = [np.array([2.0, -1.0]), np.array([3.0, -1.0]), np.array([1.0, -2.0])]
    chances = np.array([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8], [0.1, 0.8, 0.1]])
    found = measures.sentence_scores(marks, chances, pairs)
    assert found["precision"] == 1.0
    assert found["recall"] == pytest.approx(2 / 3, abs=1e-4)
