"""Owns the step from a file's raw fields to a ``Record``, or to a refusal that says where and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from consilience.records import Record, TextOrigin

from .cleaning import clean, clean_author, says_retracted, split_authors
from .identifiers import arxiv_of_doi, is_safe_id, normalise_arxiv, normalise_doi, normalise_pmid

MAX_ABSTRACT = 20_000
MAX_TITLE = 2_000
_MARKUP_SHARE = 10  # a text so many times over its limit is refused before its markup is removed
FIELDS = (
    "id", "title", "abstract", "authors", "year", "venue", "doi", "pmid", "arxiv", "type", "retracted",
    "text_origin", "source",
)  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2}|2100)(?:\.0+)?(?!\d)")
_FALSE = frozenset({"", "0", "0.0", "false", "f", "n", "no", "none", "null", "na", "n/a", "nan"})


class Refusal(NamedTuple):
    """An entry that was not taken: where it stands in the file, and why."""

    where: str
    why: str


class Entry(NamedTuple):
    """A record as a file holds it, and where."""

    where: str
    record: Record


@dataclass
class SourceFile:
    """A file's text and what is to be told about it. ``name`` is the file's own name, without its folder."""

    name: str
    text: str
    remarks: Counter[str] = field(default_factory=Counter[str])

    def note(self, remark: str) -> None:
        """Keep a remark for the report; repeated ones are counted."""
        self.remarks[remark] += 1

    @property
    def notes(self) -> tuple[str, ...]:
        """The remarks in the order of their first use."""
        return tuple(text if n == 1 else f"{text} ({n} times)" for text, n in self.remarks.items())


class _Unusable(ValueError):
    """A field that makes the whole entry unusable."""


def build(
    source: SourceFile, where: str, raw: Mapping[str, object], *, numbers_as_ids: bool = False
) -> Entry | Refusal:
    """The record of one entry.

    Args:
        source: the file; takes the notes on fields that could not be read.
        where: the entry's place, as a person would look for it ("line 12").
        raw: fields by the names in ``FIELDS``; text may hold markup; absent and ``None`` mean unknown.
        numbers_as_ids: whether an id such as "12" is kept. Only JSON Lines ids are chosen as ids; elsewhere a
            number only counts the entries of its file.
    """
    try:
        return Entry(where, _record(source, raw, numbers_as_ids))
    except _Unusable as reason:
        return Refusal(where, str(reason))


def _record(source: SourceFile, raw: Mapping[str, object], numbers_as_ids: bool) -> Record:
    title = _limited("title", raw.get("title"), MAX_TITLE)
    if not title:
        raise _Unusable("it has no title")
    type = clean(_text("type", raw.get("type")))
    doi = _identifier(source, "DOI", raw.get("doi"), normalise_doi)
    key = clean(_text("id", raw.get("id")))
    kept = is_safe_id(key) and (numbers_as_ids or not key.isdigit())
    if numbers_as_ids and key and not kept:
        source.note("an id with characters other than letters, digits, '.', '_' and '-' was not kept")
    return Record(
        source=clean(_text("source", raw.get("source"))) or f"file:{source.name}",
        key=key if kept else "",
        title=title,
        abstract=_limited("abstract", raw.get("abstract"), MAX_ABSTRACT),
        authors=_authors(raw.get("authors")),
        year=_year(source, raw.get("year")),
        venue=clean(_text("venue", raw.get("venue"))),
        doi=doi,
        pmid=_identifier(source, "PMID", raw.get("pmid"), normalise_pmid),
        arxiv=_identifier(source, "arXiv id", raw.get("arxiv"), normalise_arxiv) or arxiv_of_doi(doi),
        type=type,
        retracted=_flag(raw.get("retracted")) or says_retracted(title, type),
        text_origin=_origin(raw.get("text_origin")),
    )


def _text(name: str, value: object) -> str:
    """A field's text. Numbers are taken as written; of a list of texts the parts are joined."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in cast("list[object]", value)):
        return "; ".join(cast("list[str]", value))
    raise _Unusable(f"its {name} is not text")


def _limited(name: str, value: object, limit: int) -> str:
    text = _text(name, value)
    if len(text) <= _MARKUP_SHARE * limit:
        text = clean(text)
    if len(text) > limit:
        raise _Unusable(f"its {name} has {len(text):,} characters; at most {limit:,} are taken")
    return text


def _authors(value: object) -> tuple[str, ...]:
    listed = isinstance(value, list)
    names: Sequence[object] = cast("list[object]", value) if listed else split_authors(_text("authors", value))
    cleaned = (clean_author(_name(item)) for item in names)
    return tuple(name for name in cleaned if name)


def _name(item: object) -> str:
    if isinstance(item, Mapping):
        return _text("authors", cast("Mapping[str, object]", item).get("name"))
    return _text("authors", item)


def _year(source: SourceFile, value: object) -> int | None:
    text = _text("year", value).strip()
    match = _YEAR.search(text)
    if match is None and text:
        source.note("a year that could not be read was left empty")
    return int(match.group(1)) if match else None


def _identifier(source: SourceFile, name: str, value: object, normalise: Callable[[str], str]) -> str:
    text = clean(_text(name, value))
    identifier = normalise(text)
    if text and not identifier:
        source.note(f"a value that is not a {name} was left empty")
    return identifier


def _flag(value: object) -> bool:
    """A date or a word counts as yes: a paper wrongly flagged is seen, one wrongly trusted is not."""
    if isinstance(value, str):
        word = value.strip().casefold()
        return word not in _FALSE and not word.startswith("not ")
    return bool(value)


def _origin(value: object) -> TextOrigin:
    word = _text("text_origin", value).strip().casefold()
    if word in ("", "authors"):
        return "authors"
    if word == "summary":
        return "summary"
    raise _Unusable("its text_origin is neither 'authors' nor 'summary'")
