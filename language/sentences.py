"""Owns the cutting of a text into sentences, with exact offsets, and the headings of structured abstracts.

pysbd (Sadvilkar and Neumann 2020, arXiv:2010.09657) proposes; the repairs are for what abstracts do: "P = .05",
"vs.", "i.v.", brackets that hold full stops, headings ("RESULTS:"), a missing space after a full stop.
"""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import NamedTuple, Protocol, cast

from . import lexicon

_BLOCK = re.compile(r"\n+")
_MAX_BLOCK = 4000  # pysbd's time grows faster than the text: longer blocks are cut at a full stop first
_ABBREVIATION_END = re.compile(
    r"(?:^|[\s(\[,;])(?:" + "|".join(re.escape(a) for a in lexicon.entries("sentences", "abbreviations")) + r")\.$",
    re.IGNORECASE,
)
_OPEN_COMPARISON = re.compile(r"(?:[=<>≤≥~±]|\bless than|\bgreater than|\bp)\s*$", re.IGNORECASE)
_CONTINUES = re.compile(r"^(?:[.,;:)\]%]|\d+(?:\.\d+)?\s*(?:[%)\]]|to\b|mg|ml|kg)|[a-z](?![A-Z])[\w-]*\b(?!\s*:))")
_ENUMERATOR = re.compile(r"^\(?(?:\d{1,2}|[ivx]{1,4})[.)]$")
_GLUED = re.compile(r"(?<=[a-z)%\d][.?!])(?=[A-Z][a-z]+\s)|(?<=[a-z]{3}[.?!])(?=[A-Z][A-Za-z]*[\s-])")
_AFTER_LETTER = re.compile(
    r"(?<=[a-z] [A-Z]\.)\s+(?=(?:The|This|These|In|We|No|It|There|Both|After|At|For|All|Of|As|"
    r"On)\s)"
)
_NO_SENTENCE = re.compile(
    r"(?:\s*</?\w+>|\s*<<\w+>>|\(?ABSTRACT TRUNCATED[^.]{0,30}$|(?:ABSTRACT|TITLE)[.:]$)+$", re.IGNORECASE
)
_INITIAL = re.compile(r"(?:^|\s)(?:[A-Z]\.)+$")


class Heading(NamedTuple):
    """A structured abstract's heading: where it stands, its words and the zone that it opens."""

    start: int
    end: int
    text: str
    zone: str


class _Segmenter(Protocol):
    def segment(self, text: str) -> list[str]:
        """The text's pieces in order."""
        ...


