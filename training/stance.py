"""Makes the stance judge's weights: ``python training/stance.py --data DIR`` from a clone with the dev group.

Fits the logistic regression of ``models/entailment.py`` on SciFact's training claims and on claims made of Evidence
Inference, each abstract cut to its five, three and one closest sentences, classes balanced. The regularisation is
chosen, and the temperature fitted, on five folds grouped by abstract; development claims are only reported. Writes
``models/weights/stance/weights.json`` and the figures of ``CARD.md``. Five to ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from consilience.evals.stance_benchmark import scores
from consilience.evals.stance_pairs import Pair, evidence_inference, scifact
from consilience.language import reversal
from consilience.models import calibration, stance_features
from consilience.models.encoder import load_encoder
from consilience.models.entailment import MOST_SENTENCES, WEIGHTS, closest

CUTS = (MOST_SENTENCES, 3, 1)
STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3)
TRIALS_WEIGHT = 0.6
"""Evidence Inference's share: its made claims are many and alike; 0.3 to 1 gave the same figures within 0.01."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """Features of pairs at each cut, shape ``(pairs, features)``; labels, sample weights and groups of the pairs."""

    rows: dict[int, Floats]
    labels: NDArray[np.int64]
    weights: Floats
    groups: NDArray[np.str_]


def main() -> None:
    """Fit, calibrate, measure out of fold, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public sets")
    data: Path = parser.parse_args().data
    table = build([(scifact(data, "train"), 1.0), (evidence_inference(data), TRIALS_WEIGHT)])
    science = np.char.startswith(table.groups, "scifact:")
    figures = {strength: out_of_fold(table, strength) for strength in STRENGTHS}
    chosen = max(STRENGTHS, key=lambda s: (_macro(figures[s], table, science), -s))
    for strength in STRENGTHS:
        print(f"C={strength}: out-of-fold macro-F1 {_macro(figures[strength], table, science):.4f} on SciFact train")
    logits = figures[chosen]
    temperature = calibration.fit_temperature(logits, table.labels, table.weights)
    write(table, chosen, temperature)
    for name, mask in (("scifact", science), ("evidence_inference", ~science)):
        probabilities = calibration.softmax(logits[mask], temperature)
        print(name, scores(table.labels[mask], probabilities.argmax(axis=1)), report(probabilities, table, mask))
    print(f"C={chosen}, temperature={temperature}, written to {WEIGHTS}")


def build(sources: Sequence[tuple[list[Pair], float]]) -> Table:
    """The features of all pairs; each source's classes are balanced and its pairs weigh what the source is given."""
    pairs = [p for found, _ in sources for p in found]
    vectors = _vectors(pairs)
    rows = {cut: np.array([_row(p, cut, vectors) for p in pairs]) for cut in CUTS}
    weights = [_balanced(np.array([p.label for p in found]), share) for found, share in sources]
    groups = np.array([p.group for p in pairs])
    return Table(rows, np.array([p.label for p in pairs]), np.concatenate(weights), groups)


def out_of_fold(table: Table, strength: float) -> Floats:
    """Logits of every pair at the widest cut from a model that never saw its abstract."""
    logits = np.zeros((len(table.labels), 3))
    folds: Any = GroupKFold(5, shuffle=True, random_state=0)
    for train, test in folds.split(table.labels, table.labels, table.groups):
        mean, scale, model = fit(table, train, strength)
        logits[test] = ((table.rows[MOST_SENTENCES][test] - mean) / scale) @ model.coef_.T + model.intercept_
    return logits


def fit(table: Table, chosen: NDArray[np.int64], strength: float) -> tuple[Floats, Floats, Any]:
    """Mean and scale of the features, and the fitted model, on the chosen pairs at every cut."""
    rows = np.vstack([table.rows[cut][chosen] for cut in CUTS])
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(spread > 1e-9, spread, 1.0)
    model: Any = LogisticRegression(C=strength, max_iter=5000)
    model.fit(
        (rows - mean) / scale,
        np.tile(table.labels[chosen], len(CUTS)),
        sample_weight=np.tile(table.weights[chosen], len(CUTS)),
    )
    return mean, scale, model


def report(probabilities: Floats, table: Table, mask: NDArray[np.bool_]) -> dict[str, float]:
    """Brier score and debiased calibration error with its interval."""
    groups = np.unique(table.groups[mask], return_inverse=True)[1]
    error = calibration.error_with_interval(probabilities, table.labels[mask], groups)
    score = calibration.brier(probabilities, table.labels[mask])
    return {"brier": score, "error": error.value, "low": error.low, "high": error.high}


def write(table: Table, strength: float, temperature: float) -> None:
    """The weights of a model fitted on all pairs, as JSON, written whole or not at all."""
    mean, scale, model = fit(table, np.arange(len(table.labels)), strength)
    content = {
        "features": _names(),
        "mean": np.round(mean, 6).tolist(),
        "scale": np.round(scale, 6).tolist(),
        "coefficients": np.round(model.coef_, 6).tolist(),
        "intercept": np.round(model.intercept_, 6).tolist(),
        "temperature": temperature,
    }
    part = WEIGHTS.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    part.replace(WEIGHTS)


def _names() -> list[str]:
    return sorted(stance_features.names())


def _vectors(pairs: Sequence[Pair]) -> dict[str, NDArray[np.float32]]:
    texts = {t: None for p in pairs for t in (p.claim, reversal.reverse(p.claim), *p.sentences)}
    return dict(zip(texts, load_encoder().encode(list(texts)), strict=True))


def _row(pair: Pair, cut: int, vectors: dict[str, NDArray[np.float32]]) -> list[float]:
    claim = vectors[pair.claim]
    read = closest(claim, np.stack([vectors[s] for s in pair.sentences]), cut)
    parts = [pair.sentences[i] for i in read]
    turned = vectors[reversal.reverse(pair.claim)]
    found = stance_features.of(pair.claim, parts, claim, turned, np.stack([vectors[s] for s in parts]))
    return [found[name] for name in _names()]


def _balanced(labels: NDArray[np.int64], share: float) -> Floats:
    counts = np.bincount(labels, minlength=3)
    return share * len(labels) / (3 * counts[labels])


def _macro(logits: Floats, table: Table, mask: NDArray[np.bool_]) -> float:
    return scores(table.labels[mask], logits[mask].argmax(axis=1))["macro_f1"]


if __name__ == "__main__":
    main()
