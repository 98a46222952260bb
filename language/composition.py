"""Owns the composition of cues: which words state a direction, and what two of them say together.

"Greater reduction" is a decrease, "attenuated decline" an increase, "less improvement" a harm, "effective in reducing"
a decrease that is a benefit.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from consilience.records import Direction, Valence

from . import lexicon

Kind = Literal["direction", "evaluation", "same", "relation"]

_OPPOSITE = {Direction.INCREASE: Direction.DECREASE, Direction.DECREASE: Direction.INCREASE}
_TURNED = {Valence.BENEFIT: Valence.HARM, Valence.HARM: Valence.BENEFIT}
_GAP = re.compile(r"\s+(?:(?!and\b|or\b|but\b|with\b|than\b|by\b|to\b|for\b|compared\b)[\w-]+\s+){0,2}", re.IGNORECASE)
_PREDICATE_GAP = re.compile(
    r"[^.;:]{0,90}\b(?:was|were|is|are|been|be|appeared|seemed)\s+(?:\w+ly\s+|also\s+|much\s+){0,3}",
    re.IGNORECASE,
)
_EFFECTIVE_GAP = re.compile(
    r"\s+(?:in|at|for|to|(?:than|to)\s+[^.;,]{1,40}\s+(?:in|at|for))\s+(?:\w+ly\s+)?", re.IGNORECASE
)
_STRONG = re.compile(
    r"\b(?:significant(?:ly)?|substantial(?:ly)?|marked(?:ly)?|clear(?:ly)?|strong(?:ly)?|"
    r"positive(?:ly)?|independently|still)\s+(?:(?!as\b|the\b)\w+\s+){0,2}$",
    re.IGNORECASE,
)
_NUMBER_AHEAD = re.compile(
    r"\s+than\s+(?:or\s+equal\s+to\s+)?[<>≥≤=]?\s*(?:\d|one\b|two\b|three\b|four\b|five\b|"
    r"six\b|ten\b|half\b|a\s+(?:year|month|week|third|quarter))",
    re.IGNORECASE,
)
_P_BEFORE = re.compile(r"\bp\s*(?:values?)?\s*(?:was|were|is|=)?\s*$", re.IGNORECASE)
_ADVERB = re.compile(r"\s+(?:\w+ly|in|of|for|to)\b", re.IGNORECASE)
_COMPARATIVES = re.compile(
    r"(?:high|great|larg|strong|fast|quick)er|more(?: \w+)?|(?:small|low|slow|weak|short)er|less(?: \w+)?",
    re.IGNORECASE,
)
_SIZES = re.compile(
    r"(?:high|great|larg|low|small|long|short)(?:er|est)|most|more|less|fewer|better|increas\w+|reduced",
    re.IGNORECASE,
)
_RESEARCH = re.compile(
    r"\s+(?:[\w-]+,?\s+){0,3}(?:trials?|studies|research|experiments|samples?|cohorts?)\b", re.IGNORECASE
)
_MORE_OF_VERB = re.compile(
    r"\s+(?:(?!and\b|or\b|but\b|while\b|whereas\b|was\b|were\b|is\b|are\b|had\b|in\b)[\w'/%-]+\s+){0,8}?"
    r"(?=(?:more|less|better)\b(?:,|\s+(?:by|with|in|than|for|under|among|after|on|when|so|from)\b))",
    re.IGNORECASE,
)
_ATTRIBUTIVE = re.compile(
    r"\b(?:in|of|for|on|the|any|an?|to|regarding|or|and|mean|significant)\s+(?:\w+\s+)?$", re.IGNORECASE
)
_LESSENED = re.compile(r"^\w+ (?:\w+ )*(?:less|lower|no|not|fewer|smaller|little|without)\b")
_GAINS = re.compile(r"gain(?:ed|s)|lost|loses?", re.IGNORECASE)
_ADVERBS = re.compile(r"\s+(?:\w+ly\s+|even\s+|much\s+|far\s+)*", re.IGNORECASE)
_DOSED = re.compile(
    r"\s*(?:[\w-]+\s+)?(?:dos(?:e|es|age|ages|ing)|risk (?:groups?|women|patients|men))\b", re.IGNORECASE
)
_CAUSES = re.compile(r"caus\w+|le(?:d|ads?|ading) to|contribut\w+ to|induc\w+|promot\w+", re.IGNORECASE)
_HYPHENS = frozenset("-‐‑")


class Mention(NamedTuple):
    """A cue before it is read in its sentence; ``strong`` relations are called significant or are finite verbs."""

    start: int
    end: int
    kind: Kind
    direction: Direction
    valence: Valence
    noun: bool
    strong: bool = False
    negated: bool = False
    no_difference: bool = False
    attributive: bool = False
    target_after: bool = True

    def negate(self) -> Mention:
        """The same under a negation: no difference, except that negated sameness only says that some differed."""
        if self.kind == "same":
            return self._replace(kind="relation", strong=True, negated=True, no_difference=False)
        return self._replace(negated=True, no_difference=True)

    def annul(self) -> Mention:
        """The same taken back as not significant."""
        return self._replace(no_difference=True, negated=True)


def mentions(text: str) -> list[Mention]:
    """The text's mentions in order, not overlapping, composed."""
    found = [m for m in _found(text) if not _excluded(text, m)]
    return _compose(text, _disjoint(found))


