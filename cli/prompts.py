"""``consilience prompts``: what a language model is told, in which version, and copies to edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from consilience import prompts as texts
from consilience.errors import InputError
from consilience.settings import load_settings

from .console import out, plain, say, tell, write_json
from .options import ListJsonOption

_SHORT = 12


def prompts(
    name: Annotated[str | None, typer.Argument(help="The prompt whose text to print.", metavar="NAME")] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", help="A folder of prompts that stand in for the shipped ones; checked.", metavar="DIR"
        ),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", help="Copy the shipped prompts there to edit; nothing is overwritten.", metavar="DIR"),
    ] = None,
    as_json: ListJsonOption = False,
) -> None:
    """List the prompts that a language model is given, or print one."""
    if name is not None and name not in texts.names():
        raise InputError(f"no prompt '{name}'", f"there are: {', '.join(row.name for row in texts.listing())}")
    if write is not None:
        _write(write, name)
        return
    used = folder or load_settings().model.prompts
    rows = [row for row in texts.listing(used) if name in (None, row.name)]
    if as_json:
        told = [_told(row, texts.text(row.name, used) if name else None) for row in rows]
        write_json(json.dumps(told[0] if name else told, ensure_ascii=False, indent=2).encode())
    elif name is not None:
        say(texts.text(name, used).rstrip("\n"), whole=True)
    elif out.is_terminal:
        out.print(_table(rows))
    else:
        for row in rows:
            say("\t".join(_cells(row)))


def _write(folder: Path, name: str | None) -> None:
    # The module stands above SQLite and filelock, which ``--help`` needs not load.
    from consilience.runs.files import storage_errors

    if name is not None and name not in texts.REPLACEABLE:
        raise InputError(f"the prompt '{name}' cannot be replaced", "every panel scores on the same scales")
    there: list[str] = []
    for each in sorted(texts.REPLACEABLE) if name is None else [name]:
        path = folder / f"{each}{texts.SUFFIX}"
        with storage_errors(path):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("x", encoding="utf-8", newline="\n") as file:
                    file.write(texts.text(each))
            except FileExistsError:
                there.append(path.name)
                continue
        say(str(path), whole=True)
    if there:
        tell(f"left as they were: {', '.join(there)}", style="yellow")
    tell("Keep the files that you change and remove the others; then they stand in for the shipped ones with:")
    tell(f"  CONSILIENCE_MODEL__PROMPTS={folder}", whole=True)


def _told(row: texts.Listed, text: str | None) -> dict[str, object]:
    told: dict[str, object] = {
        "name": row.name,
        "purpose": row.purpose,
        "variables": row.variables,
        "sha256": row.sha256,
        "overridden": bool(row.own),
        "own_files": row.own,
    }
    return told if text is None else {**told, "text": text}


def _cells(row: texts.Listed) -> tuple[str, ...]:
    origin = f"yours: {', '.join(row.own)}" if row.own else "shipped"
    return row.name, row.purpose, row.sha256[:_SHORT], origin, " ".join(f"${v}" for v in row.variables)


def _table(rows: list[texts.Listed]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("prompt", "what it is for", "sha256", "from", "variables"):
        table.add_column(heading, no_wrap=heading in ("prompt", "sha256"), overflow="fold")
    for row in rows:
        table.add_row(*(plain(cell) for cell in _cells(row)))
    return table
