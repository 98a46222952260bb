"""Owns when a library's index is built, brought up to date or left alone.

The index lies in a folder of its own, named in the database: a new one is built beside the old and takes its
place in one transaction, so that a half-built index is never used.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder
    from consilience.vectorstore.abstracts import AbstractIndex

    from .database import Database

_FOLDER, _ENCODER, _PAPERS = "index_folder", "index_encoder", "index_papers"


def up_to_date(
    database: Database, folder: Path, encoder: Encoder, progress: Callable[[int, int], None] | None = None
) -> AbstractIndex:
    """The library's index holding exactly its papers. The caller holds the library's lock."""
    from consilience.vectorstore.abstracts import AbstractIndex

    name = database.fact(_FOLDER)
    place = folder / "index" / name
    if not name or not place.is_dir() or database.fact(_ENCODER) != encoder.digest:
        return rebuilt(database, folder, encoder, progress)
    index = AbstractIndex(place, encoder)
    digest, removed = database.digest(), database.removed()
    if removed or database.fact(_PAPERS) != digest:
        if removed:
            index.remove(removed)
        index.index(database.papers(), progress)
        database.change(facts={_PAPERS: digest}, forget=removed)
    return index


def rebuilt(
    database: Database, folder: Path, encoder: Encoder, progress: Callable[[int, int], None] | None = None
) -> AbstractIndex:
    """A new index from nothing, in place of the old. The caller holds the library's lock."""
    from consilience.vectorstore.abstracts import AbstractIndex

    digest, removed = database.digest(), database.removed()
    name = uuid4().hex  # never reused: Chroma remembers paths within a process
    place = folder / "index" / name
    place.mkdir(parents=True)
    index = AbstractIndex(place, encoder)
    index.index(database.papers(), progress)
    facts = {_FOLDER: name, _ENCODER: encoder.digest, _PAPERS: digest}
    database.change(facts=facts, forget=removed)
    for other in (folder / "index").iterdir():
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    return index
