"""Owns what happens to a file's records when they are taken into a library, and what is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .database import Database
from .entries import Refusal
from .merging import Catalogue
from .reading import FileContent


@dataclass(frozen=True)
class FileReport:
    """What became of one file.

    ``records`` were taken (``added + merged + unchanged``); ``refused`` were not. ``path`` is as the person
    gave it, ``notes`` what else they should know.
    """

    path: str
    format: str
    records: int
    added: int
    merged: int
    unchanged: int
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()


def take(database: Database, catalogue: Catalogue, content: FileContent) -> FileReport:
    """Take a file's entries into the catalogue and write what changed in one transaction."""
    counts: dict[Literal["added", "merged", "unchanged"], int] = {"added": 0, "merged": 0, "unchanged": 0}
    remarks: list[str] = []
    for where, record in content.entries:
        taken = catalogue.take(record)
        counts[taken.outcome] += 1
        if taken.remark:
            remarks.append(f"{where}: {taken.remark}")
    changed = [catalogue.papers[paper_id] for paper_id in sorted(catalogue.changed)]
    database.change(put=changed, remove=sorted(catalogue.gone))
    catalogue.changed.clear()
    catalogue.gone.clear()
    return FileReport(
        path=content.path,
        format=content.format,
        records=len(content.entries),
        refused=content.refused,
        notes=(*content.notes, *remarks),
        **counts,
    )
