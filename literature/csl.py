"""Owns CSL-JSON (an array of items, as Zotero and Pandoc write it).

An array of plain objects with this project's own field names (``authors``, ``year``) is read as such.
What CSL has no name for stands in ``custom``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO, cast

from consilience.records import Paper

from .entries import Entry, Refusal, SourceFile, build
from .jsonlines import entry_of, name_unused

_PLAIN_TYPES = frozenset({"article", "article-journal", "document"})
_OWN_NAMES = frozenset({"authors", "year", "text_origin", "venue", "pmid"})
_PARTICLES = ("dropping-particle", "non-dropping-particle")


def read(source: SourceFile) -> Iterator[Entry | Refusal]:
    """The file's items in order. A single item, or an object with ``items``, is accepted."""
    try:
        value: object = json.loads(source.text)
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "the file"
        yield Refusal(where, f"the file is not JSON ({getattr(error, 'msg', 'nested too deeply')})")
        return
    if isinstance(value, dict):
        holder = cast("dict[str, object]", value)
        value = holder.get("items", [holder])
    if not isinstance(value, list):
        yield Refusal("the file", "it is not an array of items")
        return
    unused: set[str] = set()
    for number, item in enumerate(cast("list[object]", value), start=1):
        yield _entry(source, f"item {number}", item, unused)
    name_unused(source, unused)


def _entry(source: SourceFile, where: str, item: object, unused: set[str]) -> Entry | Refusal:
    if not isinstance(item, dict):
        return Refusal(where, "it is not an object")
    fields = cast("dict[str, object]", item)
    if _OWN_NAMES & fields.keys() and "author" not in fields and "issued" not in fields:
        return entry_of(source, where, fields, unused)
    return build(source, where, _raw(fields))


def _raw(item: Mapping[str, object]) -> dict[str, object]:
    custom = cast("dict[str, object]", item["custom"]) if isinstance(item.get("custom"), dict) else {}
    number = item.get("number")
    kind = item.get("type")
    return {
        "id": item.get("id"),
        "title": _first(item.get("title")),
        "abstract": item.get("abstract"),
        "authors": _authors(item.get("author")),
        "year": _year(item.get("issued")),
        "venue": _first(item.get("container-title")),
        "doi": item.get("DOI"),
        "pmid": item.get("PMID"),
        "arxiv": custom.get("arxiv") or (number if str(number).lower().startswith("arxiv:") else None),
        "type": item.get("genre") or ("" if kind in _PLAIN_TYPES else kind),
        "retracted": custom.get("retracted"),
        "text_origin": custom.get("text_origin"),
        "source": custom.get("source"),
    }


def _first(value: object) -> object:
    """Crossref's variant of CSL puts texts in arrays."""
    return cast("list[object]", value)[0] if isinstance(value, list) and value else cast("object", value)


def _authors(value: object) -> list[str]:
    people = cast("list[object]", value) if isinstance(value, list) else []
    return [_name(cast("dict[str, Any]", person)) for person in people if isinstance(person, dict)]


def _name(person: Mapping[str, Any]) -> str:
    def part(name: str) -> str:
        return str(person.get(name) or "").strip()

    if literal := part("literal") or part("name"):
        return literal
    family = " ".join(filter(None, (*(part(name) for name in _PARTICLES), part("family"))))
    return ", ".join(filter(None, (family, part("given"), part("suffix"))))


def _year(issued: object) -> object:
    if not isinstance(issued, dict):
        return issued if isinstance(issued, str | int) else None
    date = cast("dict[str, Any]", issued)
    parts = date.get("date-parts")
    try:
        return cast("list[list[object]]", parts)[0][0]
    except (TypeError, IndexError, KeyError):
        raw: object = date.get("raw") or date.get("literal")
        return raw


def write(papers: Sequence[Paper], file: TextIO) -> None:
    """One array, one item a paper, fields in a fixed order, empty ones left out."""
    json.dump([_item(paper) for paper in papers], file, ensure_ascii=False, indent=1)
    file.write("\n")


def _item(paper: Paper) -> dict[str, object]:
    custom: dict[str, object] = {
        "arxiv": paper.arxiv,
        "retracted": paper.retracted,
        "text_origin": paper.text_origin if paper.text_origin != "authors" else "",
        "source": "; ".join(paper.sources),
    }
    item: dict[str, object] = {
        "id": paper.id,
        "type": "article-journal",
        "genre": paper.type,
        "title": paper.title,
        "author": [_person(name) for name in paper.authors],
        "issued": {"date-parts": [[paper.year]]} if paper.year is not None else None,
        "container-title": paper.venue,
        "DOI": paper.doi,
        "PMID": paper.pmid,
        "abstract": paper.abstract,
        "custom": {name: value for name, value in custom.items() if value},
    }
    return {name: value for name, value in item.items() if value or name == "title"}


def _person(name: str) -> dict[str, str]:
    """Family and given name where the source told them apart; else the name as it stands."""
    family, comma, given = name.partition(", ")
    whole = comma and family and given and "," not in given and family == family.strip()
    return {"family": family, "given": given} if whole else {"literal": name}
