"""JSON Lines files. All references are invented."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest

from consilience.literature.reading import FileContent
from consilience.records import Record

Only = Callable[[str, str | bytes], Record]
Content = Callable[[str, str | bytes], FileContent]


def test_a_line_becomes_a_record(only: Only) -> None:
    line = {
        "id": "doe2001-clouds", "title": "T", "abstract": "A.", "authors": "A Doe; B Roe", "year": "1999.0",
        "pmid": "77", "doi": None, "arxiv": "2101.00001", "type": "Trial", "retracted": True,
        "text_origin": "summary", "source": "set:4", "venue": "V",
    }  # fmt: skip
    assert only("a.jsonl", json.dumps(line)) == Record(
        source="set:4", key="doe2001-clouds", title="T", abstract="A.", authors=("A Doe", "B Roe"), year=1999,
        venue="V", pmid="77", arxiv="2101.00001", type="Trial", retracted=True, text_origin="summary",
    )  # fmt: skip


def test_a_compressed_file_is_read(only: Only) -> None:
    assert only("a.jsonl.gz", gzip.compress(b'{"title": "T"}\n')).title == "T"


@pytest.mark.parametrize(
    ("value", "year"), [(1999, 1999), ("1999", 1999), ("1999.0", 1999), (1999.0, 1999), ("n.d.", None), (0, None)]
)
def test_a_year_is_read_however_it_is_written(only: Only, value: object, year: int | None) -> None:
    assert only("a.jsonl", json.dumps({"title": "T", "year": value})).year == year


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), (1, True), ("yes", True), ("2020-01-01", True), ("no", False), (None, False)]
)
def test_any_sign_of_retraction_counts(only: Only, value: object, expected: bool) -> None:
    assert only("a.jsonl", json.dumps({"title": "T", "retracted": value})).retracted is expected


def test_lines_that_cannot_be_used_are_refused_with_their_numbers(content: Content) -> None:
    lines = [
        '{"title": "A"}', "", "{broken", "[1]", '{"title": ""}', '{"title": 1}', '{"title": ["x", 2]}',
        json.dumps({"title": "B", "abstract": "x" * 20_001}), json.dumps({"title": "C", "abstract": "x" * 20_000}),
        '{"title": "D", "text_origin": "me"}', '{"title": "E\\u2028F"}', '{"title": "G", "year": {"a": 1}}',
    ]  # fmt: skip
    found = content("a.jsonl", "\n".join(lines))
    assert [entry.record.title for entry in found.entries] == ["A", "1", "C", "E F"]
    assert [r.where for r in found.refused] == [f"line {n}" for n in (3, 4, 5, 7, 8, 10, 12)]
    assert "20,001 characters" in found.refused[4].why


def test_fields_that_are_not_used_and_values_that_are_not_read_are_told(content: Content) -> None:
    lines = [json.dumps({"title": f"T{n}", "label": 1, "doi": "none", "pmid": "x1"}) for n in range(3)]
    notes = content("a.jsonl", "\n".join(lines)).notes
    assert "fields that are not used: label" in notes
    assert "a value that is not a DOI was left empty (3 times)" in notes
    assert "a value that is not a PMID was left empty (3 times)" in notes


def test_an_id_that_is_not_safe_is_not_kept(content: Content) -> None:
    found = content("a.jsonl", '{"id": "../../x", "title": "T"}\n{"id": 12, "title": "U"}')
    assert [entry.record.key for entry in found.entries] == ["", "12"]
    assert any("id" in note for note in found.notes)
