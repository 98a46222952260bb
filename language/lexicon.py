"""Owns the reading of lexicons: TOML files in ``lexicons/`` and their compilation to patterns.

An entry is a word or phrase. ``*`` stands for any word ending (``reduc*``), ``_`` for up to three words between
(``as _ as``), and ``a|b`` inside round brackets for alternatives. A space matches any run of white space.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

_BEFORE = r"(?<![\w])"
_AFTER = r"(?![\w])"


@cache
def load(name: str) -> dict[str, Any]:
    """The lexicon ``lexicons/<name>.toml`` as a dictionary, read once."""
    path = resources.files("consilience.language") / "lexicons" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def entries(name: str, *keys: str) -> tuple[str, ...]:
    """The list of strings under ``keys`` in a lexicon."""
    value: Any = load(name)
    for key in keys:
        value = value[key]
    return tuple(str(item) for item in value)


def pattern(items: Iterable[str]) -> re.Pattern[str]:
    """One case-insensitive pattern for all entries, the longest first so that phrases win over words."""
    ordered = sorted(set(items), key=lambda item: (-len(item), item))
    return re.compile(_BEFORE + "(?:" + "|".join(map(_expression, ordered)) + ")" + _AFTER, re.IGNORECASE)


@cache
def compiled(name: str, *keys: str) -> re.Pattern[str]:
    """The pattern of a lexicon's list, compiled once."""
    return pattern(entries(name, *keys))


def _expression(item: str) -> str:
    parts: list[str] = []
    for character in item:
        if character == "*":
            parts.append(r"[\w]*")
        elif character == "_":
            parts.append(r"(?:[\w%.-]+\s+){0,2}[\w%.-]+")
        elif character == " ":
            parts.append(r"\s+")
        elif character == "-":
            parts.append(r"[-\u2010\u2011\u2013 ]?")
        elif character in "()|?":
            parts.append("(?:" if character == "(" else character)
        else:
            parts.append(re.escape(character))
    return "".join(parts)
