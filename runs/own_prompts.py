"""Owns the prompts of a person's own that a run was begun with: kept in its folder, so that they hold to its end.

A run that goes on, or is done again, elsewhere or after the person changed the files, is asked in the same words.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from consilience.errors import InputError

from .files import storage_errors, write_atomic

FOLDER = "prompts"
_NAME = re.compile(r"[a-z][a-z_]{0,60}\.md")
_TEXTS = TypeAdapter(dict[str, str])


def keep(given: Path, run_folder: Path) -> None:
    """Copies the prompts of a folder into a run's.

    Raises:
        StorageError: one cannot be read, or the disk refuses to be written.
    """
    with storage_errors(given):
        texts = _read(given)
    place(texts, run_folder)


def kept(run_folder: Path) -> Path | None:
    """Where a run keeps prompts of its own; None where it was asked in the shipped words."""
    folder = run_folder / FOLDER
    return folder if folder.is_dir() else None


def texts_of(run_folder: Path) -> str:
    """A run's own prompts as JSON, file name to text; '' where it has none."""
    folder = kept(run_folder)
    if folder is None:
        return ""
    return json.dumps(_read(folder), ensure_ascii=False, indent=1, sort_keys=True)


def _read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


def parse(data: bytes) -> dict[str, str]:
    """The prompts of an exported run, by file name.

    Raises:
        InputError: they are none, or a name is no prompt's file.
    """
    try:
        texts = _TEXTS.validate_json(data)
    except ValidationError as error:
        raise InputError("its prompts cannot be read", "export the run again") from error
    if not all(_NAME.fullmatch(name) for name in texts):
        raise InputError("its prompts have names that cannot be", "export the run again")
    return texts


def place(texts: dict[str, str], run_folder: Path) -> None:
    """Writes prompts into a run's folder; raises StorageError."""
    for name, text in texts.items():
        write_atomic(run_folder / FOLDER / name, text)
