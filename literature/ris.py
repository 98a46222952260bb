"""Owns RIS: one reference after the other through rispy.

A file is cut at ``TY`` and ``ER`` first: rispy drops a reference without ``ER`` in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TextIO, cast

from consilience.records import Paper

from .entries import Entry, Refusal, SourceFile, build

_BEGIN = re.compile(r"TY\s{1,2}-\s?(.*)")
_END = re.compile(r"ER\s{1,2}-")
_TAG = re.compile(r"[A-Z][A-Z0-9]  -")
_PLAIN_TYPES = frozenset({"JOUR", "GEN"})
_NOTE = re.compile(r"(PMID|Text origin|Retracted|arXiv|Source|Type)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_MEDLINE = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_DOI_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\S+)", re.IGNORECASE)


class _Piece(NamedTuple):
    line: int
    lines: list[str]
    closed: bool


def read(source: SourceFile) -> Iterator[Entry | Refusal]:
    """The file's references in order."""
    for piece in _pieces(source.text):
        where = f"line {piece.line}"
        if not piece.closed:
            yield Refusal(where, "it is not closed by ER, so its end may be missing")
            continue
        reference = _parse(piece.lines)
        yield build(source, where, _raw(reference)) if reference else Refusal(where, "it cannot be parsed")


def _pieces(text: str) -> Iterator[_Piece]:
    begin, lines = 0, list[str]()
    stray = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if start := _BEGIN.match(line):
            if lines:
                yield _Piece(begin, lines, False)
            begin, lines, stray = number, [f"TY  - {start.group(1)}"], 0
        elif lines and _END.match(line):
            yield _Piece(begin, [*lines, "ER  - "], True)
            begin, lines, stray = 0, [], 0
        elif lines:
            lines.append(line)
        elif not stray and _TAG.match(line):
            stray = number
            yield _Piece(number, [], False)
    if lines:
        yield _Piece(begin, lines, False)


def _parse(lines: list[str]) -> dict[str, Any]:
    import rispy

    text = "\n".join(line for line in lines if line.strip())
    try:
        references = cast("list[dict[str, Any]]", rispy.RisParser().parse(text))
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}
    return references[0] if len(references) == 1 else {}


def _raw(reference: dict[str, Any]) -> dict[str, object]:
    def first(*names: str) -> str:
        return next((str(reference[name]) for name in names if reference.get(name)), "")

    notes = _notes(reference.get("notes"))
    abstracts = (first("abstract"), first("notes_abstract"))
    kind = first("type_of_reference").strip()
    type = notes.get("type") or _kind(first("type_of_work"), kind)
    return {
        "id": first("id"),
        "title": first("title", "primary_title"),
        "abstract": max(abstracts, key=len),
        "authors": reference.get("authors") or reference.get("first_authors") or [],
        "year": first("year", "publication_year", "date"),
        "venue": first("journal_name", "alternate_title3", "secondary_title", "alternate_title2"),
        "doi": first("doi") or _doi(reference.get("urls", ())),
        "pmid": notes.get("pmid") or _pmid(reference),
        "arxiv": notes.get("arxiv"),
        "type": type,
        "retracted": notes.get("retracted"),
        "text_origin": notes.get("text origin"),
        "source": notes.get("source"),
    }


def _notes(values: list[str] | None) -> dict[str, str]:
    """What this project writes into notes ("Text origin: summary"), and PMIDs as Zotero writes them."""
    found = (_NOTE.fullmatch(value.strip()) for value in values or ())
    return {match.group(1).lower(): match.group(2).strip() for match in found if match}


def _kind(type_of_work: str, code: str) -> str:
    """The publication type; of the plain reference types nothing is said."""
    from rispy.config import TYPE_OF_REFERENCE_MAPPING

    if type_of_work and not type_of_work.startswith("10."):
        return type_of_work
    return "" if code in _PLAIN_TYPES else TYPE_OF_REFERENCE_MAPPING.get(code, code)


def _doi(urls: Sequence[str]) -> str:
    return next((match.group(1) for url in urls if (match := _DOI_ADDRESS.search(url))), "")


def _pmid(reference: dict[str, Any]) -> str:
    """The accession number, where the reference says that it is PubMed's."""
    database = f"{reference.get('name_of_database', '')} {reference.get('database_provider', '')}"
    number = str(reference.get("accession_number", "")).strip()
    return number if number.isdigit() and _MEDLINE.search(database) else ""


def write(papers: Sequence[Paper], file: TextIO) -> None:
    """One reference a paper. What RIS has no tag for stands in notes."""
    for paper in papers:
        lines = [
            ("TY", "JOUR" if paper.venue or not paper.type else "GEN"),
            ("ID", paper.id),
            ("TI", paper.title),
            *(("AU", name) for name in paper.authors),
            ("PY", str(paper.year) if paper.year is not None else ""),
            ("JO", paper.venue),
            ("DO", paper.doi),
            ("AB", paper.abstract),
            *(("N1", f"{name}: {value}") for name, value in _written_notes(paper) if value),
        ]
        body = "".join(f"{tag}  - {value}\n" for tag, value in lines if value)
        file.write(f"{body}ER  - \n\n")


def _written_notes(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "PMID", paper.pmid
    yield "arXiv", paper.arxiv
    yield "Type", paper.type
    yield "Retracted", "yes" if paper.retracted else ""
    yield "Text origin", paper.text_origin if paper.text_origin != "authors" else ""
    yield "Source", "; ".join(paper.sources)
