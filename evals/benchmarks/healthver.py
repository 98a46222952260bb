"""HealthVer: claims about COVID-19 beside abstracts, three labels (Sarrouti et al. 2021)."""

from __future__ import annotations

from pathlib import Path

from consilience.errors import InputError
from consilience.evals.registry import EvalResult, TaskInput
from consilience.evals.results import Published
from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS, rows

from .cases import THREE, Benchmark, Case, three_labels
from .measuring import measure as measured

LABELS = {"SUPPORT": SUPPORTS, "CONTRADICT": REFUTES, "REFUTE": REFUTES, "NEI": NEUTRAL, "NEUTRAL": NEUTRAL}
NOTES = (
    "Split: development, claim beside the whole abstract (the form in which arXiv:2112.01640 prepared the set).",
    "Seen in training: nothing of HealthVer. It states no licence and serves for figures only.",
)
_README = "leaderboard in the README of github.com/sarrouti/HealthVer; paper doi:10.18653/v1/2021.findings-emnlp.297"
_DIFFERS = "fine-tuned on HealthVer; single evidence statements, not abstracts; the F1's average is not told"
PUBLISHED = (
    Published(
        "DeBERTa, fine-tuned on SciFact",
        "macro_f1",
        0.48,
        "not told",
        "Košprdić et al. 2024, doi:10.5220/0012900000003838 (read in "
        "github.com/oasisresearchlab/ai-assisted-synthesis-journal-club, evidence/@kosprdic-2024.md)",
        "like ours not trained on HealthVer; the F1's average and the part of HealthVer are not told there",
    ),
    Published("T5", "macro_f1", 0.7960, "test", _README, _DIFFERS),
    Published("SciBERT", "macro_f1", 0.7721, "test", _README, _DIFFERS),
    Published("T5", "accuracy", 0.8069, "test", _README, _DIFFERS),
    Published("SciBERT", "accuracy", 0.7811, "test", _README, _DIFFERS),
)


def pairs(data: Path, path: str, name: str) -> list[Case]:
    """Pairs in the common form of HealthVer and COVID-Fact: claim, abstract in sentences, label, number of the text.

    Raises:
        InputError: the file is missing or damaged, or holds a label that nobody knows.
    """
    made: list[Case] = []
    for row in rows(data, path):
        label = LABELS.get(str(row["label"]).upper())
        if label is None:
            raise InputError(f"{path} holds the label {row['label']!r}", f"known are {', '.join(LABELS)}")
        parts = tuple(s for s in row["abstract"] if s.strip())
        made.append(Case((row["claim"],), parts, label, f"{name}:{row['doc_id']}"))
    return made


def read(data: Path) -> list[Case]:
    """The development pairs.

    Raises:
        InputError: the set is missing or damaged.
    """
    return pairs(data, "healthver/pairs_dev.jsonl.gz", "healthver")


BENCHMARK = Benchmark(
    name="healthver",
    classes=THREE,
    files=("healthver/pairs_dev.jsonl.gz",),
    read=read,
    reading=three_labels,
    notes=NOTES,
    published=PUBLISHED,
)


def measure(given: TaskInput) -> EvalResult:
    """See ``measuring.measure``."""
    return measured(BENCHMARK, given)
