"""Owns likeness by title: which paper, if any, a record without a shared identifier belongs to.

Cautious, because merging two works loses one: duplicates left are seen, works wrongly merged are not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz import fuzz

from consilience.records import Paper, Record

from .cleaning import fold_title, surname

_NEARLY = 95.0  # titles' likeness (rapidfuzz ratio) from which spelling variants are considered
_SAME_WORD = 90.0  # a word's likeness to its spelling variant: randomised, randomized
_SAME_NAME = 90.0
_DISTINCTIVE_WORDS = 4  # "Editorial comment" says nothing; a title this long does
_NUMERAL = re.compile(r"\d+|[ivx]+")


class TitleIndex:
    """Papers by folded title, and by year and first author's initial for spelling variants."""

    def __init__(self) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._blocks: dict[tuple[str, int | None], dict[str, str]] = defaultdict(dict)

    def add(self, paper: Paper) -> None:
        """List a paper."""
        title = fold_title(paper.title)
        self._exact[title].add(paper.id)
        self._blocks[_initial(paper), paper.year][paper.id] = title

    def remove(self, paper: Paper) -> None:
        """Unlist it; it must be the same as when it was added."""
        self._exact[fold_title(paper.title)].discard(paper.id)
        self._blocks[_initial(paper), paper.year].pop(paper.id, None)

    def find(self, record: Record, papers: Mapping[str, Paper]) -> str | None:
        """The id of the paper that is the record's work, or None."""
        title = fold_title(record.title)
        for paper_id in sorted(self._exact.get(title, ())):
            if same_work(record, papers[paper_id]):
                return paper_id
        likely = [
            (-ratio, paper_id)
            for paper_id, other in self._neighbours(record)
            if (ratio := fuzz.ratio(title, other, score_cutoff=_NEARLY)) and same_work(record, papers[paper_id])
        ]
        return min(likely)[1] if likely else None

    def _neighbours(self, record: Record) -> Iterator[tuple[str, str]]:
        if not record.authors:
            return
        initial = _initial(record)
        years = (None,) if record.year is None else (None, record.year - 1, record.year, record.year + 1)
        for year in years:
            yield from self._blocks.get((initial, year), {}).items()


def same_work(one: Record | Paper, other: Record | Paper) -> bool:
    """Title (nearly), year (one apart at most) and first author agree, and no DOI, PMID or arXiv id differs.

    Only equal titles may make up for a year or authors that one side lacks, and then only distinctive ones.
    """
    if conflict(one, other):
        return False
    if one.year and other.year and abs(one.year - other.year) > 1:
        return False
    if one.authors and other.authors and not _same_name(one, other):
        return False
    title, other_title = fold_title(one.title), fold_title(other.title)
    if title != other_title:
        complete = one.authors and other.authors and one.year and other.year
        return bool(complete) and _nearly(title, other_title)
    return _enough(one, other, title)


def conflict(one: Record | Paper, other: Record | Paper) -> bool:
    """Whether a DOI, PMID or arXiv id that both have differs: then their titles cannot make them one."""
    pairs = ((one.doi, other.doi), (one.pmid, other.pmid), (one.arxiv, other.arxiv))
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def _same_name(one: Record | Paper, other: Record | Paper) -> bool:
    return fuzz.ratio(surname(one.authors[0]), surname(other.authors[0])) >= _SAME_NAME


def _enough(one: Record | Paper, other: Record | Paper, title: str) -> bool:
    """Whether what agrees beside the equal title is enough."""
    authors = bool(one.authors and other.authors)
    year = bool(one.year and other.year)
    same_text = not one.abstract or not other.abstract or one.abstract == other.abstract
    if len(title.split()) >= _DISTINCTIVE_WORDS:
        return authors or year or (_equally_bare(one, other) and same_text)
    return same_text and one.title == other.title and ((authors and year) or _equally_bare(one, other))


def _equally_bare(one: Record | Paper, other: Record | Paper) -> bool:
    return bool(one.authors) == bool(other.authors) and bool(one.year) == bool(other.year)


def _nearly(title: str, other: str) -> bool:
    """Spelling variants of one title: no number differs, and each word that differs has its variant.

    ``Part I`` and ``Part II``, ``5 mg`` and ``10 mg``, ``hyper-`` and ``hypotension`` stay apart.
    """
    if fuzz.ratio(title, other) < _NEARLY:
        return False
    words, others = title.split(), other.split()
    if len(words) != len(others):
        return title.replace(" ", "") == other.replace(" ", "")
    return all(word == variant or _variant(word, variant) for word, variant in zip(words, others, strict=True))


def _variant(word: str, other: str) -> bool:
    if _NUMERAL.fullmatch(word) or _NUMERAL.fullmatch(other) or any(c.isdigit() for c in word + other):
        return False
    return word[:4] == other[:4] and fuzz.ratio(word, other) >= _SAME_WORD


def _initial(work: Record | Paper) -> str:
    return surname(work.authors[0])[:1] if work.authors else ""
