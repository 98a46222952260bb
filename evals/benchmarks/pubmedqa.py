"""PubMedQA, reasoning required: question and abstract without its conclusion, yes, no or maybe (arXiv:1909.06146)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from consilience.evals.phrasing import asserted, statement
from consilience.evals.registry import EvalResult, Figure, TaskInput
from consilience.evals.results import Published
from consilience.evals.splits import question_held_out
from consilience.evals.stance_pairs import rows
from consilience.language import sentences

from .cases import Benchmark, Case, Scored, three_labels, two_labels
from .measuring import measure as measured

CLASSES = ("yes", "no", "maybe")
NOTES = (
    "Split: the 500 labelled questions of the part for training and validation (the test part is another 500). The "
    "question is read as a statement; supports is yes, refutes is no, neutral is maybe.",
    "Seen in training: questions that stand as a plain closed question and are answered yes or no, and conclusions, "
    "except the eighth that is held out: `held_out`. `closed_question` are those that make a plain statement; of the "
    "others the words are taken as they stand.",
    "`forced.*`: the same answers where maybe is never said (supports against refutes).",
)
_SOURCE = "arXiv:1909.06146, abstract"
PUBLISHED = (
    Published(
        "BioBERT, fine-tuned in phases", "accuracy", 0.681, "test", _SOURCE, "trained on PubMedQA, artificial part too"
    ),
    Published("one person", "accuracy", 0.780, "test", _SOURCE),
    Published("majority", "accuracy", 0.552, "test", _SOURCE),
)


def read(data: Path) -> list[Case]:
    """All labelled questions with the contexts' sentences; the conclusion is left out.

    Raises:
        InputError: the set is missing or damaged.
    """
    made: list[Case] = []
    for row in rows(data, "pubmedqa/pqal_trainval.jsonl.gz"):
        group = f"pubmedqa:{row['pmid']}"
        parts = {"held_out": question_held_out(group), "closed_question": statement(row["question"]) is not None}
        made.append(
            Case(
                (asserted(row["question"]),),
                tuple(text[a:b] for text in row["contexts"] for a, b in sentences.split(text)),
                CLASSES.index(row["answer"]),
                group,
                frozenset(name for name, holds in parts.items() if holds),
            )
        )
    return made


def forced(cases: Sequence[Case], scores: Scored) -> Mapping[str, Figure]:
    """Accuracy where maybe is never said: over all questions, and over those whose answer is yes or no."""
    right = [two_labels(of).index(max(two_labels(of))) == case.label for case, of in zip(cases, scores, strict=True)]
    settled = [ok for ok, case in zip(right, cases, strict=True) if CLASSES[case.label] != "maybe"]
    figures: dict[str, Figure] = {"forced.accuracy": round(sum(right) / len(right), 4)}
    if settled:
        figures["forced.accuracy_yes_no"] = round(sum(settled) / len(settled), 4)
    return figures


BENCHMARK = Benchmark(
    name="pubmedqa",
    classes=CLASSES,
    files=("pubmedqa/pqal_trainval.jsonl.gz",),
    read=read,
    reading=three_labels,
    notes=NOTES,
    published=PUBLISHED,
    extras=forced,
)


def measure(given: TaskInput) -> EvalResult:
    """See ``measuring.measure``."""
    return measured(BENCHMARK, given)
