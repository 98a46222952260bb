"""Reading what a recipe names, and making a library of it through the library's own door."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from consilience.errors import InputError
from consilience.evals.gold_schema import Recipe
from consilience.evals.libraries import build, name_of
from consilience.evals.recipes import read_recipe

REVIEW = Recipe(set="systematic_reviews/Made_Up")
ROWS = [
    {"record_id": "1", "pmid": "101", "title": "Zorbamol for acute pain in migraine",
     "abstract": "Zorbamol reduced pain.",
     "authors": "A One; B Two", "year": "1999.0", "label_included": 1},
    {"record_id": "2", "pmid": "102", "title": "Parvidol in asthma", "abstract": None,
     "authors": None, "year": None, "label_included": 0},
    {"record_id": "3", "pmid": "103", "title": None, "abstract": None, "authors": None, "year": None,
     "label_included": 1},
    {"record_id": "4", "pmid": None, "title": "Zorbamol for acute pain in  migraine.",
     "abstract": "Zorbamol reduced pain.",
     "authors": "A One; B Two", "year": "1999", "label_included": 0},
]  # fmt: skip


def written(folder: Path, name: str, rows: Sequence[Mapping[str, object]]) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    return written(tmp_path, "systematic_reviews/Made_Up.jsonl.gz", ROWS)


def test_a_review_sets_fields_are_read(sets: Path) -> None:
    first, second, *_ = read_recipe(REVIEW, sets)
    assert (first.record, first.pmid, first.year, first.authors) == ("1", "101", 1999, ("A One", "B Two"))
    assert first.included is True
    assert (second.abstract, second.year, second.authors, second.included) == ("", None, (), False)


def test_named_records_and_the_first_ones_come_once_in_order(sets: Path) -> None:
    recipe = Recipe(set=REVIEW.set, records=("4", "1"), first=2)
    assert [record.record for record in read_recipe(recipe, sets)] == ["1", "2", "4"]


def test_a_named_record_that_is_missing_is_told(sets: Path) -> None:
    with pytest.raises(InputError, match="lacks the records 9"):
        read_recipe(Recipe(set=REVIEW.set, records=("9",)), sets)


@pytest.mark.parametrize("folder", [None, Path("nowhere")])
def test_without_its_data_a_recipe_is_refused(folder: Path | None) -> None:
    with pytest.raises(InputError):
        read_recipe(REVIEW, folder)


def test_a_torn_file_is_told_by_line(tmp_path: Path) -> None:
    folder = tmp_path / "systematic_reviews"
    folder.mkdir()
    with gzip.open(folder / "Made_Up.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write('{"record_id": ')
    with pytest.raises(InputError, match="line 1"):
        read_recipe(REVIEW, tmp_path)


def test_question_and_claim_sets_are_read(tmp_path: Path) -> None:
    written(
        tmp_path,
        "pubmedqa/pqal_trainval.jsonl.gz",
        [{"pmid": 7, "question": "Does it work?", "contexts": ["Aim.", "It did."], "year": "2001"}],
    )
    written(tmp_path, "scifact/corpus.jsonl.gz", [{"doc_id": 8, "title": "Mice", "abstract": ["One. ", "Two."]}])
    (asked,) = read_recipe(Recipe(set="pubmedqa"), tmp_path)
    assert (asked.record, asked.pmid, asked.title, asked.abstract) == (
        "7",
        "7",
        "Does it work?",
        "Aim. It did.",
    )
    (found,) = read_recipe(Recipe(set="scifact"), tmp_path)
    assert (found.record, found.title, found.abstract) == ("8", "Mice", "One. Two.")


def test_the_sample_needs_no_data() -> None:
    assert len(read_recipe(Recipe(set="sample"), None)) >= 60


def test_a_set_becomes_a_library_whose_records_can_be_found(sets: Path, home: Path) -> None:
    built = build(REVIEW, home, sets)
    assert (
        built.resolve("pmid:101")
        == built.resolve("record:1")
        == built.resolve("title:zorbamol for Acute pain in migraine")
    )
    assert built.papers[built.of_record["1"]].abstract == "Zorbamol reduced pain."
    assert built.of_record["4"] == built.of_record["1"], "the same work is merged"
    assert built.papers[built.of_record["2"]].abstract == ""
    assert built.lost == ("3",)
    assert built.resolve("record:3") is None


def test_a_library_that_stands_is_used_again(sets: Path, home: Path) -> None:
    first = build(REVIEW, home, sets)
    assert build(REVIEW, home, sets) == first


def test_every_recipe_has_a_name_of_its_own() -> None:
    recipes = [REVIEW, Recipe(set=REVIEW.set, first=2), Recipe(set="scifact"), Recipe(set="scifact", first=2)]
    names = {name_of(recipe) for recipe in recipes}
    assert len(names) == len(recipes)
    assert all(len(name) <= 63 for name in names)


def test_the_samples_papers_are_found_by_pmid(home: Path) -> None:
    built = build(Recipe(set="sample"), home, None)
    assert built.name == "sample"
    assert built.lost == ()
    paper_id = built.resolve("pmid:10636142")
    assert paper_id is not None
    assert built.papers[paper_id].pmid == "10636142"
