"""The retrieval task: are the abstracts that a SciFact claim is about among the first that are found?

BEIR's protocol (Thakur et al. 2021, arXiv:2104.08663, table 1: SciFact has 300 test queries and 5,183 documents; the
labelled claims that are not for training are SciFact's development claims): the claim as it stands is the query, and
every abstract that its source cites is relevant, evidence or not. Beside it stands the stricter reading, in which only
abstracts with evidence are relevant and claims without any are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consilience.evals.label_scores import interval
from consilience.evals.registry import EvalResult, Figure, TaskInput, shown, table, versions
from consilience.evals.results import Published

from . import scifact_release as release
from .base import beside, provenance, sampled
from .rank_scores import ndcg_at, recall_at

DEPTHS = (1, 3, 5, 10, 20, 50)
SYSTEMS = ("product", "ranks", "bm25", "encoder")
READINGS = ("cited", "evidence")
_DEEPEST = max(DEPTHS)
_TOLD_EVERY = 50  # claims
_NOTES = (
    "Split: SciFact dev, which is BEIR's test split. Query: the claim as it stands. `cited`: all claims, and every "
    "abstract that a claim's source cites is relevant (BEIR). `evidence`: claims with evidence only, and the abstracts "
    "that hold it are relevant. Means over claims; intervals are 5 % to 95 % over 500 draws of claims.",
    "`product`: cosine and BM25 joined by their scores; `ranks`: joined by their ranks, the order of a run's searches; "
    "`bm25` and `encoder`: each alone. What the two count for in `product` was fitted on SciFact's training claims "
    "(training/retrieval.py); nothing was fitted on these.",
)
_PUBLISHED = (
    Published(
        "BM25 (Terrier)", "cited.bm25.ndcg@10", 0.6839, "BEIR SciFact test",
        "https://huggingface.co/datasets/pyterrier/scifact.terrier, table Benchmarks",
    ),
    Published(
        "instructor-xl", "cited.encoder.recall@10", 0.77956, "BEIR SciFact test",
        "https://huggingface.co/datasets/GritLM/results, hkunlp_instructor-xl/SciFact.json",
        "another dense encoder",
    ),
    Published(
        "AugTriever-Hybrid-TQGen-plus", "cited.encoder.recall@10", 0.804, "BEIR SciFact test",
        "https://huggingface.co/memray/AugTriever-Hybrid-TQGen-plus, eval_output/checkpoint-200000/beir.json",
        "another dense encoder",
    ),
    Published(
        "GritLM-7B, reranked", "cited.product.recall@10", 0.91822, "BEIR SciFact test",
        "https://huggingface.co/datasets/GritLM/results, GritLM-7B/gritlm_rerank_results/SciFact.json",
        "a language model ranks, and reranks what it ranked",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Ranking:
    """One claim's documents in the order of each system, best first, at least as deep as is measured."""

    claim: release.Claim
    orders: Mapping[str, tuple[str, ...]]


def measure(given: TaskInput) -> EvalResult:
    """Recall at several depths and nDCG@10 of the product's two orders, of BM25 alone and of the encoder alone.

    Raises:
        InputError: there is no data folder, or it lacks SciFact.
    """
    from consilience.models.encoder import load_encoder

    data = given.needed_data("retrieval")
    chosen = sampled(
        release.claims(data, "dev"), given.limit, lambda claim: bool(claim.evidence), lambda claim: claim.text
    )
    encoder = load_encoder(given.settings.models.threads)
    found = release.collection(data, given.settings.home, encoder, given.progress)
    made: list[Ranking] = []
    for number, claim in enumerate(chosen):
        if number % _TOLD_EVERY == 0:
            given.progress(f"searching for claims: {number} of {len(chosen)}")
        made.append(rank(claim, found))
    values = figures(made)
    hashes = provenance(data, (release.CORPUS, release.claims_file("dev")), {encoder.name: encoder.digest})
    shown_table = "\n\n".join((_table(values), beside(values, _PUBLISHED), *_NOTES))
    return EvalResult("retrieval", values, shown_table, versions(), _PUBLISHED, hashes, _NOTES)


def rank(claim: release.Claim, found: release.Collection) -> Ranking:
    """The documents in four orders: the product's two, as it asks for them, and each of their halves alone."""
    product = [hit.paper_id for hit in found.retriever.search(claim.text, _DEEPEST)]
    ranks = [hit.paper_id for hit in found.retriever.search(claim.text, _DEEPEST, by="ranks")]
    hits = found.retriever.search(claim.text, len(found.sentences))
    words = sorted((hit.bm25_rank, hit.paper_id) for hit in hits if hit.bm25_rank is not None)
    near = sorted((hit.dense_rank, hit.paper_id) for hit in hits if hit.dense_rank is not None)
    papers = {
        "product": product,
        "ranks": ranks,
        "bm25": [paper for _, paper in words[:_DEEPEST]],
        "encoder": [paper for _, paper in near[:_DEEPEST]],
    }
    return Ranking(claim, {name: release.documents(found, order) for name, order in papers.items()})


def relevant(claim: release.Claim, reading: str) -> tuple[str, ...]:
    """The documents that a claim should find, in one of the two readings."""
    return claim.cited if reading == "cited" else tuple(claim.evidence)


def figures(rankings: Sequence[Ranking]) -> dict[str, Figure]:
    """Means over the claims that have something to find, by reading, system and measure, and their intervals."""
    found: dict[str, Figure] = {"claims": len(rankings)}
    for reading in READINGS:
        asked = [one for one in rankings if relevant(one.claim, reading)]
        found[f"{reading}.claims"] = len(asked)
        found[f"{reading}.abstracts"] = sum(len(relevant(one.claim, reading)) for one in asked)
        drawn = [str(one.claim.number) for one in asked]
        for system in SYSTEMS if asked else ():
            for name, values in _values(asked, reading, system).items():
                low, high = interval(lambda rows, of=values: float(of[rows].mean()), drawn)
                key = f"{reading}.{system}.{name}"
                found |= {key: round(float(values.mean()), 4), f"{key}_low": low, f"{key}_high": high}
    return found


def _values(asked: Sequence[Ranking], reading: str, system: str) -> dict[str, NDArray[np.float64]]:
    """Each claim's measures, by name."""
    pairs = [(one.orders[system], relevant(one.claim, reading)) for one in asked]
    values = {f"recall@{k}": [recall_at(order, wanted, k) for order, wanted in pairs] for k in DEPTHS}
    values |= {"ndcg@10": [ndcg_at(order, wanted, 10) for order, wanted in pairs]}
    return {name: np.array(of) for name, of in values.items()}


def _table(values: Mapping[str, Figure]) -> str:
    names = [*(f"recall@{k}" for k in DEPTHS), "ndcg@10"]
    rows: list[tuple[str, ...]] = []
    for reading in READINGS:
        of = f"{reading} ({values[f'{reading}.claims']} claims, {values[f'{reading}.abstracts']} abstracts)"
        for system in SYSTEMS if values[f"{reading}.claims"] else ():
            key = f"{reading}.{system}"
            rows.append((of, system, *(shown(values[f"{key}.{name}"]) for name in names), _interval(values, key)))
    return table(("relevant", "order", *names, "recall@10, 5 to 95 %"), rows)


def _interval(values: Mapping[str, Figure], key: str) -> str:
    return f"{shown(values[f'{key}.recall@10_low'])} to {shown(values[f'{key}.recall@10_high'])}"
