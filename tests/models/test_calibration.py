"""Calibration: temperature, Brier score, and an error estimate that a calibrated judge passes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.models import calibration


def drawn(count: int, sharpness: float, seed: int = 0) -> tuple[calibration.Floats, calibration.Integers]:
    """Logits times ``sharpness``, with labels drawn from the probabilities of the plain logits."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(size=(count, 3)) * 1.5
    chances = calibration.softmax(logits)
    labels = np.array([generator.choice(3, p=row) for row in chances])
    return logits * sharpness, labels


def test_the_temperature_undoes_overconfidence() -> None:
    logits, labels = drawn(4000, 3.0)
    temperature = calibration.fit_temperature(logits, labels)
    assert temperature == pytest.approx(3.0, rel=0.12)
    before = calibration.calibration_error(calibration.softmax(logits), labels)
    after = calibration.calibration_error(calibration.softmax(logits, temperature), labels)
    assert after < 0.03 < 0.1 < before


def plain_error(probabilities: calibration.Floats, labels: calibration.Integers) -> float:
    """The estimate without the correction, over the same ten bins."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.array_split(np.argsort(confidence, kind="stable"), 10)
    return float(np.sqrt(np.mean([(right[b].mean() - confidence[b].mean()) ** 2 for b in bins])))


def test_the_estimate_is_debiased_where_the_plain_one_is_not() -> None:
    sets = [drawn(300, 1.0, seed) for seed in range(20)]
    debiased = [calibration.calibration_error(calibration.softmax(logits), labels) for logits, labels in sets]
    plain = [plain_error(calibration.softmax(logits), labels) for logits, labels in sets]
    assert float(np.mean(debiased)) < 0.5 * float(np.mean(plain))


def test_weights_move_the_temperature() -> None:
    sharp, dull = drawn(1500, 3.0, 1), drawn(1500, 0.5, 2)
    logits, labels = np.vstack([sharp[0], dull[0]]), np.concatenate([sharp[1], dull[1]])
    on_sharp = calibration.fit_temperature(logits, labels, np.repeat([1.0, 0.0], 1500))
    on_dull = calibration.fit_temperature(logits, labels, np.repeat([0.0, 1.0], 1500))
    assert on_sharp > 2 > 1 > on_dull


def test_brier_score() -> None:
    labels = np.array([0, 1])
    assert calibration.brier(np.array([[1.0, 0, 0], [0, 1.0, 0]]), labels) == 0
    assert calibration.brier(np.array([[0, 1.0, 0], [0, 1.0, 0]]), labels) == 1


def test_the_interval_holds_whole_groups_and_repeats() -> None:
    logits, labels = drawn(300, 3.0)
    groups = np.arange(300) // 3
    probabilities = calibration.softmax(logits)
    first = calibration.error_with_interval(probabilities, labels, groups, draws=60)
    assert first == calibration.error_with_interval(probabilities, labels, groups, draws=60)
    assert first.low <= first.value <= first.high
    assert first.low > 0.05


def test_a_calibrated_judge_is_seldom_told_to_be_off() -> None:
    """The 5 % end is above 0 in one calibrated set of twenty; with the draws' own chance in it, in one of four."""
    turn, off = np.random.default_rng(1), 0
    for _ in range(40):
        sure = turn.uniform(0.5, 0.95, 400)
        labels = (turn.uniform(size=400) > sure).astype(np.int64)
        found = calibration.error_with_interval(np.column_stack([sure, 1 - sure]), labels, np.arange(400), draws=60)
        assert found.low <= found.value <= found.high
        off += found.low > 0
    assert off <= 4


def test_rows_and_labels_must_fit() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        calibration.brier(np.zeros((2, 3)), np.array([0]))


@given(st.lists(st.floats(-30, 30), min_size=3, max_size=3), st.floats(0.2, 5))
def test_probabilities_sum_to_one_and_keep_the_order(row: list[float], temperature: float) -> None:
    found = calibration.softmax(np.array([row]), temperature)[0]
    assert found.sum() == pytest.approx(1)
    assert found[int(np.argmax(row))] == found.max()
