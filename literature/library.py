"""Owns a person's library: ``home/libraries/<name>/`` with its papers (SQLite) and its index (Chroma).

Several processes may read; one at a time writes, under the library's lock. Files are read before the lock is
taken, so it is held briefly. Locks lie beside the libraries' folders, so that deleting a library cannot pull
its lock from under a waiter.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from filelock import FileLock, Timeout

from consilience.errors import LibraryBusyError, LibraryError, StorageError
from consilience.records import Paper

from .database import Database, connected
from .exporting import write_papers
from .intake import FileReport, take
from .merging import Catalogue
from .reading import FileContent, read_file

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder
    from consilience.vectorstore.abstracts import AbstractIndex

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_DATABASE = "library.sqlite"
_CREATE = "consilience library add {name} FILE... makes it and adds files to it"
_SHOWN_IDS = 5
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LibraryInfo:
    """A library's figures. ``years`` are the first and the last, or None where no year is known."""

    name: str
    papers: int
    with_abstract: int
    retracted: int
    summaries: int
    years: tuple[int, int] | None


class Library:
    """One library. Opens its database for each operation, so that it may be shared between threads."""

    def __init__(self, home: Path, name: str, lock_seconds: float = 10.0) -> None:
        self.name = check_name(name)
        self.folder = home / "libraries" / name
        self.lock_seconds = lock_seconds

    @classmethod
    def open(cls, home: Path, name: str) -> Library:
        """The library of that name.

        Raises:
            LibraryError: there is none, or the name is no name.
        """
        library = cls(home, name)
        if not cls.exists(home, name):
            there = ", ".join(cls.names(home)) or "none yet"
            raise LibraryError(f"there is no library {name} (libraries here: {there})", _CREATE.format(name=name))
        return library

    @classmethod
    def create(cls, home: Path, name: str) -> Library:
        """A new, empty library.

        Raises:
            LibraryError: the name is taken or is no name.
        """
        library = cls(home, name)
        if not library._create():
            raise LibraryError(f"there is a library {name} already", "choose another name, or add to it")
        return library

    @classmethod
    def open_or_create(cls, home: Path, name: str) -> Library:
        """The library of that name, made if there is none. Two processes may do so at once."""
        library = cls(home, name)
        if not cls.exists(home, name):
            library._create()
        return library

    @classmethod
    def add_to(cls, home: Path, name: str, paths: Sequence[Path]) -> list[FileReport]:
        """``add``, making the library if there is none; where no file can be read, none is made."""
        library = cls(home, name)
        contents = _read(paths)
        with library.locked():
            library._make()
            return library._take(contents)

    @classmethod
    def exists(cls, home: Path, name: str) -> bool:
        """Whether there is a library of that name."""
        return (home / "libraries" / check_name(name) / _DATABASE).is_file()

    @classmethod
    def names(cls, home: Path) -> list[str]:
        """The names of all libraries, sorted."""
        databases = (home / "libraries").glob(f"*/{_DATABASE}")
        return sorted(path.parent.name for path in databases if _NAME.fullmatch(path.parent.name))

    # ----------------------------------------------------------------------- papers

    def papers(self) -> list[Paper]:
        """All papers, sorted by id."""
        with self.database() as database:
            return database.papers()

    def papers_digest(self) -> str:
        """A sha256 over all papers: the same papers, the same digest."""
        with self.database() as database:
            return database.digest()

    def info(self) -> LibraryInfo:
        """The library's figures."""
        papers = self.papers()
        years = [paper.year for paper in papers if paper.year is not None]
        return LibraryInfo(
            name=self.name,
            papers=len(papers),
            with_abstract=sum(bool(paper.abstract) for paper in papers),
            retracted=sum(paper.retracted for paper in papers),
            summaries=sum(paper.text_origin == "summary" for paper in papers),
            years=(min(years), max(years)) if years else None,
        )

    def add(self, paths: Sequence[Path]) -> list[FileReport]:
        """Take in files, one transaction each, in the order given.

        Raises:
            LibraryError: a file is missing, a folder, unreadable, or holds nothing that can be taken. All
                files are read before anything is written, so then nothing was added.
            LibraryBusyError, StorageError: the lock or the disk; each file was added whole or not at all.
        """
        contents = _read(paths)
        with self.locked():
            return self._take(contents)

    def remove(self, paper_ids: Sequence[str]) -> int:
        """Remove papers, from the index too when it is next used; the number removed.

        Raises:
            LibraryError: an id is not in the library; nothing was removed.
        """
        with self.locked(), self.database() as database:
            there = {paper.id for paper in database.papers()}
            wanted = sorted(set(paper_ids))
            unknown = [paper_id for paper_id in wanted if paper_id not in there]
            if unknown:
                more = " ..." if len(unknown) > _SHOWN_IDS else ""
                raise LibraryError(
                    f"not in the library {self.name}: {', '.join(unknown[:_SHOWN_IDS])}{more}",
                    f"consilience library show {self.name} lists the ids",
                )
            database.change(remove=wanted)
        return len(wanted)

    def delete(self) -> None:
        """Delete the library with its index. A damaged one can be deleted too."""
        with self.locked():
            doomed = self.folder.with_name(f".deleted-{uuid4().hex}")
            try:
                self.folder.rename(doomed)
            except FileNotFoundError:
                raise LibraryError(f"there is no library {self.name}", "nothing was deleted") from None
            except OSError as error:
                raise StorageError(f"the library {self.name} could not be deleted: {error.strerror}") from error
            shutil.rmtree(doomed, ignore_errors=True)

    def export(self, path: Path, format: str) -> int:
        """Write all papers to a file (bibtex, ris, csl-json, csv or jsonl); the number written."""
        papers = self.papers()
        write_papers(papers, path, format)
        return len(papers)

    # ----------------------------------------------------------------------- index

    def index(self, encoder: Encoder, progress: Progress | None = None) -> AbstractIndex:
        """The index of the abstracts, brought up to date; of an unchanged library nothing is done again."""
        from .indexing import up_to_date

        with self.locked(), self.database() as database:
            return up_to_date(database, self.folder, encoder, progress)

    def reindex(self, encoder: Encoder, progress: Progress | None = None) -> AbstractIndex:
        """The index built anew from nothing; the old one serves until the new one is whole."""
        from .indexing import rebuilt

        with self.locked(), self.database() as database:
            return rebuilt(database, self.folder, encoder, progress)

    # ----------------------------------------------------------------------- inside

    def _take(self, contents: Sequence[FileContent]) -> list[FileReport]:
        with self.database() as database:
            catalogue = Catalogue(database.papers())
            return [take(database, catalogue, content) for content in contents]

    @contextmanager
    def locked(self) -> Generator[None]:
        """Hold the library's lock.

        Raises:
            LibraryBusyError: another process held it for longer than ``lock_seconds``.
        """
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder.with_name(f"{self.name}.lock"), timeout=self.lock_seconds)
            lock.acquire()
        except Timeout:
            raise LibraryBusyError(
                f"another process is using the library {self.name}",
                "wait until it has finished and try again",
            ) from None
        except OSError as error:
            raise StorageError(
                f"the library {self.name} cannot be written: {error.strerror}", "check CONSILIENCE_HOME"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def database(self) -> AbstractContextManager[Database]:
        """The library's papers, to read and change; errors as ``connected``."""
        return connected(self.folder / _DATABASE, self.name)

    def _create(self) -> bool:
        """Make the empty database under a passing name, so that a half-made library is never seen."""
        with self.locked():
            return self._make()

    def _make(self) -> bool:
        if (self.folder / _DATABASE).is_file():
            return False
        try:
            self.folder.mkdir(exist_ok=True)
            passing = self.folder / f".new-{uuid4().hex}"
            with connected(passing, self.name, create=True):
                pass
            passing.replace(self.folder / _DATABASE)
        except OSError as error:
            raise StorageError(f"the library {self.name} cannot be made: {error.strerror}") from error
        return True


def _read(paths: Sequence[Path]) -> list[FileContent]:
    if not paths:
        raise LibraryError("no file was named", "name at least one file to add")
    return [read_file(path) for path in paths]


def check_name(name: str) -> str:
    """The name itself.

    Raises:
        LibraryError: it is not 1 to 63 lower-case letters, digits and hyphens.
    """
    if not _NAME.fullmatch(name):
        raise LibraryError(
            f"{name[:80]!r} cannot name a library",
            "use lower-case letters, digits and hyphens, at most 63, beginning with a letter or digit",
        )
    return name
