"""Owns SciFact's scores in the open setting: pure functions over what was predicted and what annotators found.

The rules are those of the release (Wadden et al. 2020, arXiv:2004.14974, section on evaluation; its repository's
``doc/evaluation.md`` and the leaderboard's evaluator, allenai/scifact-evaluator):

- An abstract is right by its *label only* if annotators found evidence in it and the label is theirs; with its
  *rationale* if moreover one whole rationale of theirs is among the first three sentences predicted.
- A sentence is right in *selection only* if it belongs to a rationale that was predicted whole; with its *label* if
  moreover the abstract's label is right. All sentences that were predicted count, also beyond the third.
- Counts are summed over claims before precision, recall and F1 are taken. A claim without evidence adds nothing that
  could be found, but what is predicted for it costs precision.

As in the release, a sentence that is named twice is right once and predicted twice, and takes two of the three places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .scifact_release import Claim, Evidence, Label

COUNTED_SENTENCES = 3
KINDS = ("abstract_label_only", "abstract_rationalized", "sentence_selection", "sentence_label")


@dataclass(frozen=True)
class Predicted:
    """What was predicted of one abstract: a label, and its evidence sentences, the most certain first."""

    label: Label
    sentences: tuple[int, ...]


class Counts(NamedTuple):
    """How many are right, were predicted, and were there to be found."""

    right: int
    predicted: int
    relevant: int


def counts(claim: Claim, predicted: Mapping[str, Predicted]) -> dict[str, Counts]:
    """One claim's counts by kind of score; ``predicted`` holds abstracts by document number, without neutral ones."""
    found = [_of_abstract(one, claim.evidence.get(document)) for document, one in predicted.items()]
    sentences = sum(len(one.sentences) for one in predicted.values())
    abstracts, gold = len(claim.evidence), _gold_sentences(claim)
    sizes = ((len(predicted), abstracts), (len(predicted), abstracts), (sentences, gold), (sentences, gold))
    return {kind: Counts(sum(one[place] for one in found), *sizes[place]) for place, kind in enumerate(KINDS)}


def scores(all_counts: Sequence[Counts]) -> dict[str, float]:
    """Precision, recall and F1 of counts summed over claims; 0 where nothing was predicted or nothing was there."""
    right, predicted, relevant = (sum(one[place] for one in all_counts) for place in range(3))
    precision, recall = _share(right, predicted), _share(right, relevant)
    return {"precision": precision, "recall": recall, "f1": _share(2 * right, predicted + relevant)}


def _of_abstract(predicted: Predicted, gold: Evidence | None) -> tuple[int, int, int, int]:
    """What one predicted abstract has right, in the order of ``KINDS``."""
    if gold is None:
        return 0, 0, 0, 0
    labelled = predicted.label == gold.label
    named, first = set(predicted.sentences), set(predicted.sentences[:COUNTED_SENTENCES])
    rationalized = labelled and any(rationale <= first for rationale in gold.rationales)
    whole = [rationale for rationale in gold.rationales if rationale <= named]
    selected = len(frozenset[int]().union(*whole))
    return int(labelled), int(rationalized), selected, selected * labelled


def _gold_sentences(claim: Claim) -> int:
    return sum(len(rationale) for one in claim.evidence.values() for rationale in one.rationales)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
