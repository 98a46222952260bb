"""Reads a question: its type, its facets, and the direction that a yes-or-no question asks about.

Grammar by patterns, not by a parser: an English yes-or-no question has its verb first, a subject, a relation
("improve", "more effective than", "associated with") and an outcome, often with a population behind "in" or "among".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from consilience.language import concepts
from consilience.language.polarity import of_outcome, valence
from consilience.language.text import content_words
from consilience.records import Direction, Facet, FacetRole, QuestionType, Valence

from .facets import outcome_terms, subject_terms, topic_terms, trimmed
from .question_words import (
    ANYBODY,
    AS_GOOD,
    AUX,
    CHANGED,
    COMPARATOR,
    EFFECT_VERBS,
    EMPTY_TOPIC,
    GENERIC_OUTCOME,
    HAVING,
    MEASURE,
    OPEN_LINKS,
    OPEN_VERBS,
    PASSIVES,
    POPULATION,
    PREDICATES,
    VALENCE_VERBS,
)


def _passives() -> str:
    return "|".join(PASSIVES)


@dataclass(frozen=True)
class Reading:
    """What a question was read as. ``asked`` is the direction, ``asked_valence`` what a yes would mean."""

    question_type: QuestionType
    facets: tuple[Facet, ...]
    asked: Direction = Direction.UNSTATED
    asked_valence: Valence = Valence.UNSTATED
    any_change: bool = False
    key_phrases: tuple[str, ...] = ()


@dataclass
class _Parts:
    subject: str = ""
    comparator: str = ""
    outcome: str = ""
    population: str = ""
    condition: str = ""
    generic: bool = False
    asked: Direction = Direction.UNSTATED
    valence: Valence = Valence.UNSTATED
    any_change: bool = False
    rest: list[str] = field(default_factory=list[str])


def read(question: str) -> Reading:
    """Read one question. Never raises; what cannot be told apart becomes topic facets of an open question."""
    text = _tidy(question)
    if re.match(rf"^{AUX}\b", text, re.IGNORECASE):
        parts = _yes_no(text)
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
    return " ".join(text.split())


def _yes_no(text: str) -> _Parts | None:
    body = re.sub(rf"^{AUX}\s+", "", text, count=1, flags=re.IGNORECASE)
    body = re.sub(r"^(?:the\s+)?(?:use|addition|administration|effect|effects) of\s+", "", body, flags=re.IGNORECASE)
    parts = _Parts()
    alike = AS_GOOD.search(body)
    if alike:
        parts.subject, parts.comparator = trimmed(body[: alike.start()]), trimmed(alike["c"])
        parts.asked, parts.valence = Direction.NO_DIFFERENCE, Valence.NEUTRAL
        rest = re.sub(r"^\s*(?:for|at|to|on|of|against|with)?\s+(?=\S)", " ", body[alike.end() :])
        finished = _finish(parts, rest, treats=True)
        return _about_safety(finished) if re.match(r"safe|well", alike["q"], re.IGNORECASE) else finished
    compared = COMPARATOR.search(body)
    if compared:
        parts.comparator = trimmed(compared["c"])
        body = (body[: compared.start()] + " " + body[compared.end() :]).strip()
    there = re.match(
        r"^there\s+(?:an?|any|evidence (?:of|for) an?)?\s*(?:\w+\s+)?"
        r"(?:association|relationship|link|correlation|relation|connection|(?:influence|effect|impact|role) of)\s+"
        r"(?:between\s+)?(?P<a>.+?)\s+(?:and|on|in)\s+(?P<b>.+)$",
        body,
        re.IGNORECASE,
    )
    if there:
        parts.subject, outcome, parts.any_change = trimmed(there["a"]), there["b"], True
        return _finish(parts, outcome)
    return _linked(body, parts) or _verbal(body, parts) or _predicative(body, parts)


def _verbal(body: str, parts: _Parts) -> _Parts | None:
    """SUBJECT VERB OUTCOME."""
    verbs = [*EFFECT_VERBS, *VALENCE_VERBS, *OPEN_VERBS]
    pattern = "|".join(sorted((re.escape(v).replace(r"\ ", r"\s+") for v in verbs), key=len, reverse=True))
    match = re.search(
        rf"^(?P<s>.+?)\s+(?:significantly\s+|further\s+|help\s+(?:to\s+)?|effectively\s+)?(?P<v>{pattern})s?\s+(?P<o>.+)$",
        body,
        re.IGNORECASE,
    )
    if match is None:
        return None
    verb = " ".join(match["v"].casefold().split())
    parts.subject = trimmed(match["s"])
    parts.asked = EFFECT_VERBS.get(verb, Direction.UNSTATED)
    parts.valence = VALENCE_VERBS.get(verb, Valence.UNSTATED)
    parts.any_change = verb in OPEN_VERBS
    return _finish(parts, match["o"], treats=verb == "treat")


def _linked(body: str, parts: _Parts) -> _Parts | None:
    """SUBJECT (is) associated with OUTCOME."""
    linked = re.search(
        r"^(?P<s>.+?)\s+(?:(?:significantly|positively|inversely|negatively|causally)\s+)?(?:(?:associated|correlated|"
        r"related|linked|connected)\s+(?:with|to)|predictive\s+(?:of|for)|an?\s+(?:\w+\s+)?(?:predictor|marker|indicator|"
        r"risk factor|risk indicator|determinant|cause|biomarker)\s+(?:of|for|in))\s+(?P<o>.+)$",
        body,
        re.IGNORECASE,
    )
    if linked:
        parts.subject, outcome = trimmed(linked["s"]), linked["o"]
        lower = re.match(r"^(?:an?\s+)?(?:reduced|lower|decreased|less)\s+(?P<o>.+)$", outcome, re.IGNORECASE)
        higher = re.match(r"^(?:an?\s+)?(?:increased|higher|greater|elevated|more)\s+(?P<o>.+)$", outcome, re.I)
        changed = lower or higher
        if changed:
            parts.asked = Direction.DECREASE if lower else Direction.INCREASE
            outcome = changed["o"]
        else:
            parts.any_change = True
        return _finish(parts, outcome)
    return None


def _predicative(body: str, parts: _Parts) -> _Parts | None:
    """OUTCOME (be) VERB-ed by SUBJECT; SUBJECT (is) PREDICATE for OUTCOME."""
    passive = re.match(
        rf"^(?P<o>.+?)\s+be\s+(?:significantly\s+)?(?P<v>{_passives()})\s+(?:by|with|through|using)\s+(?P<s>.+)$",
        body,
        re.I,
    )
    if passive:
        verb = PASSIVES[passive["v"].casefold()]
        parts.subject = trimmed(passive["s"])
        parts.asked = EFFECT_VERBS.get(verb, Direction.UNSTATED)
        parts.valence = VALENCE_VERBS.get(verb, Valence.UNSTATED)
        parts.any_change = verb in OPEN_VERBS
        return _finish(parts, passive["o"])
    works = re.match(r"^(?P<s>.+?)\s+(?:really\s+)?(?:work|help)(?:\s+(?:in|for|against)\s+(?P<o>.+))?$", body, re.I)
    if works:
        parts.subject, parts.valence = trimmed(works["s"]), Valence.BENEFIT
        return _finish(parts, works["o"] or "", treats=True)
    for pattern, asked in PREDICATES:
        match = re.search(rf"^(?P<s>.+?)\s+(?:an?\s+)?(?P<v>{pattern})\b(?P<rest>.*)$", body, re.IGNORECASE)
        if match:
            parts.subject, parts.valence = trimmed(match["s"]), asked
            rest = re.sub(r"^\s*(?:and \w+\s*)?(?:for|at|to|on|of|against|with|as)?\s+(?=\S)", " ", match["rest"])
            safe = re.match(r"safe|well tolerated|unsafe", match["v"], re.IGNORECASE)
            finished = _finish(parts, rest, treats=True)
            return _about_safety(finished) if safe else finished
    return None


def _finish(parts: _Parts, outcome: str, *, treats: bool = False) -> _Parts:
    """Take the population off the outcome, and the condition off an outcome that only says "symptoms of"."""
    outcome = f" {outcome.strip()}" if outcome.strip() else ""
    who = POPULATION.search(outcome)
    if who:
        parts.population = trimmed(who["p"] or who["p2"])
        outcome = outcome[: who.start("cut") if who["p"] else who.start("cut2")]
        _with_condition(parts)
    outcome = _changed(trimmed(outcome), parts)
    generic = GENERIC_OUTCOME.match(outcome)
    if generic:
        parts.condition, parts.generic = trimmed(generic["condition"]), True
        outcome = trimmed(generic["what"])
    elif treats and (not outcome or _names(outcome, "condition")):
        parts.condition, parts.generic, outcome = outcome, True, "efficacy"
    elif treats and not outcome:
        parts.generic, outcome = True, "efficacy"
    parts.outcome = outcome
    if parts.generic and parts.valence is Valence.UNSTATED and parts.asked is Direction.DECREASE:
        parts.valence = Valence.BENEFIT
    return parts


def _with_condition(parts: _Parts) -> None:
    """People with a condition: the condition is a topic that a paper must name, and "people" narrows nothing."""
    having = HAVING.match(parts.population)
    if having is None or parts.condition:
        return
    parts.condition = trimmed(having["what"])
    parts.population = "" if ANYBODY.match(having["who"]) else trimmed(having["who"])


def _changed(outcome: str, parts: _Parts) -> str:
    """An outcome that names its own change ("result in lower costs") without it; the change turns what is asked."""
    change = CHANGED.match(outcome)
    if change is None:
        return MEASURE.sub("", outcome)
    word = change[0].casefold()
    if parts.asked is Direction.INCREASE and re.match(r"decreas|reduc|lower|fewer", word):
        parts.asked = Direction.DECREASE
    if parts.asked is Direction.INCREASE and re.match(r"better|improv", word):
        parts.valence = Valence.BENEFIT
    if parts.asked is Direction.INCREASE and re.match(r"worse|impair", word):
        parts.valence, parts.asked = Valence.HARM, Direction.UNSTATED
    return MEASURE.sub("", outcome[change.end() :])


def _about_safety(parts: _Parts) -> _Parts:
    """Safe for whom or in what: the outcome is adverse events, whatever the words behind "safe" name."""
    if parts.outcome and parts.outcome != "efficacy":
        parts.condition = parts.outcome
    parts.outcome, parts.generic = "adverse events", False
    return parts


def _names(phrase: str, kind: str) -> bool:
    return any(c.kind == kind for c in concepts.named_by(phrase))


def _reading(parts: _Parts) -> Reading:
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
        asked = _direction_of(meant, parts.outcome)
    return Reading(
        question_type=QuestionType.YES_NO,
        facets=tuple(facets),
        asked=asked,
        asked_valence=meant,
        any_change=parts.any_change,
        key_phrases=tuple(f.text for f in facets),
    )


def _more_or_less(parts: _Parts) -> None:
    """A subject that is itself an amount ("a higher birth weight") without it; a lower one turns what is asked."""
    amount = re.match(
        r"^(?P<a>higher|greater|increased|elevated|more|lower|reduced|decreased|less)\s+(?=\S)", parts.subject, re.I
    )
    if amount is None:
        return
    parts.subject = parts.subject[amount.end() :]
    if re.match(r"low|reduc|decreas|less", amount["a"], re.IGNORECASE):
        turned = {Direction.INCREASE: Direction.DECREASE, Direction.DECREASE: Direction.INCREASE}
        parts.asked = turned.get(parts.asked, parts.asked)


def _direction_of(meant: Valence, outcome: str) -> Direction:
    """The direction of the outcome that a benefit or a harm implies, where its polarity is known."""
    polarity = of_outcome(outcome)
    if polarity == "unknown":
        return Direction.UNSTATED
    up_is_good = polarity == "good"
    return Direction.INCREASE if (meant is Valence.BENEFIT) == up_is_good else Direction.DECREASE


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
