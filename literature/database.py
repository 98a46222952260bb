"""Owns a library's SQLite file: the truth for its papers, and what its index was last built from."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from consilience.errors import LibraryError, StorageError
from consilience.records import Paper

VERSION = 1
_SCHEMA = """
CREATE TABLE papers (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE removed (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_WAIT_SECONDS = 30.0


class Database:
    """One connection. ``removed`` holds ids that left the papers and may still be in the index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def papers(self) -> list[Paper]:
        """All papers, sorted by id."""
        rows = self._connection.execute("SELECT body FROM papers ORDER BY id")
        return [Paper.model_validate_json(body) for (body,) in rows]

    def digest(self) -> str:
        """A sha256 over all papers: the same papers, the same digest."""
        sha = hashlib.sha256()
        for paper_id, body in self._connection.execute("SELECT id, body FROM papers ORDER BY id"):
            sha.update(f"{paper_id}\0{body}\n".encode())
        return sha.hexdigest()

    def removed(self) -> list[str]:
        """Ids that left since the index last forgot some, sorted."""
        return [row[0] for row in self._connection.execute("SELECT id FROM removed ORDER BY id")]

    def fact(self, name: str) -> str:
        """A fact about the library, or empty text."""
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def change(
        self,
        put: Iterable[Paper] = (),
        remove: Iterable[str] = (),
        facts: Mapping[str, str] | None = None,
        forget: Iterable[str] = (),
    ) -> None:
        """One transaction: papers put and removed, facts set, index removals done. All of it or nothing."""
        with self._connection as transaction:
            gone = [(paper_id,) for paper_id in remove]
            rows = [(paper.id, paper.model_dump_json()) for paper in put]
            transaction.executemany("DELETE FROM papers WHERE id = ?", gone)
            transaction.executemany("INSERT OR IGNORE INTO removed VALUES (?)", gone)
            transaction.executemany("INSERT OR REPLACE INTO papers VALUES (?, ?)", rows)
            transaction.executemany("DELETE FROM removed WHERE id = ?", [(row[0],) for row in rows])
            transaction.executemany("DELETE FROM removed WHERE id = ?", [(paper_id,) for paper_id in forget])
            transaction.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", sorted((facts or {}).items()))


@contextmanager
def connected(path: Path, name: str, *, create: bool = False) -> Generator[Database]:
    """The library's database.

    Raises:
        LibraryError: the file is missing, damaged, or of a newer version.
        StorageError: the disk is full or refuses to be written.
    """
    if not create and not path.is_file():
        raise LibraryError(f"there is no library {name}", "consilience library list shows those there are")
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, timeout=_WAIT_SECONDS)
        _prepare(connection, name, create)
        yield Database(connection)
    except sqlite3.OperationalError as error:
        raise StorageError(
            f"the library {name} could not be read or written: {error}",
            "check free space and permissions; nothing was changed",
        ) from error
    except (sqlite3.DatabaseError, ValidationError) as error:
        raise _damaged(name) from error
    finally:
        if connection is not None:
            connection.close()


def _prepare(connection: sqlite3.Connection, name: str, create: bool) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise LibraryError(f"the library {name} was made by a newer version", "update consilience")
    if version == VERSION:
        return
    if not create:
        raise _damaged(name)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")


def _damaged(name: str) -> LibraryError:
    return LibraryError(
        f"the library {name} is damaged and was left as it is",
        "delete it with consilience library delete and add its files again",
    )
