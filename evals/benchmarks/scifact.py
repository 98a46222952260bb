"""SciFact, the oracle's abstract: each development claim beside each abstract that it cites (arXiv:2004.14974)."""

from __future__ import annotations

from pathlib import Path

from consilience.evals import stance_pairs
from consilience.evals.registry import EvalResult, TaskInput
from consilience.evals.results import Published

from .cases import THREE, Benchmark, Case, three_labels
from .measuring import measure as measured

NOTES = (
    "Split: the 300 development claims, each beside every abstract that it cites (the oracle's abstract); an abstract "
    "without evidence counts as neutral. All three labels count in the macro-F1.",
    "Seen in training: SciFact's training claims. `unseen_abstract` are the pairs whose abstract no training claim "
    "cites. SciFact leaks labels through its claims' wording: read the control without evidence.",
    "Most published figures of SciFact are of the open setting, where abstracts have to be found; none of those here.",
)
_REMEASURED = "README of github.com/jedick/MLE-capstone-project at 0075e11"
PUBLISHED = (
    Published(
        "MultiVerS",
        "macro_f1",
        0.81,
        "test",
        f"{_REMEASURED}, of the checkpoint of arXiv:2112.01640",
        "trained on FEVER and weakly labelled science too; a Longformer that reads the whole abstract",
    ),
    Published(
        "DeBERTa v3 base, fine-tuned", "macro_f1", 0.84, "test", _REMEASURED, "reads the annotators' evidence sentences"
    ),
    Published(
        "DeBERTa, fine-tuned",
        "macro_f1",
        0.88,
        "122 pairs, a tenth of a set made of SciFact",
        "Košprdić et al. 2024, doi:10.5220/0012900000003838, abstract",
        "a split of their own; the F1's average is not told",
    ),
)


def read(data: Path) -> list[Case]:
    """The development pairs; ``unseen_abstract`` where no training claim cites the abstract.

    Raises:
        InputError: the set is missing or damaged.
    """
    known = {pair.group for pair in stance_pairs.scifact(data, "train")}
    return [
        Case(
            (pair.claim,),
            pair.sentences,
            pair.label,
            pair.group,
            frozenset() if pair.group in known else frozenset({"unseen_abstract"}),
        )
        for pair in stance_pairs.scifact(data, "dev")
    ]


BENCHMARK = Benchmark(
    name="scifact",
    classes=THREE,
    files=("scifact/claims_dev.jsonl.gz", "scifact/claims_train.jsonl.gz", "scifact/corpus.jsonl.gz"),
    read=read,
    reading=three_labels,
    notes=NOTES,
    published=PUBLISHED,
)


def measure(given: TaskInput) -> EvalResult:
    """See ``measuring.measure``."""
    return measured(BENCHMARK, given)
