"""Owns what counts as one work, and what a merged paper keeps.

One work: the same DOI, else the same PMID, else the same arXiv id, else (``titles.same_work``) the same
title, year and first author. A merged paper keeps every field it had; empty ones are filled; the longest
abstract stays together with its own ``text_origin``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from rapidfuzz import fuzz

from consilience.records import Paper, Record

from .cleaning import fold_title
from .identifiers import derived_id, is_safe_id
from .titles import TitleIndex, conflict

Identifier = Literal["doi", "pmid", "arxiv"]
_IDENTIFIERS: tuple[Identifier, ...] = ("doi", "pmid", "arxiv")
_FILLED = ("venue", "type", "year", "authors")
_DIFFERENT_TITLES = 50.0


class Taken(NamedTuple):
    """What became of a record: how, which paper it belongs to, and a remark if something looks odd."""

    outcome: Literal["added", "merged", "unchanged"]
    paper_id: str
    remark: str = ""


class Catalogue:
    """A library's papers in memory while records are taken in.

    ``changed`` holds the ids of new and changed papers, ``gone`` those of papers found to be another's.
    """

    def __init__(self, papers: Iterable[Paper]) -> None:
        self.papers: dict[str, Paper] = {}
        self.changed: set[str] = set()
        self.gone: set[str] = set()
        self._by: dict[Identifier, dict[str, str]] = {name: {} for name in _IDENTIFIERS}
        self._titles = TitleIndex()
        for paper in papers:
            self._list(paper)

    def take(self, record: Record) -> Taken:
        """Add the record, or merge it into the paper that it belongs to."""
        found = self._by_identifier(record)
        if not found:
            same = self._titles.find(record, self.papers)
            found = [self.papers[same]] if same else []
        if not found:
            return self._add(record)
        before = paper = found[0]
        remark = _odd(paper, record)
        for other in found[1:]:
            if conflict(paper, other):
                remark = f"it names the identifiers of two papers, {paper.id} and {other.id}"
            else:
                paper = self._absorb(paper, other)
        merged = self._filled(paper, _as_paper(record, paper.id))
        if merged == before:
            return Taken("unchanged", paper.id, remark)
        self._replace(merged)
        return Taken("merged", paper.id, remark)

    def _by_identifier(self, record: Record) -> list[Paper]:
        ids = (self._by[name].get(getattr(record, name)) for name in _IDENTIFIERS)
        return [self.papers[paper_id] for paper_id in dict.fromkeys(ids) if paper_id is not None]

    def _add(self, record: Record) -> Taken:
        paper_id, remark = record.key, ""
        if not is_safe_id(paper_id) or paper_id in self.papers:
            base = number = derived_id(record)
            count = 1
            while number in self.papers:
                count += 1
                number = f"{base}-{count}"
            remark = f"the id {paper_id} belongs to another paper; {number} was given" if paper_id else ""
            paper_id = number
        self._list(_as_paper(record, paper_id))
        self.changed.add(paper_id)
        self.gone.discard(paper_id)
        return Taken("added", paper_id, remark)

    def _absorb(self, paper: Paper, other: Paper) -> Paper:
        """Two papers that a record shows to be one: the first stays, the other's fields go into it."""
        self._unlist(other)
        self.changed.discard(other.id)
        self.gone.add(other.id)
        merged = self._filled(paper, other)
        self._replace(merged)
        return merged

    def _filled(self, paper: Paper, other: Paper) -> Paper:
        """Nothing that stands is overwritten, and no identifier is taken that belongs to a third paper."""
        update: dict[str, Any] = {}
        for name in _FILLED:
            if not getattr(paper, name) and getattr(other, name):
                update[name] = getattr(other, name)
        for name in _IDENTIFIERS:
            value = getattr(other, name)
            if value and not getattr(paper, name) and self._by[name].get(value, paper.id) == paper.id:
                update[name] = value
        if len(other.abstract) > len(paper.abstract):
            update |= {"abstract": other.abstract, "text_origin": other.text_origin}
        update["retracted"] = paper.retracted or other.retracted
        update["sources"] = tuple(sorted({*paper.sources, *other.sources}))
        return paper.model_copy(update=update)

    def _replace(self, paper: Paper) -> None:
        self._unlist(self.papers[paper.id])
        self._list(paper)
        self.changed.add(paper.id)

    def _list(self, paper: Paper) -> None:
        self.papers[paper.id] = paper
        self._titles.add(paper)
        for name in _IDENTIFIERS:
            if value := getattr(paper, name):
                self._by[name].setdefault(value, paper.id)

    def _unlist(self, paper: Paper) -> None:
        del self.papers[paper.id]
        self._titles.remove(paper)
        for name in _IDENTIFIERS:
            if self._by[name].get(getattr(paper, name)) == paper.id:
                del self._by[name][getattr(paper, name)]


def _odd(paper: Paper, record: Record) -> str:
    """A merge that a person should look at: the identifier agrees, something else does not."""
    if fuzz.token_set_ratio(fold_title(paper.title), fold_title(record.title)) < _DIFFERENT_TITLES:
        return f"it shares an identifier with {paper.id} although the titles differ; that paper's was kept"
    if conflict(paper, record):
        return f"another of its identifiers differs from that of {paper.id}, which was kept"
    return ""


def _as_paper(record: Record, paper_id: str) -> Paper:
    fields = record.model_dump(exclude={"source", "key"})
    sources = sorted({part for part in record.source.split("; ") if part})
    return Paper(id=paper_id, sources=tuple(sources), **fields)
