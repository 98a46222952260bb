"""Owns SQLite as the runs use it: journal, durability, versions, and its failures as errors with advice."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from consilience.errors import ConsilienceError, CorruptRunError, StorageError

from .files import storage_errors

# Primary result codes (https://www.sqlite.org/rescode.html): the disk refused.
_REFUSED = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_WAIT_SECONDS = 30.0
_BATCH = 500  # SQLite allows at least 999 variables in a statement


def rows_in(connection: sqlite3.Connection, query: str, wanted: Sequence[str], *before: str) -> Iterator[Any]:
    """The rows of a query whose ``{}`` takes the marks of ``wanted``, behind those of ``before``; in batches."""
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        yield from connection.execute(query.format(",".join("?" * len(batch))), [*before, *batch])


class Database:
    """One SQLite file with a write-ahead log, opened at first use, safe to share between threads.

    ``synchronous=FULL``: checkpoints refer to what stands here, and an answer that cost money must not be
    asked for twice. ``NORMAL`` would survive a killed process but may lose the last commits when the power
    fails, and would leave a checkpoint that points at nothing. One commit a batch costs one fsync.
    """

    def __init__(self, path: Path, schema: str, version: int, remedy: str) -> None:
        self.path = path
        self._schema = schema
        self._version = version
        self._remedy = remedy
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def session(self) -> Generator[sqlite3.Connection]:
        """A transaction: committed when the block ends, rolled back when it raises.

        Raises:
            StorageError: the disk is full, refuses to be written, or another process keeps the file busy.
            CorruptRunError: the file is damaged, is not a database, or was written by a newer version.
        """
        with self._lock:
            try:
                connection = self._connection or self._open()
                with connection:
                    yield connection
            except sqlite3.ProgrammingError:
                raise
            except sqlite3.DatabaseError as error:
                raise self._translate(error) from error

    def close(self) -> None:
        """Closes the file; the next session opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        with storage_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            found = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if found > self._version:
                raise CorruptRunError(f"{self.path} was written by a newer version", "upgrade consilience")
            if found < self._version:
                # "IF NOT EXISTS" throughout the schema: two processes may create the file at the same time.
                connection.executescript(self._schema)
                connection.execute(f"PRAGMA user_version={self._version}")
                connection.commit()
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _translate(self, error: sqlite3.DatabaseError) -> ConsilienceError:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _REFUSED:
            return StorageError(f"cannot write {self.path}: {error}", "free some space or check its permissions")
        if code in _BUSY:
            return StorageError(f"{self.path} is kept busy by another process", "wait for it, then try again")
        return CorruptRunError(f"{self.path} cannot be read: {error}", self._remedy)
