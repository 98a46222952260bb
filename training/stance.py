"""Makes the stance judge's weights: ``python training/stance.py --data DIR`` from a clone with the dev group.

Fits the two logistic regressions of ``models/feature_judge.py`` on SciFact's training claims and on claims made of
Evidence Inference. Each abstract is cut to its five, three and one closest sentences; classes are balanced.
Regularisation is chosen, and the temperature fitted, on five folds grouped by abstract; development claims are never
read here. Prints the out-of-fold figures and writes ``models/weights/stance/weights.json``. Two to five minutes on
two cores.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from consilience.evals.stance_benchmark import scores
from consilience.evals.stance_pairs import NEUTRAL, SUPPORTS, Pair, evidence_inference, scifact
from consilience.language import reversal
from consilience.models import calibration, stance_features
from consilience.models.encoder import load_encoder
from consilience.models.feature_judge import MOST_SENTENCES, WEIGHTS, features

CUTS = (MOST_SENTENCES, 3, 1)
PENALTIES = (3.0, 10.0, 30.0, 100.0, 300.0)
TRIALS_WEIGHT = 0.6
"""Evidence Inference's share: its made claims are many and alike; 0.3 to 1 gave the same figures within 0.01."""

# What a feature may do: raise (+1), lower (-1), either (0).
RELATED = {
    "cosine": 1, "cosine_squared": 1, "cover_all": 1, "best_cover": 1, "best_pairs": 1, "best_before": 1,
    "best_after": 1, "best_names": 1, "best_names_missing": -1, "best_numbers_conflict": -1, "claim_length": 0,
}  # fmt: skip
_FOR = ("agree", "cues", "value", "none_both")
_AGAINST = ("oppose", "none_claim", "none_stated", "none_sentence", "negated", "opposed", "annulled")
_ALONE = {
    "turned": 1, "turned_mean": 1, "cosine": 1, "cover_all": 1, "best_pairs": 1, "best_numbers_shared": 1,
    "best_numbers_conflict": -1, "best_swapped": -1,
}  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """Features of pairs at each cut, shape ``(pairs, features)``; labels, sample weights and groups of the pairs."""

    rows: dict[int, Floats]
    labels: NDArray[np.int64]
    weights: Floats
    groups: NDArray[np.str_]


@dataclass(frozen=True)
class Fitted:
    """A logistic regression: columns of the features, their mean and scale, coefficients and intercept."""

    columns: list[int]
    mean: Floats
    scale: Floats
    coefficients: Floats
    intercept: float

    def probability(self, rows: Floats) -> Floats:
        """One probability a row of all features."""
        logits = ((rows[:, self.columns] - self.mean) / self.scale) @ self.coefficients + self.intercept
        return 1 / (1 + np.exp(-logits))


def main() -> None:
    """Fit, calibrate, measure out of fold, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public sets")
    data: Path = parser.parse_args().data
    table = build([(scifact(data, "train"), 1.0), (evidence_inference(data), TRIALS_WEIGHT)])
    science = np.char.startswith(table.groups, "scifact:")
    found = {penalty: out_of_fold(table, penalty) for penalty in PENALTIES}
    means = {p: (_macro(found[p], table, science) + _macro(found[p], table, ~science)) / 2 for p in PENALTIES}
    for penalty, mean in means.items():
        print(f"penalty {penalty}: mean out-of-fold macro-F1 of the two sets {mean:.4f}")
    chosen = max(PENALTIES, key=lambda p: (means[p], p))
    logits = np.log(np.maximum(found[chosen], 1e-12))
    temperature = calibration.fit_temperature(logits, table.labels, table.weights)
    for name, mask in (("SciFact train", science), ("Evidence Inference", ~science)):
        probabilities = calibration.tempered(found[chosen][mask], temperature)
        print(name, scores(table.labels[mask], probabilities.argmax(axis=1)), report(probabilities, table, mask))
    write(fit(table, np.arange(len(table.labels)), chosen), temperature)
    print(f"penalty {chosen}, temperature {temperature}, written to {WEIGHTS.name}")


def build(sources: Sequence[tuple[list[Pair], float]]) -> Table:
    """The features of all pairs; each source's classes are balanced and its pairs weigh what the source is given."""
    pairs = [p for found, _ in sources for p in found]
    vectors = _vectors(pairs)
    rows = {cut: np.array([_row(p, cut, vectors) for p in pairs]) for cut in CUTS}
    weights = [_balanced(np.array([p.label for p in found]), share) for found, share in sources]
    groups = np.array([p.group for p in pairs])
    return Table(rows, np.array([p.label for p in pairs]), np.concatenate(weights), groups)


def out_of_fold(table: Table, penalty: float) -> Floats:
    """Probabilities of every pair at the widest cut from a model that never saw its abstract."""
    result = np.zeros((len(table.labels), 3))
    folds: Any = GroupKFold(5, shuffle=True, random_state=0)
    for train, test in folds.split(table.labels, table.labels, table.groups):
        related, favours = (m.probability(table.rows[MOST_SENTENCES][test]) for m in fit(table, train, penalty))
        result[test] = np.stack([related * favours, related * (1 - favours), 1 - related], axis=1)
    return result


