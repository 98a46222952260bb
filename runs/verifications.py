"""Owns where verifications of claims that a person gave are kept: a folder an asking, a file a claim."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path

from consilience.errors import StorageError

from .files import storage_errors, write_atomic
from .model_calls import ModelCalls
from .names import new_id, now

_ATTEMPTS = 8


def verifications_path(home: Path) -> Path:
    """Where all of them are kept."""
    return home / "verifications"


class VerificationFolder:
    """One asking's folder: ``claim-<n>.json`` for each claim that is done, and the account of its model calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def create(cls, home: Path, first: str) -> VerificationFolder:
        """A new folder, named after the time and the first claim.

        Raises:
            StorageError: the disk is full or refuses to be written.
        """
        above = verifications_path(home)
        with storage_errors(above):
            above.mkdir(parents=True, exist_ok=True)
            for _ in range(_ATTEMPTS):
                folder = above / new_id(first, now())
                with suppress(FileExistsError):
                    folder.mkdir()
                    return cls(folder)
        raise StorageError(f"no name is free in {above}", "try again")

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.name

    @cached_property
    def model_calls(self) -> ModelCalls:
        """What was asked of language models."""
        return ModelCalls(self.folder / "model-calls.sqlite")

    def keep(self, number: int, content: str) -> None:
        """Writes the claim's file, whole or not at all; ``number`` counts from 1.

        Raises:
            StorageError: the disk is full or refuses to be written.
        """
        write_atomic(self.folder / f"claim-{number:05d}.json", content)

    def close(self) -> None:
        """Closes the account; a folder in which nothing was kept goes."""
        self.model_calls.close()
        with suppress(OSError):
            self.folder.rmdir()
