"""Owns a run's account of its language model's calls: who asked what, what it cost, what came of it.

The answers themselves stand once in the call log, under the same ids; this account says which of them a run rests on.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from consilience.records import Frozen

from .database import Database

_SCHEMA = "CREATE TABLE IF NOT EXISTS calls (place INTEGER PRIMARY KEY, body TEXT NOT NULL);"


class ModelCall(Frozen):
    """One call as a run made it. ``fault`` is empty where the model answered."""

    id: str = Field(description="sha256 of all that was asked, and of whom: its key in the call log")
    role: str
    task: str
    prompt_sha256: str
    model: str
    endpoint: str
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = Field(default=False, description="whether tokens were estimated, as the server reported none")
    cost: float | None = Field(default=None, description="US dollars at the listed prices; None where unknown")
    seconds: float = 0.0
    retries: int = 0
    paid: bool = Field(default=True, description="False where the call log held the answer of another run")
    fault: str = ""
    message: str = ""


class ModelCalls:
    """The calls of one run in the order in which they ended."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, 1, "this run's files are damaged: ask the question again")

    def record(self, call: ModelCall) -> None:
        """Adds a call, durably; a call that was answered is recorded once, whatever asks for it again.

        Raises:
            StorageError: the disk is full or refuses to be written.
        """
        known = "SELECT 1 FROM calls WHERE json_extract(body, '$.id') = ? AND json_extract(body, '$.fault') = ?"
        with self._database.session() as connection:
            if connection.execute(known, (call.id, call.fault)).fetchone() is None:
                connection.execute("INSERT INTO calls (body) VALUES (?)", (call.model_dump_json(),))

    def read(self) -> tuple[ModelCall, ...]:
        """Every call so far.

        Raises:
            CorruptRunError: the file is damaged.
        """
        with self._database.session() as connection:
            rows = connection.execute("SELECT body FROM calls ORDER BY place").fetchall()
        return tuple(ModelCall.model_validate_json(body) for (body,) in rows)

    def close(self) -> None:
        """Closes the file; the next call opens it again."""
        self._database.close()
