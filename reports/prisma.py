"""The flow of records (PRISMA 2020, doi:10.1136/bmj.n71) as lines of text and as an inline SVG."""

from __future__ import annotations

import textwrap

from .escaping import plain
from .report import Prisma
from .svg import arrow, box, drawing, text

_BOX_WIDTH = 300
_GAP = 60
_LINE = 18
_PAD = 12
_CHARACTERS = 40
_REASONS = 8


def flow_lines(flow: Prisma) -> tuple[str, ...]:
    """The flow in words, every reason of exclusion with its number."""
    lines = [
        f"Records identified by the queries: {flow.identified:,}",
        f"Duplicates removed: {flow.duplicates:,}",
        f"Papers screened: {flow.screened:,}",
        f"Papers excluded: {sum(flow.excluded.values()):,}",
        *(f"Excluded, {plain(reason)}: {n:,}" for reason, n in _ranked(flow.excluded)),
        f"Papers included: {flow.included:,}",
    ]
    if flow.rescreened:
        lines.append(f"Of the included, screened in later by cross-examination: {flow.rescreened:,}")
    if flow.retracted:
        lines.append(f"Of the screened, flagged as retracted: {flow.retracted:,}")
    return tuple(lines)


def _ranked(excluded: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(((r, n) for r, n in excluded.items() if n), key=lambda item: (-item[1], item[0]))


def flow_svg(flow: Prisma) -> str:
    """The flow chart: a self-contained ``<svg>`` whose description repeats the figures in words."""
    reasons = _ranked(flow.excluded)
    shown = [f"{plain(reason)} (n = {n:,})" for reason, n in reasons[:_REASONS]]
    rest = sum(n for _, n in reasons[_REASONS:])
    if rest:
        shown.append(f"{len(reasons) - _REASONS} other reasons (n = {rest:,})")
    included = [f"Papers included (n = {flow.included:,})"]
    if flow.rescreened:
        included.append(f"screened in later (n = {flow.rescreened:,})")
    left = [
        [f"Records identified (n = {flow.identified:,})"],
        [f"Papers screened (n = {flow.screened:,})"],
        included,
    ]
    right = [
        [f"Duplicates removed (n = {flow.duplicates:,})"],
        [f"Papers excluded (n = {sum(flow.excluded.values()):,})", *shown],
        [],
    ]
    return _chart([(_wrapped(a), _wrapped(b)) for a, b in zip(left, right, strict=True)], flow_lines(flow))


def _wrapped(lines: list[str]) -> list[str]:
    return [part for line in lines for part in textwrap.wrap(line, _CHARACTERS)]


def _height(lines: list[str]) -> int:
    return len(lines) * _LINE + 2 * _PAD if lines else 0


def _chart(rows: list[tuple[list[str], list[str]]], told: tuple[str, ...]) -> str:
    """Boxes down the left; what leaves the flow stands to the right of the box that it leaves from."""
    parts: list[str] = []
    top, side, centre = 1, 1 + _BOX_WIDTH + _GAP, 1 + _BOX_WIDTH // 2
    for place, (main, leaving) in enumerate(rows):
        middle = top + _height(main) // 2
        below = top + max(_height(main), _height(leaving)) + _GAP // 2
        parts.append(_labelled(1, top, main))
        if leaving:
            parts += (_labelled(side, top, leaving), arrow((1 + _BOX_WIDTH, middle), (side, middle)))
        if place < len(rows) - 1:
            parts.append(arrow((centre, top + _height(main)), (centre, below)))
        top = below
    width, height = side + _BOX_WIDTH + 1, top - _GAP // 2 + 1
    return drawing("prisma", "Flow of records", ". ".join(told), parts, width, height)


def _labelled(x: int, y: int, lines: list[str]) -> str:
    texts = (text(x + _PAD, y + _PAD + 13 + i * _LINE, line) for i, line in enumerate(lines))
    return box(x, y, _BOX_WIDTH, _height(lines)) + "".join(texts)
