"""Owns text as a person gives it: made one clean line, and whether it states something that can be checked."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

ASK = 'ask it: consilience ask "Does X reduce Y in Z?"'
STATE = 'state one relation: consilience verify "X reduces Y in Z"'

_AUX = (
    r"(?:do|does|did|is|are|was|were|can|could|should|will|would|has|have|had|may|might|must|isn't|aren't|don't|doesn't|"
    r"didn't)"
)
_ASKS = re.compile(
    rf"^(?:{_AUX}\s+(?!not\b)\S|(?:what|which|whose|whom)\b|(?-i:[Ww]ho)\s+{_AUX}\b|(?:when|whether|where|why)\s+{_AUX}\b|"
    rf"how\s+(?:{_AUX}|many|much|often|long|far|fast|well|good|bad|strong|large|big|effective|safe|common|likely)\b)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"^(?:please\b|(?:ignore|disregard|forget|write|print|say|repeat|respond|answer|reply|translate|summari[sz]e|explain|"
    r"describe|list|tell|give|show|find|search|verify|check|prove|assess|consider|imagine|pretend|act\s+as)"
    r"\s+(?:me|us|him|them|all|any|the|a|an|this|that|these|those|it|out|for|with|about|your|my|previous|every|only|in|to|"
    r"whether|if|as)\b|(?:output|return)\s+(?:me|us|it|all|the|a|an|this|that|these|those|your|only)\b|(?:do\s+not|don't|never|always)\s+[a-z]+\b|let(?:'s|\s+us|\s+me)\b|(?:take|use|avoid|stop|start|try|"
    r"eat|drink|give)\s+(?:the|a|an|your|this|that|these|those|it|no|more|less|any)\b)",
    re.IGNORECASE,
)
_MAY_BE_VERB = re.compile(
    r"^(?:is|are|was|were|be|been|has|have|had|do|does|did|can|cannot|could|may|might|will|would|should|must|led|gave|"
    r"rose|fell|grew|made|took|\w+n't|\w{2,}(?:s|ed|ied)|reduce|increase|improve|cause|lower|raise|prevent|"
    r"relieve|worsen|help|work|affect|impair|predict|differ|induce|enhance|decrease|lead|treat|inhibit|promote|outperform|"
    r"show|suggest|act|protect|contribute|need|require|remain|become|depend|mediate|activate|regulate|express|bind|encode|"
    r"exist|occur|die|live|grow|fall|rise|produce|contain|provide|make|enable|allow|benefit|harm|alter|modify|influence|"
    r"ease|cut|curb|block|boost|beat|slow|speed|shorten|extend|prolong|delay|halve|double|kill|cure|heal|fight|hinder|"
    r"hamper|correlate|relate|interact|compete|vary|trigger|drive|stop|save|accelerate|match|equal|exceed|resist|tolerate|"
    r"recover|survive|respond|react|reverse|restore|stimulate|suppress|mimic|accompany|precede|follow|underlie|explain|"
    r"determine|confer|transmit|infect|spread|evolve|adapt|learn|prefer|choose|suffer|seem|appear|stay|migrate|"
    r"proliferate|differentiate|phosphorylate|serve|belong|consist|comprise|include|involve|bring|keep|lose|gain|win|"
    r"hurt|brought|kept|lost|won|went|came|saw|felt|meant|met|ran|stood|drove|broke|chose|drew|bore|began|became|left|slept|"
    r"sank|shrank|struck|found|held|spent|sped|slew)$",
    re.IGNORECASE,
)


class NoClaim(NamedTuple):
    """Why a text cannot be verified, and what the person can do about it."""

    problem: str
    advice: str


def one_line(text: str) -> str:
    """The text in NFC, on one line, without control characters and marks that only reorder or hide text."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    # "Cf" holds joiners that some scripts need, and marks that only reorder or hide text: those go.
    kept = (c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") and not _hides(c))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def why_no_claim(text: str) -> NoClaim | None:
    """Why a clean line states nothing that could be checked; None where it may.

    Told from its form alone: whether it is true, sensible or of this library's field is what verifying finds out.
    """
    words = [w for w in text.split() if any(c.isalnum() for c in w)]
    if not any(c.isalpha() for c in text):
        return NoClaim("the claim holds no word" if text else "the claim is empty", STATE)
    if text.rstrip("\"'” ").endswith("?") or _ASKS.search(text):
        return NoClaim("that is a question, not a claim", ASK)
    if _TELLS.search(text):
        return NoClaim("that is an instruction, not a claim", STATE)
    if len(words) == 1:
        return NoClaim("one word is no claim", STATE)
    if _is_plain(text) and not any(_MAY_BE_VERB.match(w.strip(".,;:()\"'")) for w in words[1:]):
        return NoClaim("that names a topic and states nothing about it", STATE)
    return None


def _is_plain(text: str) -> bool:
    """Whether the text is in Latin letters, so that an English verb would be seen."""
    letters = [c for c in text if c.isalpha()]
    return all(ord(c) < 0x250 or not c.isalpha() for c in letters)


def _hides(character: str) -> bool:
    joiners = "\u200c\u200d"
    return unicodedata.category(character) == "Cf" and character not in joiners
