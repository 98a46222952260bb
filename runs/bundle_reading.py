"""Owns the reading of an exported run from a file that anybody may have made: bounded, checked, nothing written.

Members are read by name from a fixed list, each up to its bound, so that neither names that lead elsewhere nor archives
that unpack to more than a disk can hold do any harm.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from consilience.errors import InputError
from consilience.records import Event, Frozen, Paper

from . import own_prompts
from .bundle_format import MANIFEST, MEMBERS, OPTIONAL, PROMPTS, Manifest, manifest_of
from .info import INFO_FILE, RunInfo
from .model_calls import CHAT, CHAT_FAULT, CallModel, ModelCall
from .names import is_id

MAX_BYTES = 512 * 1024 * 1024
"""Unpacked bytes of a whole file at most: a library of 100,000 abstracts takes a third of it."""
_MAX_MANIFEST = 64 * 1024
_AGAIN = "export the run again, or fetch the file again"
_LIBRARY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Bundle:
    """What an exported run holds; ``files`` go into its folder as they are, ``exchanges`` into the call log by kind."""

    info: RunInfo
    papers: tuple[Paper, ...]
    calls: tuple[ModelCall, ...]
    models: tuple[CallModel, ...]
    exchanges: dict[str, dict[str, bytes]]
    files: dict[str, bytes]
    prompts: dict[str, str]


class _Row(Frozen):
    kind: str = Field(pattern=f"^(?:{CHAT}|{CHAT_FAULT})$")
    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    value: dict[str, Any]


def read_bundle(path: Path) -> Bundle:
    """The run in a file.

    Raises:
        InputError: there is no such file, or it is not an exported run, is damaged, too large or of another version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            contents = _contents(archive)
        return _bundle(contents)
    except InputError as error:
        raise InputError(f"{path} cannot be imported: {error.message}", error.advice) from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}", "name a file that was exported"
        ) from error
    # What zipfile raises for damage, for unknown compression, and for a member that is locked with a password.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise InputError(f"{path} cannot be imported: it is damaged, or not an exported run", _AGAIN) from error


def _contents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    names = [item.filename for item in archive.infolist()]
    if MANIFEST not in names:
        raise InputError("it is not an exported run", "make one: consilience transcript RUN --export FILE")
    manifest = manifest_of(json.loads(_read(archive, MANIFEST, _MAX_MANIFEST)))
    if len(names) != len(set(names)) or set(names) != {MANIFEST, *manifest.members}:
        raise InputError("its members are not those that its manifest names", _AGAIN)
    if not MEMBERS - OPTIONAL <= set(manifest.members) <= MEMBERS:
        raise InputError("it lacks members or holds unknown ones", _AGAIN)
    if sum(member.bytes for member in manifest.members.values()) > MAX_BYTES:
        raise InputError(f"it unpacks to more than {MAX_BYTES // 1024**2} MB", "export a run over a smaller library")
    contents = {name: _member(archive, name, manifest) for name in sorted(manifest.members)}
    if manifest.run != _info(contents[INFO_FILE]).id:
        raise InputError("its manifest names another run", _AGAIN)
    return contents


def _member(archive: zipfile.ZipFile, name: str, manifest: Manifest) -> bytes:
    expected = manifest.members[name]
    data = _read(archive, name, expected.bytes)
    if hashlib.sha256(data).hexdigest() != expected.sha256:
        raise InputError(f"its member {name} is damaged", _AGAIN)
    return data


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A member's content; never more than ``most`` bytes are unpacked, whatever the archive says of it."""
    with archive.open(name) as member:
        data = member.read(most)
        if member.read(1):
            raise InputError(f"its member {name} is longer than it should be", _AGAIN)
    return data


def _bundle(contents: dict[str, bytes]) -> Bundle:
    info = _info(contents[INFO_FILE])
    if not _LIBRARY.fullmatch(info.library):
        raise InputError("it names a library that cannot be", _AGAIN)
    _parsed(contents, "transcript.jsonl", Event)  # each line is an event, or the transcript could not be read later
    exchanges: dict[str, dict[str, bytes]] = {}
    for row in _parsed(contents, "calls.jsonl", _Row):
        value = json.dumps(row.value, ensure_ascii=False, separators=(",", ":"))
        exchanges.setdefault(row.kind, {})[row.key] = value.encode("utf-8", "surrogatepass")
    return Bundle(
        info=info,
        papers=_parsed(contents, "papers.jsonl", Paper),
        calls=_parsed(contents, "model-calls.jsonl", ModelCall),
        models=_parsed(contents, "models.jsonl", CallModel),
        exchanges=exchanges,
        files={name: contents[name] for name in ("transcript.jsonl", "report.json") if name in contents},
        prompts=own_prompts.parse(contents[PROMPTS]) if PROMPTS in contents else {},
    )


def _info(data: bytes) -> RunInfo:
    try:
        info = RunInfo.model_validate_json(data)
    except ValidationError as error:
        raise InputError(f"its member {INFO_FILE} cannot be read", _AGAIN) from error
    if not is_id(info.id):
        raise InputError("it names a run that cannot be", _AGAIN)
    return info


def _parsed(contents: dict[str, bytes], name: str, kind: type[M]) -> tuple[M, ...]:
    return tuple(_lines(contents[name], name, kind))


def _lines(data: bytes, name: str, kind: type[M]) -> Iterator[M]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line:
            try:
                yield kind.model_validate_json(line)
            except ValidationError as error:
                raise InputError(f"line {number} of its member {name} cannot be read", _AGAIN) from error
