"""The scifact-open task: SciFact as it was set, with abstracts to be found, labelled and quoted (Wadden et al. 2020).

Not to be taken for the data set SciFact-Open (arXiv:2210.13777), which has other evidence and half a million abstracts.
For each claim the product retrieves, the judge reads each abstract by itself, and a plan of five numbers turns that
into predictions. The plan of each claim is fitted on the development claims of other folds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import partial

import numpy as np
from numpy.typing import NDArray

from consilience.evals.label_scores import interval
from consilience.evals.registry import EvalResult, Figure, TaskInput, figures_table, shown, table, versions

from . import open_fitting
from . import scifact_release as release
from .base import beside, provenance, sampled
from .open_reading import Plan, Read, predict, read
from .open_scores import KINDS, Counts, counts, scores
from .published_scifact import PUBLISHED

_TOLD_EVERY = 20  # claims
_NOTES = (
    "Split: SciFact dev, all claims, those without evidence too; 5,183 abstracts. Counts are summed over claims; "
    "intervals are 5 % to 95 % over 500 draws of claims. At most three sentences count for label and rationale.",
    "`unseen` are the claims of which no training claim cites an abstract. `oracle_label` is the label-only F1 that a "
    "judge without fault would reach on the abstracts that the plans look at.",
    f"depth, cosine, chance, sentences and mark are fitted in {open_fitting.FOLDS} folds of development claims, those "
    "that cite an abstract in common together; each claim has the plan of the other folds. Training claims would not "
    "do: the judge was trained on them. Where the plans differ, the least and the greatest number are given.",
)


def measure(given: TaskInput) -> EvalResult:
    """Precision, recall and F1 of abstracts and sentences on SciFact's development claims, with intervals.

    Raises:
        InputError: there is no data folder, or it lacks SciFact.
    """
    from consilience.models.encoder import load_encoder

    from .judging import embedded_judge

    data = given.needed_data("scifact-open")
    encoder = load_encoder(given.settings.models.threads)
    judge = embedded_judge(given.settings)
    found = release.collection(data, given.settings.home, encoder, given.progress)
    chosen = sampled(
        release.claims(data, "dev"), given.limit, lambda claim: bool(claim.evidence), lambda claim: claim.text
    )
    readings: list[tuple[release.Claim, tuple[Read, ...]]] = []
    for place, claim in enumerate(chosen):
        if place % _TOLD_EVERY == 0:
            given.progress(f"reading for claims: {place} of {len(chosen)}")
        readings.append((claim, read(claim, found, judge, encoder)))
    seen = frozenset(document for claim in release.claims(data, "train") for document in claim.cited)
    values: dict[str, Figure] = {"judge": judge.name, **figures(readings, open_fitting.cross_fitted(readings), seen)}
    files = (release.CORPUS, release.claims_file("train"), release.claims_file("dev"))
    text = "\n\n".join((_table(values), figures_table(_rest(values)), beside(values, PUBLISHED), *_NOTES))
    hashes = provenance(data, files, {one.name: one.digest for one in (judge, encoder)})
    return EvalResult("scifact-open", values, text, versions(), PUBLISHED, hashes, _NOTES)


def figures(readings: open_fitting.Readings, plans: Sequence[Plan], seen: frozenset[str]) -> dict[str, Figure]:
    """All scores under a plan a claim, and what the plans are; ``seen`` are the documents that training claims cite."""
    of_claims = [counts(claim, predict(found, plan)) for (claim, found), plan in zip(readings, plans, strict=True)]
    values: dict[str, Figure] = {"claims": len(of_claims)}
    values |= {f"plan.{one.name}": _span([getattr(plan, one.name) for plan in plans]) for one in fields(Plan)}
    unseen = [place for place, (claim, _) in enumerate(readings) if not seen & set(claim.cited)]
    values |= {"unseen.claims": len(unseen), "oracle_label.f1": _oracle(readings, plans)}
    drawn = [str(claim.number) for claim, _ in readings]
    for kind in KINDS:
        column = [of[kind] for of in of_claims]
        low, high = interval(partial(_f1, column), drawn)
        values |= {f"{kind}.{name}": value for name, value in scores(column).items()}
        values |= {f"{kind}.f1_low": low, f"{kind}.f1_high": high}
        values[f"unseen.{kind}.f1"] = scores([column[place] for place in unseen])["f1"]
    return values


def _f1(column: Sequence[Counts], rows: NDArray[np.int64]) -> float:
    return scores([column[int(row)] for row in rows])["f1"]


def _span(numbers: Sequence[float]) -> Figure:
    """The number that all plans share, or the least and the greatest."""
    least, most = min(numbers), max(numbers)
    return least if least == most else f"{least:g} to {most:g}"


def _oracle(readings: open_fitting.Readings, plans: Sequence[Plan]) -> float:
    """Label-only F1 where every abstract with evidence among those looked at is labelled right, and no other."""
    reached = [
        sum(one.rank <= plan.depth and one.document in claim.evidence for one in of)
        for (claim, of), plan in zip(readings, plans, strict=True)
    ]
    relevant = [len(claim.evidence) for claim, _ in readings]
    return scores([Counts(hits, hits, gold) for hits, gold in zip(reached, relevant, strict=True)])["f1"]


def _table(values: Mapping[str, Figure]) -> str:
    rows = [
        (
            kind.replace("_", " "),
            *(shown(values[f"{kind}.{name}"]) for name in ("precision", "recall", "f1")),
            f"{shown(values[f'{kind}.f1_low'])} to {shown(values[f'{kind}.f1_high'])}",
            shown(values[f"unseen.{kind}.f1"]),
        )
        for kind in KINDS
    ]
    return table(("score", "precision", "recall", "F1", "5 to 95 %", "F1, unseen"), rows)


def _rest(values: Mapping[str, Figure]) -> dict[str, Figure]:
    return {name: value for name, value in values.items() if not any(kind in name for kind in KINDS)}
