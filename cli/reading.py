"""Owns reading what a run left behind: its settings' home, its report, its claims by number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from consilience.errors import InputError, LibraryError
from consilience.runs.store import Run, RunStore
from consilience.settings import Settings, load_settings

if TYPE_CHECKING:
    from consilience.reports.report import Report, ReportClaim


def open_store(settings: Settings | None = None) -> RunStore:
    """The person's runs."""
    return RunStore((settings or load_settings()).home)


def read_report(run: Run) -> Report | None:
    """The run's report; None where there is none yet.

    Raises:
        CorruptRunError: it cannot be read, or is not a report.
    """
    if not run.file("report.json").exists():
        return None
    from consilience.engine import load_report

    return load_report(run)


def claim_numbered(report: Report, text: str) -> ReportClaim:
    """The claim that a person names by its number in the report.

    Raises:
        InputError: not a number, or no such claim.
    """
    wanted = text.strip().lstrip("#")
    for claim in report.claims:
        if str(claim.number) == wanted:
            return claim
    have = f"this report has claims 1 to {len(report.claims)}" if report.claims else "this report has no claim"
    raise InputError(f"no claim {wanted!r}", have)


def library_names(home: Path) -> list[str]:
    """The names of the person's libraries and of the sample, sorted."""
    from consilience.literature.library import Library
    from consilience.literature.sample import SAMPLE

    return sorted({SAMPLE, *Library.names(home)})


def check_library(settings: Settings, name: str) -> None:
    """Whether a question can be put to that library, told before anything heavy is loaded.

    Raises:
        LibraryError: no such library, or no library could have that name.
    """
    from consilience.literature.library import check_name

    names = library_names(settings.home)
    if check_name(name) not in names:
        raise LibraryError(f"there is no library {name}", f"there are: {', '.join(names)}")
