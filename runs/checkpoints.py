"""Owns the graph's checkpoints on disk: each write whole or not at all, and failures as errors with advice.

Heavy (it brings LangGraph): import it where a run begins.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from consilience.errors import ConsilienceError, CorruptRunError, StorageError

from .files import storage_errors

_SEAL_BYTES = hashlib.sha256().digest_size
_MOVE = "move that file away; finished reports stay readable, unfinished runs begin again"


class Sealed(JsonPlusSerializer):
    """Plain values only (no type is on the allow-list), each under a hash of its bytes.

    A damaged byte can decode to another value, and a run would go on from it to a wrong report.

    Raises:
        CorruptRunError: the bytes are not those that were sealed.
    """

    def __init__(self) -> None:
        super().__init__(allowed_msgpack_modules=None)

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:  # noqa: ANN401 -- the base class's signature
        """The value's kind, and its hash before its bytes."""
        kind, data = super().dumps_typed(obj)
        return kind, _seal(kind, data) + data

    def loads_typed(self, data: tuple[str, bytes]) -> Any:  # noqa: ANN401 -- the base class's signature
        """The value, if its bytes are still those that were sealed."""
        kind, sealed = data[0], bytes(data[1])
        seal, content = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        if seal != _seal(kind, content):
            raise _changed()
        return super().loads_typed((kind, content))


def _seal(kind: str, data: bytes) -> bytes:
    return hashlib.sha256(kind.encode() + b"\n" + data).digest()


class Checkpoints(AsyncSqliteSaver):
    """LangGraph's saver, where a write that fails or is cancelled leaves nothing behind.

    The saver itself does not roll back: rows of a step that a full disk cut off would be committed by the next write,
    and a resumed run would take that step for done.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection, serde=Sealed())
        self._turn = asyncio.Lock()

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint."""
        async with self._whole():
            return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Save what one step gave, until the checkpoint after it is saved."""
        async with self._whole():
            await super().aput_writes(config, writes, task_id, task_path)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint that ``config`` names, or the last one.

        Raises:
            CorruptRunError: it was changed since it was saved.
        """
        try:
            return await super().aget_tuple(config)
        except ValueError as error:
            # Its metadata, which no seal covers, are no JSON any more.
            raise _changed() from error

    async def settle(self) -> None:
        """Wait for a write that is under way: of parallel steps that failed, one may still be written down."""
        await asyncio.sleep(0)
        async with self._turn:
            await self.conn.rollback()

    @asynccontextmanager
    async def _whole(self) -> AsyncGenerator[None]:
        async with self._turn:
            try:
                yield
            except BaseException:
                await self.conn.rollback()
                raise


def _changed() -> CorruptRunError:
    return CorruptRunError("the run's checkpoint is damaged", "ask the question again; finished reports stay readable")


@asynccontextmanager
async def open_checkpoints(path: Path) -> AsyncGenerator[Checkpoints]:
    """The checkpoints in a file, which is made if it is missing; errors inside the block are told as below.

    Raises:
        CorruptRunError: the file is damaged.
        StorageError: the disk is full or refuses to be written, or another process keeps the file busy.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with _errors(path):
        async with aiosqlite.connect(path) as connection:
            checkpoints = Checkpoints(connection)
            await checkpoints.setup()
            try:
                yield checkpoints
            finally:
                await checkpoints.settle()


@contextmanager
def _errors(path: Path) -> Generator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # SQLite quotes damaged names in its messages, which Python then cannot decode.
        raise _translated(path, error) from error


def _translated(path: Path, error: Exception) -> ConsilienceError:
    refused = isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR
    if refused:
        return StorageError(f"the checkpoint could not be written: {error}", "free some space, then resume the run")
    return CorruptRunError(f"the checkpoint file {path.name} is damaged", _MOVE)
