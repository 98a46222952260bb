"""Owns ``run.json``: what a run is, how it stands, and reading and writing that."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from consilience.errors import CorruptRunError, InputError
from consilience.records import AnswerVerdict, Frozen

from .files import write_atomic

RunStatus = Literal["running", "done", "partial", "failed", "interrupted"]

INFO_FILE = "run.json"


class RunInfo(Frozen):
    """What ``run.json`` holds. Times are UTC, ISO 8601; the last four fields are known at its end."""

    schema_version: Literal[1] = 1
    id: str
    question: str
    library: str
    parent: str | None = None
    conversation: str = Field(description="the id of the conversation's first run")
    created: str
    status: RunStatus = "running"
    settings: dict[str, Any] = Field(default_factory=dict)
    papers: str = Field(default="", description="digest of the library's papers when the run began")
    finished: str | None = None
    title: str = ""
    verdict: AnswerVerdict | None = None
    score: float | None = Field(default=None, description="the panel's score, 1 to 10")

    @property
    def is_finished(self) -> bool:
        """Whether there is a report."""
        return self.status in ("done", "partial")


def write_info(folder: Path, info: RunInfo) -> None:
    """Writes ``run.json`` whole or not at all."""
    write_atomic(folder / INFO_FILE, info.model_dump_json(indent=2) + "\n")


def read_info(folder: Path) -> RunInfo:
    """What the folder's ``run.json`` says.

    Raises:
        CorruptRunError: it is missing, cannot be read, or describes another run.
        InputError: the run was written by a version that this one does not know.
    """
    path = folder / INFO_FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorruptRunError(f"{path} cannot be read: {error.strerror}", "the run cannot be used") from error
    try:
        info = RunInfo.model_validate_json(data)
    except ValidationError as error:
        if b'"schema_version"' in data and error.errors()[0]["loc"] == ("schema_version",):
            raise InputError(f"run {folder.name} was written by a newer version", "upgrade consilience") from error
        raise CorruptRunError(f"{path} does not describe a run", "the run cannot be used") from error
    if info.id != folder.name:
        raise CorruptRunError(f"{path} describes run {info.id}", "a run's folder must keep its name")
    return info
