"""The library as a source: hybrid retrieval over what a person (or the sample) holds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from consilience.literature.base import Found, SearchAnswer
from consilience.records import Gap, Paper

if TYPE_CHECKING:
    from consilience.vectorstore.retrieval import Hit, HybridRetriever, Order


LEAST_COSINE = 0.2
"""Meaning: under this, a paper that shares no telling word with the query was not found by it."""
LEADING_WORDS = 50
"""Words: a paper up to this place of the ranking by words was found."""


def _near(hit: Hit) -> bool:
    """Whether a ranked paper counts as a hit: a ranking of a closed library has no end of its own."""
    return hit.cosine >= LEAST_COSINE or (hit.bm25_rank is not None and hit.bm25_rank <= LEADING_WORDS)


class LibrarySource:
    """A closed source: one library's papers behind a retriever. Answers are kept, so a query is run once.

    ``order`` is the retriever's. By scores more is found of what a claim is about (docs/retrieval.md), yet the gold
    questions are judged best on what ranks put first, so a run searches in the order of ranks.
    """

    closed = True

    def __init__(self, name: str, papers: Sequence[Paper], retriever: HybridRetriever, order: Order = "ranks") -> None:
        self._order: Order = order
        self.name = f"library:{name}"
        self._papers = {paper.id: paper for paper in papers}
        self._retriever = retriever
        self._answers: dict[tuple[str, int], SearchAnswer] = {}

    def papers(self) -> Mapping[str, Paper]:
        """All papers of the library, by id."""
        return self._papers

    async def search(self, query: str, limit: int) -> SearchAnswer:
        """The library's papers for one query, best first."""
        if not self._papers:
            gap = Gap(node="search", kind="no_text", reason=f"{self.name} holds no paper")
            return SearchAnswer(gap=gap)
        known = self._answers.get((query, limit))
        if known is None:
            hits = await asyncio.to_thread(self._retriever.search, query, limit, self._order)
            found = tuple(Found(self._papers[h.paper_id], h.fused, h.cosine) for h in hits if _near(h))
            known = self._answers[(query, limit)] = SearchAnswer(found=found)
        return known
