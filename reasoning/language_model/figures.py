"""The numbers of a text, in one spelling, and which of them its sources do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"(?<![\w.,·])[-−–](?=[.·]?\d)|\d+(?:[.,·]\d+)*|(?<!\d)[.·]\d+")
_THIN = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PERCENT = re.compile(
    r"((?:\d[\d.,·]*|[.·]\d+)(?:\s*%?\s*(?:vs\.?|versus|to|and|or|,|[-−–/])\s*(?:\d[\d.,·]*|[.·]\d+))*)"
    r"\s*(?:%|per\s?cents?\b)",
    re.IGNORECASE,
)
_WORDED = re.compile(
    r"\b(?:(?P<half>halv(?:e[sd]?|ing)|half)|(?P<twice>doubl(?:e[sd]?|ing)|twice|two-?fold)"
    r"|(?P<thrice>tripl(?:e[sd]?|ing)|thrice|three-?fold)|(?P<fold>(?:four|five|six|seven|eight|nine|ten)-?fold)"
    r"|(?P<share>[a-z]+(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)\s+per\s?cent)\b",
    re.IGNORECASE,
)
_UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_DECADES = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: n for n, word in enumerate(f"{_UNITS} eighteen nineteen".split(), start=1)}
_TENS = {word: 10 * n for n, word in enumerate(_DECADES.split(), start=2)}


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text in one spelling: no commas for thousands, points for decimals, a zero before them.

    A negative one has its sign, a percentage stands also with its sign ("22 vs 41%" holds "22%"), and so do worded ones
    ("seventy per cent"); "halved" and its like are numbers too.
    """
    found: set[str] = set()
    plain = _THIN.sub("", text)
    sign = ""
    for match in _NUMBER.findall(plain):
        if match in "-−–":
            sign = "-"
            continue
        found.add(sign + _plain(match))
        sign = ""
    for share in _PERCENT.findall(plain):
        found.update(f"{_plain(n)}%" for n in _NUMBER.findall(share) if n not in "-−–")
    for worded in _WORDED.finditer(plain):
        found |= _worded(worded)
    return frozenset(found)


def _plain(number: str) -> str:
    number = number.replace("·", ".")
    if _THOUSANDS.fullmatch(number):
        number = number.replace(",", "")
    return f"0{number}" if number.startswith(".") else number.replace(",", ".")


def _worded(match: re.Match[str]) -> set[str]:
    """What a worded number is in digits, or its own name where it is a multiple; nothing for another word."""
    if match.lastgroup != "share":
        return {match["fold"].casefold().replace("-", "") if match["fold"] else str(match.lastgroup)}
    first, _, second = match["share"].casefold().replace("-", " ").partition(" ")
    value = _SMALL.get(first, _TENS.get(first, 0)) + (_SMALL.get(second, 0) if first in _TENS else 0)
    return {str(value), f"{value}%"} if value else set()


def foreign_numbers(text: str, sources: Iterable[str]) -> frozenset[str]:
    """Numbers of a text that none of its sources holds; a fall "by 5" may be told of a change of "-5"."""
    known = frozenset(n for source in sources for n in numbers_in(source))
    return frozenset(n for n in numbers_in(text) if n not in known and f"-{n}" not in known)
