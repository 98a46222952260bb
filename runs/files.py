"""Owns how files reach the disk: whole or not at all, and a refusal of the disk as an error with advice."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from consilience.errors import StorageError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def storage_error(path: Path, error: OSError) -> StorageError:
    """The error a person sees when the disk refuses ``path``."""
    if error.errno in _FULL:
        return StorageError(
            f"no space left to write {path}", "free some space; nothing already written is lost, then resume"
        )
    reason = error.strerror or str(error)
    return StorageError(f"cannot write {path}: {reason}", "check the folder's permissions, or set CONSILIENCE_HOME")


@contextmanager
def storage_errors(path: Path) -> Generator[None]:
    """Turns an ``OSError`` inside the block into ``StorageError`` about ``path``."""
    try:
        yield
    except OSError as error:
        raise storage_error(path, error) from error


def sync_folder(folder: Path) -> None:
    """Makes a rename in ``folder`` durable; a file system that cannot do it is left as it is."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_atomic(path: Path, data: str | bytes) -> None:
    """Writes ``data`` (text as UTF-8) to ``path`` so that a reader sees the old file or the whole new one.

    The parent folder is made if it is missing.

    Raises:
        StorageError: the disk is full or refuses to be written; what stood at ``path`` still stands.
    """
    content = data.encode() if isinstance(data, str) else data
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp makes files for the owner alone; a report is an ordinary file.
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
        sync_folder(path.parent)


def _umask() -> int:
    # The mask can only be read by setting it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
