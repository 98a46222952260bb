"""NLI4CT: statements about one or two trials beside the lines of their records, two labels (arXiv:2305.03598)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from consilience.evals.registry import EvalResult, TaskInput
from consilience.evals.results import Published
from consilience.evals.stance_pairs import REFUTES, SUPPORTS, rows

from .cases import TWO, Benchmark, Case, two_labels
from .measuring import measure as measured

_LABELS = {"Entailment": SUPPORTS, "Contradiction": REFUTES}
NOTES = (
    "Split: development (200 statements). The lines of the section that the set names are the text; where two trials "
    "are compared, each line says whose it is. The set knows no third label, so supports stands against refutes.",
    "Seen in training: nothing of NLI4CT. It asks for arithmetic and for several lines at once, which a reader of "
    "eight sentences cannot do.",
    "The published F1 stand beside `f1_supports`; their sources do not tell which class or average they are of.",
)
_TASK = "SemEval-2023 task 7"
PUBLISHED = (
    Published(
        "best of six NLI models",
        "f1_supports",
        0.627,
        "test",
        "arXiv:2305.03598, abstract",
        "the class or average of the F1 is not told there",
    ),
    Published(
        "Flan-T5 fine-tuned (Saama)",
        "f1_supports",
        0.834,
        "test",
        f"{_TASK}, abstract of Kanakarajan and Sankarasubbu 2023 (second place)",
        "fine-tuned on the set",
    ),
    Published(
        "T5 base ensemble (I2R)",
        "f1_supports",
        0.701,
        "test",
        f"{_TASK}, abstract of Rajamanickam and Rajaraman 2023 (eighth place)",
        "a system of the shared task, made for the set",
    ),
    Published(
        "ClinicalBERT similarity (Bf3R)",
        "f1_supports",
        0.64,
        "test",
        f"{_TASK}, abstract of Neves 2023",
        "a system of the shared task, made for the set",
    ),
)


def read(data: Path) -> list[Case]:
    """The development statements.

    Raises:
        InputError: the set is missing or damaged.
    """
    made: list[Case] = []
    for row in rows(data, "nli4ct/dev.jsonl.gz"):
        trials = "+".join(sorted({part["nct"] for part in row["evidence"]}))
        made.append(Case((row["statement"],), _lines(row), _LABELS[row["label"]], f"nli4ct:{trials}"))
    return made


def _lines(row: dict[str, Any]) -> tuple[str, ...]:
    compared = row["type"] == "Comparison"
    return tuple(
        f"{part['arm']} trial: {line.strip()}" if compared else line.strip()
        for part in row["evidence"]
        for line in part["text"]
        if line.strip()
    )


BENCHMARK = Benchmark(
    name="nli4ct",
    classes=TWO,
    files=("nli4ct/dev.jsonl.gz",),
    read=read,
    reading=two_labels,
    notes=NOTES,
    published=PUBLISHED,
)


def measure(given: TaskInput) -> EvalResult:
    """See ``measuring.measure``."""
    return measured(BENCHMARK, given)
