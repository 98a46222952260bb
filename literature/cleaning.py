"""Owns what a field's text looks like once it is in a library: one line of plain text, NFC, no markup.

``clean`` is idempotent, so that what was exported reads back the same.
"""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5

_INLINE = "i|b|u|em|strong|italic|bold|sc|span|underline|font|tt|small|big|a|monospace|roman|scp"
_BLOCK = (
    "p|br|div|sec|section|title|label|h[1-6]|ul|ol|li|list|list-item|abstract|abstracttext|para|table|tr|td|th|dl|dt|dd"
)
_ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/?"""


def _tag(names: str, opening: str = "/?") -> re.Pattern[str]:
    return re.compile(rf"<{opening}(?:jats:|mml:|xhtml:)?(?:{names}){_ATTRIBUTES}>", re.IGNORECASE)


# A heading "Abstract" repeats the field's name; other headings become the section labels that abstracts use.
_OWN_HEADING = re.compile(r"^\s*<(?:jats:)?title>\s*abstract\s*:?\s*</(?:jats:)?title>", re.IGNORECASE)
_HEADING_END = re.compile(r"(?<=[^\s:.?!])\s*</(?:jats:)?title\s*>", re.IGNORECASE)
_POWER = re.compile(r"(?<=\d)<(?:jats:)?sup>(?=\s*[-+−–]?\d)", re.IGNORECASE)
_INLINE_TAG = _tag(_INLINE + "|sub|sup")
_BLOCK_TAG = _tag(_BLOCK)
_ROUNDS = 50  # real text needs two or three; a text made of nested escapes must not hold the program up
_ESCAPED_AGAIN = re.compile(r"&(?:amp;)+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Signs that show nothing and can hide or reorder text: soft hyphen, zero-width space, bidirectional controls.
_INVISIBLE = frozenset(
    "\u00ad\u200b\u200e\u200f\u2060\ufeff\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """Plain text of a field: tags and entities resolved, whitespace folded, control characters removed, NFC.

    Entities are resolved until none is left, because exports often escape twice. A superscript after a digit
    keeps its meaning as ``^`` (``10<sup>6</sup>`` is ``10^6``, not ``106``).
    """
    for _ in range(_ROUNDS):
        once = _clean_once(text)
        if once == text:
            break
        text = once
    return text


def _clean_once(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(_resolved, _ESCAPED_AGAIN.sub("&", text))
    if "<" in text:
        text = _OWN_HEADING.sub("", text)
        text = _HEADING_END.sub(": ", text)
        text = _INLINE_TAG.sub("", _POWER.sub("^", text))
        text = _BLOCK_TAG.sub(" ", text)
    text = _SPACE.sub(" ", text).strip()
    if not text.isascii() or not text.isprintable():
        text = "".join(character for character in text if not _unwanted(character))
    return unicodedata.normalize("NFC", text)


def _resolved(match: re.Match[str]) -> str:
    """The entity's character; an unknown name stays (html.unescape would resolve its beginning)."""
    entity = match.group()
    return html.unescape(entity) if entity[1] == "#" or entity[1:] in html5 else entity


def _unwanted(character: str) -> bool:
    return character in _INVISIBLE or unicodedata.category(character) in ("Cc", "Cs")


_RETRACTED_TITLE = re.compile(
    r"^\W*retracted(?:\s+(?:article|paper|publication|manuscript))?\s*(?:[:\]\)]|\.\s|[-–—]\s)\s*",
    re.IGNORECASE,
)


def says_retracted(title: str, type: str = "") -> bool:
    """Whether a title ("RETRACTED: ...") or a publication type ("Retracted Publication") says so."""
    return bool(_RETRACTED_TITLE.match(title)) or "retracted publication" in type.casefold()


def fold(text: str) -> str:
    """A text for comparison: no case, accents, punctuation; single spaces. Letters of all scripts stay."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())


def fold_title(title: str) -> str:
    """``fold`` of a title without its retraction mark, so that a paper meets its retracted self."""
    return fold(_RETRACTED_TITLE.sub("", title, count=1))


# --------------------------------------------------------------------------- authors

_INITIALS = re.compile(r"^(?:[^\W\d_]\.?-?){1,4}$")


def clean_author(name: str) -> str:
    """One author's name. A semicolon separates authors everywhere here, so none stays inside a name."""
    return clean(clean(name).replace(";", ",")).strip(", ")


def split_authors(text: str) -> list[str]:
    """Authors out of one string: separated by ``;``, or by commas where the pieces are whole names.

    ``Smith J, Jones K`` are two authors, ``Smith, John`` is one.
    """
    if ";" in text:
        return text.split(";")
    pieces = [piece.strip().rstrip(".") for piece in text.split(",") if piece.strip()]
    whole = all(len(piece.split()) >= 2 for piece in pieces)
    initials = all(piece and _is_initials(piece.split()[-1]) for piece in pieces)
    return pieces if whole and (len(pieces) > 2 or (len(pieces) == 2 and initials)) else [text]


def _is_initials(word: str) -> bool:
    return word.isupper() and bool(_INITIALS.match(word))


def surname(author: str) -> str:
    """The folded last word of a family name: ``T E Wilens``, ``Wilens TE``, ``Wilens, T. E.`` agree."""
    if "," in author:
        words = author.split(",")[0].split()
    else:
        words = author.split()
        if len(words) > 1 and _is_initials(words[-1]) and not _is_initials(words[0]):
            words = [word for word in words if not _is_initials(word)]
    return fold(words[-1]) if words else ""