def _found(text: str) -> list[Mention]:
    result: list[Mention] = []
    for key, noun, kind, direction, valence in _CATEGORIES:
        for match in lexicon.compiled("directions", *key.split(".")).finditer(text):
            strong = kind == "relation" and (
                bool(_STRONG.search(text, 0, match.start())) or _finite(key, match.group())
            )
            attributive = noun or bool(_ATTRIBUTIVE.search(text, 0, match.start()))
            same = kind == "same" or key == "ineffective.words"
            result.append(Mention(*match.span(), kind, direction, valence, noun, strong, False, same, attributive))
    return result


_CATEGORIES: tuple[tuple[str, bool, Kind, Direction, Valence], ...] = (
    ("same.words", False, "same", Direction.NO_DIFFERENCE, Valence.NEUTRAL),
    ("ineffective.words", False, "evaluation", Direction.UNSTATED, Valence.BENEFIT),
    ("increase.nouns", True, "direction", Direction.INCREASE, Valence.UNSTATED),
    ("increase.words", False, "direction", Direction.INCREASE, Valence.UNSTATED),
    ("decrease.nouns", True, "direction", Direction.DECREASE, Valence.UNSTATED),
    ("decrease.words", False, "direction", Direction.DECREASE, Valence.UNSTATED),
    ("benefit.nouns", True, "evaluation", Direction.UNSTATED, Valence.BENEFIT),
    ("benefit.words", False, "evaluation", Direction.UNSTATED, Valence.BENEFIT),
    ("harm.nouns", True, "evaluation", Direction.UNSTATED, Valence.HARM),
    ("harm.words", False, "evaluation", Direction.UNSTATED, Valence.HARM),
    ("relation.nouns", True, "relation", Direction.UNSTATED, Valence.UNSTATED),
    ("relation.verbs", False, "relation", Direction.UNSTATED, Valence.UNSTATED),
)  # fmt: skip


def _finite(key: str, words: str) -> bool:
    """Verbs that state a finding by themselves ("differed", "was associated"), unlike "related" or "changes"."""
    return key == "relation.verbs" and words.lower() in {
        "differed", "differ", "differs", "affected", "affects", "influenced", "influences", "associated", "correlated",
        "correlates", "predicted", "predicts", "altered", "linked to", "linked with", "related to",
    }  # fmt: skip


