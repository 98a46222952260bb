"""Owns the choice of a format, and the reading of one file into entries and refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from consilience.errors import LibraryError

from . import bibtex, csl, jsonlines, ris, table
from .cleaning import clean
from .entries import Entry, Refusal, SourceFile
from .files import read_source

READERS: dict[str, Callable[[SourceFile], Iterator[Entry | Refusal]]] = {
    "bibtex": bibtex.read,
    "ris": ris.read,
    "csl-json": csl.read,
    "csv": table.read,
    "jsonl": jsonlines.read,
}
EXTENSIONS = {
    ".bib": "bibtex",
    ".bibtex": "bibtex",
    ".ris": "ris",
    ".json": "csl-json",
    ".csljson": "csl-json",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_SHOWN_REFUSALS = 3


@dataclass(frozen=True)
class FileContent:
    """What one file, named ``path`` by the person, holds: ``entries`` and ``refused`` in the file's order."""

    path: str
    format: str
    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...]
    notes: tuple[str, ...]


def read_file(path: Path) -> FileContent:
    """Read a file of any of the formats.

    Raises:
        LibraryError: the file is missing, a folder, unreadable, empty, in no known format, or holds no entry
            that could be taken.
    """
    source = read_source(path)
    format = detect(source)
    entries: list[Entry] = []
    refused: list[Refusal] = []
    for item in READERS[format](source):
        if isinstance(item, Entry):
            entries.append(item)
        else:
            refused.append(item)
    if not entries:
        raise LibraryError(_nothing(source.name, format, refused), "correct the file or export it again")
    return FileContent(clean(str(path)), format, tuple(entries), tuple(refused), source.notes)


def _nothing(name: str, format: str, refused: list[Refusal]) -> str:
    if not refused:
        return f"{name} holds no records (read as {format})"
    shown = "; ".join(f"{where}: {why}" for where, why in refused[:_SHOWN_REFUSALS])
    more = f" and {len(refused) - _SHOWN_REFUSALS} more" if len(refused) > _SHOWN_REFUSALS else ""
    return f"{name}: no record could be taken (read as {format}): {shown}{more}"


def detect(source: SourceFile) -> str:
    """The format by the extension, unless the content plainly is another.

    Raises:
        LibraryError: neither tells.
    """
    name = source.name.lower().removesuffix(".gz")
    by_name = EXTENSIONS.get(Path(name).suffix)
    by_content = _signature(source.text)
    if by_name and by_content and by_name != by_content:
        source.note(f"the content is {by_content}, not {by_name} as the name says")
    found = by_content or by_name or ("csv" if table.looks_like(source.text) else None)
    if found is None:
        if re.search(r"^PMID- *\d", source.text, re.MULTILINE):
            raise LibraryError(
                f"{source.name} is in PubMed's own format, which is not read",
                "convert it to RIS or BibTeX with a reference manager",
            )
        known = ", ".join(sorted(EXTENSIONS))
        raise LibraryError(f"{source.name} is in no format that is read here", f"use one of {known}")
    return found


def _signature(text: str) -> str | None:
    """The format that the first signs of a text give away, or None."""
    start = text.lstrip()
    if re.match(r"@\s*[A-Za-z]+\s*[{(]", start):
        return "bibtex"
    if re.match(r"TY  ?-", start):
        return "ris"
    if start.startswith("["):
        return "csl-json" if re.match(r"\[\s*[{\]]", start) else None
    if re.match(r'\{\s*["}]', start):
        # One whole object on the first line is JSON Lines; an object that goes on below is a single CSL item.
        return "jsonl" if _begins_lines(start) else "csl-json" if _is_json(start) else None
    return None


def _begins_lines(text: str) -> bool:
    """Whether one of the first lines is a whole object (the very first may be a broken one)."""
    return any(line.startswith("{") and _is_json(line) for line in text.split("\n", 5)[:5])


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
