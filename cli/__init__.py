"""The command line. Owns the wiring only: a command's module loads what is heavy when it runs."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from .ask import ask, resume
from .chat import chat
from .console import tolerate_narrow_encodings
from .doctor import doctor
from .evaluate import evaluate
from .group import INTERRUPTED, Group
from .library import library
from .prompts import prompts
from .replay import replay
from .runs import runs, show, transcript
from .verify import verify
from .version import print_version

app = typer.Typer(
    name="consilience",
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=print_version, help="Print the version.")
    ] = False,
) -> None:
    """Answer research questions from the literature, with every claim quoted, cross-examined and reviewed."""


app.command()(ask)
app.command()(verify)
app.command()(chat)
app.command()(runs)
app.command()(show)
app.command()(transcript)
app.command()(resume)
app.command()(replay)
app.add_typer(library, name="library")
app.command()(prompts)
app.command(name="eval")(evaluate)
app.command()(doctor)


def main() -> None:
    """The ``consilience`` program."""
    tolerate_narrow_encodings()
    try:
        app(prog_name="consilience")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            # The run is already marked; a worker thread must not keep the person waiting for the prompt.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        raise
