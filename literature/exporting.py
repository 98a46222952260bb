"""Owns the writing of papers to a file in one of the formats that are also read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from consilience.errors import LibraryError
from consilience.records import Paper

from . import bibtex, csl, jsonlines, ris, table
from .files import written

WRITERS: dict[str, Callable[[Sequence[Paper], TextIO], None]] = {
    "bibtex": bibtex.write,
    "ris": ris.write,
    "csl-json": csl.write,
    "csv": table.write,
    "jsonl": jsonlines.write,
}


def write_papers(papers: Sequence[Paper], path: Path, format: str) -> None:
    """Write papers as a whole file, or leave what stood at ``path``.

    Raises:
        LibraryError: no such format, or no such folder.
        StorageError: the disk is full or refuses to be written.
    """
    writer = WRITERS.get(format)
    if writer is None:
        raise LibraryError(f"{format[:40]!r} is no format that is written", f"use one of {', '.join(WRITERS)}")
    with written(path) as file:
        writer(papers, file)
