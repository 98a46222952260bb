"""Owns telling a text that reports from one that speaks to whoever processes it: a second line of defence.

The first line is that no model's answer about one paper can reach another paper's claims; this one keeps such text out
of prompts that hold several papers. It reads form, not intent: an address to the reader, a task about an answer or
code, a link, a mark of markup. An abstract's sentence of findings has none of these.
"""

from __future__ import annotations

import re

from . import lexicon

_FORM = re.compile(
    r"https?://|www\.|\S+@\S+\.\w|```|[{}]|\bimport\s+\w+(?:,|\s*$)|^\s*f[\"']"
    r"|</?(?!(?:i|b|p|em|strong|sub|sup|br|jats:\w+)\s*/?>)[A-Za-z][\w:-]*>",
    re.IGNORECASE,
)
"""Links, addresses, code, and markup beyond that of typesetting."""


def speaks_to_reader(text: str) -> bool:
    """Whether a passage has the form of an instruction, of markup or of a link, and not of a report."""
    if _FORM.search(text):
        return True
    return any(lexicon.compiled("instructions", key).search(text) for key in ("addressed", "about_the_task"))
