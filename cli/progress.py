"""Owns the live progress of a run on stderr: a spinner on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from consilience.records import Event

from .console import err, plain, tell
from .conversation import figures

# What usually follows a node; the graph may loop, so this is only said as what is under way.
_FOLLOWING = {
    "plan": "searching",
    "approve": "searching",
    "search": "screening papers",
    "screen": "extracting claims",
    "extract": "extracting and reconciling claims",
    "reconcile": "cross-examining claims",
    "cross_examine": "cross-examining claims",
    "write": "reviewing the report",
    "review": "deliberating",
    "deliberate": "settling objections",
    "revise": "reviewing the report again",
    "audit": "publishing",
}


class LiveProgress:
    """A line on a terminal that moves while work is done, with these columns; elsewhere, and where quiet, none."""

    def __init__(self, quiet: bool, *columns: ProgressColumn) -> None:
        self._quiet = quiet
        live = err.is_terminal and not quiet
        self._bar = Progress(*columns, TimeElapsedColumn(), console=err, transient=True) if live else None

    def note(self, text: str) -> None:
        """Tells what is worth knowing before the first step."""
        if not self._quiet:
            tell(text, style="dim")

    def stop(self) -> None:
        """Stops the line for good."""
        if self._bar:
            self._bar.stop()
            self._bar = None

    @contextmanager
    def paused(self) -> Generator[None]:
        """Takes the line away while something is printed, or a person is asked something."""
        if self._bar:
            self._bar.stop()
        try:
            yield
        finally:
            if self._bar:
                self._bar.start()

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class StepProgress(LiveProgress):
    """Shows each step as it is recorded. ``listener`` may be called from any thread."""

    def __init__(self, quiet: bool = False, detailed: bool = False) -> None:
        super().__init__(quiet, SpinnerColumn(), TextColumn("{task.description}", markup=False))
        self._detailed = detailed
        self._task = self._bar.add_task("preparing") if self._bar else None

    def listener(self, event: Event) -> None:
        """Prints one step."""
        if self._quiet:
            return
        counts = figures(event)
        tell(f"{event.node:13} {event.agent}: {event.decided}" + (f"  [{counts}]" if counts else ""))
        if self._detailed and event.why:
            tell(f"{'':13} {event.why}", style="dim")
        if self._bar and self._task is not None:
            self._bar.update(self._task, description=plain(_FOLLOWING.get(event.node, "working")))


@contextmanager
def indexing(label: str) -> Generator[Callable[[int, int], None]]:
    """A bar on a terminal for work that tells (done, total); one line elsewhere."""
    if not err.is_terminal:
        tell(label)
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
