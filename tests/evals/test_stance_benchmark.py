"""The stance benchmark: its scores, and the pairs that it makes of public sets (a small set of the test's own)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consilience.errors import InputError
from consilience.evals import stance_benchmark, stance_pairs

TRIALS = (
    (
        "T1",
        "tea",
        "water",
        "back pain",
        "significantly decreased",
        "Tea reduced back pain more than water did (p < .01).",
    ),
    (
        "T2",
        "yoga",
        "rest",
        "reading speed",
        "no significant difference",
        "Reading speed was the same after yoga and rest.",
    ),
)


def write(folder: Path, path: str, rows: list[dict[str, Any]]) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(
        tmp_path,
        "evidence_inference/abstracts.jsonl.gz",
        [{"pmcid": t, "abstract": f"We studied adults. {evidence}"} for t, *_, evidence in TRIALS],
    )
    keys = ("pmcid", "intervention", "comparator", "outcome", "label", "evidence")
    annotations: list[dict[str, Any]] = [dict(zip(keys, trial, strict=True)) for trial in TRIALS]
    absent = {**annotations[0], "evidence": "A table that is only in the full text: 3 of 4."}
    write(tmp_path, "evidence_inference/v2_annotations.jsonl.gz", [*annotations, absent])
    write(tmp_path, "scifact/corpus.jsonl.gz", [{"doc_id": 7, "abstract": ["Tea helps.", "Water does not."]}])
    evidence = {"7": [{"sentences": [0], "label": "CONTRADICT"}]}
    claims: list[dict[str, Any]] = [
        {"claim": "Tea harms.", "cited_doc_ids": [7], "evidence": evidence},
        {"claim": "Milk helps.", "cited_doc_ids": [7], "evidence": {}},
    ]
    write(tmp_path, "scifact/claims_dev.jsonl.gz", claims)
    return tmp_path


def test_scifact_pairs_are_claims_beside_cited_abstracts(data: Path) -> None:
    pairs = stance_pairs.scifact(data, "dev")
    assert [(p.claim, p.label) for p in pairs] == [
        ("Tea harms.", stance_pairs.REFUTES),
        ("Milk helps.", stance_pairs.NEUTRAL),
    ]
    assert pairs[0].sentences == ("Tea helps.", "Water does not.")


def test_trials_give_one_claim_of_each_kind_and_strangers(data: Path) -> None:
    pairs = stance_pairs.evidence_inference(data)
    assert pairs == stance_pairs.evidence_inference(data)
    of_first = [p for p in pairs if p.group.endswith("T1")]
    assert [p.label for p in of_first] == [0, 1, 2, 2]
    assert "back pain" in of_first[0].claim.lower()
    assert "reading speed" in of_first[2].claim.lower()
    assert "yoga" in of_first[3].claim.lower()


def test_only_evidence_in_the_abstract_counts(data: Path) -> None:
    assert len(stance_pairs.prompts(data)) == 2


def test_missing_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        stance_pairs.scifact(tmp_path, "dev")


def test_scores() -> None:
    found = stance_benchmark.scores(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]))
    assert found == {
        "macro_f1": round((0.5 + 2 / 3 + 0) / 3, 4),
        "accuracy": 0.5,
        "f1_supports": 0.5,
        "f1_refutes": 0.6667,
        "f1_neutral": 0.0,
    }
