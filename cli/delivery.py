"""Owns handing a finished run over: the report's JSON on stdout, its files in a folder, or a summary."""

from __future__ import annotations

from pathlib import Path

from consilience.errors import CorruptRunError, InputError, StorageError
from consilience.runs.files import storage_errors, write_atomic
from consilience.runs.run import REPORT_FILES, Run

from .console import tell, write_json
from .group import DONE, PARTIAL
from .reading import read_report
from .summary import print_run


def check_folder(folder: Path | None) -> None:
    """Makes the folder that will receive the files, before anything costs time.

    Raises:
        InputError: a file stands in its place.
        StorageError: it cannot be made.
    """
    if folder is None:
        return
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--out {folder} is not a folder", "name a folder; it is made if it is missing")
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)


def deliver(run: Run, *, as_json: bool, folder: Path | None) -> int:
    """Hands over a finished run; returns the exit code.

    With ``as_json`` stdout gets the report's JSON and nothing else.

    Raises:
        CorruptRunError: a file of the run is missing.
        StorageError: the folder cannot be written; the run keeps its files.
    """
    if folder is not None:
        copied = copy_files(run, folder)
        tell(f"wrote {', '.join(copied)} to {folder}")
    if as_json:
        write_json(_read(run.file("report.json")))
    else:
        print_run(run, run.info, read_report(run))
    return PARTIAL if run.info.status == "partial" else DONE


def copy_files(run: Run, folder: Path) -> list[str]:
    """Copies the report's files and the transcript, each whole or not at all; returns their names.

    All are read before the first is written. Other files of the folder are left alone.
    """
    sources = [*(run.file(name) for name in REPORT_FILES), run.transcript.path]
    contents = {path.name: _read(path) for path in sources}
    try:
        for name, content in contents.items():
            write_atomic(folder / name, content)
    except StorageError as error:
        raise StorageError(error.message, f"the files stay in {run.folder}; {error.advice}") from error
    return list(contents)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorruptRunError(f"{path} cannot be read: {error.strerror}", "the run is incomplete") from error
