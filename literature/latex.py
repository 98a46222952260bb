"""Owns LaTeX in BibTeX fields: ``decode`` reads it as plain text, ``encode`` writes what that reads back.

Symbols' names come from bibtexparser's table. Its own decoder is not used: it is a chain of replacements that
loses letters (``\\'z``, ``\\r{a}``) and leaves ``\\textit`` behind.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import cast

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_LETTER = r"(?:\{\s*(?:\\([ij])\s*|([^\W\d_]))\s*\}|\\([ij])(?![A-Za-z])(?:\{\}|[ \t]+)?|([^\W\d_]))"
_ACCENT = re.compile(rf"\\(?:([`'^\"~=.])|([uvHkrbdtc])(?![A-Za-z]))\s*{_LETTER}")
_MATH = re.compile(r"(?<!\\)\$\$?([^$]{1,300}?)(?<!\\)\$\$?")
_SUPERSCRIPT = re.compile(r"(?<=\d)\s*\\textsuperscript\s*(?=\{\s*[-+−–]?\d)")
_TOKEN = re.compile(r"\\([A-Za-z]+)\*?\s*(?:\{\s*\})?|\\(.)|(---?)|(``|'')|([{}~])", re.DOTALL)
_SPACES = frozenset(" ,;:!/\\\n")
_NO_WIDTH = frozenset("!/-")
_STYLES = re.compile(
    "text(?:it|bf|sc|rm|sf|tt|up|sl|md|normal|style|color|superscript|subscript)?|emph?|it|bf|rm|sc|tt|sf|small|mbox|"
    "math(?:rm|it|bf|sf|cal)|ensuremath|url|protect|relax|noopsort|left|right|displaystyle|boldsymbol|underline"
)
_OWN_NAMES = {
    "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~", "lbrace": "{",
    "textasciicircum": "^", "rbrace": "}", "textgreater": ">", "textless": "<", "textpm": "±", "textmu": "µ",
    "textdegree": "°", "degree": "°", "texttimes": "×", "textendash": "–", "textemdash": "—",
    "textquotesingle": "'", "textquotedblleft": "“", "textquotedblright": "”", "textquoteleft": "‘",
    "textquoteright": "’", "le": "≤", "ge": "≥", "leq": "≤", "geq": "≥", "pm": "±", "times": "×",
    "approx": "≈",
    "sim": "∼", "mu": "μ", "i": "ı", "j": "ȷ", "ldots": "…", "dots": "…", "textellipsis": "…", 
    "texteuro": "€",
    "euro": "€", "quad": " ", "qquad": " ", "newline": " ", "par": " ", "ne": "≠", "neq": "≠", "to": "→",
    "rightarrow": "→", "lt": "<", "gt": ">",
}  # fmt: skip


def decode(text: str, *, typography: bool = True) -> str:
    """Plain text of a BibTeX value: accents, symbols, escapes; braces and styles dropped, nothing else lost.

    ``typography=False`` leaves ``--`` and quotation marks alone (for identifiers).
    """
    if typography:
        text = _MATH.sub(_plain_math, text)
    text = _ACCENT.sub(_accented, _SUPERSCRIPT.sub("^", text))
    plain = _TOKEN.sub(lambda token: _plain(token, typography), text)
    return unicodedata.normalize("NFC", plain)


def encode(text: str) -> str:
    """A value for a field in braces from which ``decode`` gives the text again."""
    escaped = "".join(_ESCAPES.get(character, character) for character in text)
    return re.sub(r"([-'`])(?=\1)", r"\1{}", escaped)


_ESCAPES = {
    "\\": "{\\textbackslash}",
    "{": "{\\textbraceleft}",
    "}": "{\\textbraceright}",
    "~": "{\\textasciitilde}",
    "^": "{\\textasciicircum}",
    **{character: f"\\{character}" for character in "$%&#_"},
}


def _plain_math(match: re.Match[str]) -> str:
    """Formulas without their dollars; two dollar amounts in one sentence are no formula."""
    inside = match.group(1)
    if not re.search(r"[\\^_=<>{}]", inside) and (len(inside) > 3 or " " in inside):
        return match.group()
    inside = re.sub(r"_(?=\{|\w)", "", inside) + "{}"  # so that a command at its end takes no space after it
    return re.sub(r"\^\s*\{([^{}]*)\}", r"^\1", inside).replace("^", "{\\textasciicircum}")


def _accented(match: re.Match[str]) -> str:
    accent = match.group(1) or match.group(2)
    letter = next(group for group in match.groups()[2:] if group)
    return unicodedata.normalize("NFC", letter + _ACCENTS[accent])


def _plain(token: re.Match[str], typography: bool) -> str:
    name, escaped, dash, quote, mark = token.groups()
    if name is not None:
        return _named(token, name)
    if escaped is not None:
        return "" if escaped in _NO_WIDTH else " " if escaped in _SPACES else escaped
    if not typography and (dash or quote):
        return token.group()
    if dash is not None:
        return "–" if dash == "--" else "—"
    if quote is not None:
        return "“" if quote == "``" else "”"
    return " " if mark == "~" else ""


def _named(token: re.Match[str], name: str) -> str:
    if _STYLES.fullmatch(name):
        return ""
    symbol = _OWN_NAMES.get(name) or _symbols().get(name)
    if symbol is None:  # an unknown command may be a word: keep it readable, lose nothing
        return token.group()[1:].replace("{", "").replace("}", "")
    return symbol


@cache
def _symbols() -> dict[str, str]:
    """Characters by command name, from bibtexparser's table."""
    from bibtexparser import latexenc

    listed = cast("dict[str, str]", latexenc.unicode_to_latex_map)
    table: dict[str, str] = {}
    for character, latex in sorted(listed.items()):
        name = re.fullmatch(r"\{?\\([A-Za-z]+)\s*\}?", latex.strip())
        if name and len(character) == 1 and not unicodedata.combining(character):
            table.setdefault(name.group(1), character)
    return table
