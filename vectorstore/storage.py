"""Owns how a Chroma folder is opened: no telemetry, no foreign model, damage recognised, advice."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import chromadb
from chromadb.api import ClientAPI
from chromadb.config import Settings
from chromadb.errors import ChromaError, InvalidArgumentError

from consilience.errors import StorageError
from consilience.models.encoder import Encoder

from .embedding import SentenceEmbedding

Labels = dict[str, str | int | None]

_PREFIX = "abstracts-"


def open_client(folder: Path) -> ClientAPI:
    """Chroma over ``folder``, which is made where it is missing and emptied where it holds no database.

    The check comes first because Chroma keeps a client that failed to start and hands it out again.
    """
    if _is_no_database(folder / "chroma.sqlite3"):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # No .env of the working folder, no telemetry and no tracing: none of it is this index's business.
    settings = Settings(_env_file=None, anonymized_telemetry=False, chroma_otel_granularity=None)  # pyright: ignore[reportCallIssue] - an argument of pydantic-settings, which its signature leaves out
    return chromadb.PersistentClient(path=str(folder), settings=settings)


def open_collection(client: ClientAPI, encoder: Encoder) -> chromadb.Collection:
    """The collection of vectors that this encoder's weights made; those of other weights are deleted."""
    name = _PREFIX + encoder.digest[:16]
    for other in client.list_collections():
        if other.name.startswith(_PREFIX) and other.name != name:
            client.delete_collection(other.name)
    return client.get_or_create_collection(
        name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=cast(Any, SentenceEmbedding(encoder))
    )


@contextmanager
def storage(folder: Path) -> Generator[None]:
    """Turns what Chroma and the disk refuse into one error that a person can act on."""
    try:
        yield
    except InvalidArgumentError:
        raise  # a filter or an id that Chroma does not take: the caller's mistake, not the disk's
    except (ChromaError, OSError) as error:
        raise StorageError(
            f"the index of abstracts in {folder} cannot be used: {error}",
            "free space if the disk is full; else delete that folder and run `consilience library reindex`",
        ) from error


def _is_no_database(path: Path) -> bool:
    """Whether the file is there and is damaged; a lock or a lack of rights is no damage."""
    if not path.is_file():
        return False
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True
    finally:
        connection.close()
    return False
