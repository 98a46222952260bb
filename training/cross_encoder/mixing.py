"""Owns what the readers' pairs are made into: negatives that are hard, opposites by rule, and a balance of classes.

An opposite is made of claims of every label, and also so that the label stays (two changes that undo each other), so
that a changed or a negated claim alone says nothing about the label.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS

from . import opposites
from .choosing import Neighbours
from .pairs import LABELS, UNKNOWN, Labelled

_OTHER = {SUPPORTS: REFUTES, REFUTES: SUPPORTS, NEUTRAL: NEUTRAL}

_FIGURES = re.compile(r"(?<![\w.-])(?<!P = )(?<!P < )(?<!P=)(?<!P<)(?<!P ≤ )\d+(?:\.\d+)?(?![\w.]*\d)", re.IGNORECASE)
"""Figures of a result, not of its chance."""


def turned(pairs: Sequence[Labelled], random: Random) -> list[Labelled]:
    """Each pair's claim turned into its opposite by direction, by negation, or by another figure, where a rule fits.

    What refutes a claim supports its opposite, but not one with another figure; what does not settle it settles none.
    """
    made: list[Labelled] = []
    for pair in pairs:
        ways = [("direction", opposites.flipped(pair.claim, random)), ("negation", opposites.negated(pair.claim))]
        if pair.label != REFUTES:
            ways.append(("figure", opposites.refigured(pair.claim, random)))
        fitting = [(way, claim) for way, claim in ways if claim]
        if fitting:
            way, claim = random.choice(fitting)
            made.append(replace(pair, claim=claim, label=_OTHER[pair.label], source=f"{pair.source}+{way}"))
    return made


def turned_twice(pairs: Sequence[Labelled], random: Random) -> list[Labelled]:
    """Claims with their direction flipped and then negated: "increases" to "does not decrease". The label stays."""
    made: list[Labelled] = []
    for pair in pairs:
        once = opposites.flipped(pair.claim, random)
        twice = opposites.negated(once) if once else None
        if twice and " not " in twice:
            made.append(replace(pair, claim=twice, source=f"{pair.source}+twice"))
    return made


def evidence_turned(pairs: Sequence[Labelled]) -> list[Labelled]:
    """Pairs whose one sentence of evidence says the other direction: what supported the claim refutes it, and the
    other way round. The claim stays as it was, so only the evidence can tell.

    Kept beside it are sentences that say no direction: a conclusion that was not turned would contradict it. Evidence
    with two figures beside its chance has them swapped; with one or more than two it is left alone, because they would
    say what the words no longer do.
    """
    made: list[Labelled] = []
    for pair in pairs:
        marked = [i for i, mark in enumerate(pair.evidence) if mark == 1]
        turned = _said_otherwise(pair.sentences[marked[0]]) if len(marked) == 1 else None
        if turned and pair.label != NEUTRAL and opposites.direction(pair.claim):
            kept = [i for i, s in enumerate(pair.sentences) if i in marked or not opposites.says_direction(s)]
            parts = tuple(turned if i in marked else pair.sentences[i] for i in kept)
            marks = tuple(pair.evidence[i] for i in kept)
            made.append(
                replace(pair, sentences=parts, evidence=marks, label=_OTHER[pair.label], source=f"{pair.source}+turned")
            )
    return made


def _said_otherwise(sentence: str) -> str | None:
    turned = opposites.only_direction_turned(sentence)
    places = list(_FIGURES.finditer(turned)) if turned else []
    if not turned or len(places) not in (0, 2):
        return None
    if not places:
        return turned
    (a, b), (c, d) = (m.span() for m in places)
    return turned[:a] + turned[c:d] + turned[b:c] + turned[a:b] + turned[d:]


def without_evidence(pairs: Sequence[Labelled]) -> list[Labelled]:
    """Pairs whose evidence is known, with it taken out: the same abstract, and it does not settle the claim."""
    made: list[Labelled] = []
    for pair in pairs:
        kept = [i for i, mark in enumerate(pair.evidence) if mark == 0]
        if pair.label != NEUTRAL and len(kept) >= 2 and len(kept) < len(pair.evidence):
            rest = tuple(pair.sentences[i] for i in kept)
            made.append(
                replace(pair, sentences=rest, label=NEUTRAL, evidence=(0,) * len(rest), source=f"{pair.source}+bare")
            )
    return made


def elsewhere(
    pairs: Sequence[Labelled], corpus: dict[str, tuple[str, tuple[str, ...]]], random: Random, skip: int = 1
) -> list[Labelled]:
    """The pairs' claims beside an abstract that shares most with them and is not theirs: the nearest ``skip`` are
    left out, because the nearest may well be about the same finding."""
    near = Neighbours({name: f"{title} {' '.join(parts)}" for name, (title, parts) in corpus.items()})
    own: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        own[pair.claim].add(pair.group)
    made: list[Labelled] = []
    for pair in pairs:
        found = [name for name in near.near(pair.claim, skip + 8) if name not in own[pair.claim]][skip:]
        if found:
            name = random.choice(found[:4])
            parts = corpus[name][1]
            made.append(Labelled(pair.claim, parts, NEUTRAL, (0,) * len(parts), name, f"{pair.source}+elsewhere"))
    return made


def even(pairs: Sequence[Labelled], most: int, random: Random) -> list[Labelled]:
    """At most ``most`` pairs, as many of each label as the rarest allows, drawn at random."""
    by_label = {label: [p for p in pairs if p.label == label] for label in LABELS}
    share = min(most // len(LABELS), *(len(found) for found in by_label.values()))
    return [p for label in LABELS for p in random.sample(by_label[label], share)]


def beside_nothing(pairs: Sequence[Labelled]) -> list[Labelled]:
    """Neutral pairs with every sentence marked as no evidence, for readers that did not know."""
    return [
        replace(p, evidence=(0,) * len(p.evidence)) if p.label == NEUTRAL and UNKNOWN in p.evidence else p
        for p in pairs
    ]
