"""Owns rhetorical zones: which sentences of an abstract are background, aim, method, result or conclusion.

Headings decide where there are any; otherwise a sentence's own words do, and its place in the abstract breaks ties.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args

from . import directions, lexicon, sentences

Zone = Literal["background", "aim", "method", "result", "conclusion"]

_AIM_FIRST = re.compile(r"^\s*(?:To|Whether|Does|Do|Is|Are|Can|How|What|Which)\b")
_PRESENT = re.compile(
    r"\b(?:is|are|has|have|may|might|can|could|should|seems?|appears?|suggests?|shows?|"
    r"supports?|provides?|reduces?|"
    r"improves?|increases?|does|do|leads?|offers?|affects?|remains?)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"\d\s?%|\bp\s?[<>=≤]|\b\d+\.\d+\b|\bCI\b|±|\(\d+", re.IGNORECASE)
_P_VALUE = re.compile(
    r"\bp\s?[<=>≤]\s?0?\.\d+(?!\d*[^.]{0,40}\b(?:considered|regarded|taken|deemed|level)\b)", re.IGNORECASE
)
"""A p value of something that was compared; not the level that was set for all."""
_THAN = re.compile(
    r"\b(?:than(?!\s+(?:earlier|previous|prior|other|most))|relative to|compared (?:with|to)|versus)\b", re.IGNORECASE
)
_TOLD_OTHERWISE: tuple[Zone, ...] = ("background", "aim", "method", "conclusion")
_PAST = re.compile(r"\b(?:was|were|did|had|\w{3,}ed|rose|fell|found|showed|gave|took|led)\b", re.IGNORECASE)


def of(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Zone, ...]:
    """The zone of each sentence span of ``text``, in the given order."""
    zones: list[Zone] = []
    for index, span in enumerate(spans):
        heading = sentences.heading_before(text, span)
        zone = _by_heading(heading, text[span[0] : span[1]]) if heading else None
        if zone is None:
            place = index / max(1, len(spans) - 1)
            zone = _by_words(text[span[0] : span[1]], place, zones[-1] if zones else None)
        zones.append(zone)
    return tuple(zones)


def _by_heading(heading: sentences.Heading, sentence: str) -> Zone | None:
    """The heading's zone, corrected where a heading covers two ("BACKGROUND" with the aim, "METHODS AND RESULTS")."""
    words = heading.text.lower()
    if " and " in words and "method" in words and ("result" in words or "finding" in words):
        return _best(_scores(sentence), ("method", "result"))
    if heading.zone == "background" and _score("aim", sentence) > 0:
        return "aim"
    if heading.zone == "aim" and "background" in words and _score("aim", sentence) == 0:
        return "background"
    return next((zone for zone in get_args(Zone) if zone == heading.zone), None)


def _by_words(sentence: str, place: float, before: Zone | None) -> Zone:
    scores = _scores(sentence)
    measured = bool(_MEASURED.search(sentence))
    present = bool(_PRESENT.search(sentence))
    scores["background"] += 1.4 * (place < 0.2) + 0.7 * (present and place < 0.4) - 1.6 * (place > 0.45)
    scores["aim"] += 0.3 * (place < 0.35) + 2.0 * bool(_AIM_FIRST.match(sentence) and place < 0.5) - 1.5 * (place > 0.5)
    scores["method"] += 0.9 * (0.1 <= place <= 0.5) + 0.6 * (before in ("aim", "method") and place < 0.65)
    scores["method"] -= 1.0 * (before in ("result", "conclusion")) + 0.8 * (place > 0.85)
    scores["result"] += 0.6 * (place >= 0.45) + 0.6 * (before == "result") + 0.8 * measured - 0.5 * (place < 0.3)
    scores["conclusion"] += 1.0 * (place >= 0.99) + 0.7 * (place > 0.8) + 1.4 * (before == "conclusion")
    scores["conclusion"] += 1.0 * (present and place > 0.6) - 1.2 * measured - 3.0 * (place < 0.5)
    return _best(scores, get_args(Zone))


def _scores(sentence: str) -> dict[Zone, float]:
    scores: dict[Zone, float] = {zone: _score(zone, sentence) for zone in get_args(Zone)}
    head = directions.head(sentence)
    if head is not None and _PAST.search(sentence):
        scores["result"] += 0.7 + 0.8 * (
            head.kind in ("direction", "same") or head.negated or "significant" in sentence
        )
        # What came out better than something else, in a sentence that tells nothing that was done.
        scores["result"] += 1.0 * bool(_THAN.search(sentence) and not any(scores[z] for z in _TOLD_OTHERWISE))
    scores["result"] += 1.5 * bool(_P_VALUE.search(sentence))
    return scores


def _score(zone: Zone, sentence: str) -> float:
    """How many distinct cues of the zone the sentence holds, up to three; aims and conclusions weigh more."""
    hits = {m.group().lower() for m in _cue_pattern(zone).finditer(sentence)}
    weight = {"aim": 2.0, "conclusion": 2.0, "method": 1.0, "result": 0.7, "background": 1.2}[zone]
    return weight * min(3 if zone in ("method", "result") else 1, len(hits))


def _best(scores: dict[Zone, float], among: tuple[Zone, ...]) -> Zone:
    order: tuple[Zone, ...] = ("result", "conclusion", "method", "aim", "background")
    return max(among, key=lambda zone: (round(scores[zone], 4), -order.index(zone)))


@cache
def _cue_pattern(zone: Zone) -> re.Pattern[str]:
    parts = [item.replace(" ", r"\s+").replace("_", r"(?:\S+\s+){0,12}\S+") for item in lexicon.entries("zones", zone)]
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)", re.IGNORECASE)
