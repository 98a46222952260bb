"""Owns the reading of study design and of study subjects, from the title's and the abstract's own words."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from consilience.records import StudyDesign

from . import lexicon

Subjects = Literal["humans", "animals", "in vitro", "in silico", "unstated"]

_TYPES: tuple[tuple[str, StudyDesign], ...] = (
    ("meta-analysis", StudyDesign.META_ANALYSIS),
    ("systematic review", StudyDesign.SYSTEMATIC_REVIEW),
    ("randomized controlled trial", StudyDesign.RANDOMISED),
    ("randomised controlled trial", StudyDesign.RANDOMISED),
    ("case reports", StudyDesign.UNCONTROLLED),
    ("editorial", StudyDesign.REVIEW),
    ("review", StudyDesign.REVIEW),
)
_REVIEW_TITLE = re.compile(r"\breviews?\b|\boverview\b|\ba summary of\b", re.IGNORECASE)
_REVIEWED_WORKS = re.compile(
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|several)\s+(?:[\w,-]+\s+){0,5}?"
    r"(?:studies|trials)\s+(?:(?:of|in|on|with)\s+[\w\s/-]{1,60}?\s+)?(?:are|were|is|was)\s+(?:\w+ly\s+)?"
    r"(?:reviewed|summari[sz]ed|identified|included|analy[sz]ed|pooled)"
    r"|\bthis review\b|\bwe review(?:ed)?\b|\breview(?:ed)?\s+(?:of|"
    r"the)\s+(?:[\w-]+\s+){0,4}(?:literature|evidence|studies|trials)\b",
    re.IGNORECASE,
)  # fmt: skip


def read(text: str, title: str = "", type: str = "") -> StudyDesign:
    """The design that the words state: the publication type first, then the title, then the abstract.

    A review's words about trials do not make it a trial, and a wish for randomised trials does not either.
    """
    by_type = next((design for words, design in _TYPES if words in type.lower()), None)
    if by_type is not None and by_type in (
        StudyDesign.META_ANALYSIS,
        StudyDesign.SYSTEMATIC_REVIEW,
        StudyDesign.RANDOMISED,
    ):
        return by_type
    return _of_reviews(text, title) or by_type or _of_primary(text, title)


def subjects(text: str, title: str = "") -> Subjects:
    """Who or what was studied: the group whose words stand in the title, else the one named most often."""
    in_title = _counts(title)
    counts = _counts(title + ". " + text)
    if in_title["animals"] and not in_title["humans"]:
        return "animals"
    if counts["humans"] and counts["humans"] >= counts["animals"] + counts["in vitro"]:
        return "in silico" if counts["in silico"] > 2 * counts["humans"] + 1 else "humans"
    if counts["animals"]:
        return "animals"
    if counts["in vitro"]:
        return "in vitro" if counts["in vitro"] >= counts["in silico"] else "in silico"
    return "humans" if counts["humans"] > counts["in silico"] else "in silico" if counts["in silico"] else "unstated"


def _of_reviews(text: str, title: str) -> StudyDesign | None:
    if _has("meta_analysis", title) or _strong("meta_analysis", text):
        return StudyDesign.META_ANALYSIS
    if _has("systematic_review", title) or (_strong("systematic_review", text) and not _has("randomised", title)):
        return StudyDesign.SYSTEMATIC_REVIEW
    if _has("randomised", title):
        return None
    if _REVIEW_TITLE.search(title) or _REVIEWED_WORKS.search(text):
        return StudyDesign.REVIEW
    return None


def _of_primary(text: str, title: str) -> StudyDesign:
    whole = f"{title}. {text}"
    who = subjects(text, title)
    if who in ("animals", "in vitro"):
        return StudyDesign.ANIMAL if who == "animals" else StudyDesign.IN_VITRO
    plain = lexicon.compiled("designs", "not_randomised").sub(" ", whole)
    for key, design in _PRIMARY:
        if _has(key, plain if key == "randomised" else whole):
            return design
    if who == "in silico":
        return StudyDesign.IN_SILICO
    if _has("review", title) or (_has("review", text) and not re.search(r"\bwe (?:studied|measured|treated)\b", text)):
        return StudyDesign.REVIEW
    return StudyDesign.UNSTATED


_PRIMARY: tuple[tuple[str, StudyDesign], ...] = (
    ("randomised", StudyDesign.RANDOMISED),
    ("case_control", StudyDesign.CASE_CONTROL),
    ("cohort", StudyDesign.COHORT),
    ("cross_sectional", StudyDesign.CROSS_SECTIONAL),
    ("uncontrolled", StudyDesign.UNCONTROLLED),
)


def _has(key: str, text: str) -> bool:
    return lexicon.compiled("designs", key).search(text) is not None


def _strong(key: str, text: str) -> bool:
    """Whether the work says so of itself: in its first or method-like words, not as a wish or a citation."""
    for match in lexicon.compiled("designs", key).finditer(text):
        before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 60]
        if not _NOT_OWN.search(before) and not _WISH.search(after):
            return True
    return False


_NOT_OWN = re.compile(
    r"\b(?:previous|earlier|recent|prior|published|another|no|not be|without|too few for|"
    r"future|further|existing|a need for|according to (?:a|the))\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_WISH = re.compile(r"^[\w\s]{0,30}\b(?:is|are) (?:needed|warranted|required)", re.IGNORECASE)


@cache
def _groups() -> tuple[tuple[Subjects, re.Pattern[str]], ...]:
    keys: tuple[tuple[Subjects, str], ...] = (
        ("humans", "humans"), ("animals", "animal"), ("in vitro", "in_vitro"), ("in silico", "in_silico"),
    )  # fmt: skip
    return tuple((name, lexicon.compiled("designs", key)) for name, key in keys)


def _counts(text: str) -> dict[Subjects, int]:
    return {name: sum(1 for _ in pattern.finditer(text)) for name, pattern in _groups()}
