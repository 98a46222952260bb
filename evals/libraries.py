"""Builds the library that a question is asked of, under a home of its own, through the library's own door.

A set becomes a JSON Lines file in a temporary folder and is added like a person's file: what the product
refuses or merges there, it refuses or merges here, and the records that did not come through are counted.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from consilience.literature.library import Library
from consilience.records import Paper

from .gold_schema import Recipe
from .recipes import SetRecord, folded, read_recipe

SAMPLE = "sample"


@dataclass(frozen=True)
class BuiltLibrary:
    """A library's name and the way from a set's record, or a gold reference, to the paper it became."""

    name: str
    papers: dict[str, Paper]
    of_record: dict[str, str]
    records: tuple[SetRecord, ...]

    def resolve(self, reference: str) -> str | None:
        """The id of the paper that a gold reference names; None if it did not come through."""
        return next((self.of_record.get(r.record) for r in self.records if r.answers_to(reference)), None)

    @property
    def lost(self) -> tuple[str, ...]:
        """Records that no paper stands for: those without a title and an abstract."""
        return tuple(r.record for r in self.records if r.record not in self.of_record)


def build(recipe: Recipe, home: Path, data: Path | None) -> BuiltLibrary:
    """The recipe's library under ``home``; one that stands there already is used as it is.

    Raises:
        InputError: the set or one of its records is missing.
        LibraryError: nothing of the set could be read.
    """
    records = read_recipe(recipe, data)
    if recipe.set == SAMPLE:
        from consilience.literature.sample import open_sample

        library = open_sample(home)
    else:
        name = name_of(recipe)
        if Library.exists(home, name):
            library = Library.open(home, name)
        else:
            library = Library.create(home, name)
            with tempfile.TemporaryDirectory(prefix="consilience-eval-") as folder:
                library.add([write_jsonl(records, name, Path(folder) / f"{name}.jsonl")])
    papers = {paper.id: paper for paper in library.papers()}
    return BuiltLibrary(library.name, papers, match_records(records, tuple(papers.values()), library.name), records)


def name_of(recipe: Recipe) -> str:
    """The library's slug: the set's name and a digest of the recipe."""
    digest = hashlib.sha256(recipe.model_dump_json().encode()).hexdigest()[:8]
    return f"eval-{slug(recipe.set.rsplit('/', 1)[-1])}-{digest}"


def slug(text: str) -> str:
    """Lower-case letters and digits, joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", text.casefold()))


def write_jsonl(records: Sequence[SetRecord], source: str, path: Path) -> Path:
    """Write the records as JSON Lines, as a person would bring them, without those that have no title."""
    lines = (
        json.dumps(
            {
                "id": f"{source}-{slug(r.record)}",
                "title": r.title,
                "abstract": r.abstract,
                "authors": list(r.authors),
                "year": r.year,
                "pmid": r.pmid,
            },
            ensure_ascii=False,
        )
        for r in records
        if r.title
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def match_records(records: Sequence[SetRecord], papers: Sequence[Paper], name: str) -> dict[str, str]:
    """Record number to paper id: by PMID, by the id it was given, or (where it was merged) by its title."""
    by_pmid = {paper.pmid: paper.id for paper in papers if paper.pmid}
    by_title = {folded(paper.title): paper.id for paper in papers}
    ids = {paper.id for paper in papers}
    found: dict[str, str] = {}
    for record in records:
        given = (record.record, f"{name}-{slug(record.record)}")
        candidates = (
            by_pmid.get(record.pmid) if record.pmid else None,
            next((paper_id for paper_id in given if paper_id in ids), None),
            by_title.get(folded(record.title)) if folded(record.title) else None,
        )
        if paper_id := next((c for c in candidates if c is not None), None):
            found[record.record] = paper_id
    return found
