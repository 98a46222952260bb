"""Seven small sets of the tests' own making, in the files and fields of the public ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

# All but PMC1 belong to the part that is held out of training.
TRIALS = (
    ("PMC24", "tea", "water", "back pain", "significantly decreased", "Tea reduced back pain more than water did."),
    ("PMC25", "yoga", "rest", "reading speed", "no significant difference", "Reading speed was alike after both."),
    ("PMC1", "nuts", "plums", "sleep length", "significantly increased", "Sleep length rose more with nuts."),
    ("PMC34", "figs", "plums", "sleep length", "significantly increased", "Sleep length was longer with figs."),
)  # fmt: skip


def write(folder: Path, path: str, rows: Sequence[dict[str, Any]]) -> None:
    """The rows as a gzipped file of JSON lines."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with all seven sets."""
    folder = tmp_path / "sets"
    _scifact(folder)
    _pairs(folder)
    _citations(folder)
    _trials(folder)
    _questions(folder)
    _statements(folder)
    return folder


def _scifact(folder: Path) -> None:
    texts = {7: ["Tea lowered pain against water.", "Water did nothing."], 8: ["Figs were eaten."]}
    write(folder, "scifact/corpus.jsonl.gz", [{"doc_id": n, "abstract": text} for n, text in texts.items()])

    def claim(text: str, cited: int, label: str = "") -> dict[str, Any]:
        evidence = {str(cited): [{"sentences": [0], "label": label}]} if label else {}
        return {"claim": text, "cited_doc_ids": [cited], "evidence": evidence}

    write(folder, "scifact/claims_train.jsonl.gz", [claim("Tea lowers pain.", 7, "SUPPORT")])
    dev = [claim("Tea raises pain.", 7, "CONTRADICT"), claim("Tea eases pain.", 7, "SUPPORT"), claim("Figs heal.", 8)]
    write(folder, "scifact/claims_dev.jsonl.gz", dev)


def _pairs(folder: Path) -> None:
    def pair(claim: str, number: int, label: str) -> dict[str, Any]:
        return {"claim": claim, "doc_id": number, "abstract": ["Masks lowered spread.", " "], "label": label}

    three = [pair("Masks help.", 1, "SUPPORT"), pair("Masks harm.", 1, "CONTRADICT"), pair("Tea helps.", 2, "NEI")]
    write(folder, "healthver/pairs_dev.jsonl.gz", three)
    write(folder, "covidfact/pairs_train.jsonl.gz", three[:2])


def _citations(folder: Path) -> None:
    corpus = [{"doc_id": 5, "abstract": ["Tea lowered pain in adults."]}]
    write(folder, "citation_integrity/corpus.jsonl.gz", corpus)
    evidence = {"5": [{"sentences": [0], "label": "REFUTE"}]}
    claims: list[dict[str, Any]] = [
        {"claim": "Tea raised pain in all adults [<|cit|>,7] .", "cited_doc_ids": [5], "evidence": evidence},
        {"claim": "Nothing is known of figs and pain.", "cited_doc_ids": [5], "evidence": {}},
        {"claim": "[<|cit|>]", "cited_doc_ids": [5], "evidence": {}},
    ]
    write(folder, "citation_integrity/claims_dev.jsonl.gz", claims)


def _trials(folder: Path) -> None:
    abstracts = [{"pmcid": t, "abstract": f"We studied adults. {evidence}"} for t, *_, evidence in TRIALS]
    write(folder, "evidence_inference/abstracts.jsonl.gz", abstracts)
    keys = ("pmcid", "intervention", "comparator", "outcome", "label", "evidence")
    rows: list[dict[str, Any]] = [dict(zip(keys, trial, strict=True)) for trial in TRIALS]
    # Two annotators of one prompt are one case.
    write(folder, "evidence_inference/v2_annotations.jsonl.gz", [*rows, rows[0]])


def _questions(folder: Path) -> None:
    def asked(number: int, question: str, answer: str) -> dict[str, Any]:
        return {
            "pmid": str(number),
            "question": question,
            "contexts": ["We gave tea or water to adults.", "Pain fell more with tea."],
            "answer": answer,
            "long_answer": "Tea lowers pain.",
        }

    rows = [asked(1, "Does tea lower pain?", "yes"), asked(2, "Tea and pain: is it so?", "no")]
    write(folder, "pubmedqa/pqal_trainval.jsonl.gz", [*rows, asked(3, "Can tea heal?", "maybe")])


def _statements(folder: Path) -> None:
    def part(arm: str, number: str, *lines: str) -> dict[str, Any]:
        return {"arm": arm, "nct": number, "section": "Results", "text": list(lines)}

    rows: list[dict[str, Any]] = [
        {
            "type": "Single",
            "statement": "All had tea.",
            "label": "Entailment",
            "evidence": [part("Primary", "NCT2", "  Tea: 5 of 5 ", "")],
        },
        {
            "type": "Comparison",
            "statement": "Both trials gave figs.",
            "label": "Contradiction",
            "evidence": [part("Primary", "NCT2", "Tea"), part("Secondary", "NCT1", "Figs")],
        },
    ]
    write(folder, "nli4ct/dev.jsonl.gz", rows)
