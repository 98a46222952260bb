"""Owns the guess at which outcome a cue is about: the phrase after a verb, an adjective or "in", else the subject."""

from __future__ import annotations

import re

_AFTER_STOP = re.compile(
    r"[;:.]\s|[;,(]|\b(?:than|compared|versus|vs|relative|with|when|after|before|among|by|but|"
    r"whereas|while|which|that|who|because|so|was|were|is|are|had|has|at|during|from|over|"
    r"between|did|as|if|p\s*[<=>]|both)\b",
    re.IGNORECASE,
)
_AFTER_LEAD = re.compile(
    r"\s*(?:(?:significantly|markedly|slightly|the|a|an|in|of|for|on|their|its|mean|overall|"
    r"to|effects?|rates? of|levels? of)\s+)*",
    re.IGNORECASE,
)
_BEFORE_STOP = re.compile(
    r"[;:.]\s|[;,]|\b(?:that|which|but|whereas|while|although|and there|found|showed|reported|"
    r"observed|noted|with|than|had|however)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"\s*\b(?:was|were|is|are|be|been|being|has|have|had|did|do|does|not|also|both|then|to|"
    r"may|might|could|can|no|never|neither|nor|never|further|still|only|even|remained|stayed|"
    r"seemed|appeared|\w+ly)\s*$",
    re.IGNORECASE,
)
_FAVOURS = re.compile(r"favou?r|prefer|outperform|exceed|surpass", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:(?:no|not|any|the|a|an|and|or|significant(?:ly)?|statistically|so|thus|net|because|"
    r"of|in|that)\s+)+|^(?:no|net|significant|a|an|the|in|of)$",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"\s+(?:and|or|with|of|in|the|a|an|to|no|significantly|by|had|only|nor|more|less|better)$", re.IGNORECASE
)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|be|been|being|remained)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)
_IN_PEOPLE = re.compile(
    r"\s+(?:\w+ly\s+)?(?:in|with|for|after|during|among|under|on|from|by|at|over|within)\s+", re.IGNORECASE
)
_ABOUT = re.compile(r"\b(?:in terms of|with regard to|with respect to|regarding|for|in|on|at)\s", re.IGNORECASE)
_AFTER_CLAUSE = re.compile(r"[;:.]\s|\b(?:but|whereas|while|and)\b", re.IGNORECASE)
_NOUN_PHRASE = re.compile(r"\s+(?!than|over|to)\w+", re.IGNORECASE)


_PEOPLE = re.compile(
    r"\s*(?:of (?:the|those)\s+)?(?:[\w-]+\s+){0,2}?"
    r"(?:patients|women|men|subjects|participants|children|people|adults|infants|adolescents|individuals|attacks|volunteers|students|persons)\s+"
    r"(?:[\w.-]+\s+){0,6}?"
    r"(?:(?:were|was|had|achieved|reported|experienced|obtained|showed|suffered|developed|became|remained|reached|"
    r"attained)\s+"
    r"|(?=(?:responded|relapsed|died|recovered|survived|discontinued|withdrew|improved|vomited|fell)\b))",
    re.IGNORECASE,
)


def of(text: str, start: int, end: int, *, noun: bool = False, after_first: bool = True) -> str:
    """The outcome phrase of the cue at ``start`` to ``end``; empty where the words show none.

    ``noun`` says that the cue is a noun ("an improvement in X"); ``after_first`` that the phrase after it comes first.
    """
    people = _PEOPLE.match(text, end)  # "more patients had relief": the outcome is what they had
    after, before = _clean(_after(text, people.end() if people else end)), _clean(_before(text, start))
    if people and after:
        return after
    if not after_first or _FAVOURS.search(text, start, end):
        return before or after
    if re.match(r"\s*(?:\w+\s+){0,2}(?:than|over|to)\b", text[end:]):
        about = _ABOUT.search(text, end)
        if about and not _AFTER_CLAUSE.search(text, end, about.start()):
            return _clean(_after(text, about.end())) or before
        if not _NOUN_PHRASE.match(text, end):
            return before
    if not noun and (_PASSIVE.search(text, 0, start) or _IN_PEOPLE.match(text, end)):
        return before or after
    return after or before


def _clean(phrase: str) -> str:
    """Without leading articles and negations, and without what a cut left hanging at the end."""
    while (shorter := _TRAILING.sub("", _LEADING.sub("", phrase.strip(" ,.")))) != phrase:
        phrase = shorter
    return phrase


def _after(text: str, end: int) -> str:
    lead = _AFTER_LEAD.match(text, end)
    begin = lead.end() if lead else end
    stop = _AFTER_STOP.search(text, begin)
    phrase = text[begin : stop.start() if stop else len(text)].strip(" .")
    phrase = re.sub(r"^(?:significantly|slightly|markedly)$|^\W*\d[\d.,%\s]*\w{0,4}$", "", phrase)
    return phrase if len(phrase.split()) <= 14 else " ".join(phrase.split()[:14])


def _before(text: str, start: int) -> str:
    left = re.sub(r"\([^)]*\)", lambda m: " " * len(m.group()), text[:start])
    while True:
        trimmed = _AUXILIARY.sub("", left)
        if trimmed == left:
            break
        left = trimmed
    stops = list(_BEFORE_STOP.finditer(left))
    begin = stops[-1].end() if stops else 0
    return " ".join(left[begin:].split()[-14:])
