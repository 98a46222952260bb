"""Owns hybrid retrieval over a working set of papers: what is near in meaning and what shares the words.

Dense ranks by exact cosine, BM25 (Robertson and Zaragoza 2009, doi 10.1561/1500000019) by words. Papers are ordered by
a convex combination of both scores, each over the query's best (Bruch, Gai and Ingber 2023, doi 10.1145/3596512: better
than fusing ranks, which forgets by how much a paper leads). Reciprocal rank fusion (Cormack, Clarke and Buettcher 2009,
doi 10.1145/1571941.1572114) is the other order to be had, and the part that ranks play in screening.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import bm25s
import numpy as np
from numpy.typing import NDArray

from consilience.models.encoder import Encoder
from consilience.records import Paper

from .abstracts import AbstractIndex, document
from .words import tokens

RRF_K = 60  # the constant of the paper, section 2
# What the cosine counts for in the order, and words the rest. Fitted on SciFact's training claims, where 0.4 to 0.7 are
# nearly as good (docs/retrieval.md, training/retrieval.py).
MEANING = 0.55
# Up to here the whole working set is rescored. Beyond, an HNSW graph's proposals are, and those may depend on
# the order of insertion.
EXACT_LIMIT = 5000
_PROPOSALS = 5  # papers that each ranking proposes for one that is asked for


Order = Literal["score", "ranks"]
"""What papers are ordered by: ``Hit.score``, or ``Hit.fused``."""


class Hit(NamedTuple):
    """A paper that a query found. Ranks start at 1; None where that ranking did not propose the paper.

    ``score`` in [0, 1] joins the scores by meaning and by words, ``fused`` in [0, 1] the ranks. Both are 1 for a paper
    that leads both rankings, and neither is a probability. ``cosine`` in [-1, 1] is exact, 0 for a paper without text.
    """

    paper_id: str
    fused: float
    cosine: float
    dense_rank: int | None
    bm25_rank: int | None
    score: float


class HybridRetriever:
    """Searches ``papers``, whose vectors ``index`` holds, in whatever order they are given.

    ``meaning`` in [0, 1] is what the cosine counts for in the order by score, words the rest.
    """

    def __init__(
        self, papers: Sequence[Paper], index: AbstractIndex, encoder: Encoder, meaning: float = MEANING
    ) -> None:
        self._meaning = meaning
        self._ids = sorted({paper.id for paper in papers})
        self._index = index
        self._encoder = encoder
        self._known = frozenset(self._ids)
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._bm25 = _Bm25({paper.id: document(paper) for paper in papers})
        if len(self._ids) <= EXACT_LIMIT:
            self._vectors = index.vectors(self._ids)
        self._matrix = self._rows(list(self._vectors))

    def search(self, query: str, k: int, by: Order = "score") -> list[Hit]:
        """The best ``k`` papers that either ranking proposes, best first ``by`` that; ties by cosine, then by id.

        A query without a word finds nothing.
        """
        vector = self._encoder.encode([query])[0]
        if k < 1 or not vector.any():
            return []
        by_words = self._bm25.scores(query)
        cosines = self._cosines(query, vector, by_words, k)
        dense_ranks, bm25_ranks = _ranks(cosines), _ranks(by_words)
        hits: list[Hit] = []
        for i, score in blended(cosines, by_words, self._meaning).items():
            dense, words = dense_ranks.get(i), bm25_ranks.get(i)
            hits.append(Hit(i, _fuse(dense, words), cosines.get(i, 0.0), dense, words, score))
        first = {hit.paper_id: hit.score if by == "score" else hit.fused for hit in hits}
        return sorted(hits, key=lambda hit: (-first[hit.paper_id], -hit.cosine, hit.paper_id))[:k]

    def _cosines(self, query: str, vector: NDArray[np.float32], by_words: dict[str, float], k: int) -> dict[str, float]:
        """Exact cosines, to four decimals, of the papers that may rank: all, unless the set is large."""
        ids, matrix = list(self._vectors), self._matrix
        if len(self._ids) > EXACT_LIMIT:
            # The index may hold papers outside of the working set: as many more are asked for.
            outside = max(0, self._index.count() - len(self._ids))
            proposed = {i for i, _ in self._index.query(query, _PROPOSALS * k + outside)} & self._known
            candidates = sorted(proposed | set(_best(by_words, _PROPOSALS * k)))
            self._vectors |= self._index.vectors([i for i in candidates if i not in self._vectors])
            ids = [i for i in candidates if i in self._vectors]
            matrix = self._rows(ids)
        if not ids:
            return {}
        exact = matrix @ vector.astype(np.float64)
        return {i: round(float(cosine), 4) for i, cosine in zip(ids, exact, strict=True)}

    def _rows(self, ids: list[str]) -> NDArray[np.float64]:
        """The vectors of these papers, a row each."""
        return np.array([self._vectors[i] for i in ids], dtype=np.float64)


class _Bm25:
    """BM25 (k1 1.5, b 0.75) over texts by id."""

    def __init__(self, texts: dict[str, str]) -> None:
        corpus = {i: words for i in sorted(texts) if (words := tokens(texts[i]))}
        self._ids = list(corpus)
        self._model: Any = bm25s.BM25(k1=1.5, b=0.75, backend="numpy", csc_backend="numpy")
        if corpus:
            self._model.index(list(corpus.values()), show_progress=False)

    def scores(self, query: str) -> dict[str, float]:
        """The score, to four decimals, of every text that shares a word with the query."""
        known: list[int] = self._model.get_tokens_ids(tokens(query)) if self._ids else []
        if not known:
            return {}
        scores: NDArray[np.float32] = self._model.get_scores_from_ids(known)
        return {i: s for i, s in zip(self._ids, (round(float(x), 4) for x in scores), strict=True) if s > 0}


def blended(cosines: Mapping[str, float], words: Mapping[str, float], meaning: float = MEANING) -> dict[str, float]:
    """The score, to four decimals, of every id that has a cosine or a word score; what it lacks counts 0.

    ``meaning`` times the cosine over the highest one, and the rest times the word score over the highest one. A cosine
    under 0 counts 0.
    """
    nearest = max(cosines.values(), default=0.0)
    most = max(words.values(), default=0.0)
    return {
        i: round(meaning * _over(cosines.get(i, 0.0), nearest) + (1 - meaning) * _over(words.get(i, 0.0), most), 4)
        for i in cosines.keys() | words.keys()
    }


def _over(score: float, highest: float) -> float:
    return max(0.0, score) / highest if highest > 0 else 0.0


def _best(scores: dict[str, float], size: int) -> list[str]:
    return sorted(scores, key=lambda i: (-scores[i], i))[:size]


def _ranks(scores: dict[str, float]) -> dict[str, int]:
    return {i: rank for rank, i in enumerate(_best(scores, len(scores)), start=1)}


def _fuse(*ranks: int | None) -> float:
    """The mean over rankings of (K + 1) / (K + rank), to four decimals; without a rank nothing is added."""
    return round(sum((RRF_K + 1) / (RRF_K + rank) for rank in ranks if rank) / len(ranks), 4)
