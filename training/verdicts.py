"""Fits how stances of several papers become one confidence (reasoning/pooling.py), and measures it.

    python training/verdicts.py DATA [--write] [--cache FILE]

DATA holds ``evidence_inference`` (fitted on), ``scifact`` and ``healthver`` (measured on only). The witnesses that ship
read every claim beside its papers; sets of papers with known labels are made of what they read (``verdict_sets.py``);
the constants are those with the least log loss of "the verdict is right", with a weak prior at plain values. Figures
of the trials are from folds that share no abstract with what was fitted on, beside the formula for independent papers
and a constant for each verdict. Where the judge changed: run it again, and bring the card's figures up to date. With
FILE, what the judge said is kept there, so that a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.evals.label_scores import interval, recall_at_precision
from consilience.evals.stance_pairs import NEUTRAL, REFUTES
from consilience.models.calibration import error_with_interval
from consilience.reasoning.confidence import HIGHEST, chance
from consilience.reasoning.pooling import INDEPENDENT, Constants
from consilience.records import Verdict
from consilience.runs.calls import CallLog
from consilience.training import verdict_sets
from consilience.training.verdict_sets import FOLDS, Asked, PaperSet

Floats = NDArray[np.float64]
ALIKE = 0.25
"""Chosen: how far papers of one side add up. The sets do not tell (``alike`` in the figures: log losses within 0.001),
since all but one of a set's papers were put there; that more papers make a verdict surer is what people mean by
corroboration, and what the few real sets of three and more papers show."""
START = Constants(ALIKE, 1.0, 1.0, 1.0, 0.05, 0.05, 0.2)
PULL = Constants(1.0, 0.5, 0.5, 0.5, 0.1, 0.1, 0.3)
"""Standard deviations of a normal prior around ``START`` (scales: in logarithms); thousands of sets outweigh it."""
BOUNDS = ((-3.0, 1.5), (-3.0, 1.5), (-4.0, 1.5), (0.0, 0.6), (0.0, 0.6), (0.0, 0.9))
"""Of each constant after ``alike``, in the order of ``Constants``; of scales, of their logarithms."""
_SCALES = slice(1, 4)
TARGET = Path(__file__).parents[1] / "models" / "weights" / "verdict" / "verdict.json"
VERDICTS = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.CONTESTED, Verdict.NOT_ENOUGH_EVIDENCE)


class Table:
    """Sets as arrays: each side's strengths in falling order, shape ``(sets, papers)``, padded with nothing."""

    def __init__(self, sets: Sequence[PaperSet]) -> None:
        found = [s.found for s in sets]
        self.sides = (
            _padded([f.supports for f in found]),
            _padded([f.refutes for f in found]),
            _padded([f.may_support for f in found]),
            _padded([f.may_refute for f in found]),
        )
        self.verdicts = np.array([VERDICTS.index(s.verdict) for s in sets])
        self.right = np.array([s.right for s in sets], dtype=np.float64)
        self.groups = np.unique([s.group for s in sets], return_inverse=True)[1]

    def chances(self, k: Constants) -> Floats:
        """``confidence.chance`` of the verdicts counted, for all sets at once."""

        def any_of(side: int, scale: float, misread: float) -> Floats:
            places = np.arange(1, self.sides[side].shape[1] + 1, dtype=np.float64)
            shares = places**k.alike - np.where(places > 1, (places - 1) ** k.alike, 0.0)
            return (1 - misread) * (1 - np.exp(-scale * (self.sides[side] @ shares)))

        s, r = any_of(0, k.supports, k.misread_supports), any_of(1, k.refutes, k.misread_refutes)
        t, u = any_of(2, k.undecided, 0.0), any_of(3, k.undecided, 0.0)
        none = (1 - s) * (1 - r) * (1 - t) * (1 - u) * (1 - k.missed)
        every = np.stack([s * (1 - r) * (1 - u), (1 - s) * (1 - t) * r, s * r, none])
        return np.clip(every[self.verdicts, np.arange(len(self.verdicts))], 0.0, HIGHEST)


def _padded(rows: Sequence[Sequence[float]]) -> Floats:
    made = np.zeros((len(rows), max(1, *map(len, rows))))
    for place, row in enumerate(rows):
        made[place, : len(row)] = sorted(row, reverse=True)
    return made


