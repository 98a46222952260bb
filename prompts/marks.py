"""Owns the marks between which text from the world stands in a prompt, and which it cannot close."""

from __future__ import annotations

import re

# A bracket that begins a mark, also a wide one; what looks like a mark inside a text loses it. White space on either
# side of the stroke is read in one way only, so that no text of blanks takes long.
_OPENING = re.compile("[<\uff1c\ufe64](?=\\s*(?:[/\uff0f]\\s*)?data\\b)", re.IGNORECASE)
_HARMLESS = "\u2039"
_BLOCK = r'<data kind="[^"<>\n]*"(?: \w+="[^"<>\n]*")*>\n[^<]*(?:<(?!\s*(?:/\s*)?data\b)[^<]*)*?\n</data>'
_BLOCKS = re.compile(rf"{_BLOCK}(?:\s+{_BLOCK})*", re.IGNORECASE)


def data(kind: str, text: str, **attributes: str) -> str:
    """A text of the world between marks. Signs that would be a mark inside it are changed, one for one."""
    told = "".join(f' {name}="{_attribute(value)}"' for name, value in attributes.items())
    return f'<data kind="{_attribute(kind)}"{told}>\n{_OPENING.sub(_HARMLESS, text)}\n</data>'


def marked(kind: str, text: str) -> str:
    """The text as one or more marked blocks: as it is where it consists of such blocks, else put between marks."""
    plain = text.strip()
    if _BLOCKS.fullmatch(plain):
        return plain
    return data(kind, plain or "none")


def _attribute(value: str) -> str:
    plain = _OPENING.sub(_HARMLESS, value.replace('"', "'").replace("<", _HARMLESS).replace(">", "\u203a"))
    return " ".join(plain.split())
