"""``consilience --version``."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import typer


def package_version(name: str = "consilience") -> str:
    """The installed version of a distribution; ``not installed`` where there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def print_version(wanted: bool) -> None:
    """Prints the version and ends, if it is wanted."""
    if wanted:
        typer.echo(f"consilience {package_version()}")
        raise typer.Exit
