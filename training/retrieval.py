"""Fits what meaning and words count for in retrieval (``MEANING``), on SciFact's training claims alone.

    python -m consilience.training.retrieval DATA

prints recall@10 and nDCG@10 for every share on a grid. The choice is the share with the best mean of the two; it is
written into ``vectorstore/retrieval.py`` by hand. The development claims are not looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from consilience.evals.benchmarks import scifact_release as release
from consilience.evals.benchmarks.rank_scores import ndcg_at, recall_at
from consilience.evals.registry import shown, table
from consilience.models.encoder import load_encoder
from consilience.settings import load_settings

SHARES = (0.0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 1.0)
_DEPTH = 10


def main(arguments: Sequence[str]) -> None:
    """Print the grid for the folder of public sets that is the first argument.

    Raises:
        InputError: it does not hold SciFact.
    """
    data, home = Path(arguments[0]), load_settings().home
    claims, encoder = release.claims(data, "train"), load_encoder()
    rows: list[tuple[str, ...]] = []
    for share in SHARES:
        found = release.collection(data, home, encoder, _tell, share)
        orders = [_order(found, claim) for claim in claims]
        pairs = [(order, claim.cited) for order, claim in zip(orders, claims, strict=True)]
        recall = sum(recall_at(order, cited, _DEPTH) for order, cited in pairs) / len(pairs)
        gain = sum(ndcg_at(order, cited, _DEPTH) for order, cited in pairs) / len(pairs)
        rows.append((shown(share, 2), shown(recall, 4), shown(gain, 4), shown((recall + gain) / 2, 4)))
        _tell(" ".join(rows[-1]))
    print(table(("share of meaning", "recall@10", "nDCG@10", "mean"), rows))


def _order(found: release.Collection, claim: release.Claim) -> tuple[str, ...]:
    return release.documents(found, [hit.paper_id for hit in found.retriever.search(claim.text, _DEPTH)])


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