def _excluded(text: str, mention: Mention) -> bool:
    words = text[mention.start : mention.end].lower()
    if text[mention.start - 1 : mention.start] in _HYPHENS or text[mention.end : mention.end + 1] in _HYPHENS:
        return True  # "morphine-induced", "lack-of-ghosting"
    if any(a <= mention.start and mention.end <= b for a, b in _phrases(text)):
        return True
    if mention.valence is Valence.BENEFIT and _LESSENED.search(words):
        return True  # a phrase's gap took in the word that turns it: "produced less relief"
    sized = _SIZES.fullmatch(words)
    if sized and words.startswith(("increas", "reduced")):
        return bool(_DOSED.match(text, mention.end))  # "reduced back pain" is a finding, "lower back pain" is not
    if sized and (_after().match(text, mention.end) or _RESEARCH.match(text, mention.end)):
        return True
    if words in {"more", "less", "fewer", "greater", "larger", "higher", "lower", "longer", "shorter"}:
        if _P_BEFORE.search(text, 0, mention.start):
            return True
        counted = re.search(r"(?:%|\d|fold|significantly|times)\s*$", text[: mention.start])
        return bool(_NUMBER_AHEAD.match(text, mention.end)) and not counted
    return False


@cache
def _after() -> re.Pattern[str]:
    return re.compile(r"\s*(?:" + lexicon.compiled("directions", "exclude", "after").pattern + ")", re.IGNORECASE)


def _phrases(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in lexicon.compiled("directions", "exclude", "phrases").finditer(text)]


def _disjoint(found: list[Mention]) -> list[Mention]:
    """The longest wins where mentions overlap; between equals the first category, nouns by their place."""
    order = sorted(enumerate(found), key=lambda item: (item[1].start - item[1].end, item[0]))
    kept: list[Mention] = []
    for _, mention in order:
        if not any(mention.start < k.end and k.start < mention.end for k in kept):
            kept.append(mention)
    return sorted(kept)


def _compose(text: str, found: list[Mention]) -> list[Mention]:
    result: list[Mention] = []
    for mention in found:
        joined = _joined(text, result[-1], mention) if result else None
        if joined is None:
            result.append(mention)
        else:
            result[-1] = joined
    return result


def _joined(text: str, left: Mention, right: Mention) -> Mention | None:
    """What two neighbouring mentions say together, or None where each stands for itself."""
    if left.kind in ("same", "relation") or right.kind in ("same", "relation"):
        return None
    between = text[left.end : right.start]
    words = text[right.start : right.end].lower()
    if left.kind == "evaluation" and not left.noun and right.kind == "direction" and _EFFECTIVE_GAP.fullmatch(between):
        turned = _OPPOSITE.get(right.direction, right.direction) if left.valence is Valence.HARM else right.direction
        denied = left.no_difference
        return right._replace(
            start=left.start, direction=turned, valence=left.valence, no_difference=denied, noun=False
        )
    if _CAUSES.fullmatch(text, left.start, left.end) and not left.noun and _GAP.fullmatch(between):
        return right._replace(start=left.start)  # "caused lower rates": the second word says what was caused
    if left.kind == "direction" and right.noun and _GAP.fullmatch(between):
        return _product(left.direction, right)._replace(start=left.start, noun=left.noun, attributive=left.attributive)
    if not left.noun and words in ("more", "less", "better") and _more_of_verb(text, left.end, right.start):
        joined = _product(right.direction, left)  # "reduced pain more than", "rose less with": sizes the verb
        return joined._replace(end=right.end) if _ADVERBS.fullmatch(between) else joined
    if _GAINS.fullmatch(text, left.start, left.end) and words in ("more", "less") and not between.strip():
        return _product(right.direction, left)._replace(end=right.end)  # "gained less weight"
    comparative = _COMPARATIVES.fullmatch(text[right.start : right.end])
    if left.noun and right.kind == "direction" and comparative and _PREDICATE_GAP.fullmatch(between):
        joined = _product(right.direction, left)
        return joined._replace(end=right.end, noun=False, attributive=False, target_after=False)
    return None


def _more_of_verb(text: str, start: int, end: int) -> bool:
    """ "Reduced more by X than by Y", "rose less with X": the comparative only sizes the verb's direction."""
    match = _MORE_OF_VERB.match(text, start)
    return match is not None and match.end() == end


def _product(outer: Direction, inner: Mention) -> Mention:
    """ "More" of an inner direction keeps it; "less" of it turns it."""
    if outer != Direction.DECREASE:
        return inner
    if inner.kind == "direction":
        return inner._replace(direction=_OPPOSITE[inner.direction])
    return inner._replace(valence=_TURNED[inner.valence])