def fit(table: Table, chosen: NDArray[np.int64], penalty: float) -> tuple[Fitted, Fitted]:
    """The two regressions on the chosen pairs at every cut; the second sees only pairs that are not neutral."""
    rows = np.vstack([table.rows[cut][chosen] for cut in CUTS])
    labels, weights = np.tile(table.labels[chosen], len(CUTS)), np.tile(table.weights[chosen], len(CUTS))
    about = labels != NEUTRAL
    related = logistic(rows, about.astype(float), weights, RELATED, penalty)
    target = (labels[about] == SUPPORTS).astype(float)
    return related, logistic(rows[about], target, weights[about], favouring(), penalty)


def logistic(rows: Floats, target: Floats, weights: Floats, signs: dict[str, int], penalty: float) -> Fitted:
    """A weighted logistic regression with an L2 penalty and the sign of each coefficient constrained."""
    names = _names()
    columns = [names.index(name) for name in sorted(signs)]
    part = rows[:, columns]
    spread = part.std(axis=0)
    mean, scale = part.mean(axis=0), np.where(spread > 1e-9, spread, 1.0)
    inputs = (part - mean) / scale

    def loss(values: Floats) -> tuple[float, Floats]:
        chances = 1 / (1 + np.exp(-(inputs @ values[:-1] + values[-1])))
        kept = np.clip(chances, 1e-12, 1 - 1e-12)
        total = -(weights * (target * np.log(kept) + (1 - target) * np.log(1 - kept))).sum()
        slope = weights * (chances - target)
        gradient = np.append(inputs.T @ slope + penalty * values[:-1], slope.sum())
        return float(total + penalty / 2 * (values[:-1] ** 2).sum()), gradient

    limits = {1: (0, None), -1: (None, 0), 0: (None, None)}
    bounds = [*(limits[signs[name]] for name in sorted(signs)), (None, None)]
    start = np.zeros(len(columns) + 1)
    optimize: Any = import_module("scipy.optimize")  # its functions carry no types
    found: Any = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000})
    return Fitted(columns, mean, scale, found.x[:-1], float(found.x[-1]))


def favouring() -> dict[str, int]:
    """What speaks for (+1) or against (-1) a claim, given that the evidence is about it."""
    signs = dict(_ALONE)
    for name in _names():
        kind, _, bare = name.partition("_")
        if kind in ("best", "mean", "near") and bare in _FOR + _AGAINST:
            signs[name] = 1 if bare in _FOR else -1
    return signs


def report(probabilities: calibration.Floats, table: Table, mask: NDArray[np.bool_]) -> dict[str, float]:
    """Brier score and debiased calibration error with its interval."""
    groups = np.unique(table.groups[mask], return_inverse=True)[1]
    error = calibration.error_with_interval(probabilities, table.labels[mask], groups)
    score = calibration.brier(probabilities, table.labels[mask])
    return {"brier": score, "error": error.value, "low": error.low, "high": error.high}


def write(fitted: tuple[Fitted, Fitted], temperature: float) -> None:
    """The weights as JSON, written whole or not at all; features without a weight are left out."""
    related, favours = (_plain(part) for part in fitted)
    content = {"related": related, "favours": favours, "temperature": temperature}
    part = WEIGHTS.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    part.replace(WEIGHTS)


def _plain(fitted: Fitted) -> dict[str, Any]:
    kept = [i for i, value in enumerate(fitted.coefficients) if abs(round(float(value), 6)) > 0]
    names = _names()
    return {
        "features": [names[fitted.columns[i]] for i in kept],
        "mean": [round(float(fitted.mean[i]), 6) for i in kept],
        "scale": [round(float(fitted.scale[i]), 6) for i in kept],
        "coefficients": [round(float(fitted.coefficients[i]), 6) for i in kept],
        "intercept": round(fitted.intercept, 6),
    }


def _names() -> list[str]:
    return sorted(stance_features.names())


def _vectors(pairs: Sequence[Pair]) -> dict[str, NDArray[np.float32]]:
    texts = {t: None for p in pairs for t in (p.claim, reversal.reverse(p.claim), *p.sentences)}
    return dict(zip(texts, load_encoder().encode(list(texts)), strict=True))


def _row(pair: Pair, cut: int, vectors: dict[str, NDArray[np.float32]]) -> list[float]:
    found, _ = features(pair.claim, pair.sentences, vectors, cut)
    return [found[name] for name in _names()]


def _balanced(labels: NDArray[np.int64], share: float) -> Floats:
    counts = np.bincount(labels, minlength=3)
    return share * len(labels) / (3 * counts[labels])


def _macro(probabilities: Floats, table: Table, mask: NDArray[np.bool_]) -> float:
    return scores(table.labels[mask], probabilities[mask].argmax(axis=1))["macro_f1"]


if __name__ == "__main__":
    main()
