"""``consilience library``: the collections of papers that questions are answered from."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consilience.errors import ConsilienceError, InputError, LibraryError
from consilience.settings import load_settings

from .console import is_interactive, say, tell, write_json
from .options import ListJsonOption
from .progress import indexing
from .reading import library_names

if TYPE_CHECKING:
    from consilience.literature.intake import FileReport
    from consilience.literature.library import Library

library = typer.Typer(help="Manage your libraries of papers.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A library's name.", metavar="NAME")]

_ENDINGS = {
    ".bib": "bibtex",
    ".ris": "ris",
    ".json": "csl-json",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


@library.command()
def add(
    name: Name,
    paths: Annotated[
        list[Path], typer.Argument(help="BibTeX, RIS, CSL-JSON, CSV or JSON Lines files.", metavar="PATH")
    ],
) -> None:
    """Add papers from files to a library.

    A new library is made; its name is lower-case letters, digits and hyphens. Tells for each file how many
    records were taken, merged with papers already there, and refused, and why.
    """
    from consilience.literature.library import Library
    from consilience.literature.sample import SAMPLE

    if name == SAMPLE:
        raise LibraryError("the sample library comes with the project", "choose another name for your papers")
    home = load_settings().home
    for report in Library.add_to(home, name, paths):
        _print_file(report)
    figures = Library.open(home, name).info()
    bare = figures.papers - figures.with_abstract
    say(f"library {name}: {figures.papers} papers, {bare} without an abstract")


@library.command(name="list")
def list_libraries(as_json: ListJsonOption = False) -> None:
    """List your libraries and the sample."""
    home = load_settings().home
    rows: list[dict[str, Any]] = []
    for name in library_names(home):
        try:
            rows.append(dataclasses.asdict(_open(name, home).info()))
        except ConsilienceError as error:
            tell(f"library {name} cannot be read: {error.message}", style="yellow")
    if as_json:
        write_json(json.dumps(rows, indent=2).encode())
        return
    for row in rows:
        summaries = f", {row['summaries']} texts are the project's summaries" if row["summaries"] else ""
        say(f"{row['name']:24} {row['papers']:>7} papers, {row['with_abstract']} with an abstract{summaries}")


@library.command()
def show(
    name: Name,
    as_json: Annotated[bool, typer.Option("--json", help="Print every paper as one JSON line.")] = False,
    titles: Annotated[bool, typer.Option("--titles", help="List every paper's id, year and title.")] = False,
) -> None:
    """Show what a library holds."""
    held = _open(name)
    if as_json:
        lines = [paper.model_dump_json() for paper in held.papers()]
        if lines:
            write_json("\n".join(lines).encode())
        return
    figures = held.info()
    say(f"library {name}: {figures.papers} papers", style="bold")
    say(f"  with an abstract       {figures.with_abstract}")
    say(f"  project's summaries    {figures.summaries}")
    say(f"  retracted              {figures.retracted}")
    say(f"  years                  {'{} to {}'.format(*figures.years) if figures.years else 'unknown'}")
    if titles:
        for paper in held.papers():
            say(f"{paper.id}\t{paper.year or ''}\t{paper.title}")


@library.command()
def remove(
    name: Name,
    ids: Annotated[list[str] | None, typer.Argument(help="Papers; none: all.", metavar="ID")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove a library without asking.")] = False,
) -> None:
    """Remove papers, or a whole library."""
    held = _open(name)
    if ids:
        say(f"removed {held.remove(ids)} papers from library {name}")
        return
    if not yes:
        if not is_interactive():
            raise InputError(f"removing the whole library {name} must be confirmed", "add --yes")
        typer.confirm(f"Remove library {name} and its {held.info().papers} papers?", abort=True, err=True)
    held.delete()
    say(f"removed library {name}")


@library.command()
def export(
    name: Name,
    path: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE")],
    format: Annotated[
        str, typer.Option("--format", help="bibtex, ris, csl-json, csv, jsonl; else by the file's ending.")
    ] = "",
) -> None:
    """Write a library's papers to a file.

    What goes out comes back in with `library add`.
    """
    count = _open(name).export(path, format or _format_of(path))
    say(f"wrote {count} papers to {path}")


@library.command()
def reindex(name: Name) -> None:
    """Build a library's index anew."""
    settings = load_settings()
    held = _open(name, settings.home)
    from consilience.models.encoder import load_encoder

    with indexing(f"indexing {name}") as progress:
        index = held.reindex(load_encoder(settings.models.threads), progress)
    say(f"library {name}: {index.count()} papers indexed")


def _open(name: str, home: Path | None = None) -> Library:
    from consilience.literature.sample import open_library

    return open_library(home or load_settings().home, name)


def _format_of(path: Path) -> str:
    found = _ENDINGS.get(path.suffix.lower())
    if found is None:
        raise InputError(
            f"the ending of {path.name} tells no format", f"end it in {', '.join(_ENDINGS)}, or give --format"
        )
    return found


def _print_file(report: FileReport) -> None:
    say(
        f"{report.path} ({report.format}): {report.records} records, {report.added} added, "
        f"{report.merged} merged, {report.unchanged} unchanged, {len(report.refused)} refused"
    )
    for note in report.notes:
        say(f"  note: {note}")
    for where, why in report.refused:
        tell(f"  refused, {where}: {why}", style="yellow")
