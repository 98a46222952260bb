"""Both tasks over SciFact's abstracts, from files to figures, on a small set of the test's own."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from consilience.errors import InputError
from consilience.evals import registry
from consilience.evals.benchmarks import scifact_release as release
from consilience.evals.benchmarks.open_reading import read
from consilience.evals.registry import EvalResult
from consilience.models.encoder import Encoder
from consilience.models.stance import AbstractScores, StanceScores
from consilience.settings import load_settings

CORPUS = [
    (
        "11",
        "Zorbamol and headache",
        ["We gave zorbamol to adults.", "Zorbamol reduced headache.", "It was well borne."],
    ),
    ("12", "Parvidol and asthma", ["Children with asthma took parvidol.", "Parvidol did not change breathing."]),
    ("13", "Bridges of steel", ["Salt reaches the bearings.", "Steel bridges corrode."]),
    ("14", "Tea and sleep", ["We asked students.", "Green tea shortened sleep by an hour."]),
]
CLAIMS: list[dict[str, Any]] = [
    {
        "id": 1,
        "claim": "Zorbamol reduces headache.",
        "cited_doc_ids": [11],
        "evidence": {"11": [{"sentences": [1], "label": "SUPPORT"}]},
    },
    {
        "id": 2,
        "claim": "Green tea lengthens sleep.",
        "cited_doc_ids": [14, 14],
        "evidence": {"14": [{"sentences": [1], "label": "CONTRADICT"}]},
    },
    {"id": 3, "claim": "Parvidol cures headache.", "cited_doc_ids": [12], "evidence": {}},
]


def write(file: Path, rows: Sequence[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    corpus = [{"doc_id": int(i), "title": title, "abstract": abstract} for i, title, abstract in CORPUS]
    write(tmp_path / release.CORPUS, corpus)
    for split in ("train", "dev"):
        write(tmp_path / f"scifact/claims_{split}.jsonl.gz", CLAIMS)
    return tmp_path


def run(name: str, data: Path, home: Path, limit: int | None = None) -> EvalResult:
    return registry.run(name, data=data, settings=load_settings(home=home), limit=limit)


def test_claims_are_read_with_each_cited_abstract_once(small: Path) -> None:
    found = release.claims(small, "dev")
    assert [claim.cited for claim in found] == [("11",), ("14",), ("12",)]
    assert found[1].evidence == {"14": release.Evidence("CONTRADICT", (frozenset({1}),))}


@pytest.mark.parametrize(
    "row",
    [
        {"claim": "no id"},
        CLAIMS[0] | {"evidence": {"11": [{"sentences": [1], "label": "MAYBE"}]}},
        CLAIMS[0] | {"evidence": {"11": [{"sentences": [1], "label": x} for x in ("SUPPORT", "CONTRADICT")]}},
    ],
)
def test_files_of_another_make_are_refused(tmp_path: Path, row: dict[str, Any]) -> None:
    write(tmp_path / "scifact/claims_dev.jsonl.gz", [row])
    with pytest.raises(InputError, match="not laid out as SciFact's claims"):
        release.claims(tmp_path, "dev")


def test_retrieval_is_measured_in_both_readings(small: Path, home: Path) -> None:
    found = run("retrieval", small, home)
    assert (found.figures["cited.claims"], found.figures["evidence.claims"]) == (3, 2)
    assert found.figures["evidence.product.recall@1"] == 1
    assert found.figures["cited.bm25.recall@10"] == 1
    assert "data scifact/claims_dev.jsonl.gz" in found.provenance
    assert (home / "evals").is_dir()
    assert not (home / "libraries").exists(), "a person's libraries are left alone"


def test_a_limit_takes_so_many_claims(small: Path, home: Path) -> None:
    assert run("retrieval", small, home, limit=1).figures["claims"] == 1


def test_the_open_task_finds_labels_and_quotes(small: Path, home: Path) -> None:
    found = run("scifact-open", small, home)
    assert found.figures["claims"] == 3
    assert found.figures["unseen.claims"] == 0
    assert 0 < float(found.figures["oracle_label.f1"]) <= 1
    assert "SciFact dev" in found.table
    assert run("scifact-open", small, home, limit=2).figures["claims"] == 2


class Marking:
    """A judge that marks sentences: it reads the last two, and is sure of what its number says."""

    name = "marking"
    digest = "0" * 64

    def __init__(self, *evidence: float) -> None:
        self._evidence = evidence

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        return [self.judge_abstract(claim, [text]).scores for claim, text in pairs]

    def judge_abstract(self, claim: str, parts: Sequence[str]) -> AbstractScores:
        read = tuple(range(len(parts)))[-2:]
        return AbstractScores(StanceScores(0.2, 0.5, 0.3), read, self._evidence)

    def judge_abstracts(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[AbstractScores]:
        return [self.judge_abstract(claim, parts) for claim, parts in pairs]


@pytest.mark.parametrize(
    ("evidence", "sentences", "marks"),
    [((0.6, 0.9), (2, 1), (0.9, 0.6)), ((0.6, 0.2), (1, 2), (0.6, 0.2)), ((), (1, 2), (0.0, 0.0))],
)
def test_evidence_is_what_the_judge_marks_else_the_nearest(
    small: Path,
    home: Path,
    encoder: Encoder,
    evidence: tuple[float, ...],
    sentences: tuple[int, ...],
    marks: tuple[float, ...],
) -> None:
    found = release.collection(small, home, encoder, lambda _: None)
    claim = release.claims(small, "dev")[0]
    first = read(claim, found, Marking(*evidence), encoder)[0]
    assert (first.document, first.rank, first.label, first.chance) == ("11", 1, "CONTRADICT", 0.7)
    assert (first.sentences, first.marks) == (sentences, marks)


def test_an_abstract_that_another_one_repeats_is_found_under_the_first(
    tmp_path: Path, small: Path, home: Path, encoder: Encoder
) -> None:
    title, abstract = CORPUS[0][1:]
    corpus = [{"doc_id": int(i), "title": t, "abstract": a} for i, t, a in [*CORPUS, ("99", title, abstract)]]
    write(small / release.CORPUS, corpus)
    found = release.collection(small, home, encoder, lambda _: None)
    assert len(found.document_of) == len(CORPUS)
    hits = found.retriever.search("Zorbamol reduces headache.", 2)
    assert release.documents(found, [hits[0].paper_id]) == ("11",)
