"""Owns files: what their bytes say as text, and how they are written so that none is ever half there."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import tempfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from consilience.errors import LibraryError, StorageError

from .cleaning import clean
from .entries import SourceFile

MAX_BYTES = 512 * 1024 * 1024
_FOREIGN = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"SQLite format 3\x00": "a database",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMATS = "BibTeX, RIS, CSL-JSON, CSV or JSON Lines"


def shown(path: Path) -> str:
    """A file's own name, fit for messages and records: no folder, no control characters, no semicolon."""
    return clean(path.name.encode(errors="replace").decode()).replace(";", ",") or "file"


def read_source(path: Path) -> SourceFile:
    """The file's text with line ends as ``\\n``.

    Raises:
        LibraryError: missing, a folder, unreadable, empty, too large, or no text.
    """
    source = SourceFile(name=shown(path), text="")
    text = _decode(source, _unpacked(source.name, _bytes(path, source.name)))
    source.text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not source.text.strip():
        raise LibraryError(f"{source.name} is empty", "check that the export was finished")
    return source


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise LibraryError(f"{name} is a folder", "name the files in it, for example FOLDER/*.bib")
        if not path.exists():
            raise LibraryError(f"there is no file {name}", "check the path")
        if not path.is_file():
            raise LibraryError(f"{name} is not a regular file", f"give a file in {_FORMATS}")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise LibraryError(f"{name} cannot be read: {_reason(error)}", "check the path and its permissions") from error
    _check_size(name, data)
    return data


def _unpacked(name: str, data: bytes) -> bytes:
    """The content of a gzip file, by its first bytes; anything else as it is. A bomb stops at the limit."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data), "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise LibraryError(f"{name} is a damaged gzip file: {_reason(error)}", "fetch it again") from error
    _check_size(name, content)
    return content


def _check_size(name: str, data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise LibraryError(f"{name} is larger than {MAX_BYTES // 2**20} MB", "split it into smaller files")


def _decode(source: SourceFile, data: bytes) -> str:
    for start, what in _FOREIGN.items():
        if data.startswith(start):
            raise LibraryError(f"{source.name} is {what}", f"export the references as {_FORMATS}")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decode_as(source, data, encoding)
    if data[:4096].count(0) > len(data[:4096]) // 8:
        raise LibraryError(f"{source.name} is not text", f"save it as UTF-8 text in {_FORMATS}")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_damaged(source, data)


def _decode_as(source: SourceFile, data: bytes, encoding: str) -> str:
    text = data.decode(encoding, errors="replace").lstrip("\ufeff")
    if "\ufffd" in text:
        source.note(f"characters that are not {encoding.upper()} were replaced")
    return text


def _decode_damaged(source: SourceFile, data: bytes) -> str:
    """Text that is not clean UTF-8: UTF-8 with a few bad bytes if most of its accents say so."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    if sum(not character.isascii() for character in text) > 2 * bad:
        source.note("bytes that are not UTF-8 were replaced")
        return text
    try:
        text = data.decode("cp1252")
        source.note("not UTF-8: read as Windows-1252; check the accents")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        source.note("not UTF-8: read as Latin-1; check the accents")
    return text


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


@contextmanager
def written(path: Path) -> Generator[TextIO]:
    """A text file (UTF-8, ``\\n``) that takes its place at ``path`` only when it is whole and on the disk.

    Raises:
        LibraryError: the path's folder is missing, or the path is a folder.
        StorageError: the disk is full or refuses to be written; what stood at ``path`` stays.
    """
    if path.is_dir():
        raise LibraryError(f"{shown(path)} is a folder", "name a file in it")
    if not path.parent.is_dir():
        raise LibraryError(f"the folder for {shown(path)} does not exist", "create it first")
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)  # mkstemp makes files that nobody else may read
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise StorageError(
            f"{shown(path)} could not be written: {_reason(error)}", "free some space or choose another place"
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
