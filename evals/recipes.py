"""Reads the records that a recipe names: the shipped sample or a public set below the data folder.

Nothing is copied into the project: sets are read where they lie. Light: imports neither a library nor a
model.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import consilience.literature
from consilience.errors import InputError

from .gold_schema import Recipe

SAMPLE_FOLDER = Path(consilience.literature.__file__).parent / "sample"
_FILES = {"pubmedqa": "pubmedqa/pqal_trainval.jsonl.gz", "scifact": "scifact/corpus.jsonl.gz"}


@dataclass(frozen=True)
class SetRecord:
    """One record of a set.

    ``record`` is the set's own number; ``included`` the reviewers' decision, if any.
    """

    record: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    pmid: str = ""
    included: bool | None = None

    def answers_to(self, reference: str) -> bool:
        """Whether a gold reference (``pmid:``, ``record:`` or ``title:``) means this record."""
        kind, _, value = reference.partition(":")
        if kind == "title":
            return folded(self.title) == folded(value)
        return value == (self.pmid if kind == "pmid" else self.record)


def folded(title: str) -> str:
    """A title reduced to its letters and digits, for comparison."""
    return "".join(re.findall(r"[^\W_]+", title.casefold()))


def file_of(recipe: Recipe, data: Path | None) -> Path | None:
    """Where the recipe's set lies; None for the sample.

    Raises:
        InputError: the recipe needs the data folder, and it or the set is not there.
    """
    if recipe.set == "sample":
        return None
    if data is None:
        raise InputError(f"the set {recipe.set} needs the folder of public data", "give it with --data DIR")
    path = data / _FILES.get(recipe.set, f"{recipe.set}.jsonl.gz")
    if not path.is_file():
        raise InputError(f"no set at {path}", "point --data at the folder that holds it")
    return path


def read_recipe(recipe: Recipe, data: Path | None) -> tuple[SetRecord, ...]:
    """The recipe's records in the set's order, each once.

    Raises:
        InputError: the set is missing or malformed, or a named record is not in it.
    """
    path = file_of(recipe, data)
    rows = _sample() if path is None else tuple(_read(recipe.set, path))
    if recipe.first is None and not recipe.records:
        return rows
    wanted = set(recipe.records)
    if missing := wanted - {row.record for row in rows}:
        raise InputError(f"{recipe.set} lacks the records {', '.join(sorted(missing))}")
    kept = {row.record for row in rows[: recipe.first or 0]} | wanted
    return tuple(row for row in rows if row.record in kept)


def _sample() -> tuple[SetRecord, ...]:
    return tuple(
        _record(row, record="id", abstract=_text(row.get("abstract")))
        for path in sorted(SAMPLE_FOLDER.glob("*.jsonl"))
        for row in _rows(path.read_text(encoding="utf-8").splitlines(), path)
    )


def _read(name: str, path: Path) -> Iterator[SetRecord]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in _rows(lines, path):
            if name == "pubmedqa":
                abstract = " ".join(cast(list[str], row["contexts"]))
                yield _record(row, record="pmid", title="question", abstract=abstract)
            elif name == "scifact":
                abstract = " ".join(s.strip() for s in cast(list[str], row["abstract"]))
                yield _record(row, record="doc_id", abstract=abstract)
            else:
                yield _record(row, record="record_id", abstract=_text(row.get("abstract")))


def _rows(lines: Iterable[str], path: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield cast(Mapping[str, Any], json.loads(line))
        except json.JSONDecodeError as error:
            raise InputError(f"{path}, line {number}: {error}", "is the file complete?") from error


def _record(row: Mapping[str, Any], *, record: str, abstract: str, title: str = "title") -> SetRecord:
    label = row.get("label_included")
    return SetRecord(
        record=str(row[record]),
        title=_text(row.get(title)),
        abstract=" ".join(abstract.split()),
        authors=_authors(row.get("authors")),
        year=_year(row.get("year")),
        pmid=_text(row.get("pmid")),
        included=None if label is None else bool(label),
    )


def _text(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(name) for name in cast(list[object], value))
    return tuple(name.strip() for name in _text(value).split(";") if name.strip())


def _year(value: object) -> int | None:
    found = re.match(r"\d{4}", _text(value))
    return int(found.group()) if found else None
