"""COVID-Fact: claims about COVID-19 and counter-claims made by machine, two labels (arXiv:2106.03794)."""

from __future__ import annotations

from pathlib import Path

from consilience.evals.registry import EvalResult, TaskInput

from .cases import TWO, Benchmark, Case, two_labels
from .healthver import pairs
from .measuring import measure as measured

NOTES = (
    "Split: the part that arXiv:2112.01640 prepared as training part (940 claim-abstract pairs), none of which was "
    "trained on. The set knows no third label, so supports stands against refutes, both normed.",
    "Its refuted claims were made by machine, salient words of a true one being replaced (README of "
    "github.com/asaakyan/covidfact): the control without evidence shows how much their wording "
    "gives away. No published figure for this form was found.",
)


def read(data: Path) -> list[Case]:
    """All pairs.

    Raises:
        InputError: the set is missing or damaged.
    """
    return pairs(data, "covidfact/pairs_train.jsonl.gz", "covidfact")


BENCHMARK = Benchmark(
    name="covidfact",
    classes=TWO,
    files=("covidfact/pairs_train.jsonl.gz",),
    read=read,
    reading=two_labels,
    notes=NOTES,
)


def measure(given: TaskInput) -> EvalResult:
    """See ``measuring.measure``."""
    return measured(BENCHMARK, given)
