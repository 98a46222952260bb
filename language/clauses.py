"""Owns the cutting of a sentence that states several findings into its statements, with exact offsets.

Conservative: a cut stands only where the parts on both sides have a cue of their own, and (after "and") where the
second part has its own subject and verb.
"""

from __future__ import annotations

import re
from functools import lru_cache

from . import directions

_CUT = re.compile(
    r"(?P<hard>;\s+(?:and\s+|but\s+|however,?\s+|whereas\s+|while\s+)?)"
    r"|(?P<contrast>,?\s+(?:but|whereas|while|whilst|although|though|yet|however,?)\s+)"
    r"|(?P<joined>,\s+(?:and|with)\s+|\s+and\s+(?=(?:did|was|were|had|no\b|significantly|also)))",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:was|were|is|are|did|does|do|had|has|have|rose|fell|declined|dropped|remained|"
    r"showed|produced|occurred|led|"
    r"increas(?:ed|es)|decreas(?:ed|es)|reduc(?:ed|es)|improv(?:ed|es)|differed|lowered|"
    r"raised|worsened|impaired|"
    r"slowed|enhanced|prevented|relieved|exceeded|outperformed|surpassed|favou?red|caused|"
    r"experienced|reported|beat|bested|gave)\b",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(
    r"^(?:this|these|that|the|no|a|an|such)?\s*(?:differences?|effects?|trend|change|"
    r"reduction|increase|result|finding)s?\b.*\b(?:significan|NS\b)",
    re.IGNORECASE,
)
_BARE_NOT = re.compile(r"^(?:not|only|significantly|never|also not)\b(?!.*\b(?:was|were|did|had)\b)", re.IGNORECASE)
_MIN_WORDS = 2


@lru_cache(maxsize=8192)
def split(sentence: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of each statement in order; the whole sentence where it states one finding."""
    parts: list[tuple[int, int]] = []
    start = 0
    end = len(sentence.rstrip())
    for match in _CUT.finditer(sentence):
        if _inside_brackets(sentence, match.start()):
            continue
        if _cuts(sentence, (start, match.start()), (match.end(), end), match):
            parts.append((start, match.start()))
            start = match.end()
    parts.append((start, end))
    return tuple(_trim(sentence, a, b) for a, b in parts)


def _cuts(sentence: str, left: tuple[int, int], right: tuple[int, int], match: re.Match[str]) -> bool:
    first, second = sentence[slice(*left)], sentence[slice(*right)]
    if len(first.split()) < _MIN_WORDS + bool(match["joined"]) or len(second.split()) < _MIN_WORDS:
        return False
    upto = _until_next_cut(second)
    if _REFERS_BACK.match(upto) or _BARE_NOT.match(upto):
        return False
    if not directions.cues(first) or not directions.cues(upto):
        return False
    if match["joined"]:
        return _VERB.search(first) is not None and _own_verb(sentence, upto, match)
    return _VERB.search(first) is not None or bool(match["hard"])


def _own_verb(sentence: str, second: str, match: re.Match[str]) -> bool:
    """After "and", the second part needs its own finite verb; after "with" it never stands alone."""
    if "with" in match.group().lower():
        return False
    verb = _VERB.search(second)
    return verb is not None and len(second[: verb.start()].split()) <= 14


def _until_next_cut(text: str) -> str:
    match = next((m for m in _CUT.finditer(text) if not m["joined"] and not _inside_brackets(text, m.start())), None)
    return text[: match.start()] if match else text


def _inside_brackets(text: str, position: int) -> bool:
    before = text[:position]
    return before.count("(") > before.count(")") or before.count("[") > before.count("]")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;"):
        end -= 1
    return start, end
