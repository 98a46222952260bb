"""What a source of literature is: the protocol that a library and, later, every database connector keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from consilience.records import Gap, Paper


@dataclass(frozen=True)
class Found:
    """One paper that a query brought, with its scores: rank fusion and exact cosine, both in [0, 1]."""

    paper: Paper
    fused: float
    cosine: float


@dataclass(frozen=True)
class SearchAnswer:
    """What a source answered: papers, best first, or a gap that says why there are none."""

    found: tuple[Found, ...] = ()
    gap: Gap | None = None


class Source(Protocol):
    """Somewhere papers come from. ``closed`` sources hold a fixed set: searching again means new queries on it."""

    name: str
    closed: bool

    async def search(self, query: str, limit: int) -> SearchAnswer:
        """The papers for one query; a failure is a gap, never an exception."""
        ...

    def papers(self) -> Mapping[str, Paper]:
        """Every paper that the source has brought so far, by id (for a closed source: all it holds)."""
        ...
