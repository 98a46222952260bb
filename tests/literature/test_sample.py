"""The sample library: only what its sources hold, in the project's own words, installed once and refreshed."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from consilience.errors import LibraryError
from consilience.literature import sample
from consilience.literature.library import Library
from consilience.literature.sample import open_library, open_sample, shipped_files

ORIGINALS = Path(__file__).parents[3] / "shared" / "data" / "systematic_reviews"
ALLOWED = {"id", "title", "abstract", "authors", "year", "pmid", "text_origin", "source"}
at_hand = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals are not shipped and not at hand here")


def records() -> list[dict[str, Any]]:
    return [json.loads(line) for file in shipped_files() for line in file.read_text(encoding="utf-8").splitlines()]


def identity(record: dict[str, Any]) -> str:
    return str(record["id"])


def words(text: str) -> list[str]:
    """Lower-case words; a number is one word, whatever points and commas it has."""
    return re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", text.lower())


def digits(text: str) -> set[str]:
    """Numbers written in digits; thousands' commas and the nought before a point do not matter."""
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    found = set(re.findall(r"\d*\.?\d+", plain))
    return {number.removeprefix("0") if number.startswith("0.") else number for number in found}


def spelled(text: str) -> set[str]:
    """The numbers from zero to ninety-nine that are written in words."""
    names = [*SMALL, *(f"{ten} {one}" if one else ten for ten in TENS for one in ("", *SMALL[1:10]))]
    plain = " " + " ".join(words(text)) + " "
    return {str(value) for value, name in enumerate(names) if f" {name} " in plain}


SMALL = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "  # noqa: SIM905 - a list of quoted words would be harder to read
    "seventeen eighteen nineteen".split()
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


@pytest.fixture(scope="module")
def originals() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(ORIGINALS.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                found[f"{record['review']}:{record['record_id']}"] = record
    return found


def test_there_are_enough_records_on_five_questions() -> None:
    assert len(shipped_files()) == 5
    assert len(records()) >= 60
    assert len({identity(record) for record in records()}) == len(records())


@pytest.mark.parametrize("record", records(), ids=identity)
def test_a_record_holds_only_what_its_source_can_hold(record: dict[str, Any]) -> None:
    assert set(record) <= ALLOWED
    assert record["text_origin"] == "summary"
    assert 80 <= len(record["abstract"].split()) <= 150


@at_hand
@pytest.mark.parametrize("record", records(), ids=identity)
def test_a_record_states_its_source_exactly(record: dict[str, Any], originals: dict[str, dict[str, Any]]) -> None:
    original = originals[record["source"]]
    assert record["title"] == original["title"].strip()
    assert record["authors"] == [name for name in (original["authors"] or "").split("; ") if name]
    assert record["year"] == int(float(original["year"]))
    assert (record["pmid"] or None) == (original["pmid"] or None)


@at_hand
@pytest.mark.parametrize("record", records(), ids=identity)
def test_a_text_is_in_our_own_words(record: dict[str, Any], originals: dict[str, dict[str, Any]]) -> None:
    def grams(text: str) -> set[tuple[str, ...]]:
        sequence = words(text)
        return {tuple(sequence[n : n + 8]) for n in range(len(sequence) - 7)}

    shared = grams(record["abstract"]) & grams(originals[record["source"]]["abstract"])
    assert not [" ".join(gram) for gram in shared]


@at_hand
@pytest.mark.parametrize("record", records(), ids=identity)
def test_every_number_stands_in_the_source(record: dict[str, Any], originals: dict[str, dict[str, Any]]) -> None:
    original = originals[record["source"]]
    source = f"{original['title']} {original['abstract']}"
    assert digits(record["abstract"]) - digits(source) - spelled(source) == set()


def test_the_sample_is_installed_at_first_use_and_left_alone_then(home: Path) -> None:
    library = open_sample(home)
    assert len(library.papers()) == len(records())
    assert all(paper.text_origin == "summary" and paper.abstract for paper in library.papers())
    database = home / "libraries" / "sample" / "library.sqlite"
    before = database.stat().st_mtime_ns
    assert open_library(home, "sample").papers() == library.papers()
    assert database.stat().st_mtime_ns == before
    with pytest.raises(LibraryError):
        open_library(home, "other")


def test_a_changed_sample_replaces_its_own_papers_and_keeps_a_persons(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ship(name: str, *shipped: dict[str, str]) -> None:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a.jsonl").write_text("\n".join(map(json.dumps, shipped)), encoding="utf-8")
        monkeypatch.setattr(sample, "shipped_files", lambda: sorted(folder.iterdir()))

    first = {"id": "one", "title": "One", "pmid": "1", "source": "set:1"}
    second = {"id": "two", "title": "Two", "pmid": "2", "source": "set:2"}
    ship("old", first, second)
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "mine", "title": "Mine", "pmid": "3"}\n{"title": "One", "pmid": "1"}\n', encoding="utf-8")
    open_sample(home).add([own])
    ship("new", second | {"abstract": "Now with a text."})
    papers = {paper.id: paper for paper in open_sample(home).papers()}
    assert set(papers) == {"one", "two", "mine"}  # "one" stays, because the person brought it too
    assert papers["two"].abstract == "Now with a text."
    assert Library.names(home) == ["sample"]
