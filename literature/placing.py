"""Owns putting papers into a library exactly as they are: no reading, cleaning or merging, which could change them.

A run rests on its library's very characters; this is how that library comes to another machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from consilience.errors import LibraryError
from consilience.records import Paper

from .library import Library


def place_papers(home: Path, name: str, papers: Sequence[Paper]) -> None:
    """Makes a library of that name with these papers, or finds that there is one with just them.

    Raises:
        LibraryError: the library there holds other papers, or the name is none.
        LibraryBusyError, StorageError: the lock or the disk.
    """
    library = Library.open_or_create(home, name)
    with library.locked(), library.database() as database:
        there = database.papers()
        if there and there != sorted(papers, key=lambda paper: paper.id):
            raise LibraryError(f"the library {name} here holds other papers", "use another CONSILIENCE_HOME")
        database.change(put=papers)
