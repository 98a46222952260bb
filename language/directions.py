"""Owns direction: what a statement says happened to an outcome, and whether the words call that good or bad.

``cues`` finds every word that says so, composed ("greater reduction" is a decrease) and negated ("did not improve"
is no difference); ``overall`` gives the statement's head finding.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from consilience.records import Direction, Valence

from . import composition, negation, numbers, polarity, targets
from .composition import Kind, Mention

__all__ = ["Cue", "Kind", "cues", "head", "overall", "overall_valence"]

_COMPARES = re.compile(
    r"\b(?:than|compared|versus|vs\.?|relative to|between|over placebo|in comparison|among "
    r"(?:the )?groups)\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:in|after|for|with|within|by|across) (?:both|all|each|either|the two|the three) (?:of the )?"
    r"(?:\w+ )?(?:groups?|arms?|treatments?|conditions?|regimens?|drugs?|cases|patients)\b"
    r"|\bboth (?:\S+ ){1,5}(?:and|treatments|groups)\b|\bfrom baseline\b|\bwithin[- ]groups?\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\b(?:n?or)\b|,\s*$", re.IGNORECASE)
_BACK = re.compile(r"\b(?:this|these|that|those|which|but the|though the|although the)\s+(?:\w+\s+)?$", re.IGNORECASE)
_ELSEWHERE = re.compile(r",\s*(?:which|that)\s+$", re.IGNORECASE)
_IN_OTHERS = re.compile(r"\s+(?:in|among|with|for|by)\b", re.IGNORECASE)
"""Around "was not seen": what was found here and not in others stands."""
_LINKS = re.compile(r"associat|correlat|relat|link|evidence|indication", re.IGNORECASE)
_LINKED = re.compile(
    r"\s+(?:(?:was|were|is|has been)\s+)?(?:(?:found|seen|observed|shown|detected|noted)\s+)?"
    r"(?:(?:with|to|of|for)\s+|(?<=\bto )|(?<=\bwith )|that\s+[^,;.]{1,60}?\s|between\s+[^,;.]{1,60}?\s+and\s+)"
    r"(?:(?!and\b|or\b|but\b)[\w-]+\s+){0,3}",
    re.IGNORECASE,
)
"""What stands between a relation that is denied and the direction that the denial is about."""
_ARMS = re.compile(
    r"\b(?:between|among|across)\s+(?:\S+\s+){0,5}?(?:groups?|arms?|treatments?|conditions?|"
    r"regimens?|them|interventions?|drugs?|formulas?|methods?)\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(r"\w+est|most(?: \w+)?|efficacy|effectiveness", re.IGNORECASE)
_TOLERATED = re.compile(r"well[- ]tolerated|safe and", re.IGNORECASE)


class Cue(NamedTuple):
    """A word or phrase that states a finding's direction.

    ``direction`` is the outcome's (for "improved" the one that the outcome's polarity implies, else unstated);
    ``valence`` says whether that is good. ``kind`` tells how it is said: a direction, an evaluation, sameness, or a
    relation without direction. ``target`` is the outcome phrase that the cue is about, as far as the words show it.
    """

    start: int
    end: int
    text: str
    direction: Direction
    valence: Valence
    negated: bool
    kind: Literal["direction", "evaluation", "same", "relation"] = "direction"
    target: str = ""


@lru_cache(maxsize=16384)
def cues(text: str) -> tuple[Cue, ...]:
    """The cues of a sentence or clause, in order. Relations appear if they are negated or called significant."""
    mentions = composition.mentions(text)
    mentions = _negate(text, mentions)
    mentions = _annul(text, mentions)
    mentions = _deny(text, mentions)
    mentions = _absorb(text, mentions)
    kept = [m for m in mentions if m.kind != "relation" or m.negated or m.strong]
    ends = [*(m.start for m in kept[1:]), len(text)][: len(kept)]
    return tuple(_cue(text, mention, end) for mention, end in zip(kept, ends, strict=True))


def overall(text: str) -> Direction:
    """The direction of the statement's head finding; UNSTATED where it states none."""
    found = head(text)
    return found.direction if found else _by_numbers(text)


def overall_valence(text: str) -> Valence:
    """The valence of the statement's head finding; UNSTATED where it states none."""
    found = head(text)
    return found.valence if found else Valence.UNSTATED


def head(text: str) -> Cue | None:
    """The cue of the statement's head finding, or None."""
    found = cues(text)
    if not found:
        return None
    return max(found, key=lambda cue: (_weight(text, cue), -cue.start))


def _weight(text: str, cue: Cue) -> float:
    start, end = _clause(text, cue)
    clause = text[start:end]
    weight = {"direction": 3.0, "same": 3.0, "evaluation": 2.6, "relation": 2.0}[cue.kind]
    if cue.negated:
        weight = 3.0
    if _COMPARES.search(text[cue.end : end]) or (cue.kind == "same" and _COMPARES.search(clause)):
        weight += 0.8
    if cue.direction == Direction.NO_DIFFERENCE and _ARMS.search(clause):
        weight += 0.5
    if _WITHIN.search(clause) and cue.direction != Direction.NO_DIFFERENCE:
        weight -= 1.5
    if _TOLERATED.search(cue.text) or _SUPERLATIVE.fullmatch(cue.text):
        weight -= 1.0
    if cue.direction == Direction.UNSTATED and cue.valence == Valence.UNSTATED:
        weight -= 1.0
    return weight


