"""Reads a question: its type, its facets, and the direction that a yes-or-no question asks about.

Grammar by patterns, not by a parser: an English yes-or-no question has its verb first, a subject, a relation
("improve", "more effective than", "associated with") and an outcome, often with a population behind "in" or "among".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from consilience.language import concepts
from consilience.language.polarity import implied, of_outcome, valence
from consilience.language.text import content_words
from consilience.records import Direction, Facet, FacetRole, QuestionType, Valence

from .facets import outcome_terms, subject_terms, topic_terms, trimmed
from .question_parts import Parts, yes_no
from .question_words import (
    AUX,
    EMPTY_TOPIC,
    OPEN_LINKS,
    SECOND_QUESTION,
)


@dataclass(frozen=True)
class Reading:
    """What a question was read as. ``asked`` is the direction, ``asked_valence`` what a yes would mean."""

    question_type: QuestionType
    facets: tuple[Facet, ...]
    asked: Direction = Direction.UNSTATED
    asked_valence: Valence = Valence.UNSTATED
    any_change: bool = False
    key_phrases: tuple[str, ...] = ()


def read(question: str) -> Reading:
    """Read one question. Never raises; what cannot be told apart becomes topic facets of an open question."""
    text = _tidy(question)
    if re.match(rf"^{AUX}\b", text, re.IGNORECASE):
        parts = yes_no(text)
        if parts is not None:
            return _reading(parts)
    return _open(text)


def _tidy(question: str) -> str:
    """One line without its question mark; "X: is it Y?" becomes "is X Y?"."""
    text = " ".join(question.split()).rstrip(" ?.!")
    text = re.sub(r"\([^)]*\)", " ", text)
    turned = re.match(rf"^(?P<x>[^:]{{3,120}}):\s*(?P<aux>{AUX})\s+(?:it|they|this|these)\s+(?P<y>.+)$", text, re.I)
    if turned:
        text = f"{turned['aux']} {turned['x']} {turned['y']}"
    else:
        # "A and B: does C change D?" asks what stands behind the colon.
        text = re.sub(rf"^[^:?]{{3,160}}[:.?]\s*(?={AUX}\s+\S+\s+\S+)", "", text, flags=re.IGNORECASE)
    if re.match(rf"{AUX}\b", text, re.IGNORECASE):
        text = SECOND_QUESTION.sub("", text)  # one question is answered at a time, the first
    return " ".join(text.split())


def _reading(parts: Parts) -> Reading:
    facets: list[Facet] = []
    _more_or_less(parts)
    _add(facets, "subject", parts.subject, subject_terms(parts.subject))
    _add(facets, "comparator", parts.comparator, subject_terms(parts.comparator))
    _add(
        facets,
        "outcome",
        parts.outcome,
        outcome_terms(parts.outcome, generic=parts.generic, condition=parts.condition),
    )
    _add(facets, "topic", parts.condition, subject_terms(parts.condition))
    who = (*subject_terms(parts.population), *concepts.population_in(parts.population))
    _add(facets, "population", parts.population, tuple(dict.fromkeys(who)))
    asked, meant = parts.asked, parts.valence
    if meant is Valence.UNSTATED and asked not in (Direction.UNSTATED, Direction.NO_DIFFERENCE):
        meant = valence(asked, of_outcome(parts.outcome))
    if asked is Direction.UNSTATED and meant is not Valence.UNSTATED:
        asked = implied(meant, of_outcome(parts.outcome))
    return Reading(
        question_type=QuestionType.YES_NO,
        facets=tuple(facets),
        asked=asked,
        asked_valence=meant,
        any_change=parts.any_change,
        key_phrases=tuple(f.text for f in facets),
    )


def _more_or_less(parts: Parts) -> None:
    """A subject that is itself an amount ("a higher birth weight") without it; a lower one turns what is asked."""
    amount = re.match(
        r"^(?P<a>higher|greater|increased|elevated|more|lower|reduced|decreased|less)\s+(?=\S)", parts.subject, re.I
    )
    if amount is None:
        return
    parts.subject = parts.subject[amount.end() :]
    if re.match(r"low|reduc|decreas|less", amount["a"], re.IGNORECASE):
        parts.asked = parts.asked.opposite


def _add(facets: list[Facet], role: FacetRole, text: str, terms: tuple[str, ...]) -> None:
    if text and terms:
        facets.append(Facet(role=role, text=text, terms=terms))


def _open(text: str) -> Reading:
    """Topic facets: what is left when question words and light verbs are taken out, in the question's order."""
    pieces = [p for p in OPEN_LINKS.split(text) if content_words(p)]
    topics: list[Facet] = []
    for piece in (part for p in pieces for part in re.split(r"\s+in\s+", p)):
        phrase = trimmed(piece.strip(" ,;:-()"))
        if content_words(phrase) and not EMPTY_TOPIC.fullmatch(phrase):
            topics.append(Facet(role="topic", text=phrase, terms=topic_terms(phrase)))
    return Reading(
        question_type=QuestionType.OPEN,
        facets=tuple(topics[:4]),
        key_phrases=tuple(f.text for f in topics),
    )
