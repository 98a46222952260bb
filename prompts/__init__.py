"""Owns the prompts: one Markdown file a task, its variables checked when it is loaded, its digest known.

Variables are ``string.Template``'s (``$name``), so that JSON braces stay plain; a dollar sign is written
``$$``. ``composing`` tells how a prompt file is made, ``catalogue`` which there are.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from .catalogue import LENSES, PARTS, TASKS
from .composing import PromptText, check_part, messages, parted, sources_of, task_digest, task_of
from .files import REPLACEABLE, SUFFIX, PromptError, Source, check_folder, digest_of, names, read, shipped, template
from .marks import data

__all__ = [
    "LENSES",
    "REPLACEABLE",
    "SUFFIX",
    "Listed",
    "PromptError",
    "PromptText",
    "check",
    "data",
    "digest",
    "digests",
    "fill",
    "listing",
    "load",
    "messages",
    "names",
    "text",
]


class Listed(NamedTuple):
    """A prompt as it is listed. ``own`` names the files of the person's folder that it is made of."""

    name: str
    purpose: str
    variables: tuple[str, ...]
    sha256: str
    own: tuple[str, ...]


def load(name: str, /, **variables: str) -> str:
    """The shipped text with its variables filled in.

    Raises:
        PromptError: no prompt of that name, a stray dollar sign in its file, a variable that it does not
            know, or one that is missing.
    """
    return fill(name, shipped(name), **variables)


def fill(name: str, text: str, /, **variables: str) -> str:
    """A prompt's text with its variables filled in; ``name`` is for the message. Raises as ``load``."""
    made = template(Source(name, text), text)
    wanted = set(made.get_identifiers())
    missing, unknown = sorted(wanted - set(variables)), sorted(set(variables) - wanted)
    if missing:
        raise PromptError(f"prompt {name!r} needs {', '.join(missing)}")
    if unknown:
        raise PromptError(f"prompt {name!r} does not know {', '.join(unknown)}")
    return made.substitute(variables)


def digest(name: str) -> str:
    """The sha256 of the shipped file (64 hex digits), for manifests and call keys; raises as ``load``."""
    return hashlib.sha256(shipped(name).encode()).hexdigest()


def digests(folder: Path | None = None) -> dict[str, str]:
    """The version of every task's prompt, by task: sha256 over all files that it may be made of.

    Raises:
        SettingsError: a file of ``folder`` cannot be read.
    """
    return {name: task_digest(name, folder) for name in TASKS}


def check(folder: Path | None = None) -> None:
    """Checks every prompt, with a person's folder in place of shipped ones: names, parts, variables.

    Raises:
        SettingsError: a file of ``folder`` cannot be used, with its name and the variable.
        PromptError: a shipped one cannot.
    """
    if folder is not None:
        check_folder(folder)
    for name in PARTS:
        check_part(read(name, folder))
    for name in TASKS:
        parted(read(name, folder), task_of(name))


def text(name: str, folder: Path | None = None) -> str:
    """A prompt's file as it is written, variables unfilled; raises as ``load``, and SettingsError as ``check``."""
    return read(name, folder).text


def listing(folder: Path | None = None) -> tuple[Listed, ...]:
    """Every prompt, the tasks in the order of a run and then the texts that they include; raises as ``check``."""
    check(folder)
    rows = [
        _listed(name, task.purpose, (*task.variables, *(f"{i}" for i in task.includes)), sources_of(name, folder))
        for name, task in TASKS.items()
    ]
    return (*rows, *(_listed(name, part.purpose, (), (read(name, folder),)) for name, part in PARTS.items()))


def _listed(name: str, purpose: str, variables: tuple[str, ...], sources: tuple[Source, ...]) -> Listed:
    own = tuple(source.path.name for source in sources if source.path is not None)
    return Listed(name, purpose, variables, digest_of(sources), own)
