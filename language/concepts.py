"""Owns concepts: wordings that name one thing, members of a class, and finding them in a text.

The lexicon (``lexicons/concepts.toml``) holds general vocabulary of the fields. What it does not know keeps its own
words. Matching is by stems of content words, so that inflection and function words do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from . import lexicon
from .text import stem, stop_words

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_LEAD = re.compile(r"(?:no|before|without)\s")
_SUFFIX = 5
"""A class noun of at least this many letters also names words that end in it: a statin, a triptan."""

_LONG, _MOST, _WIDEST = 5, 0.6, 200
"""A term of five or more content words counts as named where this share of them stands within so many characters."""


@dataclass(frozen=True)
class Concept:
    """``names`` are wordings of the thing itself, ``members`` kinds of it (resolved through other concepts)."""

    kind: str
    names: tuple[str, ...]
    members: tuple[str, ...]

    @property
    def wordings(self) -> tuple[str, ...]:
        """Names and members, without repeats."""
        return tuple(dict.fromkeys((*self.names, *self.members)))


class Mention(NamedTuple):
    """Where a term stands in a text; ``text`` is the exact characters."""

    start: int
    end: int
    text: str
    term: str


@cache
def concepts() -> tuple[Concept, ...]:
    """Every concept of the lexicon, members resolved."""
    raw = [
        {**entry, "names": _lower(entry["names"]), "members": _lower(entry.get("members", ()))}
        for entry in lexicon.load("concepts")["concept"]
    ]
    by_name = {name: entry for entry in raw for name in entry["names"]}
    return tuple(
        Concept(
            kind=str(entry["kind"]),
            names=tuple(entry["names"]),
            members=tuple(_resolve(entry["members"], by_name)),
        )
        for entry in raw
    )


@cache
def _modifiers() -> frozenset[str]:
    """Words that make no other thing of what they stand before."""
    return frozenset(lexicon.entries("concepts", "modifiers"))


def _lower(words: Iterable[object]) -> list[str]:
    return [str(word).casefold() for word in words]


def _resolve(members: Iterable[str], by_name: dict[str, dict[str, list[str]]]) -> list[str]:
    found: list[str] = []
    for member in members:
        entry = by_name.get(member)
        found.append(member)
        if entry is not None:
            found.extend([*entry["names"], *_resolve(entry.get("members", ()), by_name)])
    return list(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def named_by(phrase: str) -> tuple[Concept, ...]:
    """Concepts that the phrase names (one of ``names``, by stems), most specific wording first."""
    wanted = _stems(phrase)
    if not wanted:
        return ()
    plain = phrase.casefold().strip()
    return tuple(
        c
        for c in concepts()
        if any(name == plain if c.kind == "inactive" else _stems(name) == wanted for name in c.names)
    )


def of_kind(*kinds: str) -> tuple[Concept, ...]:
    """The concepts of these kinds."""
    return tuple(c for c in concepts() if c.kind in kinds)


@cache
def wordings_of_kind(*kinds: str) -> tuple[str, ...]:
    """Every wording of the concepts of these kinds."""
    return tuple(dict.fromkeys(w for c in of_kind(*kinds) for w in c.wordings))


@lru_cache(maxsize=65536)
def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(token[2] for token in _tokens(phrase))


@lru_cache(maxsize=16384)
def _tokens(text: str) -> tuple[tuple[int, int, str], ...]:
    """(start, end, stem) of each content word; hyphenated words come apart."""
    stops = stop_words()
    return tuple(
        (m.start(), m.end(), stem(m[0].casefold())) for m in _TOKEN.finditer(text) if m[0].casefold() not in stops
    )


class _Index(NamedTuple):
    """Terms ready for matching: by the first stem, the long ones, and the endings."""

    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    long: tuple[tuple[str, frozenset[str]], ...]
    endings: tuple[str, ...]


@lru_cache(maxsize=512)
def _index(terms: tuple[str, ...]) -> _Index:
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    long: list[tuple[str, frozenset[str]]] = []
    for term in terms:
        wanted = () if term.startswith("*") else _stems(term)
        if len(wanted) >= _LONG:
            long.append((term, frozenset(wanted)))
        elif wanted:
            by_first.setdefault(wanted[0], []).append((wanted, term))
            if len(wanted) == 2:  # "code quality" is also the quality of code
                by_first.setdefault(wanted[1], []).append((wanted[::-1], term))
    endings = tuple(term for term in terms if term.startswith("*"))
    return _Index({first: tuple(found) for first, found in by_first.items()}, tuple(long), endings)


@lru_cache(maxsize=16384)
def find(text: str, terms: tuple[str, ...]) -> tuple[Mention, ...]:
    """Where any of the terms stands in the text, left to right, longest first, not overlapping.

    A term matches where its content words follow one another, by stem; one that begins with ``*`` matches words that
    end in it.
    """
    tokens, index = _tokens(text), _index(terms)
    found = list(_matches(text, tokens, index))
    for term, wanted in index.long:
        found.extend(_bag(text, tokens, term, wanted))
    for term in index.endings:
        found.extend(_suffixed(text, term))
    found.sort(key=lambda m: (m.start, -(m.end - m.start), m.term.startswith("*"), m.term))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return tuple(kept)


def _matches(text: str, tokens: tuple[tuple[int, int, str], ...], index: _Index) -> Iterator[Mention]:
    for i, (start, _, first) in enumerate(tokens):
        for wanted, term in index.by_first.get(first, ()):
            last = _follow(tokens, i, wanted)
            begin = start if last is None else _with_lead(text, start, term)
            if last is not None and begin is not None:
                end = tokens[last][1]
                yield Mention(begin, end, text[begin:end], term)


def _with_lead(text: str, start: int, term: str) -> int | None:
    """Where a mention begins with the function word that makes the term what it is; None where that is not there.

    "No treatment" is named only where "no" stands before the treatment, at most one word away.
    """
    lead = _LEAD.match(term)
    if lead is None:
        return start
    before = re.search(rf"\b{lead[0].strip()}\s+(?:[\w-]+\s+)?$", text[:start], re.IGNORECASE)
    return before.start() if before else None


def _follow(tokens: tuple[tuple[int, int, str], ...], place: int, wanted: tuple[str, ...]) -> int | None:
    """The place of the last word of a term that begins at ``place``; one other word may stand within it."""
    spare = 1 if len(wanted) > 2 else 0
    for stem_ in wanted[1:]:
        place += 1
        if place < len(tokens) and tokens[place][2] != stem_ and spare:
            place, spare = place + 1, spare - 1
        if place >= len(tokens) or tokens[place][2] != stem_:
            return None
    return place


def _bag(text: str, tokens: tuple[tuple[int, int, str], ...], term: str, wanted: frozenset[str]) -> list[Mention]:
    """A long phrase is named where most of its content words stand in one sentence, in whatever order."""
    inside = [t for t in tokens if t[2] in wanted]
    if len({t[2] for t in inside}) < _MOST * len(wanted):
        return []
    first, last = inside[0][0], inside[-1][1]
    return [Mention(first, last, text[first:last], term)] if last - first <= _WIDEST else []


def _suffixed(text: str, term: str) -> list[Mention]:
    ending = term[1:]
    return [
        Mention(m.start(), m.end(), m[0], term)
        for m in _TOKEN.finditer(text)
        if m[0].casefold().removesuffix("s").endswith(ending) and len(m[0]) > len(ending) + 1
    ]


def holds(text: str, terms: tuple[str, ...]) -> bool:
    """Whether any of the terms stands in the text."""
    return bool(find(text, terms))


def wordings(phrase: str) -> tuple[str, ...]:
    """Everything that counts as naming the phrase: itself, its concept's names and members, a class's suffix."""
    found = [phrase.casefold()]
    for concept in named_by(phrase):
        if concept.kind == "animal":
            continue  # a list of kinds, not of wordings of one
        found.extend(concept.wordings)
        if concept.kind == "treatment":
            found.extend(
                f"*{name}" for name in concept.names if name.isalpha() and len(name) >= _SUFFIX and len(name) < 9
            )
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def population_in(phrase: str) -> tuple[str, ...]:
    """Wordings of the population that a phrase of several words names: of "menopausal women" those of menopausal."""
    if len(_tokens(phrase)) < 2:
        return ()
    return tuple(w for c in of_kind("population") if holds(phrase, c.names) for w in c.wordings)


@lru_cache(maxsize=4096)
def narrower_of(phrase: str) -> tuple[str, ...]:
    """Wordings of the concept that the phrase is but for words that narrow nothing: "therapeutic anticoagulation".

    Any other modifier makes it another thing: breast cancer is not cancer, and a surgery rotation is no surgery.
    """
    tokens = _tokens(phrase)
    for i in range(1, len(tokens)):
        if phrase[tokens[i - 1][0] : tokens[i - 1][1]].casefold() not in _modifiers():
            return ()
        part = phrase[tokens[i][0] : tokens[-1][1]]
        if any(c.kind not in ("topic", "inactive", "site") for c in named_by(part)):
            return wordings(part)
    return ()
