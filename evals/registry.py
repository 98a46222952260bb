"""The eval tasks by name, and what each gives back. Light: a task's module is imported when it is run."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from consilience.errors import InputError
from consilience.settings import Settings

from .results import EvalResult as EvalResult
from .results import Figure as Figure

Progress = Callable[[str], None]


@dataclass(frozen=True)
class TaskInput:
    """What every task is given. ``data`` is the folder of public sets, or None; ``limit`` bounds its items, or None."""

    data: Path | None
    settings: Settings
    progress: Progress
    limit: int | None = None

    def needed_data(self, task: str) -> Path:
        """The data folder.

        Raises:
            InputError: it was not given, or is not a folder.
        """
        if self.data is None or not self.data.is_dir():
            advice = "give the folder of public sets: --data DIR"
            raise InputError(f"eval {task} measures on public data, and there is none", advice)
        return self.data


_TASKS: dict[str, tuple[str, str]] = {
    "citation-integrity": (
        "consilience.evals.benchmarks.citation_integrity",
        "citing sentences beside the cited text, three labels",
    ),
    "climate-fever": (
        "consilience.evals.benchmarks.climate_fever",
        "claims on the climate with five sentences each: the verdict over several sources, and its confidence",
    ),
    "covidfact": ("consilience.evals.benchmarks.covidfact", "claims and counter-claims on COVID-19, two labels"),
    "evidence-inference": (
        "consilience.evals.benchmarks.evidence_inference",
        "what trials found: increased, decreased, no difference; refutation of turned claims",
    ),
    "gold": ("consilience.evals.gold", "questions with gold reports: claims, verdicts, citations, answers"),
    "healthver": ("consilience.evals.benchmarks.healthver", "claims on COVID-19 beside abstracts, three labels"),
    "injection": ("consilience.evals.injection", "instructions planted in an abstract: how many get beyond its paper"),
    "judge-speed": (
        "consilience.evals.judge_speed.task",
        "pairs a second over the time of the matrix products alone; memory over 30 x 20 pairs",
    ),
    "minimal-pairs": ("consilience.evals.minimal_pairs.task", "claims that differ in one small thing, by phenomenon"),
    "nli4ct": ("consilience.evals.benchmarks.nli4ct", "statements about trial records, two labels"),
    "overhead": ("consilience.evals.overhead", "a run's wall time over that of its chain of model calls"),
    "pubmedqa": ("consilience.evals.benchmarks.pubmedqa", "yes, no, maybe from the abstract without its conclusion"),
    "retrieval": (
        "consilience.evals.benchmarks.retrieval",
        "recall and nDCG over SciFact's 5,183 abstracts, its development claims as queries",
    ),
    "scifact": ("consilience.evals.benchmarks.scifact", "claims beside the abstracts that they cite, three labels"),
    "scifact-open": (
        "consilience.evals.benchmarks.scifact_open",
        "SciFact's own task: abstracts found, labelled and quoted, of 5,183",
    ),
    "screening": ("consilience.evals.screening", "ranks of included papers on published reviews"),
    "stance": ("consilience.evals.stance_benchmark", "the stance judge on SciFact's development claims"),
    "performance": (
        "consilience.evals.performance.benchmark",
        "seconds, memory and bytes at 200 and 2,000 abstracts",
    ),
}
BENCHMARKS = (
    "scifact", "healthver", "covidfact", "citation-integrity", "evidence-inference", "pubmedqa", "nli4ct",
)  # fmt: skip
"""What ``benchmarks`` stands for, in this order."""
WITH_MODEL = frozenset({"gold", *BENCHMARKS})
"""The tasks that can ask a language model in place of the embedded rules."""
_PACKAGES = ("consilience", "chromadb", "langgraph", "numpy", "onnxruntime", "bm25s")


def names() -> list[str]:
    """The tasks' names, sorted."""
    return sorted(_TASKS)


def expanded(given: Sequence[str]) -> list[str]:
    """The names with ``benchmarks`` replaced by what it stands for, each once, in order."""
    return list(dict.fromkeys(n for name in given for n in (BENCHMARKS if name == "benchmarks" else (name,))))


def describe(name: str) -> str:
    """One line on what a task measures.

    Raises:
        InputError: no task of that name.
    """
    return _known(name)[1]


def run(
    name: str,
    *,
    data: Path | None,
    settings: Settings,
    progress: Progress | None = None,
    limit: int | None = None,
) -> EvalResult:
    """Run one task; ``limit`` takes so many of its items, for a quick look.

    Raises:
        InputError: no task of that name, or the data it needs is missing.
    """
    place = _known(name)[0]
    given = TaskInput(data, settings, progress or (lambda _: None), limit)
    result: EvalResult = import_module(place).measure(given)
    return result


def _known(name: str) -> tuple[str, str]:
    if name not in _TASKS:
        raise InputError(f"no eval named {name}", f"there are: {', '.join(names())}")
    return _TASKS[name]


def versions() -> dict[str, str]:
    """Versions of what a figure depends on."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Figure]:
    """Nested figures with their keys joined by dots; anything but a number becomes text."""
    flat: dict[str, Figure] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{name}."))  # pyright: ignore[reportUnknownArgumentType] -- keys are text
        else:
            flat[name] = value if isinstance(value, int | float) else str(value)
    return flat


def figures_table(figures: Mapping[str, Figure]) -> str:
    """A Markdown table of figure and value, in the order given."""
    return table(("figure", "value"), [(name, shown(value)) for name, value in figures.items()])


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table; bars and line breaks in cells are escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in lines)


def shown(value: Figure | None, digits: int = 3) -> str:
    """A figure for a table: floats rounded, a dash where there is none."""
    if value is None:
        return "-"
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
