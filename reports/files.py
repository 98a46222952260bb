"""Writes a report's files, each whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from consilience.records import Event
from consilience.runs.files import write_atomic

from .html import render_html
from .markdown import render_markdown
from .report import Report


@dataclass(frozen=True)
class ReportFiles:
    """Where a report lies."""

    json: Path
    markdown: Path
    html: Path
    transcript: Path


def report_json(report: Report) -> str:
    """``report.json`` as it is written and as ``ask --json`` prints it."""
    return report.model_dump_json(indent=2) + "\n"


def publish(report: Report, events: Sequence[Event], folder: Path) -> ReportFiles:
    """Write ``report.json``, ``report.md``, ``report.html`` and ``transcript.jsonl`` into ``folder``.

    Everything is rendered before anything is written, and ``report.json`` comes last: where it stands, the
    others stand too.

    Raises:
        StorageError: the disk is full or refuses to be written; files that stood there are whole.
    """
    files = ReportFiles(
        json=folder / "report.json",
        markdown=folder / "report.md",
        html=folder / "report.html",
        transcript=folder / "transcript.jsonl",
    )
    ordered = sorted(events, key=lambda e: (e.step, e.key))
    contents = {
        files.transcript: "".join(e.model_dump_json() + "\n" for e in ordered),
        files.markdown: render_markdown(report),
        files.html: render_html(report, ordered),
        files.json: report_json(report),
    }
    for path, content in contents.items():
        write_atomic(path, content)
    return files