def _clause(text: str, cue: Cue) -> tuple[int, int]:
    """From the last contrast or semicolon before the cue to the next one after it."""
    start, end = 0, len(text)
    for match in _CLAUSE_END.finditer(text):
        if match.end() <= cue.start:
            start = match.end()
        elif match.start() >= cue.end:
            return start, match.start()
    return start, end


_CLAUSE_END = re.compile(r";|\.\s|\b(?:but|whereas|while|whilst|although|though|however)\b", re.IGNORECASE)


def _negate(text: str, mentions: list[Mention]) -> list[Mention]:
    """Apply each negating word to the first mention in its reach, and to those joined to it by "or" or "nor".

    Two negating words cancel only where they stand together ("did not fail to improve"); else each is read alone.
    """
    negators: list[list[negation.Reach]] = [[] for _ in mentions]
    for reach in negation.reaches(text):
        last: Mention | None = None
        for i, mention in enumerate(mentions):
            if mention.start < reach.start or mention.end > reach.stop:
                continue
            if last is not None and not _JOINED.search(text[last.end : mention.start]):
                break
            negators[i].append(reach)
            last = mention
    return [m.negate() if _odd(text, found) else m for m, found in zip(mentions, negators, strict=True)]


def _odd(text: str, found: list[negation.Reach]) -> bool:
    if len(found) < 2:
        return bool(found)
    between = text[found[-2].end : found[-1].start]
    return len(between.split()) > 3 or "," in between


def _annul(text: str, mentions: list[Mention]) -> list[Mention]:
    """A difference that is then called not significant is none; so is one whose own p value is above .05."""
    result = list(mentions)
    for start, end in negation.annulments(text):
        if _ELSEWHERE.search(text, 0, start) and _IN_OTHERS.match(text, end):
            continue
        before = [i for i, m in enumerate(result) if m.end <= start and start - m.end < 160]
        back = before[-2:] if before and _refers_back(text, result[before[-1]]) else before[-1:]
        if back and not re.search(r";|\.\s", text[result[before[-1]].end : start]):
            for i in back:
                result[i] = result[i].annul()
    for i, mention in enumerate(result):
        limit = result[i + 1].start if i + 1 < len(result) else len(text)
        if mention.kind != "same" and not mention.negated and numbers.insignificant(text[mention.end : limit]):
            result[i] = mention.annul()
    return result


def _refers_back(text: str, mention: Mention) -> bool:
    """ "... but this difference was not significant" takes back the difference that was named before."""
    return bool(_BACK.search(text, 0, mention.start)) and mention.noun


def _deny(text: str, mentions: list[Mention]) -> list[Mention]:
    """ "Not associated with lower mortality", "no evidence that it lowers it": what is denied is the lowering."""
    kept: list[Mention] = []
    for mention in mentions:
        last = kept[-1] if kept else None
        told = mention.kind in ("direction", "evaluation") and not mention.negated
        if last is not None and told and last.kind == "relation" and last.negated:
            linked = _LINKS.match(text, last.start, last.end) and _LINKED.fullmatch(text, last.end, mention.start)
            if linked:
                kept[-1] = mention.negate()
                continue
        kept.append(mention)
    return kept


def _absorb(text: str, mentions: list[Mention]) -> list[Mention]:
    """ "No difference in improvement" is one cue: what a no-difference cue is about is dropped."""
    kept: list[Mention] = []
    for mention in mentions:
        last = kept[-1] if kept else None
        if last is not None and last.no_difference and mention.kind != "relation" and not mention.negated:
            between = text[last.end : mention.start]
            close = len(between.split()) <= 7 and not negation.ends(text, last.end, mention.start)
            if close and re.search(r"\b(?:in|of|for|on|regarding|to)\b", between) and mention.attributive:
                continue
        kept.append(mention)
    return kept


def _cue(text: str, mention: Mention, limit: int) -> Cue:
    target = targets.of(text[:limit], mention.start, mention.end, noun=mention.noun, after_first=mention.target_after)
    sense = polarity.of_outcome(target) if target else "unknown"
    direction, value = mention.direction, mention.valence
    if mention.no_difference:
        direction, value = Direction.NO_DIFFERENCE, Valence.NEUTRAL
    elif direction == Direction.UNSTATED:
        direction = polarity.implied(value, sense)
    elif value == Valence.UNSTATED:
        value = polarity.valence(direction, sense)
    words = text[mention.start : mention.end]
    return Cue(mention.start, mention.end, words, direction, value, mention.negated, mention.kind, target)


def _by_numbers(text: str) -> Direction:
    """Without a cue, a p value above .05 or a ratio's interval around 1 still says that nothing differed."""
    return Direction.NO_DIFFERENCE if numbers.insignificant(text) else Direction.UNSTATED
