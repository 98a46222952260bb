"""The scores of judged labels, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from consilience.evals import label_scores
from consilience.evals.results import Bin

CHANCES = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.7, 0.3]])
LABELS = np.array([0, 1, 1, 0])


def test_f1_of_each_class_and_their_mean() -> None:
    found = label_scores.label_scores(LABELS, CHANCES.argmax(axis=1), ("a", "b"))
    # a: two hits, one false alarm: 4/5. b: one hit, one miss: 2/3.
    assert found == {"macro_f1": 0.7333, "accuracy": 0.75, "f1_a": 0.8, "f1_b": 0.6667}


def test_recall_at_a_precision_by_hand() -> None:
    chances, wanted = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True])
    # Precision 1, 1, 2/3, 3/4 at recall 1/3, 2/3, 2/3, 1.
    assert label_scores.recall_at_precision(chances, wanted, 0.8) == (0.6667, 0.8)
    assert label_scores.recall_at_precision(chances, wanted, 0.75) == (1.0, 0.6)


def test_no_threshold_cuts_between_equal_chances() -> None:
    chances, wanted = np.array([0.9, 0.9]), np.array([True, False])
    assert label_scores.recall_at_precision(chances, wanted, 0.8) == (0.0, 1.0)


def test_brier_with_its_interval() -> None:
    found = label_scores.calibrated(CHANCES, LABELS, ["x", "y", "z", "x"])
    # (0.02 + 0.72 + 0.08 + 0.18) / 4
    assert found["brier"] == 0.25
    assert found["brier_5_percent"] < 0.25 < found["brier_95_percent"]
    assert found["error_5_percent"] <= found["error_95_percent"]


def test_whole_groups_are_drawn() -> None:
    counts: list[int] = []
    label_scores.interval(lambda rows: counts.append(len(rows)) or 0.0, ["x", "x", "x", "y"], draws=50)
    assert set(counts) <= {2, 4, 6}, "two draws of a group of three or of one"
    assert len(set(counts)) > 1


def test_one_group_leaves_no_doubt() -> None:
    assert label_scores.interval(lambda rows: float(rows.mean()), ["x", "x"]) == (0.5, 0.5)


def test_reliability_in_bins_of_equal_count() -> None:
    low, high = label_scores.reliability(CHANCES, LABELS, bins=2)
    assert (low.confidence, low.right, low.count) == (0.65, 0.5, 2)
    assert (high.confidence, high.right, high.count) == (0.85, 1.0, 2)
    assert low.low < 0.5 < low.high
    assert label_scores.reliability(CHANCES[:1], LABELS[:1]) == (Bin(0.9, 1.0, *label_scores.wilson(1, 1), 1),)


@pytest.mark.parametrize(
    ("hits", "of", "ends"), [(8, 10, (0.4902, 0.9433)), (0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0))]
)
def test_wilson(hits: int, of: int, ends: tuple[float, float]) -> None:
    assert label_scores.wilson(hits, of) == ends
