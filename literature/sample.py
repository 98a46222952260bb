"""Owns the sample library: the records shipped in ``sample/*.jsonl``, put into a person's home at first use.

When the shipped files change, their papers are replaced; what a person may have added stays.
"""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from consilience.errors import LibraryError

from .database import Database
from .entries import Entry, SourceFile
from .jsonlines import read
from .library import Library
from .merging import Catalogue

SAMPLE = "sample"
_DIGEST, _SOURCES = "sample_digest", "sample_sources"


def open_library(home: Path, name: str) -> Library:
    """The library of that name; the sample library is installed if it is asked for."""
    return open_sample(home) if name == SAMPLE else Library.open(home, name)


def open_sample(home: Path) -> Library:
    """The sample library, installed at first use and refreshed when the shipped files have changed."""
    library = Library.open_or_create(home, SAMPLE)
    shipped = shipped_files()
    digest = _digest(shipped)
    with library.database() as database:
        current = database.fact(_DIGEST) == digest
    if not current:
        with library.locked(), library.database() as database:
            if database.fact(_DIGEST) != digest:
                _install(database, shipped, digest)
    return library


def shipped_files() -> list[Traversable]:
    """The sample's files, sorted by name."""
    folder = files("consilience.literature").joinpath(SAMPLE)
    return sorted((item for item in folder.iterdir() if item.name.endswith(".jsonl")), key=lambda item: item.name)


def _digest(shipped: list[Traversable]) -> str:
    sha = hashlib.sha256()
    for file in shipped:
        sha.update(file.name.encode() + b"\0" + file.read_bytes())
    return sha.hexdigest()


def _install(database: Database, shipped: list[Traversable], digest: str) -> None:
    before = set(json.loads(database.fact(_SOURCES) or "[]"))
    old = database.papers()
    kept = [paper for paper in old if not before or not before.issuperset(paper.sources)]
    catalogue = Catalogue(kept)
    sources: set[str] = set()
    for entry in _entries(shipped):
        sources.update(entry.record.source.split("; "))
        catalogue.take(entry.record)
    gone = {paper.id for paper in old} - catalogue.papers.keys()
    put = [catalogue.papers[paper_id] for paper_id in sorted(catalogue.changed)]
    facts = {_DIGEST: digest, _SOURCES: json.dumps(sorted(sources))}
    database.change(put=put, remove=sorted(gone), facts=facts)


def _entries(shipped: list[Traversable]) -> list[Entry]:
    """Raises LibraryError where a shipped file is damaged: the installation is, not the person's files."""
    entries: list[Entry] = []
    for file in shipped:
        for item in read(SourceFile(file.name, file.read_text(encoding="utf-8"))):
            if not isinstance(item, Entry):
                raise LibraryError(f"the shipped sample is damaged: {file.name}, {item.where}", "reinstall consilience")
            entries.append(item)
    return entries
