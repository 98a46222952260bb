"""Owns a run's artifacts: the values that the graph's state only names, kept by the hash of their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from consilience.errors import CorruptRunError

from .database import Database, rows_in

M = TypeVar("M", bound=BaseModel)

_SCHEMA = "CREATE TABLE IF NOT EXISTS artifacts (ref TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL);"
_REMEDY = "this run's files are damaged: ask the question again"


class Artifacts:
    """Content-addressed pydantic values in one SQLite file.

    A reference is the sha256 of the type's name and its canonical JSON (sorted keys), so that equal values
    have one reference whichever order they were built in, and a damaged value is noticed when it is read.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, 1, _REMEDY)

    def put(self, value: BaseModel) -> str:
        """The value's reference (64 hex digits); the value is committed before this returns."""
        return self.put_many([value])[0]

    def put_many(self, values: Sequence[BaseModel]) -> tuple[str, ...]:
        """References in the values' order, committed together before this returns.

        Raises:
            StorageError: the disk is full or refuses to be written; none of the values was kept.
            ValueError: a value holds a number that JSON cannot (NaN, infinity).
        """
        rows = [_row(value) for value in values]
        if rows:
            with self._database.session() as connection:
                connection.executemany("INSERT OR IGNORE INTO artifacts VALUES (?, ?, ?)", rows)
        return tuple(ref for ref, _, _ in rows)

    def get(self, ref: str, kind: type[M]) -> M:
        """The value behind a reference.

        Raises:
            CorruptRunError: no such artifact, one of another type, or one whose content was changed.
        """
        return self.get_many([ref], kind)[0]

    def get_many(self, refs: Sequence[str], kind: type[M]) -> tuple[M, ...]:
        """The values in the references' order; errors as ``get``."""
        wanted = sorted(set(refs))
        with self._database.session() as connection:
            rows = rows_in(connection, "SELECT ref, kind, body FROM artifacts WHERE ref IN ({})", wanted)
            found: dict[str, tuple[str, str]] = {ref: (name, body) for ref, name, body in rows}
        values = {ref: self._value(ref, found.get(ref), kind) for ref in wanted}
        return tuple(values[ref] for ref in refs)

    def close(self) -> None:
        """Closes the file; the next call opens it again."""
        self._database.close()

    def _value(self, ref: str, row: tuple[str, str] | None, kind: type[M]) -> M:
        where = f"artifact {ref[:12]} of {self._database.path.parent.name}"
        if row is None:
            raise CorruptRunError(f"{where} is missing", _REMEDY)
        name, body = row
        if name != kind.__name__:
            raise CorruptRunError(f"{where} is a {name}, not a {kind.__name__}", _REMEDY)
        if _digest(name, body) != ref:
            raise CorruptRunError(f"{where} was changed", _REMEDY)
        try:
            return kind.model_validate_json(body)
        except ValidationError as error:
            raise CorruptRunError(f"{where} was written by another version", _REMEDY) from error


def _row(value: BaseModel) -> tuple[str, str, str]:
    name = type(value).__name__
    body = json.dumps(
        value.model_dump(mode="json"),
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    )
    return _digest(name, body), name, body


def _digest(name: str, body: str) -> str:
    return hashlib.sha256(f"{name}\n{body}".encode()).hexdigest()
