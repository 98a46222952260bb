"""Owns what reaches the terminal: two consoles, and text from the world made harmless for one."""

from __future__ import annotations

import io
import sys
import unicodedata

from rich.console import Console

# Neither markup nor emoji codes are read: titles and abstracts are data. Files are resolved at each print.
out = Console(markup=False, emoji=False, highlight=False)
err = Console(stderr=True, markup=False, emoji=False, highlight=False)

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """The text without control characters (but newlines and tabs) and without marks that reorder a line."""
    return "".join(
        c for c in text if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNING)
    )


def say(text: str = "", style: str | None = None, whole: bool = False) -> None:
    """Prints text on stdout, broken into lines for a terminal; ``whole`` text (paths, commands) never is."""
    _print(out, text, style, whole)


def tell(text: str, style: str | None = None, whole: bool = False) -> None:
    """Prints text on stderr: progress, advice, what is not the result."""
    _print(err, text, style, whole)


def _print(console: Console, text: str, style: str | None, whole: bool) -> None:
    if console.is_terminal:
        console.print(plain(text), style=style, soft_wrap=whole)
    else:
        console.file.write(plain(text) + "\n")
        console.file.flush()  # so that stdout and stderr in one file stay in order


def tolerate_narrow_encodings() -> None:
    """Lets a terminal that knows no UTF-8 show what it can, instead of failing on the first dash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def write_json(data: bytes) -> None:
    """Writes JSON to stdout as it is, whatever encoding the terminal claims."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")
    sys.stdout.buffer.flush()


def is_interactive() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty()