@lru_cache(maxsize=4096)
def split(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of each sentence, in order, without surrounding white space and without headings."""
    pieces: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        pieces.extend(_repair(text, _glued(text, _propose(text, start, end))))
    return tuple(p for p in pieces if not _NO_SENTENCE.match(text, *p) and any(map(str.isalnum, text[p[0] : p[1]])))


@lru_cache(maxsize=4096)
def headings(text: str) -> tuple[Heading, ...]:
    """The headings of a structured abstract ("RESULTS:", "Conclusions:" at a line's or sentence's start)."""
    found: list[Heading] = []
    for match in _heading_pattern().finditer(text):
        words = match["words"]
        lead = text[: match.start("words")].rstrip(" \t")
        alone = match["sign"][0] == ":" or words.isupper() or text[match.end() : match.end() + 1] == "\n"
        opens = not lead or lead[-1] in ".\n:!?)]" or words.isupper()
        if opens and alone and words[0].isupper():
            found.append(Heading(match.start("words"), match.end(), words, _zone_of(words)))
    return tuple(found)


def label(text: str, span: tuple[int, int]) -> str:
    """The words of the last heading before the span, or an empty string."""
    heading = heading_before(text, span)
    return heading.text if heading else ""


def heading_before(text: str, span: tuple[int, int]) -> Heading | None:
    """The last heading before the span, or None."""
    before = [h for h in headings(text) if h.end <= span[0] + 1]
    return before[-1] if before else None


def _blocks(text: str) -> list[tuple[int, int]]:
    """Stretches between headings and line breaks, so that no sentence crosses them."""
    cuts = [(h.start, h.end) for h in headings(text)]
    cuts += [(m.start(), m.end()) for m in _BLOCK.finditer(text) if _breaks(text, m.start(), m.end())]
    blocks: list[tuple[int, int]] = []
    position = 0
    for start, end in sorted(cuts):
        if start > position:
            blocks.append((position, start))
        position = max(position, end)
    blocks.append((position, len(text)))
    return [part for block in blocks for part in _bounded(text, *block)]


def _breaks(text: str, start: int, end: int) -> bool:
    """A line break ends a sentence unless the line is only wrapped (the next goes on in lower case)."""
    after = text[end : end + 40].lstrip()
    return not (after[:1].islower() and end - start == 1)


def _bounded(text: str, start: int, end: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    while end - start > _MAX_BLOCK:
        cut = text.rfind(". ", start, start + _MAX_BLOCK)
        cut = start + _MAX_BLOCK if cut <= start else cut + 1
        parts.append((start, cut))
        start = cut
    return [*parts, (start, end)]


def _propose(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """pysbd's pieces as offsets; a piece that it changed is joined to what follows."""
    block = text[start:end]
    if not block.strip():
        return []
    pieces: list[tuple[int, int]] = []
    position = 0
    for piece in (p.strip() for p in _segmenter().segment(block)):
        at = block.find(piece, position) if piece else -1
        if at >= 0:
            pieces.append((position, at + len(piece)))
            position = at + len(piece)
    if block[position:].strip():
        pieces.append((position, len(block)))
    return [_trim(text, start + a, start + b) for a, b in pieces]


def _glued(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut where a sentence's end and the next one's start were written without a space."""
    cut: list[tuple[int, int]] = []
    for start, end in pieces:
        position = start
        seams = [*_GLUED.finditer(text, start, end), *_AFTER_LETTER.finditer(text, start, end)]
        for match in sorted(seams, key=lambda m: m.start()):
            cut.append((position, match.start()))
            position = match.end()
        cut.append((position, end))
    return cut


def _repair(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        if start >= end:
            continue
        if joined and _belongs(text[joined[-1][0] : joined[-1][1]], text[start:end]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _belongs(left: str, right: str) -> bool:
    """Whether ``right`` goes on with the sentence of ``left``."""
    if not left.endswith((".", "?", "!", '"', "'", "”", ")", ">")):
        return True  # a list's item ("(b) ...") or a wrapped line
    if _OPEN_COMPARISON.search(left) or _ENUMERATOR.match(left):
        return True
    if _ABBREVIATION_END.search(left) or _INITIAL.search(left):
        # "... 5 mg i.v. The effect ..." does end; a name or lower-case word goes on
        return not re.match(r"(?:The|This|These|In|We|No|It|A|An|There|Both|After|At|For|All)\s", right)
    if _open_brackets(left) > 0 and _open_brackets(right) < 0 and len(left) < 600:
        return True
    return bool(_CONTINUES.match(right)) and not left.endswith(("?", "!"))


def _open_brackets(text: str) -> int:
    return text.count("(") + text.count("[") - text.count(")") - text.count("]")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


@cache
def _heading_pattern() -> re.Pattern[str]:
    known = sorted({w for words in lexicon.load("sentences")["headings"].values() for w in words}, key=len)
    choice = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in reversed(known))
    prefix = r"(?:ABSTRACT\.\s*)?"
    return re.compile(
        rf"(?<![\w-]){prefix}(?P<words>(?:{choice}))(?:\s*\(s\))?\s*(?P<sign>:+|\.(?=\s)|[-–—](?=\s))",
        re.IGNORECASE,
    )


def _zone_of(words: str) -> str:
    plain = " ".join(words.lower().split())
    headings_by_zone: dict[str, list[str]] = lexicon.load("sentences")["headings"]
    return next((zone for zone, names in headings_by_zone.items() if plain in names), "background")


_LOCAL = threading.local()
"""A segmenter a thread: it keeps the text under work in itself."""


def _segmenter() -> _Segmenter:
    made = getattr(_LOCAL, "segmenter", None)
    if made is None:
        import pysbd

        made = _LOCAL.segmenter = pysbd.Segmenter(language="en", clean=False)
    return cast(_Segmenter, made)
