"""Owns changes of a claim by rule: its direction flipped, a negation put in or out, a figure changed.

Each function gives the changed claim, or nothing where the rule does not fit. They are plainer than
``language/reversal.py``, which must always give something: a wrong change here would teach a wrong label.
"""

from __future__ import annotations

import re
from functools import cache
from random import Random

_PAIRS = (
    "increases/decreases increase/decrease increased/decreased increasing/decreasing higher/lower greater/smaller "
    "more/less improves/worsens improve/worsen improved/worsened improving/worsening enhances/impairs enhance/impair "
    "enhanced/impaired enhancing/impairing promotes/inhibits promote/inhibit promoted/inhibited promoting/inhibiting "
    "activates/suppresses activate/suppress activated/suppressed activating/suppressing induces/blocks "
    "induced/blocked induce/block upregulates/downregulates upregulated/downregulated upregulate/downregulate "
    "up-regulates/down-regulates up-regulated/down-regulated raises/lowers raised/lowered accelerates/delays "
    "accelerate/delay accelerated/delayed stimulates/represses stimulate/repress stimulated/repressed "
    "elevated/reduced elevates/reduces positively/negatively positive/negative essential/dispensable "
    "required/unnecessary effective/ineffective superior/inferior gain/loss longer/shorter stronger/weaker "
    "facilitates/prevents facilitate/prevent better/worse faster/slower early/late high/low strengthens/weakens "
    "stabilizes/destabilizes stabilize/destabilize sensitive/resistant protects/harms presence/absence"
)  # fmt: skip
_ONE_WAY = {
    "reduces": "increases", "reduce": "increase", "reduced": "increased", "reducing": "increasing",
    "reduction": "increase", "attenuates": "enhances", "attenuated": "enhanced", "causes": "prevents",
    "cause": "prevent", "fewer": "more", "raise": "lower",
    "similar": "different", "lowering": "raising", "risk": "",
}  # fmt: skip
_MOVES = re.compile(
    r"\b(?:increase[sd]?|increasing|decrease[sd]?|decreasing|reduce[sd]?|reducing|reduction|higher|lower|greater|smaller|"
    r"more|less|fewer|improve[sd]?|improving|worsen(?:s|ed|ing)?|raise[sd]|lower(?:s|ed)|longer|shorter|faster|slower|better|"
    r"worse|elevated|superior|inferior)\b",
    re.IGNORECASE,
)
"""Words that say which way an outcome went."""
_BE = r"(?:is|are|was|were|can|could|may|might|will|would|should)"
_HAS_NOT = re.compile(
    rf"\b({_BE}) (?:not|never) |\b(?:does|do|did) not (\w+)|\bcannot\b|\bfails? to (\w+)", re.IGNORECASE
)
_ANY_NOT = re.compile(r"\b(?:not|no|never|neither|nor|cannot|without|lacks?|fails?|failed|unable)\b", re.IGNORECASE)
_VERBS = (
    "increase decrease reduce induce promote inhibit suppress activate cause mediate require affect improve enhance "
    "prevent predict drive control modulate trigger protect impair interact bind encode play confer facilitate "
    "maintain determine alter regulate contribute lead result correlate associate stimulate block influence support "
    "express produce exhibit show enable allow provide act limit rescue restore"
)  # fmt: skip
_FIGURE = re.compile(r"(?<![\w.\-])(\d+(?:\.\d+)?)(%?)(?![\w\-]|\.\d)")


def flipped(claim: str, random: Random) -> str | None:
    """The claim with one word of direction replaced by its opposite."""
    places = [m for m in re.finditer(r"[A-Za-z][A-Za-z-]*", claim) if _opposite(m.group().lower())]
    if not places:
        return None
    return _with_opposite(claim, random.choice(places[:2]))


def direction(words: str) -> bool:
    """Whether the words say of something that it goes up or down, and say so without a negation."""
    return says_direction(words) and not _ANY_NOT.search(words)


def says_direction(words: str) -> bool:
    """Whether a word of movement stands there, negated or not."""
    return bool(_MOVES.search(words))


def only_direction_turned(sentence: str) -> str | None:
    """The sentence with its direction turned, where it has one word of movement and no negation: turning one of two
    might leave a sentence that says both."""
    places = list(_MOVES.finditer(sentence))
    if len(places) != 1 or _ANY_NOT.search(sentence):
        return None
    return _with_opposite(sentence, places[0])


def negated(claim: str) -> str | None:
    """The claim with its negation taken out, or, where it has none, with one put in beside its first finite verb."""
    there = _HAS_NOT.search(claim)
    if there:
        kept = f"{there.group(1)} " if there.group(1) else (there.group(2) or there.group(3) or "can")
        return claim[: there.start()] + kept + claim[there.end() :]
    if _ANY_NOT.search(claim):
        return None
    verb = next((m for m in re.finditer(r"[A-Za-z-]+", claim) if m.start() and _negation(m.group())), None)
    return claim[: verb.start()] + str(_negation(verb.group())) + claim[verb.end() :] if verb else None


def refigured(claim: str, random: Random) -> str | None:
    """The claim with one of its figures changed by so much that no rounding explains it; years are left alone."""
    places = [m for m in _FIGURE.finditer(claim) if not (1900 <= float(m.group(1)) <= 2100 and not m.group(2))]
    if not places:
        return None
    found = random.choice(places)
    value = float(found.group(1)) * random.choice((0.2, 0.35, 0.5, 2.0, 3.0))
    if found.group(2) and value > 100:
        value = float(found.group(1)) / 3
    decimals = len(found.group(1).partition(".")[2])
    said = f"{value:.{decimals}f}" if decimals else str(max(1, round(value)))
    return None if said == found.group(1) else claim[: found.start(1)] + said + claim[found.end(1) :]


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for pair in _PAIRS.split():
        first, second = pair.split("/")
        table[first], table[second] = second, first
    return table | {word: other for word, other in _ONE_WAY.items() if other}


def _with_opposite(words: str, found: re.Match[str]) -> str:
    """The words with the one that was found replaced by its opposite."""
    other = _opposite(found.group().lower())
    other = other.capitalize() if found.group()[0].isupper() else other
    return words[: found.start()] + other + words[found.end() :]


def _opposite(word: str) -> str:
    return _table().get(word, "")


@cache
def _negation(word: str) -> str | None:
    """A finite verb with its negation: "is" to "is not", "causes" to "does not cause"."""
    if re.fullmatch(_BE, word):
        return f"{word} not"
    for verb in _VERBS.split():
        if word == verb:
            return f"do not {verb}"
        if word in (verb + "s", verb + "es", verb[:-1] + "ies"):
            return f"does not {verb}"
    return None
