"""CSL-JSON files, and arrays of plain objects. All references are invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.errors import LibraryError
from consilience.literature import csl
from consilience.literature.entries import SourceFile
from consilience.literature.reading import FileContent
from consilience.records import Record

ITEM: dict[str, Any] = {
    "id": "doe2001",
    "type": "article-journal",
    "title": "On the <i>Weight</i> of Clouds",
    "author": [
        {"family": "Berg", "given": "J.", "non-dropping-particle": "van den"},
        {"literal": "The Cloud Group"},
        {"family": "Roe"},
    ],
    "issued": {"date-parts": [["2001", 3]]},
    "container-title": "Fictional Work",
    "DOI": "10.1000/clouds",
    "PMID": 77,
    "abstract": "<jats:p>Clouds weighed more.</jats:p>",
}


def test_an_item_becomes_a_record(only: Callable[[str, str], Record]) -> None:
    record = only("a.json", json.dumps([ITEM]))
    assert record.title == "On the Weight of Clouds"
    assert record.authors == ("van den Berg, J.", "The Cloud Group", "Roe")
    assert (record.year, record.venue, record.doi, record.pmid) == (2001, "Fictional Work", "10.1000/clouds", "77")
    assert record.abstract == "Clouds weighed more."
    assert (record.key, record.type) == ("doe2001", "")


@pytest.mark.parametrize("wrapped", [ITEM, {"items": [ITEM]}])
def test_a_single_item_and_a_list_of_items_are_read(wrapped: object, only: Callable[[str, str], Record]) -> None:
    assert only("a.json", json.dumps(wrapped, indent=2)).key == "doe2001"


def test_crossrefs_arrays_and_raw_dates_are_read(only: Callable[[str, str], Record]) -> None:
    item = ITEM | {"title": ["T"], "container-title": ["J"], "issued": {"raw": "May 1999"}}
    record = only("a.json", json.dumps([item]))
    assert (record.title, record.venue, record.year) == ("T", "J", 1999)


def test_plain_objects_are_read_by_their_own_names(only: Callable[[str, str], Record]) -> None:
    record = only("a.json", json.dumps([{"title": "T", "authors": [{"name": "A Doe"}, "B Roe"], "year": 1999}]))
    assert (record.authors, record.year) == (("A Doe", "B Roe"), 1999)


def test_items_that_cannot_be_used_are_refused_by_number(content: Callable[[str, str], FileContent]) -> None:
    found = content("a.json", json.dumps([1, {"id": "x"}, {"title": {"a": 1}}, ITEM]))
    assert [refusal.where for refusal in found.refused] == ["item 1", "item 2", "item 3"]
    assert len(found.entries) == 1


def test_a_file_that_breaks_off_is_an_error_with_its_line(content: Callable[[str, str], FileContent]) -> None:
    with pytest.raises(LibraryError, match=r"line 2.*not JSON"):
        content("a.json", '[{"title": "T"},\n{"title": ')


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
NAMES = ["id", "title", "author", "authors", "issued", "DOI", "PMID", "abstract", "custom", "genre", "number", "year"]


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_an_item_of_any_shape_is_read_or_refused(item: dict[str, object]) -> None:
    assert len(list(csl.read(SourceFile("a.json", json.dumps([item]))))) == 1
