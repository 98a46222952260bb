"""Owns the prompts: one Markdown file a task, its variables checked when it is loaded, its digest known.

Variables are ``string.Template``'s (``$name``), so that JSON braces stay plain; a dollar sign is written
``$$``.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from string import Template

_SUFFIX = ".md"


def names() -> tuple[str, ...]:
    """Every prompt's name, sorted."""
    files = resources.files("consilience.prompts").iterdir()
    return tuple(sorted(f.name.removesuffix(_SUFFIX) for f in files if f.name.endswith(_SUFFIX)))


class PromptError(ValueError):
    """A prompt that is missing, malformed or given the wrong variables: a fault in the program."""


def load(name: str, /, **variables: str) -> str:
    """The prompt with its variables filled in.

    Raises:
        PromptError: no prompt of that name, a stray dollar sign in its file, a variable that it does not
            know, or one that is missing.
    """
    return fill(name, _text(name), **variables)


def fill(name: str, text: str, /, **variables: str) -> str:
    """A prompt's text with its variables filled in; ``name`` is for the message. Raises as ``load``."""
    template = Template(text)
    if not template.is_valid():
        raise PromptError(f"prompt {name!r} holds a stray '$': write '$$' for a dollar sign")
    wanted = set(template.get_identifiers())
    missing, unknown = sorted(wanted - set(variables)), sorted(set(variables) - wanted)
    if missing:
        raise PromptError(f"prompt {name!r} needs {', '.join(missing)}")
    if unknown:
        raise PromptError(f"prompt {name!r} does not know {', '.join(unknown)}")
    return template.substitute(variables)


def digest(name: str) -> str:
    """The sha256 of the prompt's file (64 hex digits), for manifests and call keys; raises as ``load``."""
    return hashlib.sha256(_text(name).encode()).hexdigest()


@cache
def _text(name: str) -> str:
    # The name must be one of those listed: it never becomes a path by itself.
    if name not in names():
        raise PromptError(f"no prompt {name!r}; there are: {', '.join(names())}")
    return (resources.files("consilience.prompts") / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
