"""Owns acronyms: pairs of short and long form that a text defines, as "hormone replacement therapy (HRT)".

The algorithm of Schwartz and Hearst (2003, doi:10.1142/9789812776303_0042): candidates by brackets, matched from the
short form's last character backwards.
"""

from __future__ import annotations

import re

_BRACKETS = re.compile(r"\(([^()]{2,40}?)\)")
_SHORT = re.compile(r"^[A-Za-z0-9][\w./+-]*(?: [A-Za-z0-9][\w./+-]*)?$")


def read(text: str) -> dict[str, str]:
    """Short form to long form, as the text writes both; the first definition of a short form counts."""
    found: dict[str, str] = {}
    for match in _BRACKETS.finditer(text):
        short = re.split(r"[;,]", match.group(1))[0].strip()
        if not _is_short(short):
            continue
        long = _long_form(short, _before(text, match.start(), short))
        if long and short not in found:
            found[short] = long
    return found


def _is_short(candidate: str) -> bool:
    letters = [c for c in candidate if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    return bool(_SHORT.match(candidate)) and 2 <= len(candidate) <= 10 and upper >= 1 and upper * 2 >= len(letters)


def _before(text: str, position: int, short: str) -> str:
    """At most ``min(len + 5, 2 * len)`` words of the same sentence before the bracket (Schwartz and Hearst)."""
    sentence = re.split(r"[.;:!?]\s|[()]", text[:position])[-1]
    limit = min(len(short) + 5, 2 * len(short))
    return " ".join(sentence.split()[-limit:])


def _long_form(short: str, before: str) -> str:
    """The shortest stretch of ``before`` that holds the short form's characters in order, or an empty string."""
    at = len(before) - 1
    characters = [c for c in short.lower() if c.isalnum()]
    if short.endswith("s") and short[:-1].isupper():
        characters.pop()  # a plural: "RCTs"
    for number, character in reversed(list(enumerate(characters))):
        while at >= 0 and (before[at].lower() != character or (number == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return ""
        at -= 1
    start = before.rfind(" ", 0, at + 1) + 1
    long = before[start:].strip()
    return long if len(long) > len(short) and short not in long.split() else ""
