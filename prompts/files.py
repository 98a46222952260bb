"""Owns reading prompts: the shipped files, and a person's folder of files that stand in for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from string import Template

from consilience.errors import SettingsError

from .catalogue import PARTS, TASKS

SUFFIX = ".md"
REPLACEABLE = frozenset(TASKS) | {name for name, part in PARTS.items() if part.replaceable}
"""Names of prompts that a folder may hold."""


class PromptError(ValueError):
    """A prompt that is missing, malformed or given the wrong variables: a fault in the program."""


@dataclass(frozen=True)
class Source:
    """A prompt's text and where it was read: ``path`` is None for the shipped one."""

    name: str
    text: str
    path: Path | None = None

    def fault(self, problem: str, advice: str = "") -> Exception:
        """The exception for a text that cannot be used: the person's to mend, or the program's fault."""
        if self.path is None:
            return PromptError(f"prompt {self.name!r} {problem}")
        return SettingsError(f"prompt file {self.path} {problem}", advice)


def names() -> tuple[str, ...]:
    """Every prompt's name, sorted."""
    files = resources.files("consilience.prompts").iterdir()
    return tuple(sorted(f.name.removesuffix(SUFFIX) for f in files if f.name.endswith(SUFFIX)))


@cache
def shipped(name: str) -> str:
    """The shipped text.

    Raises:
        PromptError: no prompt of that name.
    """
    # The name must be one of those listed: it never becomes a path by itself.
    if name not in names():
        raise PromptError(f"no prompt {name!r}; there are: {', '.join(names())}")
    return (resources.files("consilience.prompts") / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def read(name: str, folder: Path | None) -> Source:
    """The prompt of that name, from the folder where that holds one.

    Raises:
        PromptError: no prompt of that name.
        SettingsError: the folder's file cannot be read.
    """
    standard = shipped(name)
    if folder is None or name not in REPLACEABLE:
        return Source(name, standard)
    path = folder / f"{name}{SUFFIX}"
    try:
        return Source(name, path.read_bytes().decode("utf-8").replace("\r\n", "\n"), path)
    except FileNotFoundError:
        return Source(name, standard)
    except UnicodeDecodeError as error:
        raise SettingsError(f"prompt file {path} is not UTF-8 text", "save it as UTF-8") from error
    except OSError as error:
        raise SettingsError(
            f"prompt file {path} cannot be read: {error.strerror or error}", "check the file and its permissions"
        ) from error


def check_folder(folder: Path) -> None:
    """Refuses a folder that is none, or that holds what stands in for no prompt; names with a dot in front may stay.

    Raises:
        SettingsError: with the folder's or the file's name.
    """
    try:
        found = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise SettingsError(
            f"the folder of prompts {folder} cannot be read: {error.strerror or error}",
            "name a folder that is there, or make one with: consilience prompts --write DIR",
        ) from error
    for name in found:
        if name.removesuffix(SUFFIX) in REPLACEABLE and name.endswith(SUFFIX):
            continue
        if name.removesuffix(SUFFIX) in PARTS:
            raise SettingsError(
                f"prompt file {folder / name} cannot be replaced: every panel scores on the same scales", "remove it"
            )
        raise SettingsError(
            f"{folder / name} stands in for no prompt",
            f"remove it, or give it a prompt's name: {', '.join(sorted(REPLACEABLE))}",
        )


def template(source: Source, text: str) -> Template:
    """The text, or a part of it, as a template.

    Raises:
        PromptError, SettingsError: a dollar sign that begins no variable.
    """
    made = Template(text)
    if not made.is_valid():
        raise source.fault("holds a stray '$'", "write '$$' for a dollar sign")
    return made


def digest_of(sources: Sequence[Source] | Iterable[Source]) -> str:
    """The sha256 (64 hex digits) over names and texts; lengths count, so that none run together."""
    digest = hashlib.sha256()
    for source in sources:
        for part in (source.name.encode(), source.text.encode()):
            digest.update(f"{len(part)}:".encode())
            digest.update(part)
    return digest.hexdigest()
