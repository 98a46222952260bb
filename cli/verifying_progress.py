"""Owns the progress of claims on stderr: a bar on a terminal, a line a claim elsewhere where there are several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn

from consilience.records import verdict_words

from .console import tell
from .progress import LiveProgress

if TYPE_CHECKING:
    from consilience.reports.verification import Verification


class ClaimProgress(LiveProgress):
    """How many of the claims are done."""

    def __init__(self, claims: int, quiet: bool = False) -> None:
        counted = (BarColumn(), MofNCompleteColumn()) if claims > 1 else ()
        super().__init__(quiet, SpinnerColumn(), TextColumn("{task.description}", markup=False), *counted)
        self._claims = claims
        self._count = 0
        self._task = self._bar.add_task("seeking evidence for and against", total=claims) if self._bar else None

    def done(self, verification: Verification) -> None:
        """One claim more."""
        self._count += 1
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._count)
        elif not self._quiet and self._claims > 1:
            where = f"line {verification.line}" if verification.line else "claim"
            tell(f"{self._count}/{self._claims}  {where}: {verdict_words(verification.verdict)}")

    def __enter__(self) -> Self:
        if self._bar is None and not self._quiet:
            tell(f"seeking evidence for and against {'the claim' if self._claims == 1 else f'{self._claims} claims'}")
        return super().__enter__()
