"""Wordings of a facet: the phrase, its core, its concept's names and members."""

from __future__ import annotations

import re

from consilience.language import concepts
from consilience.language.text import content_words, stems

from .question_words import GENERIC, GIVING, STANDS_ALONE


def trimmed(text: str) -> str:
    """A phrase without articles and loose ends."""
    text = re.sub(r"^(?:the|a|an|any|their|its|routine|use of|the use of|by|of)\s+", "", text.strip(" ,;"), flags=re.I)
    text = GIVING.sub("", text)
    return re.sub(r"\s+(?:and|or|in|of|for|be|to|have|with|a|an|the)$", "", text.strip(), flags=re.I)


def alternatives(phrase: str) -> tuple[str, ...]:
    """The parts of a coordinated phrase, each cut down to its core before "of", "for", "in", "trained on".

    A core of one word ("patterns of ...", "uptake of ...") says too little by itself and is left out.
    """
    pieces = re.split(r"\s*(?:,|;|\band\b|\bor\b|\band/or\b)\s*", phrase)
    found: list[str] = []
    for piece in pieces:
        core = re.split(r"\s+(?:of|for|in|on|at|with|from|among|during|after|trained|using|by)\s+", piece)[0]
        whole = core == piece
        words = content_words(core)
        known = [c for c in concepts.named_by(core) if c.kind in STANDS_ALONE]
        if words and (known or len(words) > 1 or (whole and not GENERIC.fullmatch(core.strip()))):
            found.append(trimmed(core))
    return tuple(dict.fromkeys(found))


def subject_terms(phrase: str) -> tuple[str, ...]:
    """Wordings of a subject, comparator, population or condition: the phrase, its core, its concept's wordings."""
    if not content_words(phrase):
        return ()
    found = [*concepts.wordings(phrase), *_without_giving(phrase)]
    if not concepts.named_by(phrase):
        known: list[str] = []
        for core in alternatives(phrase):
            found.extend(concepts.wordings(core))
            known.extend(() if concepts.named_by(core) else concepts.narrower_of(core))
        found.extend(known)
    return tuple(dict.fromkeys(t.casefold() for t in found))


def _without_giving(phrase: str) -> tuple[str, ...]:
    """ "statin treatment" is statins: wordings without the last word where that only says that it was given."""
    given = re.match(
        r"^(?P<x>.+?)\s+(?:treatment|therapy|use|supplementation|administration|intake|consumption)$", phrase, re.I
    )
    return concepts.wordings(given["x"]) if given and not concepts.named_by(phrase) else ()


def outcome_terms(phrase: str, *, generic: bool, condition: str) -> tuple[str, ...]:
    """Wordings of an outcome. One that only asks whether a condition gets better takes the wordings of efficacy."""
    found = list(subject_terms(phrase))
    if generic or any(c.kind == "efficacy" for c in concepts.named_by(phrase)):
        for concept in concepts.of_kind("efficacy"):
            found.extend(concept.wordings)
        found.extend(_symptoms_of(condition))
    return tuple(dict.fromkeys(found))


def _symptoms_of(condition: str) -> tuple[str, ...]:
    """Wordings of the symptom that a condition is, where the lexicon knows one: migraine is a headache."""
    aches = {"migraine": "headache", "headache": "headache", "arthritis": "pain", "pain": "pain"}
    words = set(stems(condition))
    return tuple(w for name, ache in aches.items() if words & set(stems(name)) for w in concepts.wordings(ache))


def topic_terms(phrase: str) -> tuple[str, ...]:
    """Wordings of a topic: the phrase and its concept, else its parts before and behind "of" and "in"."""
    if concepts.named_by(phrase):
        return concepts.wordings(phrase)
    pieces = [p for p in re.split(r"\s+(?:of|in|on|for|and|or)\s+", phrase) if content_words(p)]
    found = [phrase.casefold()]
    head = pieces[0]
    found.extend(concepts.wordings(head) if concepts.named_by(head) or len(pieces) == 1 else (head.casefold(),))
    if not concepts.named_by(head):
        found.extend(concepts.narrower_of(phrase))
    return tuple(dict.fromkeys(found))
