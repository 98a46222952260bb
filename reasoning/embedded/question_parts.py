"""Takes a yes-or-no question apart: subject, comparator, outcome, population, and what a yes would mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consilience.language import concepts
from consilience.language.polarity import of_outcome
from consilience.records import Direction, Valence

from .facets import trimmed
from .outcome_mentions import OUTCOMES
from .question_words import (
    AIM,
    ANYBODY,
    AS_GOOD,
    AUX,
    BENEFIT_FROM,
    CHANGED,
    COMPARATOR,
    EFFECT_VERBS,
    EFFICACIOUS,
    GENERIC_OUTCOME,
    HAVING,
    IN_CONDITION,
    LINKED,
    LINKED_TO_LESS,
    LINKED_TO_MORE,
    MEANS,
    MEASURE,
    OPEN_VERBS,
    PASSIVES,
    POPULATION,
    PREDICATES,
    THERE_IS,
    VALENCE_VERBS,
)

_SUBJECT = r"(?P<s>(?:(?:an?|the|any)\s+\S+|(?!(?:an?|the|any)\s)\S+).*?)"
"""What stands before the verb; an article alone is no subject ("a lower intake" holds no verb)."""
_PASSIVE = "|".join(PASSIVES)
_VERB = "|".join(
    sorted(
        (re.escape(v).replace(r"\ ", r"\s+") for v in (*EFFECT_VERBS, *VALENCE_VERBS, *OPEN_VERBS)),
        key=len,
        reverse=True,
    )
)


@dataclass
class Parts:
    """A yes-or-no question taken apart. ``generic``: the outcome only asks whether ``condition`` gets better."""

    subject: str = ""
    comparator: str = ""
    outcome: str = ""
    population: str = ""
    condition: str = ""
    generic: bool = False
    asked: Direction = Direction.UNSTATED
    valence: Valence = Valence.UNSTATED
    any_change: bool = False


def yes_no(text: str) -> Parts | None:
    """The parts of a question that begins with an auxiliary verb; None where its grammar is not one of those known."""
    body = re.sub(rf"^{AUX}\s+", "", text, count=1, flags=re.IGNORECASE)
    body = re.sub(r"^(?:the\s+)?(?:use|addition|administration|effect|effects) of\s+", "", body, flags=re.IGNORECASE)
    parts = Parts()
    alike = AS_GOOD.search(body)
    if alike:
        return _equivalence(body, alike, parts)
    compared = COMPARATOR.search(body)
    if compared:
        parts.comparator = trimmed(compared["c"])
        body = (body[: compared.start()] + " " + body[compared.end() :]).strip()
    gains = BENEFIT_FROM.match(body)
    if gains:  # "do nurses benefit from X?": the people come first
        parts.subject, parts.valence = trimmed(gains["s"]), Valence.BENEFIT
        return _finish(parts, f"{gains['rest'] or ''} in {gains['who']}", treats=True, asks_efficacy=True)
    there = THERE_IS.match(body)
    if there is None and re.match(r"there\b", body, re.IGNORECASE):
        return None
    if there:
        parts.subject, outcome, parts.any_change = trimmed(there["a"]), there["b"], True
        return _finish(parts, outcome)
    return _linked(body, parts) or _verbal(body, parts) or _predicative(body, parts)


def _equivalence(body: str, alike: re.Match[str], parts: Parts) -> Parts:
    """SUBJECT as good as COMPARATOR for OUTCOME: asks for no difference."""
    parts.subject, parts.comparator = trimmed(body[: alike.start()]), trimmed(alike["c"])
    parts.asked, parts.valence = Direction.NO_DIFFERENCE, Valence.NEUTRAL
    rest = re.sub(r"^\s*(?:for|at|to|on|of|against|with)?\s+(?=\S)", " ", body[alike.end() :])
    finished = _finish(parts, rest, treats=True, asks_efficacy=bool(EFFICACIOUS.match(alike["q"] or "")))
    return _about_safety(finished) if re.match(r"safe|well", alike["q"] or "", re.IGNORECASE) else finished


def _verbal(body: str, parts: Parts) -> Parts | None:
    """SUBJECT VERB OUTCOME."""
    match = re.search(
        rf"^{_SUBJECT}\s+(?:significantly\s+|further\s+|help\s+(?:to\s+)?|effectively\s+)?(?P<v>{_VERB})s?\s+(?P<o>.+)$",
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
    return _finish(parts, match["o"], treats=verb in ("treat", "help", "benefit"), asks_efficacy=verb == "help")


def _linked(body: str, parts: Parts) -> Parts | None:
    """SUBJECT (is) associated with OUTCOME."""
    linked = LINKED.search(body)
    if linked is None:
        return None
    parts.subject, outcome = trimmed(linked["s"]), linked["o"]
    changed = LINKED_TO_LESS.match(outcome) or LINKED_TO_MORE.match(outcome)
    if changed:
        parts.asked = Direction.DECREASE if changed.re is LINKED_TO_LESS else Direction.INCREASE
        outcome = changed["o"]
    elif linked["sign"]:
        parts.asked = Direction.INCREASE if linked["sign"].casefold() == "positively" else Direction.DECREASE
    else:
        parts.any_change = True
    return _finish(parts, outcome)


def _predicative(body: str, parts: Parts) -> Parts | None:
    """OUTCOME (be) VERB-ed by SUBJECT; SUBJECT (is) PREDICATE for OUTCOME."""
    passive = re.match(
        rf"^(?P<o>.+?)\s+be\s+(?:significantly\s+)?(?P<v>{_PASSIVE})\s+(?:by|with|through|using)\s+(?P<s>.+)$",
        body,
        re.I,
    )
    if passive:
        verb = PASSIVES[passive["v"].casefold()]
        parts.subject = trimmed(passive["s"])
        parts.asked = EFFECT_VERBS.get(verb, Direction.UNSTATED)
        parts.valence = VALENCE_VERBS.get(verb, Valence.UNSTATED)
        parts.any_change = verb in OPEN_VERBS
        who = POPULATION.search(f" {passive['s']}")
        if who:  # "prevented by exercise in older adults": the people belong to the outcome
            cut = who.start("cut") if who["p"] else who.start("cut2")
            parts.subject = trimmed(passive["s"][: max(0, cut - 1)]) or parts.subject
        people = f" in {trimmed(who['p'] or who['p2'])}" if who else ""
        treats = verb == "treat"
        return _finish(parts, f"{'in ' if treats else ''}{passive['o']}{people}", treats=treats)
    works = re.match(r"^(?P<s>.+?)\s+(?:really\s+)?(?:work|help)(?:\s+(?:in|for|against)\s+(?P<o>.+))?$", body, re.I)
    if works:
        parts.subject, parts.valence = trimmed(works["s"]), Valence.BENEFIT
        return _finish(parts, works["o"] or "", treats=True, asks_efficacy=True)
    for pattern, asked in PREDICATES:
        match = re.search(rf"^(?P<s>.+?)\s+(?:an?\s+)?(?P<v>{pattern})\b(?P<rest>.*)$", body, re.IGNORECASE)
        if match:
            parts.subject, parts.valence = trimmed(match["s"]), asked
            rest = MEANS.sub(" ", match["rest"])
            rest = re.sub(r"^\s*(?:and \w+\s*)?(?:for|at|to|on|of|against|with|as)?\s+(?=\S)", " ", rest)
            safe = re.match(r"(?P<more>safer)|safe|well tolerated|unsafe", match["v"], re.IGNORECASE)
            finished = _finish(parts, rest, treats=True, asks_efficacy=bool(EFFICACIOUS.search(match["v"])))
            if safe:
                return _about_safety(finished) if safe["more"] else _is_safe(finished)
            return finished
    return None


def _finish(parts: Parts, outcome: str, *, treats: bool = False, asks_efficacy: bool = False) -> Parts:
    """Take the population off the outcome, and the condition off an outcome that only says "symptoms of".

    ``treats``: behind the predicate a condition may stand; ``asks_efficacy``: also one that the lexicon does not know.
    """
    outcome = f" {outcome.strip()}" if outcome.strip() else ""
    who = POPULATION.search(outcome)
    if who:
        parts.population = trimmed(who["p"] or who["p2"])
        outcome = outcome[: who.start("cut") if who["p"] else who.start("cut2")]
        _with_condition(parts)
    outcome = trimmed(re.sub(r"^\s*(?:in|with|against)\s+(?=\S)", "", outcome, flags=re.IGNORECASE))
    aim = AIM.match(outcome)
    if aim:  # "effective for preventing strokes": the outcome is strokes
        outcome = outcome[aim.end() :]
        treats = treats and not _aimed(aim, parts)
    outcome = _in_condition(_changed(outcome, parts), parts)
    generic = GENERIC_OUTCOME.match(outcome)
    if generic:
        parts.condition, parts.generic = trimmed(generic["condition"]), True
        outcome = trimmed(generic["what"])
    elif treats and not _is_outcome(outcome, asks_efficacy=asks_efficacy):
        parts.condition, parts.generic, outcome = outcome or parts.condition, True, "efficacy"
    parts.outcome = outcome
    if parts.generic and parts.valence is Valence.UNSTATED and parts.asked is Direction.DECREASE:
        parts.valence = Valence.BENEFIT
    return parts


def _is_outcome(phrase: str, *, asks_efficacy: bool) -> bool:
    """Whether an outcome stands there ("memory") and not a condition ("asthma").

    Behind "effective for" what the lexicon knows neither as an outcome nor as good or bad ("tennis elbow") is taken
    for a condition.
    """
    if not phrase or _names(phrase, "condition"):
        return False
    return not asks_efficacy or concepts.holds(phrase, OUTCOMES) or of_outcome(phrase) != "unknown"


def _with_condition(parts: Parts) -> None:
    """People with a condition: the condition is a topic that a paper must name, and "people" narrows nothing."""
    having = HAVING.match(parts.population)
    if having is None or parts.condition:
        return
    parts.condition = trimmed(having["what"])
    parts.population = "" if ANYBODY.match(having["who"]) else trimmed(having["who"])


def _aimed(aim: re.Match[str], parts: Parts) -> bool:
    """Whether the aim is more or less of what follows, which a yes would then mean; "treating" aims at neither."""
    direction = Direction.INCREASE if aim["more"] else Direction.DECREASE if aim["less"] else Direction.UNSTATED
    if parts.asked is Direction.UNSTATED and parts.valence is Valence.BENEFIT:
        parts.asked = direction
    return direction is not Direction.UNSTATED


def _in_condition(outcome: str, parts: Parts) -> str:
    """ "Mortality after a stroke": a known outcome without the condition that it is asked in."""
    inside = IN_CONDITION.match(outcome)
    if inside is None or parts.condition or not _names(inside["what"], "outcome"):
        return outcome
    parts.condition = trimmed(inside["condition"])
    return trimmed(inside["what"])


def _changed(outcome: str, parts: Parts) -> str:
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


def _about_safety(parts: Parts) -> Parts:
    """Safe for whom or in what: the outcome is adverse events, whatever the words behind "safe" name."""
    if parts.outcome and parts.outcome != "efficacy":
        parts.condition = parts.outcome
    parts.outcome, parts.generic = "adverse events", False
    return parts


def _is_safe(parts: Parts) -> Parts:
    """ "Is X safe": a yes means no more adverse events, not that it prevents them."""
    if parts.valence is Valence.BENEFIT:
        parts.asked, parts.valence = Direction.NO_DIFFERENCE, Valence.NEUTRAL
    return _about_safety(parts)


def _names(phrase: str, kind: str) -> bool:
    return any(c.kind == kind for c in concepts.named_by(phrase))