def fit(table: Table, alike: float = ALIKE) -> Constants:
    """The constants with the least log loss over the sets, at a given ``alike``."""
    optimize: Any = import_module("scipy.optimize")  # its functions carry no types
    start, pull = free(START._replace(alike=alike)), np.array(PULL)

    def loss(values: Floats) -> float:
        lost = log_loss(table, _constants(values)) * len(table.right)
        return lost + float((((values - start) / pull) ** 2).sum()) / 2

    bounds = ((alike, alike), *BOUNDS)
    found: Any = optimize.minimize(loss, start, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return Constants(*(round(float(v), 4) for v in _constants(np.asarray(found.x))))


def log_loss(table: Table, k: Constants) -> float:
    """The mean log loss of "the verdict is right"."""
    chances = np.clip(table.chances(k), 1e-6, 1 - 1e-6)
    return float(-(table.right * np.log(chances) + (1 - table.right) * np.log(1 - chances)).mean())


def free(k: Constants) -> Floats:
    """The constants as the search moves them: scales by their logarithms."""
    values = np.array(k)
    values[_SCALES] = np.log(values[_SCALES])
    return values


def _constants(values: Floats) -> Constants:
    made = values.copy()
    made[_SCALES] = np.exp(made[_SCALES])
    return Constants(*(float(v) for v in made))


def rates(sets: Sequence[PaperSet]) -> dict[Verdict, float]:
    """How often each verdict is right: the constant that a formula has to beat."""
    return {v: float(np.mean([s.right for s in sets if s.verdict is v] or [0.5])) for v in VERDICTS}


def figures(sets: Sequence[PaperSet], ways: Mapping[str, Callable[[PaperSet], float]]) -> dict[str, Any]:
    """Accuracy, and for each way to a confidence its Brier score and debiased calibration error with intervals."""
    right = np.array([s.right for s in sets], dtype=np.float64)
    names = [s.group for s in sets]
    groups = np.unique(names, return_inverse=True)[1]
    made: dict[str, Any] = {"sets": len(sets), "right": round(float(right.mean()), 4)}
    for v in VERDICTS:
        of = [s.right for s in sets if s.verdict is v]
        made[v.value] = {"sets": len(of), "right": round(float(np.mean(of)), 4) if of else None}
    for name, way in ways.items():
        chances = np.array([way(s) for s in sets])
        squares = (chances - right) ** 2
        error = error_with_interval(np.column_stack([1 - chances, chances]), right.astype(int), groups)
        low, high = interval(lambda rows, of=squares: float(of[rows].mean()), names)
        made[name] = {
            "brier": round(float(squares.mean()), 4),
            "brier_5_percent": low,
            "brier_95_percent": high,
            "error": error.value,
            "error_5_percent": error.low,
            "error_95_percent": error.high,
            "mean": round(float(chances.mean()), 4),
        }
    return made


def out_of_fold(asked: Sequence[Asked]) -> Iterator[tuple[list[PaperSet], Constants, dict[Verdict, float]]]:
    """For each fold its sets, with constants and rates from the sets of the others."""
    by_fold = [list(verdict_sets.pooled([a for a in asked if a.question.fold == f], f)) for f in range(FOLDS)]
    for fold, held in enumerate(by_fold):
        others = [s for f, sets in enumerate(by_fold) if f != fold for s in sets]
        yield held, fit(Table(others)), rates(others)


def _ways(k: Constants, constant: Mapping[Verdict, float]) -> dict[str, Callable[[PaperSet], float]]:
    return {
        "fitted": lambda s: chance(s.verdict, s.found, k),
        "independent papers": lambda s: chance(s.verdict, s.found, INDEPENDENT),
        "constant a verdict": lambda s: constant[s.verdict],
    }


def measure(asked: Mapping[str, Sequence[Asked]]) -> tuple[Constants, dict[str, Any]]:
    """The constants, and their figures on each source."""
    kept: dict[int, tuple[Constants, dict[Verdict, float]]] = {}
    held: list[PaperSet] = []
    for sets, k, constant in out_of_fold(asked["trials"]):
        kept |= {id(s): (k, constant) for s in sets}
        held += sets
    by_fold: dict[str, Callable[[PaperSet], float]] = {
        name: lambda s, name=name: _ways(*kept[id(s)])[name](s) for name in _ways(START, {})
    }
    found: dict[str, Any] = {"trials, out of fold": figures(held, by_fold)}
    table = Table(held)
    k, constant = fit(table), rates(held)
    tried = {ALIKE: k} | {alike: fit(table, alike) for alike in (0.0, 0.5, 1.0)}
    found["alike"] = {str(alike): round(log_loss(table, tried[alike]), 4) for alike in sorted(tried)}
    found["refuting, trials"] = refuting(asked["trials"])
    for name in asked:
        if name != "trials":
            found[name] = figures(verdict_sets.as_they_are(asked[name]), _ways(k, constant))
    return k, found


def refuting(asked: Sequence[Asked], least: float = 0.8) -> dict[str, float]:
    """How many of the claims that their own paper refutes are found at a precision of ``least``, by both witnesses.

    ``flipped``: claims of a change whose paper found that change, or its contrary; ``every``: all claims.
    """
    made: dict[str, float] = {}
    for name, chosen in (("flipped", [a for a in asked if _of_a_change(a)]), ("every", asked)):
        own = [a.read[0].found for a in chosen]
        scores = np.array([max(f.refutes, default=0.0) - max(f.supports, default=0.0) for f in own])
        wanted = np.array([a.question.labels[0] == REFUTES for a in chosen])
        made |= {f"{name}.claims": len(chosen), f"{name}.recall": recall_at_precision(scores, wanted, least)[0]}
    return made


def _of_a_change(asked: Asked) -> bool:
    return asked.question.labels[0] != NEUTRAL and verdict_sets.direction(asked.question.claim) != "none"


def main() -> None:
    """Read, fit, measure, print, and write with ``--write``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = CallLog(given.cache or Path(folder) / "calls.sqlite")
        asked = {
            name: verdict_sets.read_all(of(given.data), log, lambda line, name=name: print(f"{name}: {line}"))
            for name, of in (
                ("trials", verdict_sets.trials),
                ("SciFact dev", verdict_sets.scifact),
                ("HealthVer dev", verdict_sets.health),
            )
        }
        log.close()
    fitted, found = measure(asked)
    result = {**fitted._asdict(), "figures": found}
    print(json.dumps(result, indent=2))
    if given.write:
        TARGET.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
