"""Owns what a check is: what one measures, as a share with its counts, and which lenses look at it.

A check's name stands in prompts/scales.md at the level that it decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sized
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

from consilience.records import Lens

from .whole import Draftwide

PANEL: tuple[Lens, ...] = ("methodology", "relevance", "sceptic", "coverage", "clarity")


class Reading(NamedTuple):
    """The share of a requirement that is met, in [0, 1], and the counts that it rests on."""

    share: float
    said: str


@dataclass(frozen=True)
class Check:
    """A measurement with the lenses that look at it in fields that are not their own."""

    name: str
    seen_by: frozenset[Lens]
    measure: Callable[[Draftwide], Reading]


def check(*seen_by: Lens) -> Callable[[Callable[[Draftwide], Reading]], Check]:
    """Make a check of a measurement, under its function's name; without lenses, all look at it."""

    def make(measure: Callable[[Draftwide], Reading]) -> Check:
        return Check(measure.__name__, frozenset(seen_by or PANEL), measure)

    return make


def collect(*modules: ModuleType) -> dict[str, Check]:
    """The checks that modules define, by name, sorted."""
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Check)]
    return {each.name: each for each in sorted(found, key=lambda c: c.name)}


def _count(things: int | Sized) -> int:
    return things if isinstance(things, int) else len(things)


def part(held: int | Sized, total: int | Sized, said: str, enough: float = 1.0) -> Reading:
    """``held`` of ``total``, full at the share ``enough``; nothing of nothing is full."""
    n, of = _count(held), _count(total)
    share = 1.0 if not of else min(1.0, n / of / enough)
    return Reading(round(share, 4), f"{n} of {of} {said}")


def number(held: int | Sized, wanted: int, said: str) -> Reading:
    """``held`` against a number that is enough."""
    n = _count(held)
    return level(n, wanted, f"{n} {said}")


def level(value: float, wanted: float, said: str) -> Reading:
    """A figure against one that is enough."""
    return Reading(round(min(1.0, value / wanted), 4), said)


def either(holds: bool, said: str, otherwise: str) -> Reading:
    """All or nothing."""
    return Reading(1.0, said) if holds else Reading(0.0, otherwise)


def none_of(faults: Sized, total: int | Sized, said: str) -> Reading:
    """How far a draft is free of a fault: the share of ``total`` without it."""
    of = _count(total)
    share = max(0.0, 1 - len(faults) / of) if of else float(not len(faults))
    return Reading(round(share, 4), f"{len(faults)} of {of} {said}")
