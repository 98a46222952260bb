"""The library as a source: hybrid retrieval over what a person (or the sample) holds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from consilience.literature.base import Found, SearchAnswer
from consilience.records import Gap, Paper

if TYPE_CHECKING:
    from consilience.vectorstore.retrieval import HybridRetriever


class LibrarySource:
    """A closed source: one library's papers behind a retriever. Answers are kept, so a query is run once."""

    closed = True

    def __init__(self, name: str, papers: Sequence[Paper], retriever: HybridRetriever) -> None:
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
            hits = await asyncio.to_thread(self._retriever.search, query, limit)
            found = tuple(Found(self._papers[hit.paper_id], hit.fused, hit.cosine) for hit in hits)
            known = self._answers[(query, limit)] = SearchAnswer(found=found)
        return known
