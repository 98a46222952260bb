"""The few SVG shapes that the figures are drawn with. Text is escaped here and takes the page's colour."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_ACCENT = "#2b5d8a"

Point = tuple[float, float]


def drawing(name: str, title: str, told: str, parts: Sequence[str], width: int, height: int) -> str:
    """A self-contained ``<svg>`` with an accessible title, and its data in words as its description.

    ``name`` makes the ids unique in a page and is the caller's own word, never text from the world.
    """
    return (
        f'<svg class="figure" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(told)}.</desc>'
        f"{''.join(parts)}</svg>"
    )


def text(x: float, y: float, words: str, anchor: str = "start") -> str:
    """One line of text; ``anchor`` is start, middle or end."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor">{escape(words)}</text>'


def bar(x: float, y: float, width: float, height: float) -> str:
    """A filled bar in the accent colour."""
    return f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{_ACCENT}"/>'


def box(x: float, y: float, width: float, height: float) -> str:
    """An empty box."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3" fill="none" '
        'stroke="currentColor"/>'
    )


def line(start: Point, end: Point, *, faint: bool = False) -> str:
    """A straight line."""
    opacity = ' opacity="0.25"' if faint else ""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="currentColor"{opacity}/>'
    )


def arrow(start: Point, end: Point) -> str:
    """A line to the right or downwards, with a head at its end."""
    x, y = end
    if start[0] == x:
        head = f"{x - 4:.1f},{y - 7:.1f} {x:.1f},{y:.1f} {x + 4:.1f},{y - 7:.1f}"
    else:
        head = f"{x - 7:.1f},{y - 4:.1f} {x:.1f},{y:.1f} {x - 7:.1f},{y + 4:.1f}"
    return f'{line(start, end)}<polygon points="{head}" fill="currentColor"/>'


def curve(points: Sequence[Point], dash: str = "none") -> str:
    """A line through marked points; ``dash`` tells lines apart without colour."""
    marks = "".join(f'<circle class="bar" cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{_ACCENT}"/>' for x, y in points)
    return (
        f'<polyline class="curve" points="{_path(points)}" fill="none" stroke="{_ACCENT}" stroke-width="1.6" '
        f'stroke-dasharray="{dash}"/>{marks}'
    )


def band(points: Sequence[Point]) -> str:
    """A broad pale line, to lie under others."""
    return (
        f'<polyline class="curve" points="{_path(points)}" fill="none" stroke="{_ACCENT}" stroke-width="9" '
        'stroke-linecap="round" opacity="0.25"/>'
    )


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
