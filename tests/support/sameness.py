"""What must be the same in two runs of one question: everything but times."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from consilience.engine import FinishedRun
from consilience.records import Event
from consilience.reports.files import report_json
from consilience.reports.html import render_html
from consilience.reports.markdown import render_markdown
from consilience.reports.report import Report
from consilience.runs.store import calls_path
from consilience.tests.support.homes import report_of


def timeless(events: Iterable[Event]) -> tuple[Event, ...]:
    """Events without the time at which, and in which, they happened."""
    return tuple(event.model_copy(update={"time": "", "seconds": 0.0}) for event in events)


@dataclass(frozen=True)
class Rendered:
    """The files of a report whose time fields are empty, and the transcript likewise."""

    json: str
    markdown: str
    html: str
    events: tuple[Event, ...]


def rendered(finished: FinishedRun) -> Rendered:
    """A finished run as it would have been written had it taken no time."""
    return render(report_of(finished), finished.run.transcript.read())


def render(report: Report, events: Iterable[Event]) -> Rendered:
    """A report's files without their times. The publisher's own event is told after the files were written."""
    plain, bare = report.timeless(), timeless(events)
    shown = [event for event in bare if event.node != "publish"]
    return Rendered(report_json(plain), render_markdown(plain), render_html(plain, shown), bare)


def calls(home: Path) -> set[tuple[str, str]]:
    """Kind and key of every answer in a home's call log."""
    with closing(sqlite3.connect(calls_path(home))) as log:
        return {(kind, key) for kind, key in log.execute("SELECT kind, key FROM calls")}
