"""Owns where a person's runs live: creating, finding and listing them under the home folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from consilience.errors import ConsilienceError, CorruptRunError, InputError, RunNotFoundError

from .files import storage_errors, sync_folder
from .info import RunInfo, write_info
from .names import check_id, is_id, new_id, now, shown, stamp
from .run import Run

_ATTEMPTS = 8
_SHOWN = 5


def checkpoint_path(home: Path) -> Path:
    """Where the graph keeps its checkpoints."""
    return home / "checkpoints.sqlite"


def calls_path(home: Path) -> Path:
    """Where the call log stands."""
    return home / "calls.sqlite"


class RunStore:
    """The runs under ``home/runs``. Nothing is written before the first run is created."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "runs"

    def create(
        self,
        question: str,
        library: str,
        settings_manifest: Mapping[str, Any],
        run_id: str | None = None,
        parent: str | None = None,
        papers: str = "",
    ) -> Run:
        """A new run's folder, with its description in it; never a folder without one.

        Raises:
            InputError: ``run_id`` cannot name a run, or is taken.
            RunNotFoundError: no run ``parent``.
            StorageError: the disk is full or refuses to be written.
        """
        created = now()
        above = self.open(parent).info if parent else None
        names = [check_id(run_id)] if run_id else [new_id(question, created) for _ in range(_ATTEMPTS)]
        for name in names:
            info = RunInfo(
                id=name,
                question=question,
                library=library,
                parent=above.id if above else None,
                conversation=above.conversation if above else name,
                created=stamp(created),
                settings=dict(settings_manifest),
                papers=papers,
            )
            if self._place(info):
                return Run(self.folder / name)
        raise InputError(f"there is a run {shown(names[-1])} already", "choose another id")

    def open(self, run_id: str) -> Run:
        """The run with this id, the only one whose id begins with it, or the ``latest``.

        Raises:
            RunNotFoundError: none, or several.
            CorruptRunError: its description cannot be read.
        """
        text = run_id.strip()
        if text == "latest":
            return Run(self.folder / self._latest())
        if not is_id(text):
            raise RunNotFoundError(f"{shown(run_id)} is not a run's id", "consilience runs lists them")
        names = self._names()
        matches = [text] if text in names else [name for name in names if name.startswith(text)]
        if not matches:
            raise RunNotFoundError(f"no run {shown(text)}", "consilience runs lists them")
        if len(matches) > 1:
            some = ", ".join(matches[:_SHOWN]) + (", …" if len(matches) > _SHOWN else "")
            raise RunNotFoundError(f"{len(matches)} runs begin with {shown(text)}", f"name one of them: {some}")
        return Run(self.folder / matches[0])

    def exists(self, run_id: str) -> bool:
        """Whether that id, written whole, is taken."""
        return is_id(run_id) and run_id in self._names()

    def list(self) -> list[RunInfo]:
        """The runs that can be read, newest first. One that nobody works on is interrupted."""
        found = [self.status(run) for run in self._runs()]
        return sorted(found, key=lambda info: (info.created, info.id), reverse=True)

    def unreadable(self) -> list[str]:
        """The names of run folders whose description cannot be read, sorted."""
        readable = {run.id for run in self._runs()}
        return [name for name in self._names() if name not in readable]

    def status(self, run: Run) -> RunInfo:
        """The run's description, with ``interrupted`` in place of ``running`` if no process works on it."""
        if run.info.status == "running" and not run.is_held():
            return run.info.model_copy(update={"status": "interrupted"})
        return run.info

    def _place(self, info: RunInfo) -> bool:
        """Makes the run's folder with its description at once; False if the name is taken."""
        target = self.folder / info.id
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(dir=self.folder, prefix=".new-"))
            try:
                draft.chmod(0o755)
                write_info(draft, info)
                if target.exists():
                    return False
                try:
                    # A rename onto a folder with a file in it fails, so the second of two processes loses.
                    os.rename(draft, target)
                except OSError:
                    if target.exists():
                        return False
                    raise
            finally:
                shutil.rmtree(draft, ignore_errors=True)
            sync_folder(self.folder)
        return True

    def _names(self) -> list[str]:
        """Folder names that may be runs, sorted; a link is none, wherever it leads."""
        try:
            with os.scandir(self.folder) as entries:
                return sorted(e.name for e in entries if e.is_dir(follow_symlinks=False) and is_id(e.name))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise CorruptRunError(
                f"{self.folder} cannot be read: {error.strerror}",
                "check its permissions, or set CONSILIENCE_HOME",
            ) from error

    def _runs(self) -> Iterator[Run]:
        for name in self._names():
            with suppress(ConsilienceError):
                yield Run(self.folder / name)

    def _latest(self) -> str:
        infos = [run.info for run in self._runs()]
        if not infos:
            raise RunNotFoundError("there is no run yet", 'ask a question: consilience ask "…"')
        return max(infos, key=lambda info: (info.created, info.id)).id
