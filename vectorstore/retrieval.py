"""Owns hybrid retrieval over a working set of papers: what is near in meaning and what shares the words.

Dense ranks by exact cosine, BM25 (Robertson and Zaragoza 2009, doi 10.1561/1500000019) by words; reciprocal
rank fusion (Cormack, Clarke and Buettcher 2009, doi 10.1145/1571941.1572114) joins the two rankings, so that
their scores need no common scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import bm25s
import numpy as np
from numpy.typing import NDArray

from consilience.models.encoder import Encoder
from consilience.records import Paper

from .abstracts import AbstractIndex, document
from .words import tokens

RRF_K = 60  # the constant of the paper, section 2
# Up to here the whole working set is rescored. Beyond, an HNSW graph's proposals are, and those may depend on
# the order of insertion.
EXACT_LIMIT = 5000
_PROPOSALS = 5  # papers that each ranking proposes for one that is asked for


class Hit(NamedTuple):
    """A paper that a query found. Ranks start at 1; None where that ranking did not propose the paper.

    ``fused`` in [0, 1] is 1 for a paper that leads both rankings; it orders papers and is no probability.
    ``cosine`` in [-1, 1] is exact, 0 for a paper without text.
    """

    paper_id: str
    fused: float
    cosine: float
    dense_rank: int | None
    bm25_rank: int | None


class HybridRetriever:
    """Searches ``papers``, whose vectors ``index`` holds, in whatever order they are given."""

    def __init__(self, papers: Sequence[Paper], index: AbstractIndex, encoder: Encoder) -> None:
        self._ids = sorted({paper.id for paper in papers})
        self._index = index
        self._encoder = encoder
        self._known = frozenset(self._ids)
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._bm25 = _Bm25({paper.id: document(paper) for paper in papers})
        if len(self._ids) <= EXACT_LIMIT:
            self._vectors = index.vectors(self._ids)
        self._matrix = self._rows(list(self._vectors))

    def search(self, query: str, k: int) -> list[Hit]:
        """The best ``k`` papers that either ranking proposes, best first; ties by cosine, then by id.

        A query without a word finds nothing.
        """
        vector = self._encoder.encode([query])[0]
        if k < 1 or not vector.any():
            return []
        by_words = self._bm25.scores(query)
        cosines = self._cosines(query, vector, by_words, k)
        dense_ranks, bm25_ranks = _ranks(cosines), _ranks(by_words)
        hits: list[Hit] = []
        for i in dense_ranks.keys() | bm25_ranks.keys():
            dense, words = dense_ranks.get(i), bm25_ranks.get(i)
            hits.append(Hit(i, _fuse(dense, words), cosines.get(i, 0.0), dense, words))
        return sorted(hits, key=lambda hit: (-hit.fused, -hit.cosine, hit.paper_id))[:k]

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


def _best(scores: dict[str, float], size: int) -> list[str]:
    return sorted(scores, key=lambda i: (-scores[i], i))[:size]


def _ranks(scores: dict[str, float]) -> dict[str, int]:
    return {i: rank for rank, i in enumerate(_best(scores, len(scores)), start=1)}


def _fuse(*ranks: int | None) -> float:
    """The mean over rankings of (K + 1) / (K + rank), to four decimals; without a rank nothing is added."""
    return round(sum((RRF_K + 1) / (RRF_K + rank) for rank in ranks if rank) / len(ranks), 4)
