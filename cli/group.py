"""Owns how errors leave the command line: a message and advice on stderr, an exit code, no traceback."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from consilience.errors import ConsilienceError

from .console import tell

DONE = 0
BAD_INPUT = 2
PARTIAL = 3
INTERRUPTED = 130


class Group(TyperGroup):
    """The top-level group: every ``ConsilienceError`` of a command ends here."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - click's types, which typer keeps private
        """Runs the command; prints an error's message and advice and exits with its code."""
        try:
            return super().invoke(ctx)
        except ConsilienceError as error:
            report(error)
            raise typer.Exit(error.exit_code) from error


def report(error: ConsilienceError) -> None:
    """Prints what went wrong and what can be done about it, one line each."""
    tell(f"consilience: {error.message}", style="bold red")
    if error.advice:
        tell(f"  {error.advice}", whole=True)
