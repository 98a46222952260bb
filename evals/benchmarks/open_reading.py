"""Reads abstracts as the open setting wants it: what is retrieved for a claim, what the judge says of each, and how a
plan with few numbers turns that into predictions. ``open_fitting`` fits the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .open_scores import Predicted
from .scifact_release import Claim, Collection, Label, documents

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder
    from consilience.models.stance import AbstractScores, Judge

DEEPEST = 10
"""Abstracts: as many are judged for a claim."""


@dataclass(frozen=True)
class Read:
    """One abstract that was retrieved for a claim and judged.

    ``chance`` is the probability that it speaks for or against the claim at all, ``label`` the likelier of the two.
    ``sentences`` are those read, the most certain evidence first, ``marks`` their probabilities of being evidence: 0
    where the judge says nothing of single sentences.
    """

    document: str
    rank: int
    cosine: float
    label: Label
    chance: float
    sentences: tuple[int, ...]
    marks: tuple[float, ...]


@dataclass(frozen=True)
class Plan:
    """How what was read becomes predictions.

    The first ``depth`` abstracts are looked at; those of at least ``cosine`` to the claim and of at least ``chance``
    are predicted. Named are at most ``sentences``: the first, and those of at least ``mark``.
    """

    depth: int
    cosine: float
    chance: float
    sentences: int
    mark: float = 0.0


def read(claim: Claim, found: Collection, judge: Judge, encoder: Encoder) -> tuple[Read, ...]:
    """The first ``DEEPEST`` abstracts that the product retrieves for the claim, judged in one call, each by itself."""
    hits = found.retriever.search(claim.text, DEEPEST)
    named = documents(found, [hit.paper_id for hit in hits])
    all_judged = judge.judge_abstracts([(claim.text, found.sentences[document]) for document in named])
    made: list[Read] = []
    for rank, (hit, document, judged) in enumerate(zip(hits, named, all_judged, strict=True), 1):
        parts, scores = found.sentences[document], judged.scores
        order, marks = _evidence(claim.text, parts, judged, encoder)
        label: Label = "SUPPORT" if scores.supports >= scores.refutes else "CONTRADICT"
        chance = round(scores.supports + scores.refutes, 4)
        made.append(Read(document, rank, hit.cosine, label, chance, order, marks))
    return tuple(made)


def predict(read_abstracts: Sequence[Read], plan: Plan) -> dict[str, Predicted]:
    """The predictions of a plan, by document; an abstract that is not predicted is neutral."""
    return {
        one.document: Predicted(one.label, _named(one, plan))
        for one in read_abstracts
        if one.rank <= plan.depth and one.cosine >= plan.cosine and one.chance >= plan.chance and one.sentences
    }


def _named(one: Read, plan: Plan) -> tuple[int, ...]:
    marked = zip(one.sentences[: plan.sentences], one.marks, strict=False)
    return tuple(sentence for place, (sentence, mark) in enumerate(marked) if place == 0 or mark >= plan.mark)


def _evidence(
    claim: str, parts: Sequence[str], judged: AbstractScores, encoder: Encoder
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The sentences read, the most certain evidence first, and the probability of each to be evidence.

    A judge without an opinion of single sentences has those read put in the order of their cosine to the claim.
    """
    if judged.evidence:
        ordered = sorted(zip(judged.evidence, judged.read, strict=True), key=lambda one: (-one[0], one[1]))
        return tuple(place for _, place in ordered), tuple(chance for chance, _ in ordered)
    if not judged.read:
        return (), ()
    vectors: Any = encoder.encode([claim, *(parts[place] for place in judged.read)])
    cosines = [round(float(cosine), 4) for cosine in vectors[1:] @ vectors[0]]
    ordered_places = tuple(place for _, place in sorted(zip((-c for c in cosines), judged.read, strict=True)))
    return ordered_places, (0.0,) * len(ordered_places)
