"""Checkpoints: a write that fails leaves nothing, damage is told, and no lock outlives the block."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointMetadata, empty_checkpoint

from consilience.errors import CorruptRunError, StorageError
from consilience.records import Gap
from consilience.runs.checkpoints import Checkpoints, Sealed, open_checkpoints

CONFIG: RunnableConfig = {"configurable": {"thread_id": "one", "checkpoint_ns": ""}}
FOUR: list[tuple[str, Any]] = [(f"channel{n}", n) for n in range(4)]
# A full disk: the third row of a step is refused, as any page may be.
FULL = """
CREATE TRIGGER full BEFORE INSERT ON writes WHEN NEW.task_id = 'unlucky' AND NEW.idx = 2
BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;
"""


@asynccontextmanager
async def saved(path: Path) -> AsyncGenerator[tuple[Checkpoints, RunnableConfig]]:
    """Checkpoints with one checkpoint of thread ``one``."""
    async with open_checkpoints(path) as checkpoints:
        metadata = CheckpointMetadata(source="input", step=-1, parents={})
        yield checkpoints, await checkpoints.aput(CONFIG, empty_checkpoint(), metadata, {})


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(query).fetchall()


def free(path: Path) -> bool:
    """Whether nobody holds the file's write lock."""
    with closing(sqlite3.connect(path, timeout=0.1)) as base:
        try:
            base.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


async def test_a_step_that_was_cut_off_leaves_no_row(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite"
    async with saved(path) as (checkpoints, config):
        await checkpoints.conn.executescript(FULL)
        with pytest.raises(sqlite3.DatabaseError):
            await checkpoints.aput_writes(config, FOUR, "unlucky")
        await checkpoints.aput_writes(config, FOUR, "lucky")
    assert rows(path, "SELECT task_id, count(*) FROM writes GROUP BY 1") == [("lucky", 4)]


async def test_parallel_steps_do_not_share_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite"
    async with saved(path) as (checkpoints, config):
        await checkpoints.conn.executescript(FULL)
        names = ["a", "unlucky", "b", "c"]
        writes = [checkpoints.aput_writes(config, FOUR, name) for name in names]
        failed = [error for error in await asyncio.gather(*writes, return_exceptions=True) if error]
    assert len(failed) == 1
    assert rows(path, "SELECT DISTINCT task_id FROM writes ORDER BY 1") == [("a",), ("b",), ("c",)]


async def test_a_write_under_way_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite"
    async with saved(path) as (checkpoints, config):
        task = asyncio.create_task(checkpoints.aput_writes(config, FOUR, "late"))
    await task
    assert free(path)
    assert rows(path, "SELECT count(*) FROM writes") == [(4,)]


async def test_a_cancelled_write_holds_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite"
    for turns in range(12):
        async with saved(path) as (checkpoints, config):
            task = asyncio.create_task(checkpoints.aput_writes(config, FOUR, f"task{turns}"))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        assert free(path)
    whole = rows(path, "SELECT count(*) FROM writes GROUP BY checkpoint_id, task_id")
    assert set(whole) <= {(4,)}


@pytest.mark.parametrize(
    ("table", "column"), [("checkpoints", "checkpoint"), ("checkpoints", "metadata"), ("writes", "value")]
)
@pytest.mark.parametrize("damage", ["x'c1'", "x''", "zeroblob(100)", "substr({column}, 1, length({column}) - 1)"])
async def test_bytes_that_were_changed_are_told(tmp_path: Path, table: str, column: str, damage: str) -> None:
    path = tmp_path / "checkpoints.sqlite"
    async with saved(path) as (checkpoints, config):
        await checkpoints.aput_writes(config, FOUR, "task")
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f"UPDATE {table} SET {column} = {damage.format(column=column)}")
    with pytest.raises(CorruptRunError, match="checkpoint is damaged") as told:
        async with open_checkpoints(path) as checkpoints:
            await checkpoints.aget_tuple(CONFIG)
    assert told.value.advice


@given(st.binary(min_size=0, max_size=40), st.integers(0, 400), st.integers(1, 255))
def test_one_changed_byte_is_enough(value: bytes, place: int, by: int) -> None:
    """Of the hash, the value or its kind: other bytes never decode to another value."""
    serde = Sealed()
    kind, data = serde.dumps_typed({"plan": value, "round": 1})
    assert serde.loads_typed((kind, data)) == {"plan": value, "round": 1}
    place %= len(data)
    changed = data[:place] + bytes([(data[place] + by) % 256]) + data[place + 1 :]
    for damaged in ((kind, changed), ("json", data), (kind, data[:-1]), (kind, b"")):
        with pytest.raises(CorruptRunError):
            serde.loads_typed(damaged)


async def test_no_type_comes_out_of_a_checkpoint(tmp_path: Path) -> None:
    """A checkpoint file from somewhere else must not be able to make objects of other than plain types."""
    path = tmp_path / "checkpoints.sqlite"
    async with saved(path) as (checkpoints, config):
        await checkpoints.aput_writes(config, [("channel", Gap(node="n", kind="refused", reason="r"))], "task")
    async with open_checkpoints(path) as checkpoints:
        found = await checkpoints.aget_tuple(CONFIG)
    assert found is not None
    assert found.pending_writes
    assert not isinstance(found.pending_writes[0][2], Gap)


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite"
    path.write_bytes(b"not a database at all " * 500)
    with pytest.raises(CorruptRunError, match=r"checkpoints\.sqlite is damaged"):
        async with open_checkpoints(path):
            pass
    assert path.read_bytes().startswith(b"not a database"), "what is there is left as it is"


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StorageError) as told:
        async with open_checkpoints(tmp_path / "home" / "checkpoints.sqlite"):
            pass
    assert told.value.advice
