"""Measures a benchmark: cases judged, scored, held against controls, and put beside the published figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.errors import InputError
from consilience.evals import label_scores
from consilience.evals.registry import EvalResult, Figure, TaskInput, figures_table, flatten, shown, table, versions

from .base import CONTROLS, beside, provenance, sampled
from .cases import Benchmark, Case, Scored, claim_alone, shuffled
from .judging import embedded_judge, judged

_FIRST = ("macro_f1", "accuracy")
_ADVICE = "give the folder that holds the public sets"


def measure(benchmark: Benchmark, given: TaskInput) -> EvalResult:
    """The figures of a benchmark, by the reasoner that the settings name: the embedded judge, or a language model.

    Controls are judged by the embedded judge alone: a language model is paid by the call.

    Raises:
        InputError: there is no data folder, or it lacks the set, or the set is empty.
        EndpointError: the language model cannot be asked; nothing was spent.
    """
    data = given.needed_data(benchmark.name)
    cases = sampled(benchmark.read(data), given.limit, lambda c: c.label, lambda c: c.key)
    if not cases:
        raise InputError(f"{benchmark.name}: {', '.join(benchmark.files)} hold no case to measure", _ADVICE)
    hashes = provenance(data, benchmark.files, {})
    if given.settings.reasoner == "model":
        return _by_model(benchmark, cases, given, hashes)
    return _embedded(benchmark, cases, given, hashes)


def _embedded(benchmark: Benchmark, cases: list[Case], given: TaskInput, hashes: dict[str, str]) -> EvalResult:
    judge = embedded_judge(given.settings)
    scores = judged(judge, cases, given.progress, benchmark.name)
    controls = {"majority": _majority(benchmark, cases)}
    for name, changed in (("claim_alone", claim_alone(cases)), ("other_evidence", shuffled(cases))):
        if changed:
            found = judged(judge, changed, given.progress, f"{benchmark.name}, control {name}")
            controls[name] = _labels(benchmark, changed, _chances(benchmark, found))
    figures = {"reasoner": judge.name, **scored(benchmark, cases, scores), "controls": controls}
    return _result(benchmark, figures, hashes | {f"judge {judge.name}": judge.digest}, (cases, scores))


def _by_model(benchmark: Benchmark, cases: list[Case], given: TaskInput, hashes: dict[str, str]) -> EvalResult:
    from .asking import asked

    answers = asked(cases, given, benchmark.name)
    pairs = [(case, one) for case, one in zip(cases, answers.scores, strict=True) if one is not None]
    kept, scores = [case for case, _ in pairs], [one for _, one in pairs]
    figures: dict[str, Any] = {"reasoner": answers.model, "not_judged": len(cases) - len(kept)}
    figures |= {"tokens": answers.bill.tokens, "seconds": answers.bill.seconds}
    figures |= {} if answers.bill.cost is None else {"cost": answers.bill.cost}
    figures |= scored(benchmark, kept, scores) if kept else {}
    figures |= {"controls": {"majority": _majority(benchmark, kept)}} if kept else {}
    made = _result(benchmark, figures, hashes | {"prompt stance": answers.prompt}, (kept, scores))
    faults = tuple(f"Not judged: {fault}" for fault in answers.faults)
    return replace(made, bill=answers.bill, notes=(*made.notes, *faults), table="\n\n".join((made.table, *faults)))


def _result(
    benchmark: Benchmark, figures: Mapping[str, Any], hashes: dict[str, str], judged: tuple[Sequence[Case], Scored]
) -> EvalResult:
    cases, scores = judged
    flat = flatten(figures)
    return EvalResult(
        name=benchmark.name,
        figures=flat,
        table=_table(benchmark, flat),
        versions=versions(),
        published=benchmark.published,
        provenance=hashes,
        notes=benchmark.notes,
        reliability=label_scores.reliability(_chances(benchmark, scores), _wanted(cases)) if cases else (),
    )


def scored(benchmark: Benchmark, cases: Sequence[Case], scores: Scored) -> dict[str, Any]:
    """All figures of judged cases, the controls aside; also of each part of them."""
    chances, wanted = _chances(benchmark, scores), _wanted(cases)
    groups = [case.group for case in cases]

    def macro(rows: NDArray[np.int64]) -> float:
        found = label_scores.label_scores(wanted[rows], chances[rows].argmax(axis=1), benchmark.classes)
        return found["macro_f1"]

    low, high = label_scores.interval(macro, groups)
    figures: dict[str, Any] = {"pairs": len(cases), "texts": len(set(groups)), **_labels(benchmark, cases, chances)}
    figures |= {"macro_f1_5_percent": low, "macro_f1_95_percent": high}
    figures["calibration"] = label_scores.calibrated(chances, wanted, groups)
    for part in sorted({part for case in cases for part in case.parts}):
        inside = [i for i, case in enumerate(cases) if part in case.parts]
        figures[part] = {"pairs": len(inside)} | _labels(benchmark, [cases[i] for i in inside], chances[inside])
    return figures | dict(benchmark.extras(cases, scores))


def _chances(benchmark: Benchmark, scores: Scored) -> NDArray[np.float64]:
    return np.array([benchmark.reading(of) for of in scores])


def _wanted(cases: Sequence[Case]) -> NDArray[np.int64]:
    return np.array([case.label for case in cases], dtype=np.int64)


def _labels(benchmark: Benchmark, cases: Sequence[Case], chances: NDArray[np.float64]) -> dict[str, float]:
    return label_scores.label_scores(_wanted(cases), chances.argmax(axis=1), benchmark.classes)


def _majority(benchmark: Benchmark, cases: Sequence[Case]) -> dict[str, float]:
    """What one gets by always saying these cases' most frequent label."""
    wanted = _wanted(cases)
    most = int(np.bincount(wanted, minlength=len(benchmark.classes)).argmax())
    return label_scores.label_scores(wanted, np.full(len(wanted), most), benchmark.classes)


def _table(benchmark: Benchmark, figures: Mapping[str, Figure]) -> str:
    """Ours and the controls in columns; then what has no control; then the published figures; then the notes."""
    names = [*_FIRST, *(f"f1_{name}" for name in benchmark.classes)]
    controls = [c for c in CONTROLS if f"controls.{c}.macro_f1" in figures]
    head = ("figure", "Consilience", *(c.replace("_", " ") for c in controls))
    rows = [
        (name, shown(figures.get(name)), *(shown(figures.get(f"controls.{c}.{name}")) for c in controls))
        for name in names
    ]
    others = {n: value for n, value in figures.items() if n not in names and not n.startswith("controls.")}
    parts = [table(head, rows), figures_table(others), beside(figures, benchmark.published)]
    return "\n\n".join([*(part for part in parts if part), *benchmark.notes])
