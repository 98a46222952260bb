"""Owns pairs that nobody labelled: what an abstract itself asserts, beside the rest of it.

A title that states a finding, and a conclusion ("these results suggest that ..."), are claims that the abstract's
other sentences carry, so they count as supported; they are written by people, unlike a template. Whether the
evidence carries every word is not known, so these pairs are silver, and their sentences are marked unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from consilience.evals.stance_pairs import SUPPORTS

from .pairs import UNKNOWN, Labelled

_FINITE = re.compile(
    r"\b(?:increases?|decreases?|reduces?|induces?|promotes?|inhibits?|suppress(?:es)?|activates?|causes?|mediates?|"
    r"requires?|affects?|improves?|enhances?|prevents?|predicts?|drives?|controls?|modulates?|triggers?|protects?|"
    r"impairs?|confers?|facilitates?|maintains?|determines?|alters?|regulates?|contributes?|leads?|correlates?|"
    r"(?:is|are|was|were) (?:not )?(?:\w+ly )?(?:associated|required|essential|necessary|sufficient|critical|involved|"
    r"linked|increased|reduced|elevated|effective|superior|dispensable|mediated|regulated|higher|lower|similar))\b"
)
_LEAD = re.compile(
    r"^.{0,60}?\b(?:results|findings|data|studies|study|observations|experiments|we|evidence)\b.{0,30}?\b"
    r"(?:suggests?|indicates?|shows?|demonstrates?|conclude|confirms?|supports? the idea|provide evidence)"
    r"(?: here| also| now)? that (?P<claim>.+)$"
)
_ALONE = re.compile(r"\b(?:we|our|this|these|those|it|its|they|their|such|here)\b", re.IGNORECASE)
_SHORTEST, _LONGEST = 6, 32


def titles(corpus: Mapping[str, tuple[str, tuple[str, ...]]]) -> list[Labelled]:
    """Titles that state a finding, beside their abstracts."""
    pairs: list[Labelled] = []
    for group, (title, parts) in sorted(corpus.items()):
        if _FINITE.search(title) and not re.search(r"[:?]", title) and _fits(title):
            claim = title.rstrip(". ") + "."
            pairs.append(Labelled(claim, parts, SUPPORTS, (UNKNOWN,) * len(parts), group, "silver-title"))
    return pairs


def conclusions(corpus: Mapping[str, tuple[str, tuple[str, ...]]]) -> list[Labelled]:
    """What an abstract says that its results show, beside its other sentences; one claim an abstract, the last."""
    pairs: list[Labelled] = []
    for group, (_, parts) in sorted(corpus.items()):
        for place in range(len(parts) - 1, max(1, len(parts) - 3), -1):
            found = _LEAD.match(parts[place].strip())
            claim = found.group("claim").strip() if found else ""
            if claim and _fits(claim) and not _ALONE.search(claim):
                rest = parts[:place] + parts[place + 1 :]
                claim = claim[:1].upper() + claim[1:]
                pairs.append(Labelled(claim, rest, SUPPORTS, (UNKNOWN,) * len(rest), group, "silver-conclusion"))
                break
    return pairs


def _fits(words: str) -> bool:
    return _SHORTEST <= len(words.split()) <= _LONGEST
