"""Owns the progress of claims on stderr: a bar on a terminal, a line a claim elsewhere where there are several."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from consilience.records import verdict_words

from .console import err, tell

if TYPE_CHECKING:
    from consilience.reports.verification import Verification


class ClaimProgress:
    """How many of the claims are done."""

    def __init__(self, claims: int, quiet: bool = False) -> None:
        self._claims = claims
        self._quiet = quiet
        self._count = 0
        self._bar: Progress | None = None
        if err.is_terminal and not quiet:
            counted = (BarColumn(), MofNCompleteColumn()) if claims > 1 else ()
            columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), *counted, TimeElapsedColumn())
            self._bar = Progress(*columns, console=err, transient=True)
            self._task = self._bar.add_task("seeking evidence for and against", total=claims)

    def note(self, text: str) -> None:
        """Tells what is worth knowing before the first claim."""
        if not self._quiet:
            tell(text, style="dim")

    def done(self, verification: Verification) -> None:
        """One claim more."""
        self._count += 1
        if self._bar is not None:
            self._bar.update(self._task, completed=self._count)
        elif not self._quiet and self._claims > 1:
            where = f"line {verification.line}" if verification.line else "claim"
            tell(f"{self._count}/{self._claims}  {where}: {verdict_words(verification.verdict)}")

    def stop(self) -> None:
        """Stops the bar for good."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    @contextmanager
    def paused(self) -> Generator[None]:
        """Takes the bar away while something is printed."""
        if self._bar is not None:
            self._bar.stop()
        try:
            yield
        finally:
            if self._bar is not None:
                self._bar.start()

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        elif not self._quiet:
            tell(f"seeking evidence for and against {'the claim' if self._claims == 1 else f'{self._claims} claims'}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
