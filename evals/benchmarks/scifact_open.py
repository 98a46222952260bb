"""The scifact-open task: SciFact as it was set, with abstracts to be found, labelled and quoted (Wadden et al. 2020).

Not to be taken for the data set SciFact-Open (arXiv:2210.13777), which has other evidence and half a million abstracts.
For each claim the product retrieves, the judge reads each abstract by itself, and a plan of four numbers turns that
into predictions. The plan is fitted on the training claims, in this run where no earlier one did so with this judge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from consilience.evals.label_scores import interval
from consilience.evals.registry import EvalResult, Figure, TaskInput, figures_table, shown, table, versions

from . import open_fitting
from . import scifact_release as release
from .base import beside, file_digest, provenance, sampled
from .open_reading import DEEPEST, Plan, Read, predict, read
from .open_scores import KINDS, Counts, counts, scores
from .published_scifact import PUBLISHED

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder
    from consilience.models.stance import Judge

_TOLD_EVERY = 20  # claims
_NOTES = (
    "Split: SciFact dev, all claims, those without evidence too; 5,183 abstracts. Counts are summed over claims; "
    "intervals are 5 % to 95 % over 500 draws of claims. At most three sentences count for label and rationale.",
    "`unseen` are the claims of which no training claim cites an abstract. `oracle_label` is the label-only F1 that a "
    "judge without fault would reach on the abstracts that the plan looks at.",
    "depth, cosine, chance and sentences were fitted on the training claims, which the judge has seen too: there they "
    "look better than they are, and the threshold is rather too low than too high.",
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

    def read_all(claims: Sequence[release.Claim], split: str) -> list[tuple[release.Claim, tuple[Read, ...]]]:
        made: list[tuple[release.Claim, tuple[Read, ...]]] = []
        for number, claim in enumerate(claims):
            if number % _TOLD_EVERY == 0:
                given.progress(f"reading for {split} claims: {number} of {len(claims)}")
            made.append((claim, read(claim, found, judge, encoder)))
        return made

    train = release.claims(data, "train")
    place = given.settings.home / "evals" / f"open-plan-{_key(data, judge, encoder)}.json"
    plan = open_fitting.kept(place)
    if plan is None:
        plan = open_fitting.fit(read_all(_chosen(train, given.limit), "training"))
        if given.limit is None:
            open_fitting.keep(plan, place)
    readings = read_all(_chosen(release.claims(data, "dev"), given.limit), "development")
    seen = frozenset(document for claim in train for document in claim.cited)
    values: dict[str, Figure] = {"judge": judge.name, **figures(readings, plan, seen)}
    files = (release.CORPUS, release.claims_file("train"), release.claims_file("dev"))
    text = "\n\n".join((_table(values), figures_table(_rest(values)), beside(values, PUBLISHED), *_NOTES))
    hashes = provenance(data, files, {one.name: one.digest for one in (judge, encoder)})
    return EvalResult("scifact-open", values, text, versions(), PUBLISHED, hashes, _NOTES)


def figures(readings: open_fitting.Readings, plan: Plan, seen: frozenset[str]) -> dict[str, Figure]:
    """The plan and all scores; ``seen`` are the documents that training claims cite."""
    of_claims = [counts(claim, predict(found, plan)) for claim, found in readings]
    values: dict[str, Figure] = {"claims": len(of_claims), **{f"plan.{n}": v for n, v in asdict(plan).items()}}
    unseen = [place for place, (claim, _) in enumerate(readings) if not seen & set(claim.cited)]
    values |= {"unseen.claims": len(unseen), "oracle_label.f1": _oracle(readings, plan)}
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


def _oracle(readings: open_fitting.Readings, plan: Plan) -> float:
    """Label-only F1 where every abstract with evidence among those looked at is labelled right, and no other."""
    reached = [sum(one.rank <= plan.depth and one.document in claim.evidence for one in of) for claim, of in readings]
    relevant = [len(claim.evidence) for claim, _ in readings]
    return scores([Counts(hits, hits, gold) for hits, gold in zip(reached, relevant, strict=True)])["f1"]


def _chosen(claims: Sequence[release.Claim], limit: int | None) -> list[release.Claim]:
    return sampled(claims, limit, lambda claim: bool(claim.evidence), lambda claim: claim.text)


def _key(data: Path, judge: Judge, encoder: Encoder) -> str:
    """What a fitted plan depends on."""
    from consilience.vectorstore.retrieval import MEANING

    files = (file_digest(data / release.CORPUS), file_digest(data / release.claims_file("train")))
    parts = (judge.digest, encoder.digest, *files, str(MEANING), str(DEEPEST))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


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
