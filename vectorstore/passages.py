"""Owns search inside papers: which of their abstracts' sentences are nearest to a statement, and where."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from consilience.language import sentences
from consilience.models.encoder import Encoder
from consilience.records import Paper, Span


class Passages:
    """The sentences of ``papers``, encoded once a paper, when they are first asked for.

    Safe to share between threads: one of them encodes while the others wait.
    """

    def __init__(self, papers: Mapping[str, Paper], encoder: Encoder) -> None:
        self._papers = papers
        self._encoder = encoder
        self._lock = threading.Lock()
        self._spans: dict[str, tuple[Span, ...]] = {}
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def sentences(self, paper_id: str) -> tuple[Span, ...]:
        """The sentences of the paper's abstract, in order; none where it has no abstract.

        Raises:
            KeyError: no such paper among those given.
        """
        if paper_id not in self._spans:
            text = self._papers[paper_id].abstract
            self._spans[paper_id] = tuple(
                Span(paper_id=paper_id, start=start, end=end, text=text[start:end])
                for start, end in sentences.split(text)
            )
        return self._spans[paper_id]

    def prepare(self, paper_ids: Sequence[str]) -> None:
        """Begin to encode the sentences of these papers, so that whoever asks for the best of them waits less.

        Returns at once. What fails on the way fails again, and is raised, where the best are asked for.

        Raises:
            KeyError: no such paper among those given.
        """
        wanted = [i for i in sorted(set(paper_ids)) if self.sentences(i)]
        threading.Thread(target=self._try_to_encode, args=(wanted,), daemon=True).start()

    def _try_to_encode(self, paper_ids: list[str]) -> None:
        with suppress(Exception):
            for paper_id in paper_ids:
                self._encode([paper_id])

    def best(self, query: str, paper_ids: Sequence[str], per_paper: int) -> list[tuple[Span, float]]:
        """The ``per_paper`` sentences of each paper nearest to ``query``, and their cosines to four decimals.

        Best first over all the papers; ties by paper id, then by place.

        Raises:
            KeyError: no such paper among those given.
        """
        wanted = [i for i in sorted(set(paper_ids)) if self.sentences(i)]
        vector = self._encoder.encode([query])[0].astype(np.float64)
        if per_paper < 1 or not wanted or not vector.any():
            return []
        self._encode(wanted)
        found: list[tuple[Span, float]] = []
        for paper_id in wanted:
            cosines = self._vectors[paper_id].astype(np.float64) @ vector
            scored = [(s, round(float(c), 4)) for s, c in zip(self._spans[paper_id], cosines, strict=True)]
            found.extend(sorted(scored, key=_order)[:per_paper])
        return sorted(found, key=_order)

    def _encode(self, paper_ids: list[str]) -> None:
        """Encode the sentences of those papers that have not been, in one batch."""
        with self._lock:
            missing = [i for i in paper_ids if i not in self._vectors]
            rows = self._encoder.encode([span.text for i in missing for span in self._spans[i]])
            start = 0
            for paper_id in missing:
                end = start + len(self._spans[paper_id])
                self._vectors[paper_id] = rows[start:end]
                start = end


def _order(scored: tuple[Span, float]) -> tuple[float, str, int]:
    return (-scored[1], scored[0].paper_id, scored[0].start)
