"""Owns telling a text that reports from one that speaks to whoever processes it: a second line of defence.

The first line is that no model's answer about one paper can reach another paper's claims; this one keeps such text out
of prompts that hold several papers. It reads form, not intent: an address to the reader, a task about an answer or
code, a link, a mark of markup, an order. An abstract's sentence of findings has none of these. Letters that only look
like others, and signs that show nothing, are read as what they look like.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from . import lexicon

_FORM = re.compile(
    r"https?://|www\.|javascript:|\]\(\s*[^\s()]*[:/]|\b[\w-]{2,}\.[a-z]{2,}/[a-z]|\S+@\S+\.\w|```|={3,}|[{}]|^\s*f[\"']"
    r"|\bimport\s+\w+(?:,|\s*$)|\"\w+\"\s*:"
    r"|</?(?!(?:i|b|p|em|strong|sub|sup|br|jats:\w+)\s*/?>)[A-Za-z][\w:-]*(?:\s+[\w:-]+\s*=[^<>]*)?/?>",
    re.IGNORECASE,
)
"""Links, addresses, code, JSON, and markup beyond that of typesetting."""
_ENCODED = re.compile(r"(?<!\S)(?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+]{20,}={0,2}(?!\S)")
_MIXED = re.compile(r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
"""Latin and Cyrillic in one word: no language writes so, and no symbol of a science does."""
_ALIKE = str.maketrans("АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXo")
_ASKS = re.compile(r"[?!]['\"”’)\]]*$")
_WHERE = ("about_the_report", "about_other_papers", "in_other_tongues")
_PARTS = re.compile(r"(?<=[.:;!?])\s+|^\W+")
"""An order begins a sentence, or what stands behind a colon or a semicolon."""
_KEPT = 4096


def speaks_to_reader(text: str) -> bool:
    """Whether a passage has the form of an instruction, of markup or of a link, and not of a report."""
    plain = _folded(text)
    if _FORM.search(plain) or _MIXED.search(text) or _ENCODED.search(plain):
        return True
    return any(lexicon.compiled("instructions", key).search(plain) for key in ("addressed", "about_the_task"))


@lru_cache(maxsize=_KEPT)
def demands(text: str) -> bool:
    """Whether a sentence of an abstract speaks to its reader, or gives orders about how papers are read and weighed.

    Stricter than ``speaks_to_reader``, and for the world's texts only: a reviewer may well say what a report should do.
    """
    if speaks_to_reader(text):
        return True
    plain = _folded(text)
    if any(lexicon.compiled("instructions", key).search(plain) for key in _WHERE):
        return True
    orders = lexicon.compiled("instructions", "orders")
    return any(orders.match(part) for part in _PARTS.split(plain))


def asks(text: str) -> bool:
    """Whether a passage ends as a question or an exclamation: neither reports a finding."""
    return bool(_ASKS.search(text.rstrip()))


@lru_cache(maxsize=_KEPT)
def _folded(text: str) -> str:
    """The text as it looks: compatibility forms resolved, lookalikes in Latin, signs that show nothing left out."""
    if text.isascii():
        return text
    shown = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return shown.translate(_ALIKE)
