"""Fits the constants that join the rules and the stance judge into one probability (reasoning/embedded/witness.py).

    python training/witness.py DATA [--write]

DATA holds ``evidence_inference`` (MIT). For each annotation whose evidence stands in the abstract, three claims are
made (increase, decrease, no difference); where the rules read the evidence as a relation on the same subject and
outcome, their stance is right or wrong by the annotation. A logistic regression gives the probability that it is
right; figures are from five folds grouped by abstract, beside a constant.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from consilience.evals.splits import trial_held_out
from consilience.models.calibration import error_with_interval
from consilience.models.encoder import load_encoder
from consilience.models.entailment import load_stance_judge
from consilience.reasoning.embedded.extracting import statement_findings
from consilience.reasoning.embedded.facets import outcome_terms, subject_terms
from consilience.reasoning.embedded.matching import stance_of
from consilience.reasoning.embedded.scope import Scope
from consilience.reasoning.embedded.witness import comparable, evidence, said
from consilience.records import Direction, Facet, Paper, Plan, QuestionType, Relation, Stance, Valence

LABELS = {
    "significantly increased": Direction.INCREASE,
    "significantly increase": Direction.INCREASE,
    "significantly decreased": Direction.DECREASE,
    "no significant difference": Direction.NO_DIFFERENCE,
}
ASSERTED = (Direction.INCREASE, Direction.DECREASE, Direction.NO_DIFFERENCE)
SHORTEST = 20
FOLDS = 5
# scikit-learn ships no types: its modules are taken as they come.
LINEAR: Any = import_module("sklearn.linear_model")
SELECTION: Any = import_module("sklearn.model_selection")
TARGET = Path(__file__).parents[1] / "models" / "weights" / "witness" / "witness.json"


class Case(NamedTuple):
    """One asserted claim with what the rules made of the evidence, and whether they were right."""

    group: str
    claim: str
    passage: str
    ruled: Stance
    right: bool


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def cases(folder: Path) -> Iterator[Case]:
    """Every claim on which the rules took a side."""
    abstracts = {r["pmcid"]: " ".join(r["abstract"].split()) for r in read_lines(folder / "abstracts.jsonl.gz")}
    seen: set[tuple[str, ...]] = set()
    for row in read_lines(folder / "v2_annotations.jsonl.gz"):
        quoted = " ".join(row["evidence"].split())
        text = abstracts.get(row["pmcid"], "")
        label = LABELS.get(row["label"])
        key = (row["pmcid"], row["outcome"], row["intervention"], row["comparator"], quoted)
        if label is None or len(quoted) < SHORTEST or quoted not in text or key in seen:
            continue
        seen.add(key)
        yield from _ruled(row, text, quoted, label)


def _ruled(row: dict[str, Any], text: str, quoted: str, label: Direction) -> Iterator[Case]:
    subject, outcome = row["intervention"], row["outcome"]
    facets = (
        Facet(role="subject", text=subject, terms=subject_terms(subject) or (subject.casefold(),)),
        Facet(
            role="outcome",
            text=outcome,
            terms=outcome_terms(outcome, generic=False, condition="") or (outcome.casefold(),),
        ),
    )
    scope = Scope(Plan(question="fit", question_type=QuestionType.YES_NO, facets=facets, queries=()))
    view = scope.view(Paper(id=row["pmcid"], title="", abstract=text))
    start = text.index(quoted)
    spans = [view.span((a, b)) for a, b in view.spans if a < start + len(quoted) and b > start]
    relations = [
        finding.relation.model_copy(update={"valence": Valence.UNSTATED})
        for span in spans
        for finding in statement_findings(span, view, scope)
    ]
    passage = " ".join(span.text for span in spans)
    for asserted in ASSERTED:
        claim = Relation(subject=subject, comparator=row["comparator"], outcome=outcome, direction=asserted)
        stances = {stance_of(claim, relation, scope) for relation in relations} - {Stance.NEUTRAL}
        if len(stances) == 1:
            ruled = stances.pop()
            truth = Stance.SUPPORTS if asserted is label else Stance.REFUTES
            yield Case(row["pmcid"], said(claim) or "", passage, ruled, ruled is truth)


def fit(found: list[Case]) -> dict[str, float]:
    """The constants with their cross-validated figures."""
    judge = load_stance_judge(load_encoder())
    scores = judge.judge([(comparable(c.claim), comparable(c.passage)) for c in found])
    rows = np.array(
        [[evidence(c.ruled, s), float(c.ruled is Stance.REFUTES)] for c, s in zip(found, scores, strict=True)]
    )
    right = np.array([c.right for c in found])
    groups = np.unique([c.group for c in found], return_inverse=True)[1]
    held_out = _held_out(rows, right, groups)
    constant = _held_out(rows[:, 1:], right, groups)
    model = LINEAR.LogisticRegression().fit(rows, right)
    supports = np.array([c.ruled is Stance.SUPPORTS for c in found])
    error = error_with_interval(np.column_stack([1 - held_out, held_out]), right.astype(int), groups)
    return {
        "bias": float(model.intercept_[0]),
        "slope": float(model.coef_[0][0]),
        "refutes": float(model.coef_[0][1]),
        "precision": float(right[supports].mean()),
        "precision_refutes": float(right[~supports].mean()),
        "pairs": float(len(found)),
        "abstracts": float(len(set(groups.tolist()))),
        "brier": float(((held_out - right) ** 2).mean()),
        "brier_constant": float(((constant - right) ** 2).mean()),
        "calibration_error": error.value,
        "calibration_error_low": error.low,
        "calibration_error_high": error.high,
    } | _unseen(rows, right, np.array([trial_held_out(c.group) for c in found]))


def _unseen(rows: NDArray[np.float64], right: NDArray[np.bool_], held: NDArray[np.bool_]) -> dict[str, float]:
    """The same on the trials that the network was not trained on, fitted on those that it was."""
    if held.sum() == 0 or len(set(right[~held].tolist())) < len((True, False)):
        return {}
    guessed, constant = (
        LINEAR.LogisticRegression().fit(part[~held], right[~held]).predict_proba(part[held])[:, 1]
        for part in (rows, rows[:, 1:])
    )
    return {
        "pairs_unseen": float(held.sum()),
        "right_unseen": float(right[held].mean()),
        "expected_unseen": float(guessed.mean()),
        "brier_unseen": float(((guessed - right[held]) ** 2).mean()),
        "brier_unseen_constant": float(((constant - right[held]) ** 2).mean()),
    }


def _held_out(rows: NDArray[np.float64], right: NDArray[np.bool_], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each case's probability from the folds that its abstract is not in."""
    guessed = np.zeros(len(right))
    for train, test in SELECTION.GroupKFold(FOLDS).split(rows, right, groups):
        model = LINEAR.LogisticRegression().fit(rows[train], right[train])
        guessed[test] = model.predict_proba(rows[test])[:, 1]
    return guessed


def main() -> None:
    """Fit, print, and write with ``--write``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    found = list(cases(asked.data / "evidence_inference"))
    result = {name: round(value, 4) for name, value in fit(found).items()}
    print(json.dumps(result, indent=2))
    if asked.write:
        TARGET.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
