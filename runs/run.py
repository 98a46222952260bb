"""Owns one run's folder: its description, its lock, and the artifacts and transcript in it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from consilience.errors import RunBusyError
from consilience.records import AnswerVerdict

from .artifacts import Artifacts
from .files import storage_errors, write_atomic
from .info import RunStatus, read_info, write_info
from .model_calls import ModelCalls
from .names import now, stamp
from .transcript import Transcript

REPORT_FILES = ("report.json", "report.md", "report.html")
_LOCK_SECONDS = 1.0


class Run:
    """A run's folder. ``with run:`` closes its files; ``with run.held():`` keeps other processes away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.info = read_info(folder)

    @property
    def id(self) -> str:
        """The run's id, which is its folder's name."""
        return self.info.id

    @cached_property
    def artifacts(self) -> Artifacts:
        """The values that the graph's state names."""
        return Artifacts(self.folder / "artifacts.sqlite")

    @cached_property
    def model_calls(self) -> ModelCalls:
        """What it asked of language models."""
        return ModelCalls(self.folder / "model-calls.sqlite")

    @cached_property
    def transcript(self) -> Transcript:
        """The agents' steps."""
        return Transcript(self.folder / "transcript.jsonl")

    def file(self, name: str) -> Path:
        """Where one of the report's files stands, or will stand."""
        if name not in REPORT_FILES:
            raise ValueError(f"{name} is not one of {REPORT_FILES}")
        return self.folder / name

    def write_report(self, files: Mapping[str, str | bytes]) -> None:
        """Writes the report's files, each whole or not at all; names from ``REPORT_FILES``.

        Raises:
            StorageError: the disk is full or refuses to be written.
        """
        for name, data in files.items():
            write_atomic(self.file(name), data)

    @contextmanager
    def held(self) -> Generator[Self]:
        """Holds the run's lock, and reads its description anew under it.

        Raises:
            RunBusyError: another process works on the run.
        """
        lock = self._lock()
        with storage_errors(self.folder):
            try:
                lock.acquire(timeout=_LOCK_SECONDS)
            except Timeout as error:
                raise RunBusyError(
                    f"run {self.id} is being worked on by another process", "wait until it has ended"
                ) from error
        try:
            self.info = read_info(self.folder)
            yield self
        finally:
            lock.release()

    def is_held(self) -> bool:
        """Whether some process works on the run now."""
        lock = self._lock()
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        except OSError:
            return False  # a folder that cannot be written is worked on by nobody
        lock.release()
        return False

    def reopen(self) -> None:
        """Marks the run as running again, before it is resumed."""
        self._write({"status": "running", "finished": None})

    def finish(
        self,
        status: RunStatus,
        *,
        title: str = "",
        verdict: AnswerVerdict | None = None,
        score: float | None = None,
    ) -> None:
        """Writes how the run ended. ``finished`` is set unless it was interrupted and may go on.

        Raises:
            StorageError: the disk is full or refuses to be written; the earlier description still stands.
        """
        finished = None if status in ("running", "interrupted") else stamp(now())
        self._write({"status": status, "finished": finished, "title": title, "verdict": verdict, "score": score})

    def close(self) -> None:
        """Closes the run's databases."""
        self.artifacts.close()
        self.model_calls.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _lock(self) -> FileLock:
        return FileLock(self.folder / ".lock")

    def _write(self, changes: Mapping[str, object]) -> None:
        info = self.info.model_copy(update=changes)
        write_info(self.folder, info)
        self.info = info
