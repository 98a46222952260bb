"""Owns JSON Lines: one object a line with the fields of ``entries.FIELDS``. The sample library is kept in it.

The public screening sets' files are read as they are: what is not a field is named once and left aside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO, cast

from consilience.records import Paper

from .entries import FIELDS, Entry, Refusal, SourceFile, build


def read(source: SourceFile) -> Iterator[Entry | Refusal]:
    """The file's lines in order; blank ones are skipped."""
    unused: set[str] = set()
    for number, line in enumerate(source.text.split("\n"), start=1):
        if line.strip():
            yield _entry(source, f"line {number}", line, unused)
    name_unused(source, unused)


def _entry(source: SourceFile, where: str, line: str, unused: set[str]) -> Entry | Refusal:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply or a number too long"
        return Refusal(where, f"it is not JSON ({reason})")
    if not isinstance(value, dict):
        return Refusal(where, "it is not a JSON object")
    return entry_of(source, where, cast("dict[str, object]", value), unused)


def entry_of(source: SourceFile, where: str, raw: Mapping[str, object], unused: set[str]) -> Entry | Refusal:
    """The entry of one object; names that are no field are added to ``unused``."""
    unused.update(name for name in raw if name not in FIELDS)
    return build(source, where, raw, numbers_as_ids=True)


def name_unused(source: SourceFile, unused: set[str]) -> None:
    """Tell once which fields of the file were left aside."""
    if unused:
        shown = sorted(unused)[:20]
        more = f" and {len(unused) - 20} more" if len(unused) > 20 else ""
        source.note(f"fields that are not used: {', '.join(shown)}{more}")


def write(papers: Sequence[Paper], file: TextIO) -> None:
    """One line a paper, fields in a fixed order, empty ones left out except the title and the abstract."""
    for paper in papers:
        fields: dict[str, object] = {
            "id": paper.id,
            "title": paper.title,
            "abstract": paper.abstract,
            "authors": list(paper.authors),
            "year": paper.year,
            "venue": paper.venue,
            "doi": paper.doi,
            "pmid": paper.pmid,
            "arxiv": paper.arxiv,
            "type": paper.type,
            "retracted": paper.retracted,
            "text_origin": paper.text_origin,
            "source": "; ".join(paper.sources),
        }
        kept = {name: value for name, value in fields.items() if value or name in ("title", "abstract")}
        file.write(json.dumps(kept, ensure_ascii=False) + "\n")
