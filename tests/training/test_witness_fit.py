"""The fit of the witness: what counts as a case, on annotation rows made by hand."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from consilience.reasoning.embedded.witness import Constants, constants
from consilience.records import Stance

ABSTRACT = (
    "We compared yoga with usual care in 80 adults. Back pain was significantly lower with yoga than with usual care. "
    "Sleep did not differ significantly between yoga and usual care. Yoga classes were held twice a week."
)
PAIN = "Back pain was significantly lower with yoga than with usual care."
SLEEP = "Sleep did not differ significantly between yoga and usual care."


@pytest.fixture(scope="module")
def training() -> ModuleType:
    """training/witness.py, a script beside the package. It needs scikit-learn, which only its fit uses."""
    pytest.importorskip("sklearn")
    path = Path(__file__).parents[2] / "training" / "witness.py"
    spec = importlib.util.spec_from_file_location("training_witness", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def row(outcome: str, evidence: str, label: str, **changes: str) -> dict[str, str]:
    made = {"pmcid": "1", "intervention": "yoga", "comparator": "usual care", "outcome": outcome}
    return {**made, "evidence": evidence, "label": label, **changes}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(r) + "\n" for r in rows)


def cases(training: ModuleType, folder: Path, *rows: dict[str, str], abstract: str = ABSTRACT) -> list[Any]:
    write(folder / "abstracts.jsonl.gz", [{"pmcid": "1", "abstract": abstract}])
    write(folder / "v2_annotations.jsonl.gz", list(rows))
    return list(training.cases(folder))


def test_one_annotation_gives_a_case_for_each_claim_that_the_rules_take_a_side_on(
    training: ModuleType, tmp_path: Path
) -> None:
    found = cases(training, tmp_path, row("back pain", PAIN, "significantly decreased"))
    assert [(c.claim, c.ruled, c.right) for c in found] == [
        ("yoga increased back pain compared with usual care.", Stance.REFUTES, True),
        ("yoga decreased back pain compared with usual care.", Stance.SUPPORTS, True),
        ("yoga did not change back pain compared with usual care.", Stance.REFUTES, True),
    ]
    assert {(c.group, c.passage) for c in found} == {("1", PAIN)}


def test_rules_that_the_annotation_contradicts_are_wrong(training: ModuleType, tmp_path: Path) -> None:
    found = cases(training, tmp_path, row("back pain", PAIN, "significantly increased"))
    assert [(c.ruled, c.right) for c in found] == [
        (Stance.REFUTES, False),
        (Stance.SUPPORTS, False),
        (Stance.REFUTES, True),
    ]


def test_no_difference_is_a_finding_of_its_own(training: ModuleType, tmp_path: Path) -> None:
    found = cases(training, tmp_path, row("sleep", SLEEP, "no significant difference"))
    assert [(c.ruled, c.right) for c in found] == [
        (Stance.REFUTES, True),
        (Stance.REFUTES, True),
        (Stance.SUPPORTS, True),
    ]


@pytest.mark.parametrize(
    "left_out",
    [
        row("back pain", PAIN, "cannot tell"),
        row("back pain", "Back pain fell.", "significantly decreased"),
        row("back pain", "Back pain was much lower with yoga in the full text.", "significantly decreased"),
        row("back pain", PAIN, "significantly decreased", pmcid="2"),
        # the rules see another outcome, or no result at all
        row("anxiety", PAIN, "significantly decreased"),
        row("yoga classes", "Yoga classes were held twice a week.", "no significant difference"),
    ],
)
def test_what_cannot_be_judged_is_left_out(training: ModuleType, tmp_path: Path, left_out: dict[str, str]) -> None:
    assert cases(training, tmp_path, left_out) == []


def test_a_repeated_annotation_counts_once_and_white_space_is_no_difference(
    training: ModuleType, tmp_path: Path
) -> None:
    spaced = row("back pain", PAIN.replace(" ", "\n  "), "significantly decreased")
    assert len(cases(training, tmp_path, spaced, row("back pain", PAIN, "significantly decreased"))) == 3


def test_the_shipped_constants_are_those_that_the_fit_writes(training: ModuleType) -> None:
    shipped = json.loads(training.TARGET.read_text(encoding="utf-8"))
    assert set(Constants._fields) <= set(shipped)
    assert constants() == Constants(*(shipped[name] for name in Constants._fields))
    assert shipped["slope"] > 0, "more agreement of the judge must not make a stance less likely"
    assert 0.5 < shipped["precision"] <= 1
    assert shipped["brier"] < shipped["brier_constant"]
