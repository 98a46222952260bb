"""SciFact, the oracle's abstract: each development claim beside each abstract that it cites (arXiv:2004.14974)."""

from __future__ import annotations

from pathlib import Path

from consilience.evals import stance_pairs
from consilience.evals.registry import EvalResult, TaskInput

from .cases import THREE, Benchmark, Case, three_labels
from .measuring import measure as measured

NOTES = (
    "Split: the 300 development claims, each beside every abstract that it cites (the oracle's abstract); an abstract "
    "without evidence counts as neutral. All three labels count in the macro-F1.",
    "Seen in training: SciFact's training claims. `unseen_abstract` are the pairs whose abstract no training claim "
    "cites. SciFact leaks labels through its claims' wording: read the control without evidence.",
    "No published label macro-F1 for this setting was found; published systems report the open one (`scifact-open`).",
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
)


def measure(given: TaskInput) -> EvalResult:
    """See ``measuring.measure``."""
    return measured(BENCHMARK, given)
