"""Owns the index of abstracts: one Chroma collection a library, rebuildable from the papers at any time.

SQLite holds the truth about papers; this holds their vectors and answers "which are near". The library's
lock serialises processes, because Chroma's persistent client is not safe for two. Import this module only
where it is needed: Chroma takes a second or more to load.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.models.encoder import Encoder
from consilience.records import Paper

from .storage import Labels, open_client, open_collection, storage

_ENCODE_BATCH = 256  # papers encoded between two commits: what a kill can lose
_READ_BATCH = 4096  # under the 5,461 that Chroma takes in one call


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one call to :meth:`AbstractIndex.index` did, in papers.

    ``without_abstract`` of them can be found by their title alone or, where it is empty too, not at all.
    """

    added: int
    changed: int
    unchanged: int
    without_abstract: int


class AbstractIndex:
    """The vectors of a library's papers, of title and abstract together, in ``folder``.

    Vectors of another model's weights are deleted when the folder is opened, and so is a folder whose
    database is damaged: :meth:`index` makes it again, and nothing but time is lost.

    Raises:
        StorageError: from every method, when Chroma cannot read or write the folder.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.folder = folder.resolve()
        self._encoder = encoder
        with storage(self.folder):
            self._client = open_client(self.folder)
            self._collection = open_collection(self._client, encoder)

    def index(self, papers: Sequence[Paper], progress: Callable[[int, int], None] | None = None) -> IndexReport:
        """Bring these papers' vectors up to date; only texts that are new or have changed are encoded.

        ``progress`` is called with (papers done, papers to encode) after every batch.
        """
        latest = {paper.id: paper for paper in papers}
        labels = {i: _labels(latest[i]) for i in sorted(latest) if _has_words(latest[i])}
        stored = self._stored_labels(list(labels))
        encode = [i for i in labels if stored.get(i, {}).get("sha") != labels[i]["sha"]]
        relabel = sorted({i for i in labels if stored.get(i) != _without_none(labels[i])} - set(encode))
        done = 0
        for part in _batches(encode, _ENCODE_BATCH):
            self._upsert([latest[i] for i in part], [labels[i] for i in part])
            done += len(part)
            if progress:
                progress(done, len(encode))
        for part in _batches(relabel, _READ_BATCH):
            with storage(self.folder):
                self._collection.update(ids=part, metadatas=[labels[i] for i in part])
        changed = sum(i in stored for i in encode)
        return IndexReport(
            added=len(encode) - changed,
            changed=changed,
            unchanged=len(labels) - len(encode),
            without_abstract=sum(not paper.abstract.strip() for paper in latest.values()),
        )

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Forget these papers; ids that are not there are no error."""
        with storage(self.folder):
            for part in _batches(sorted(set(paper_ids)), _READ_BATCH):
                self._collection.delete(ids=part)

    def clear(self) -> None:
        """Forget every paper: the first half of a re-index."""
        with storage(self.folder):
            self._client.delete_collection(self._collection.name)
            self._collection = open_collection(self._client, self._encoder)

    def query(self, text: str, k: int, where: dict[str, Any] | None = None) -> list[tuple[str, float]]:
        """The ``k`` papers that Chroma holds nearest, as (paper id, cosine to four decimals), best first.

        ``where`` is Chroma's filter over ``year``, ``type`` and ``source``; it costs time on large libraries.
        The neighbours are approximate: they may depend on the order in which papers were indexed.
        """
        vector = self._encoder.encode([text])[0]
        size = min(k, self.count())
        if size < 1 or not vector.any():
            return []
        with storage(self.folder):
            found = self._collection.query(
                query_embeddings=[vector], n_results=size, where=where, include=["distances"]
            )
        distances = (found["distances"] or [[]])[0]
        pairs = [(i, round(1 - float(d), 4)) for i, d in zip(found["ids"][0], distances, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def vectors(self, paper_ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored unit vectors of those of these papers that are indexed, sorted by id."""
        ids = sorted(set(paper_ids))
        rows: dict[str, NDArray[np.float32]] = {}
        with storage(self.folder):
            for part in _batches(ids, _READ_BATCH):
                got = self._collection.get(ids=part, include=["embeddings"])
                rows.update(zip(got["ids"], np.asarray(got["embeddings"], dtype=np.float32), strict=True))
        return {paper_id: rows[paper_id] for paper_id in ids if paper_id in rows}

    def count(self) -> int:
        """How many papers are indexed."""
        with storage(self.folder):
            return self._collection.count()

    def close(self) -> None:
        """Let go of the folder's files, so that the folder can be deleted."""
        client: Any = self._client  # its type leaves out the method that it has
        client.close()

    def _stored_labels(self, ids: list[str]) -> dict[str, Labels]:
        stored: dict[str, Labels] = {}
        with storage(self.folder):
            for part in _batches(ids, _READ_BATCH):
                got: Any = self._collection.get(ids=part, include=["metadatas"])
                stored.update(zip(got["ids"], (dict(m or {}) for m in got["metadatas"]), strict=True))
        return stored

    def _upsert(self, papers: list[Paper], labels: list[Labels]) -> None:
        texts = [document(paper) for paper in papers]
        vectors = self._encoder.encode(texts)
        with storage(self.folder):
            self._collection.upsert(
                ids=[paper.id for paper in papers],
                embeddings=vectors,
                documents=texts,
                metadatas=[*labels],
            )


def document(paper: Paper) -> str:
    """The text that stands for a paper: title and abstract; one of them where the other is empty."""
    parts = (paper.title.strip().rstrip("."), paper.abstract.strip())
    return ". ".join(part for part in parts if part).encode("utf-8", "replace").decode()


def _has_words(paper: Paper) -> bool:
    """Whether there is anything to encode: the zero vector has no cosine to anything."""
    return any(map(str.isalnum, document(paper)))


def _labels(paper: Paper) -> Labels:
    """What is stored beside the vector. None takes away what an earlier version of the paper stored."""
    sha = hashlib.sha256(document(paper).encode()).hexdigest()
    return {"sha": sha, "type": paper.type, "source": "; ".join(paper.sources), "year": paper.year}


def _without_none(labels: Labels) -> Labels:
    return {key: value for key, value in labels.items() if value is not None}


def _batches(ids: list[str], size: int) -> Iterator[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
