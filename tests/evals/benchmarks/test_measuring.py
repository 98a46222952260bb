"""From scores to figures: readings, controls, and every scorer against numbers worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consilience.errors import InputError
from consilience.evals import registry
from consilience.evals.benchmarks.cases import (
    NOTHING,
    THREE,
    Benchmark,
    Case,
    best_claim,
    claim_alone,
    shuffled,
    three_labels,
    two_labels,
)
from consilience.evals.benchmarks.evidence_inference import refutation
from consilience.evals.benchmarks.measuring import measure, scored
from consilience.evals.benchmarks.pubmedqa import forced
from consilience.evals.registry import TaskInput
from consilience.models.stance import StanceScores
from consilience.settings import Settings, load_settings


def scores(supports: float, refutes: float) -> StanceScores:
    return StanceScores(supports, refutes, round(1 - supports - refutes, 4))


def case(label: int, group: str = "g", claims: int = 1, parts: frozenset[str] = frozenset()) -> Case:
    return Case(tuple(f"{group} {n}" for n in range(claims)), (f"text of {group}",), label, group, parts)


def test_readings_are_chances_of_the_classes() -> None:
    assert three_labels([scores(0.2, 0.3)]) == pytest.approx((0.2, 0.3, 0.5))
    assert two_labels([scores(0.2, 0.3)]) == pytest.approx((0.4, 0.6))
    assert best_claim([scores(0.1, 0), scores(0.3, 0), scores(0.1, 0)]) == pytest.approx((0.2, 0.6, 0.2))


def test_without_any_probability_no_class_is_preferred() -> None:
    assert two_labels([scores(0.0, 0.0)]) == pytest.approx((0.5, 0.5))


def test_controls_take_the_evidence_away() -> None:
    cases = [case(0, "a"), case(1, "b"), case(0, "a")]
    assert [c.sentences for c in claim_alone(cases)] == [NOTHING] * 3
    moved = shuffled(cases)
    assert [c.claims for c in moved] == [c.claims for c in cases]
    assert [c.sentences for c in moved] == [("text of b",), ("text of a",), ("text of b",)]
    assert shuffled([case(0, "a"), case(1, "a")]) == [], "there is no other text"


def plain(reading: str = "three") -> Benchmark:
    return Benchmark("plain", THREE, (), lambda _: [], three_labels, ("Split: none.",))


def test_figures_by_hand() -> None:
    unseen = frozenset({"unseen"})
    cases = [case(0, "a"), case(1, "b"), case(2, "c", parts=unseen), case(0, "d", parts=unseen)]
    found = scored(plain(), cases, [[scores(0.8, 0.1)], [scores(0.6, 0.3)], [scores(0.1, 0.1)], [scores(0.5, 0.2)]])
    # supports: 2 hits, 1 false alarm: 4/5; refutes: none found: 0; neutral: 1 hit: 1.
    assert found["macro_f1"] == 0.6
    assert (found["f1_supports"], found["f1_refutes"], found["f1_neutral"]) == (0.8, 0.0, 1.0)
    assert (found["pairs"], found["texts"], found["accuracy"]) == (4, 4, 0.75)
    # 0.06 + 0.86 + 0.06 + 0.38, over four
    assert found["calibration"]["brier"] == 0.34
    assert found["unseen"]["pairs"] == 2
    assert found["unseen"]["accuracy"] == 1.0
    assert found["macro_f1_5_percent"] <= 0.6 <= found["macro_f1_95_percent"]


def test_refutation_of_turned_claims_by_hand() -> None:
    # One trial with an increase, one with no difference (which cannot be turned).
    cases = [case(0, "a", claims=3), case(2, "b", claims=3)]
    found = refutation(
        cases,
        [
            [scores(0.9, 0.1), scores(0.1, 0.8), scores(0.1, 0.05)],
            [scores(0.1, 0.7), scores(0.1, 0.6), scores(0.9, 0.2)],
        ],
    )
    assert (found["flipped.pairs"], found["any_other.pairs"]) == (2, 6)
    assert found["flipped.refutes_recall_at_precision_0.80"] == 1.0
    assert found["flipped.told_apart"] == 1.0
    # By falling probability: wrong, wrong, wrong, true, true, wrong: three of four are found at 0.80 precision.
    assert found["any_other.refutes_recall_at_precision_0.80"] == 0.75
    assert found["any_other.threshold"] == 0.6


def test_maybe_is_never_said_where_it_is_forced() -> None:
    found = forced([case(0), case(1), case(2)], [[scores(0.2, 0.1)], [scores(0.3, 0.1)], [scores(0.1, 0.2)]])
    assert found == {"forced.accuracy": 0.3333, "forced.accuracy_yes_no": 0.5}


def embedded(data: Path, limit: int | None = None) -> TaskInput:
    settings = load_settings().model_copy(update={"reasoner": "embedded"})
    return TaskInput(data, settings, lambda _: None, limit)


@pytest.mark.parametrize("name", registry.BENCHMARKS)
def test_a_whole_measurement_on_a_small_set(name: str, small: Path) -> None:
    told: list[str] = []
    made = registry.run(name, data=small, settings=embedded(small).settings, progress=told.append)
    assert made.name == name
    assert 0 <= float(made.figures["macro_f1"]) <= 1
    assert "controls.claim_alone.macro_f1" in made.figures
    assert made.figures["controls.majority.accuracy"] >= 0.33  # pyright: ignore[reportOperatorIssue] -- a number
    assert {key.split()[0] for key in made.provenance} == {"judge", "data"}
    assert all(len(digest) == 64 for digest in made.provenance.values())
    assert sum(part.count for part in made.reliability) == made.figures["pairs"]
    assert "| macro_f1 |" in made.table
    assert all(p.source in made.table for p in made.published)
    assert any("of" in line and name in line for line in told)
    json.dumps(made.as_json())


def test_a_measurement_is_the_same_twice(small: Path) -> None:
    first, second = (registry.run("scifact", data=small, settings=Settings(reasoner="embedded"), limit=2) for _ in "ab")
    assert first == second
    assert first.figures["pairs"] == 2


def test_an_empty_set_is_told(small: Path) -> None:
    with pytest.raises(InputError, match="hold no case"):
        measure(plain(), embedded(small))


def test_benchmarks_stands_for_all_of_them() -> None:
    assert registry.expanded(["stance", "benchmarks", "scifact"]) == ["stance", *registry.BENCHMARKS]
    assert set(registry.BENCHMARKS) <= set(registry.names())
