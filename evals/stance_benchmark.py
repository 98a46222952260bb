"""Owns the stance judge's measurement: macro-F1 on SciFact's development claims beside two baselines, calibration.

The baselines are the majority class and a logistic regression on bags of claim words and evidence words, fitted on the
same training pairs (scikit-learn, in the dev group; without it that baseline is not measured, and the result says so).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.language import text
from consilience.models import calibration
from consilience.models.encoder import load_encoder
from consilience.models.entailment import load_stance_judge
from consilience.models.stance import Judge

from .label_scores import label_scores
from .registry import EvalResult, TaskInput, figures_table, flatten, versions
from .stance_pairs import Pair, evidence_inference, prompts, scifact

CLASSES = ("supports", "refutes", "neutral")
_BAG_STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0)


def measure(given: TaskInput) -> EvalResult:
    """The figures of ``run`` on the folder of public sets.

    Raises:
        InputError: there is no such folder, or it does not hold the public sets.
    """
    figures = flatten(run(given.needed_data("stance")))
    return EvalResult("stance", figures, figures_table(figures), versions())


def run(data_dir: Path) -> dict[str, Any]:
    """Figures by name: judge, majority and bag of words on SciFact dev; calibration; direction rules on trials.

    ``unseen`` leaves out the abstracts that SciFact's training claims cite too.

    Raises:
        InputError: the folder does not hold the public sets.
    """
    judge = load_stance_judge(load_encoder())
    train, dev = scifact(data_dir, "train"), scifact(data_dir, "dev")
    labels = np.array([p.label for p in dev])
    probabilities = judged(judge, dev)
    groups = np.unique([p.group for p in dev], return_inverse=True)[1]
    error = calibration.error_with_interval(probabilities, labels, groups)
    majority = np.full(len(dev), int(np.bincount([p.label for p in train], minlength=3).argmax()))
    known = {p.group for p in train}
    unseen = np.array([p.group not in known for p in dev])
    return {
        "pairs": len(dev),
        "judge": scores(labels, probabilities.argmax(axis=1)),
        "pairs_unseen": int(unseen.sum()),
        "judge_unseen": scores(labels[unseen], probabilities[unseen].argmax(axis=1)),
        "majority": scores(labels, majority),
        "bag_of_words": _bag_of_words([*train, *evidence_inference(data_dir)], dev, labels),
        "calibration": {
            "brier": calibration.brier(probabilities, labels),
            "error": error.value,
            "error_5_percent": error.low,
            "error_95_percent": error.high,
        },
        "directions": direction_rules(data_dir),
    }


def judged(judge: Judge, pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """One row of probabilities a pair: supports, refutes, neutral."""
    found = [one.scores for one in judge.judge_abstracts([(p.claim, p.sentences) for p in pairs])]
    return np.array([[s.supports, s.refutes, s.neutral] for s in found])


def scores(labels: NDArray[np.integer[Any]], predicted: NDArray[np.integer[Any]]) -> dict[str, float]:
    """Macro-F1, accuracy and each class's F1."""
    return label_scores(labels, predicted, CLASSES)


def direction_rules(data_dir: Path) -> dict[str, float]:
    """How well the direction rules read trials' evidence sentences (both halves; arms may be swapped in the words)."""
    from consilience.language import directions

    wanted = {"up": "increase", "down": "decrease", "none": "no_difference"}
    pairs = [(wanted[p.finding], directions.overall(p.evidence).value) for p in prompts(data_dir)]
    none = [(w == "no_difference", g == "no_difference") for w, g in pairs]
    hits = sum(w and g for w, g in none)
    decided = [(w, g) for w, g in pairs if w != "no_difference" and g in ("increase", "decrease")]
    directed = sum(w != "no_difference" for w, _ in pairs)
    return {
        "sentences": float(len(pairs)),
        "accuracy": round(sum(w == g for w, g in pairs) / len(pairs), 4),
        "no_difference_f1": round(2 * hits / (2 * hits + sum(w != g for w, g in none)), 4),
        "direction_accuracy_where_read": round(sum(w == g for w, g in decided) / len(decided), 4),
        "direction_read": round(len(decided) / directed, 4),
    }


def _bag_of_words(train: Sequence[Pair], dev: Sequence[Pair], labels: NDArray[np.integer[Any]]) -> dict[str, Any]:
    try:
        words: Any = import_module("sklearn.feature_extraction.text")  # its functions carry no types
        linear: Any = import_module("sklearn.linear_model")
        selection: Any = import_module("sklearn.model_selection")
    except ImportError:
        return {"not_measured": "scikit-learn is not installed (uv sync --group dev)"}
    bags: Any = words.TfidfVectorizer(analyzer=_marked, min_df=2, sublinear_tf=True)
    rows: Any = bags.fit_transform([_bag(p) for p in train])
    wanted = np.array([p.label for p in train])
    groups = [p.group for p in train]
    best: tuple[float, float] = (-1.0, 0.0)
    for strength in _BAG_STRENGTHS:
        model: Any = linear.LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)
        folds: Any = selection.cross_val_score(
            model, rows, wanted, groups=groups, cv=selection.GroupKFold(5), scoring="f1_macro"
        )
        best = max(best, (round(float(folds.mean()), 4), strength))
    fitted: Any = linear.LogisticRegression(C=best[1], class_weight="balanced", max_iter=2000).fit(rows, wanted)
    return scores(labels, np.array(fitted.predict(bags.transform([_bag(p) for p in dev]))))


def _bag(pair: Pair) -> str:
    return pair.claim + "\0" + " ".join(pair.sentences)


def _marked(joined: str) -> list[str]:
    """The claim's stems marked as the claim's, and the abstract's as the evidence's."""
    claim, evidence = joined.split("\0", 1)
    return [f"claim:{s}" for s in text.stems(claim)] + [f"evidence:{s}" for s in text.stems(evidence)]
