"""Owns the ladder: prompts/scales.md read into levels, each with its words and the checks that decide it."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple, cast, get_args

from consilience import prompts
from consilience.records import Criterion

CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
LEVELS = (1, 3, 5, 7, 9, 10)

_HEADING = re.compile(r"^## (\w+)\s*$")
_RUNG = re.compile(r"^- (\d+): (.+)$")
_CHECK = re.compile(r"`(\w+)`")


class Rung(NamedTuple):
    """A level of a scale: what it requires, in words, and the names of the checks that must hold."""

    level: int
    words: str
    checks: tuple[str, ...]


@cache
def ladder() -> dict[Criterion, tuple[Rung, ...]]:
    """Every criterion's levels, lowest first.

    Raises:
        ValueError: the file does not hold all eight criteria with their six levels.
    """
    found: dict[str, list[Rung]] = {}
    current = ""
    for line in prompts.load("scales").splitlines():
        heading, rung = _HEADING.match(line), _RUNG.match(line)
        if heading:
            current = heading[1]
            found[current] = []
        elif rung and current:
            words = _CHECK.sub("", rung[2]).strip()
            found[current].append(Rung(int(rung[1]), words, tuple(_CHECK.findall(rung[2]))))
    if tuple(found) != CRITERIA or any(tuple(r.level for r in rungs) != LEVELS for rungs in found.values()):
        raise ValueError("prompts/scales.md does not hold the eight criteria with levels 1, 3, 5, 7, 9 and 10")
    return {cast(Criterion, name): tuple(rungs) for name, rungs in found.items()}
