"""Owns the doctor's checks: each looks at one thing and tells its state, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
import functools
import importlib.util
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from consilience.errors import ConsilienceError, EndpointError
from consilience.settings import Settings, load_settings

from .version import package_version

_NEEDED = (
    "chromadb",
    "langgraph",
    "onnxruntime",
    "numpy",
    "tokenizers",
    "bm25s",
    "pydantic",
    "typer",
    "rich",
)
_LEAST_FREE = 500 * 2**20


class State(Enum):
    """GOOD works; ABSENT is optional and not there; BROKEN is needed and does not work."""

    GOOD = "good"
    ABSENT = "absent"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """What a check found, and what can be done about it."""

    name: str
    state: State
    detail: str
    advice: str = ""


Check = Callable[[], Finding]


def guarded(name: str) -> Callable[[Callable[[], Finding]], Check]:
    """Turns whatever a check raises into a BROKEN finding: a doctor must not fall ill."""

    def decorate(check: Callable[[], Finding]) -> Check:
        @functools.wraps(check)
        def run() -> Finding:
            try:
                return check()
            except ConsilienceError as error:
                return Finding(name, State.BROKEN, error.message, error.advice)
            except Exception as error:
                return Finding(name, State.BROKEN, f"{type(error).__name__}: {error}", "install consilience anew")

        return run

    return decorate


@guarded("python")
def python() -> Finding:
    """The interpreter."""
    ok = sys.version_info >= (3, 11)
    advice = "" if ok else "install Python 3.11 or newer"
    return Finding("python", State.GOOD if ok else State.BROKEN, platform.python_version(), advice)


@guarded("consilience")
def package() -> Finding:
    """The package itself."""
    return Finding("consilience", State.GOOD, package_version())


@guarded("dependencies")
def dependencies() -> Finding:
    """What the package is built on, looked up without importing it."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        return Finding("dependencies", State.BROKEN, f"missing: {', '.join(missing)}", "install consilience anew")
    return Finding("dependencies", State.GOOD, ", ".join(f"{name} {package_version(name)}" for name in _NEEDED))


@guarded("sqlite")
def sqlite() -> Finding:
    """SQLite, and that it can keep a write-ahead log in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "probe.sqlite")
        try:
            mode = str(connection.execute("PRAGMA journal_mode=WAL").fetchone()[0])
        finally:
            connection.close()
    good = mode == "wal"
    advice = "" if good else "point TMPDIR and CONSILIENCE_HOME at a local disk"
    return Finding("sqlite", State.GOOD if good else State.BROKEN, f"{sqlite3.sqlite_version}, journal {mode}", advice)


@guarded("home folder")
def home() -> Finding:
    """The person's folder: that it can be written, and the room left."""
    folder = load_settings().home
    there = next(place for place in (folder, *folder.resolve().parents) if place.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        return Finding("home folder", State.BROKEN, f"{folder} cannot be written", "set CONSILIENCE_HOME")
    free = shutil.disk_usage(there).free
    detail = f"{folder}, {free / 2**30:.1f} GiB free"
    if free < _LEAST_FREE:
        return Finding("home folder", State.BROKEN, detail, "free some space, or set CONSILIENCE_HOME elsewhere")
    return Finding("home folder", State.GOOD, detail)


@guarded("sentence encoder")
def encoder() -> Finding:
    """The encoder's weights: there, whole, and able to encode a sentence."""
    from consilience.models.encoder import load_encoder

    model = load_encoder(1)
    length = model.encode(["a sentence"]).shape[1]
    return Finding("sentence encoder", State.GOOD, f"{model.name}, {length} dimensions, sha256 {model.digest[:12]}")


@guarded("stance judge")
def judge() -> Finding:
    """The entailment witness's weights: there, whole, and able to judge a pair."""
    from consilience.models.encoder import load_encoder
    from consilience.models.entailment import load_stance_judge

    model = load_stance_judge(load_encoder(1))
    model.judge([("a claim", "a sentence")])
    return Finding("stance judge", State.GOOD, f"{model.name}, sha256 {model.digest[:12]}")


@guarded("index")
def index() -> Finding:
    """Chroma: that it indexes and finds an abstract in a temporary folder, with no network."""
    from consilience.models.encoder import load_encoder
    from consilience.records import Paper
    from consilience.vectorstore.abstracts import AbstractIndex

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = AbstractIndex(Path(folder), load_encoder(1))
        store.index([Paper(id="probe", title="A probe", abstract="A sentence to be found.")])
        found = store.query("a sentence", 1)
    good = [name for name, _ in found] == ["probe"]
    return Finding("index", State.GOOD if good else State.BROKEN, f"chromadb {package_version('chromadb')}")


@guarded("libraries")
def libraries() -> Finding:
    """The person's own libraries."""
    from consilience.literature.library import Library

    names = Library.names(load_settings().home)
    if not names:
        advice = "the sample is installed on its first use; yours: consilience library add NAME FILE..."
        return Finding("libraries", State.ABSENT, "none yet", advice)
    return Finding("libraries", State.GOOD, ", ".join(names))


@guarded("language model")
def language_model() -> Finding:
    """Which language model would reason and whether it can be asked; no call that costs is made, no key is shown."""
    from consilience.endpoints.choosing import chooses_model, resolve
    from consilience.endpoints.local_files import is_local

    settings = load_settings()
    if not chooses_model(settings, os.environ):
        advice = "set OPENAI_API_KEY, or CONSILIENCE_MODEL__BASE_URL and __NAME (docs/models.md)"
        return Finding("language model", State.ABSENT, "none set; the embedded reasoner needs none", advice)
    if settings.model.name is not None and is_local(settings.model.name):
        return Finding("language model", State.GOOD, "a file on this machine, served while a run lasts")
    endpoint = resolve(settings, "writer", os.environ)
    listed = asyncio.run(_models_at(settings))
    known = f", {len(listed)} models listed" if listed else ""
    return Finding("language model", State.GOOD, f"{endpoint.name} at {endpoint.address}{known}")


async def _models_at(settings: Settings) -> tuple[str, ...]:
    """The models that the writer's endpoint lists, which costs nothing; none where it has no such list."""
    from consilience.endpoints.base import ModelFault
    from consilience.endpoints.client import Endpoints

    endpoints = Endpoints(settings, None)
    try:
        return await endpoints.models("writer")
    except ModelFault as fault:
        raise EndpointError(fault.message, fault.advice) from fault
    finally:
        await endpoints.aclose()


CHECKS: tuple[Check, ...] = (
    python, package, dependencies, sqlite, home, encoder, judge, index, libraries, language_model,
)  # fmt: skip
