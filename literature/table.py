"""Owns CSV and its relatives (semicolons, tabs): a header line, then one record a row.

Spreadsheets run a cell that begins with ``= + - @`` as a formula. ``write`` puts an apostrophe before such a
cell, as spreadsheets themselves do for text, and ``read`` takes it away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import TextIO

from consilience.records import Paper

from .cleaning import fold
from .entries import FIELDS, Entry, Refusal, SourceFile, build
from .jsonlines import name_unused

_DELIMITERS = (",", ";", "\t", "|")
_HEADERS = {
    "title": "title|article title|document title|primary title|paper title|ti",
    "abstract": "abstract|abstract note|abstract text|summary|ab",
    "authors": "authors|author|author s|author names|author full names|creators|au",
    "year": "year|publication year|pub year|year of publication|publication date|date|py",
    "venue": "venue|journal|journal book|journal title|source title|publication title|container title",
    "doi": "doi|digital object identifier",
    "pmid": "pmid|pubmed id|pubmedid|pubmed",
    "arxiv": "arxiv|arxiv id",
    "type": "type|document type|publication type|item type|study type",
    "retracted": "retracted|is retracted|retraction",
    "text_origin": "text origin",
    "source": "source|database|source database",
    "id": "id|key|record id|citation key",
}
_NAMES = {header: name for name, headers in _HEADERS.items() for header in headers.split("|")}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def read(source: SourceFile) -> Iterator[Entry | Refusal]:
    """The file's rows in order; columns by their header names, whatever their case and punctuation."""
    header, delimiter = _header(source.text)
    names = [_NAMES.get(fold(cell)) for cell in header]
    if "title" not in names:
        yield Refusal("line 1", "no column is called title")
        return
    reader = csv.reader(io.StringIO(source.text, newline=""), delimiter=delimiter, strict=True)
    next(reader)
    rows = _rows(reader)
    for where, row in rows:
        if isinstance(row, str):
            yield Refusal(where, row)
        elif any(row):
            yield _entry(source, where, names, row)
    name_unused(source, {cell for cell, name in zip(header, names, strict=True) if name is None and cell.strip()})


def looks_like(text: str) -> bool:
    """Whether the first line is a header with a column for the title."""
    header, _ = _header(text)
    return len(header) > 1 and "title" in {_NAMES.get(fold(cell)) for cell in header}


def _header(text: str) -> tuple[list[str], str]:
    """The first row and the delimiter under which it names the most columns that are known."""
    first = text.split("\n", 1)[0]
    best: tuple[int, list[str], str] = (-1, [], ",")
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), list[str]())
        except csv.Error:
            continue
        known = len({_NAMES.get(fold(cell)) for cell in cells} - {None})
        if known > best[0]:
            best = (known, cells, delimiter)
    return best[1], best[2]


def _rows(reader: Iterator[list[str]]) -> Iterator[tuple[str, list[str] | str]]:
    """Each row with the line it begins on, or why it cannot be read."""
    begin = 2
    while True:
        try:
            row: list[str] | str = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            row = f"the row cannot be read ({error}); is a quotation mark not closed or not doubled?"
        line = getattr(reader, "line_num", begin)
        yield f"line {begin}" if line <= begin else f"lines {begin} to {line}", row
        begin = line + 1


def _entry(source: SourceFile, where: str, names: list[str | None], row: list[str]) -> Entry | Refusal:
    if any(cell.strip() for cell in row[len(names) :]):
        return Refusal(where, f"it has {len(row)} cells, the header has {len(names)}")
    raw: dict[str, object] = {}
    for name, cell in zip(names, row, strict=False):
        if name is not None and cell and not raw.get(name):
            raw[name] = cell[1:] if _ESCAPED.match(cell) else cell
    return build(source, where, raw)


def write(papers: Sequence[Paper], file: TextIO) -> None:
    """A header and one row a paper; authors separated by ``; ``."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for paper in papers:
        values = {
            **paper.model_dump(exclude={"sources"}),
            "authors": _joined(paper.authors),
            "year": str(paper.year) if paper.year is not None else "",
            "retracted": "true" if paper.retracted else "",
            "source": "; ".join(paper.sources),
        }
        writer.writerow([_safe(str(values[name])) for name in FIELDS])


def _joined(authors: Sequence[str]) -> str:
    """A closing semicolon keeps one name with commas from being read as several."""
    return authors[0] + ";" if len(authors) == 1 and "," in authors[0] else "; ".join(authors)


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
