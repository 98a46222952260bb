"""Owns model files on this machine: which file a name means, whether it is one, and its sha256.

``local:/path/to/model.gguf`` is what a person types. ``local:model.gguf@sha256:<16 hex digits>`` is what a run records:
it says which model answered wherever the file lay. The home remembers where each file was last, so that a recorded name
finds its file again, and a large file is read for its sha256 once.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from consilience.errors import EndpointError
from consilience.records import Frozen
from consilience.runs.files import write_atomic

PREFIX = "local:"
HERE = "this machine"
"""How the endpoint of a local model is named: its port is another one in every run."""
_RECORDED = re.compile(r"local:(?P<file>.+)@sha256:(?P<digest>[0-9a-f]{16})", re.DOTALL)
_SPLIT = re.compile(r"(?P<stem>.+)-00001-of-(?P<count>\d{5})\.gguf", re.DOTALL)
_MAGIC = b"GGUF"
_PIECE = 64 * 2**20
_SHAPE = "give a GGUF file, as local:/path/to/model.gguf"


class _Known(Frozen):
    """A file as it was when its sha256 was taken: size and time of change of each part."""

    sha256: str
    parts: tuple[tuple[int, int], ...]


_KNOWN = TypeAdapter(dict[str, _Known])


@dataclass(frozen=True)
class LocalModel:
    """A model file; ``sha256`` (64 hex digits) is over the bytes of all its parts in order."""

    path: Path
    sha256: str

    @property
    def identity(self) -> str:
        """Its name in manifests and call ids: neither where it lies nor where it is served."""
        return f"{PREFIX}{self.path.name}@sha256:{self.sha256[:16]}"


def is_local(name: str | None) -> bool:
    """Whether a model's name means a file on this machine."""
    return name is not None and name.startswith(PREFIX)


def locate(name: str, home: Path) -> Path:
    """The file that a local model's name means, typed or recorded; it is there and is a GGUF file.

    Raises:
        EndpointError: there is none, it cannot be read, it is no GGUF file, or a part of it is missing.
    """
    path = Path(name.removeprefix(PREFIX)).expanduser().absolute()
    recorded = _RECORDED.fullmatch(name)
    if recorded is not None and not path.exists():
        path = _remembered(recorded["file"], recorded["digest"], home)
    if name == PREFIX or path.is_dir():
        raise EndpointError(f"{name} names no file", _SHAPE)
    for part in _parts(path):
        _check(part)
    return path


async def identify(path: Path, home: Path) -> LocalModel:
    """The model in a file that ``locate`` gave; its sha256 is taken anew where size or time of change differ.

    Raises:
        EndpointError: the file cannot be read.
        StorageError: the home cannot be written.
    """
    parts = _parts(path)
    try:
        stamps = tuple((stat.st_size, stat.st_mtime_ns) for stat in (part.stat() for part in parts))
        known = _read(home).get(str(path))
        if known is not None and known.parts == stamps:
            return LocalModel(path, known.sha256)
        found = _Known(sha256=await _sha256(parts), parts=stamps)
    except OSError as error:
        raise _unreadable(path, error) from error
    # Read again: another process may have written meanwhile. An entry that is lost all the same is made again.
    write_atomic(_file(home), _KNOWN.dump_json({**_read(home), str(path): found}, indent=1))
    return LocalModel(path, found.sha256)


async def _sha256(parts: tuple[Path, ...]) -> str:
    """In pieces, so that a person who gives up need not wait for the end of a large file."""
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            while await asyncio.to_thread(_feed, digest.update, file):
                pass
    return digest.hexdigest()


def _feed(update: Callable[[bytes], None], file: BinaryIO) -> bool:
    piece = file.read(_PIECE)
    update(piece)
    return bool(piece)


def _parts(path: Path) -> tuple[Path, ...]:
    """The files of a model that was split in the way of llama.cpp: its first part stands for all."""
    split = _SPLIT.fullmatch(path.name)
    if split is None:
        return (path,)
    total = split["count"]
    return tuple(path.with_name(f"{split['stem']}-{n:05d}-of-{total}.gguf") for n in range(1, int(total) + 1))


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            begins = file.read(len(_MAGIC))
    except FileNotFoundError as error:
        raise EndpointError(f"there is no model file {path}", _SHAPE) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if begins != _MAGIC:
        raise EndpointError(f"{path} is no GGUF file", "give a model in the format of llama.cpp, which is GGUF")


def _remembered(file: str, digest: str, home: Path) -> Path:
    places = [Path(path) for path, known in _read(home).items() if known.sha256.startswith(digest)]
    for place in places:
        if place.exists():
            return place
    advice = f"put it back at {places[0]}" if places else f"ask any question with --model {PREFIX}/path/to/{file} first"
    raise EndpointError(f"the model file {file} that the run began with is not to be found here", advice)


def _unreadable(path: Path, error: OSError) -> EndpointError:
    return EndpointError(f"the model file {path} cannot be read: {error.strerror or error}", "check its permissions")


def _file(home: Path) -> Path:
    return home / "local-models.json"


def _read(home: Path) -> dict[str, _Known]:
    """What is remembered; what cannot be read is forgotten, and costs reading the model file once more."""
    try:
        return _KNOWN.validate_json(_file(home).read_bytes())
    except (OSError, ValidationError):
        return {}
