"""Owns the arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

LibraryOption = Annotated[str, typer.Option("--library", "-l", help="The library to answer from.")]
RunArgument = Annotated[str, typer.Argument(help="A run's id, the beginning of one, or 'latest'.", metavar="RUN")]
ListJsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
