"""Owns a run's account of its language model's calls: who asked what, what it cost, what came of it.

The answers themselves stand once in the call log, under the same ids; this account says which of them a run rests on,
and which models it was that answered, so that a replay asks for the same ids without any endpoint or key.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from consilience.records import Frozen

from .calls import call_key
from .database import Database

CHAT = "chat"
"""The call log's kind for answers of language models; their keys are the calls' ids."""
CHAT_FAULT = "chat-fault"
"""The kind for what was paid without an answer that can be used; its keys are ``fault_key``."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (place INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS of_call ON calls (json_extract(body, '$.id'), json_extract(body, '$.fault'));
CREATE TABLE IF NOT EXISTS models (place INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
"""


def fault_key(run_id: str, call_id: str) -> str:
    """Under which the log keeps a paid fault: one run never pays it twice, another may try its luck."""
    return call_key(run_id, call_id)


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
    advice: str = ""
    busy: float = Field(default=0.0, description="seconds that the run had calls under way, when this one ended")


class CallModel(Frozen):
    """Which model a role's calls went to, in everything that decides an answer; never a key."""

    role: str
    name: str
    endpoint: str
    parameters: dict[str, Any] = Field(default_factory=dict)


class ModelCalls:
    """The calls of one run in the order in which they ended, and the models that they went to."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, 2, "this run's files are damaged: ask the question again")

    def record(self, call: ModelCall) -> None:
        """Adds a call, durably; a call that was answered is recorded once, whatever asks for it again.

        Raises:
            StorageError: the disk is full or refuses to be written.
        """
        self.record_many([call])

    def record_many(self, calls: Sequence[ModelCall]) -> None:
        """Adds calls in one commit; of one id and one fault (or none), the first stays. Errors as ``record``."""
        known = "SELECT 1 FROM calls WHERE json_extract(body, '$.id') = ? AND json_extract(body, '$.fault') = ?"
        with self._database.session() as connection:
            for call in calls:
                if connection.execute(known, (call.id, call.fault)).fetchone() is None:
                    connection.execute("INSERT INTO calls (body) VALUES (?)", (call.model_dump_json(),))

    def read(self) -> tuple[ModelCall, ...]:
        """Every call so far; reading makes no file where there is none.

        Raises:
            CorruptRunError: the file is damaged.
        """
        if not self._database.path.exists():
            return ()
        with self._database.session() as connection:
            rows = connection.execute("SELECT body FROM calls ORDER BY place").fetchall()
        return tuple(ModelCall.model_validate_json(body) for (body,) in rows)

    def name_models(self, models: Sequence[CallModel]) -> None:
        """Notes the models that calls go to; a model that is known already adds nothing. Errors as ``record``."""
        rows = [(model.model_dump_json(),) for model in models]
        with self._database.session() as connection:
            connection.executemany("INSERT OR IGNORE INTO models (body) VALUES (?)", rows)

    def models(self) -> tuple[CallModel, ...]:
        """The models in the order in which they were noted; a role has several where a resumed run changed them."""
        if not self._database.path.exists():
            return ()
        with self._database.session() as connection:
            rows = connection.execute("SELECT body FROM models ORDER BY place").fetchall()
        return tuple(CallModel.model_validate_json(body) for (body,) in rows)

    def close(self) -> None:
        """Closes the file; the next call opens it again."""
        self._database.close()
