"""Owns what two reports differ in, place by place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from .report import Report

_WIDTH = 60


def differences(old: Report, new: Report) -> list[str]:
    """A line for each place in which two reports differ, time fields aside; empty where they are the same."""
    before, after = (report.timeless().model_dump(mode="json") for report in (old, new))
    return list(_between("", before, after))


def _between(place: str, old: object, new: object) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _between_objects(place, cast("dict[str, object]", old), cast("dict[str, object]", new))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _between_lists(place, cast("list[object]", old), cast("list[object]", new))
    else:
        yield f"{place}: {_shown(cast('object', old))}, now {_shown(new)}"


def _between_objects(place: str, old: dict[str, object], new: dict[str, object]) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        where = f"{place}.{name}" if place else name
        if name not in new:
            yield f"{where}: {_shown(old[name])}, now gone"
        elif name not in old:
            yield f"{where}: not there, now {_shown(new[name])}"
        else:
            yield from _between(where, old[name], new[name])


def _between_lists(place: str, old: list[object], new: list[object]) -> Iterator[str]:
    if len(old) != len(new):
        yield f"{place}: {len(old)} items, now {len(new)}"
    for number, (one, other) in enumerate(zip(old, new, strict=False)):
        yield from _between(f"{place}[{number}]", one, other)


def _shown(value: object) -> str:
    text = " ".join(str(value).split())
    return repr(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")
