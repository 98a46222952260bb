"""Owns the call log: answers of models and servers by the hash of what was asked, for resume and replay."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from .database import Database, rows_in

_SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (
    kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
"""


def call_key(*parts: str | bytes) -> str:
    """The sha256 (64 hex digits) of what was asked; parts' lengths count, so that none run together."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


class CallLog:
    """Answers kept in one SQLite file, shared by a person's runs; safe for threads and for several processes.

    ``kind`` names who answered and in which version (for example ``stance:<digest of the weights>``), ``key``
    what was asked. The first answer to a question stays: a later one never replaces what a report rests on.
    """

    def __init__(self, path: Path) -> None:
        remedy = f"move {path} away: its answers are then asked for again"
        self._database = Database(path, _SCHEMA, 1, remedy)

    def get_many(self, kind: str, keys: Sequence[str]) -> dict[str, bytes]:
        """The answers that are known, by key, in the order asked; unknown keys are absent.

        Raises:
            CorruptRunError: the file is damaged.
            StorageError: it cannot be opened.
        """
        wanted = list(dict.fromkeys(keys))
        with self._database.session() as connection:
            rows = rows_in(connection, "SELECT key, value FROM calls WHERE kind = ? AND key IN ({})", wanted, kind)
            found: dict[str, bytes] = {key: bytes(value) for key, value in rows}
        return {key: found[key] for key in wanted if key in found}

    def put_many(self, kind: str, items: Mapping[str, bytes]) -> None:
        """Commits answers, all together, before it returns; errors as ``get_many``."""
        if not items:
            return
        rows = [(kind, key, value) for key, value in sorted(items.items())]
        with self._database.session() as connection:
            connection.executemany("INSERT OR IGNORE INTO calls VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Closes the file; the next call opens it again."""
        self._database.close()
