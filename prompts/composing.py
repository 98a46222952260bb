"""Owns putting a prompt together: its two parts, what they include, the variables, one digest over all of it.

A prompt file has two parts, each under a line of its own::

    === system ===
    who you are, the task, $rules, examples
    === user ===
    $question

The system part includes texts of this folder (``$rules``, ``$scales``, ``$lens``) and nothing else; the user part holds
the variables that a caller gives. So text from the world never stands in the system part, and stands between data marks
in the other one, whatever a person's own prompt says. The prompt ``repair`` has a user part only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .catalogue import COUNTS, INCLUDED, LENSES, TASKS, Task
from .files import PromptError, Source, digest_of, read, template
from .marks import marked

SYSTEM_LINE = "=== system ==="
USER_LINE = "=== user ==="


@dataclass(frozen=True)
class PromptText:
    """A prompt ready to be sent; ``digest`` is the sha256 (64 hex digits) of ``digest``'s files."""

    system: str
    user: str
    digest: str


class Halves(NamedTuple):
    """The two parts of a prompt file, variables unfilled."""

    system: str
    user: str


def messages(name: str, /, *, folder: Path | None = None, **variables: str) -> PromptText:
    """The prompt of a task with its variables filled in, each between data marks but for whole numbers.

    ``rules`` and ``scales`` are filled by the loader; ``lens`` is given by its name. A variable that already consists
    of marked blocks (``data``) keeps them.

    Raises:
        PromptError: no task of that name, or a variable that is missing, unknown or no number where one is due.
        SettingsError: a file of ``folder`` that cannot be used, with its name and the variable.
    """
    task = task_of(name)
    _check_given(name, task, variables)
    source = read(name, folder)
    halves = parted(source, task)
    included = {i: _included(i, variables, folder) for i in task.includes}
    given = {key: _shown(name, key, value) for key, value in variables.items() if key not in INCLUDED}
    return PromptText(
        system=template(source, halves.system).substitute(included).strip(),
        user=template(source, halves.user).substitute(given).strip(),
        digest=task_digest(name, folder),
    )


def task_of(name: str) -> Task:
    """The task of that name.

    Raises:
        PromptError: there is none.
    """
    if name not in TASKS:
        raise PromptError(f"no prompt {name!r} for a task; there are: {', '.join(TASKS)}")
    return TASKS[name]


def sources_of(name: str, folder: Path | None) -> tuple[Source, ...]:
    """All files that a task's prompt may be made of: its own, the included ones, every lens. Raises as ``read``."""
    task = task_of(name)
    parts = [i for i in task.includes if i != "lens"]
    parts += [f"lens_{lens}" for lens in LENSES] if "lens" in task.includes else []
    return tuple(read(each, folder) for each in (name, *parts))


def task_digest(name: str, folder: Path | None) -> str:
    """The version of a task's prompt: one for all lenses. Raises as ``read``."""
    return digest_of(sources_of(name, folder))


def parted(source: Source, task: Task) -> Halves:
    """The file's parts, with the variables of each checked.

    Raises:
        PromptError, SettingsError: a part or a variable is missing, unknown or misplaced.
    """
    halves = _halves(source, bool(task.includes))
    _check_used(source, halves.system, frozenset(task.includes), "system")
    _check_used(source, halves.user, frozenset(task.variables), "user")
    return halves


def check_part(source: Source) -> None:
    """An included text has no variables and no part lines.

    Raises:
        PromptError, SettingsError: it has.
    """
    for name in template(source, source.text).get_identifiers():
        raise source.fault(f"uses the variable ${name}", "a text that prompts include has no variables")
    if any(line.strip() in (SYSTEM_LINE, USER_LINE) for line in source.text.splitlines()):
        raise source.fault("has a line that parts a prompt", "a text that prompts include has no parts")


def _halves(source: Source, has_system: bool) -> Halves:
    lines = source.text.splitlines()
    wanted = [SYSTEM_LINE, USER_LINE] if has_system else [USER_LINE]
    if [line.strip() for line in lines if line.strip() in (SYSTEM_LINE, USER_LINE)] != wanted:
        raise source.fault(f"does not have the line{'s' * has_system} {' and '.join(wanted)} once, in this order")
    cuts = [n for n, line in enumerate(lines) if line.strip() in wanted]
    if any(line.strip() for line in lines[: cuts[0]]):
        raise source.fault(f"has text above its first line {wanted[0]}", "move it below that line")
    user = "\n".join(lines[cuts[-1] + 1 :])
    return Halves("\n".join(lines[cuts[0] + 1 : cuts[-1]]) if has_system else "", user)


def _check_used(source: Source, text: str, wanted: frozenset[str], part: str) -> None:
    used = frozenset(template(source, text).get_identifiers())
    told = ", ".join(f"${name}" for name in sorted(wanted)) or "none"
    for name in sorted(used - wanted):
        raise source.fault(f"uses ${name} in its {part} part", f"variables of its {part} part: {told}")
    for name in sorted(wanted - used):
        raise source.fault(f"lacks ${name} in its {part} part", f"variables of its {part} part: {told}")


def _check_given(name: str, task: Task, variables: dict[str, str]) -> None:
    missing, unknown = sorted(task.given - set(variables)), sorted(set(variables) - task.given)
    if missing:
        raise PromptError(f"prompt {name!r} needs {', '.join(missing)}")
    if unknown:
        raise PromptError(f"prompt {name!r} does not know {', '.join(unknown)}")


def _included(variable: str, variables: dict[str, str], folder: Path | None) -> str:
    name = variable
    if variable == "lens":
        if variables["lens"] not in LENSES:
            raise PromptError(f"no lens {variables['lens']!r}; there are: {', '.join(LENSES)}")
        name = f"lens_{variables['lens']}"
    source = read(name, folder)
    check_part(source)
    return template(source, source.text).substitute().strip()


def _shown(name: str, variable: str, value: str) -> str:
    if variable not in COUNTS:
        return marked(variable, value)
    if not (value.isascii() and value.isdecimal()):
        raise PromptError(f"prompt {name!r} needs a whole number as {variable}")
    return value
