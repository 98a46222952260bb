"""Blocks of Markdown from plain text. Text is escaped here, once; Markdown made here comes as ``Raw``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .escaping import markdown as escape


@dataclass(frozen=True)
class Raw:
    """Markdown made by this package, not to be escaped again."""

    text: str


Cell = str | Raw


def raw(text: str) -> Raw:
    """Mark Markdown as made here."""
    return Raw(text)


def inline(cell: Cell) -> str:
    """One line of Markdown."""
    return cell.text if isinstance(cell, Raw) else escape(cell)


def heading(level: int, text: str) -> str:
    """A heading of one to six marks."""
    return f"{'#' * level} {escape(text)}"


def paragraph(text: str, tail: str = "") -> str:
    """A paragraph of one line; ``tail`` is Markdown."""
    return " ".join(part for part in (escape(text), tail) if part)


def bullets(items: Iterable[Cell]) -> str:
    """A list, one line an item; empty without items."""
    return "\n".join(f"- {inline(item)}" for item in items)


def numbered(items: Iterable[Cell]) -> str:
    """A numbered list from 1."""
    return "\n".join(f"{n}. {inline(item)}" for n, item in enumerate(items, start=1))


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table with as many cells in every row as in its header."""
    lines = [[escape(cell) for cell in header], ["---"] * len(header)]
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"a row of {len(row)} cells in a table of {len(header)}")
        lines.append([inline(cell) for cell in row])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def link(label: str, href: str) -> str:
    """A link to an https address, or its label alone where there is no such address."""
    return f"[{escape(label)}](<{href}>)" if href.startswith("https://") else escape(label)
