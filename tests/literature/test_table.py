"""CSV files and their relatives. All references are invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consilience.errors import LibraryError
from consilience.literature.reading import FileContent
from consilience.records import Record

Only = Callable[[str, str | bytes], Record]
Content = Callable[[str, str | bytes], FileContent]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_row_becomes_a_record_whatever_the_delimiter(only: Only, delimiter: str) -> None:
    header = delimiter.join(["Article Title", "Abstract Note", "Author(s)", "Publication Year", "DOI", "Cited by"])
    row = delimiter.join(['"On ""Clouds"""', '"Two lines:\nheavy."', '"Doe J, Roe K"', "2001.0", "10.1000/c", "9"])
    record = only("a.csv", b"\xef\xbb\xbf" + f"{header}\r\n{row}\r\n\r\n".encode())
    assert record.title == 'On "Clouds"'
    assert record.abstract == "Two lines: heavy."
    assert record.authors == ("Doe J", "Roe K")
    assert (record.year, record.doi) == (2001, "10.1000/c")


def test_columns_that_are_not_used_are_named_once(content: Content) -> None:
    found = content("a.csv", "title,Cited by\nA,1\nB,2\n")
    assert [note for note in found.notes if "Cited by" in note] == ["fields that are not used: Cited by"]


def test_rows_that_cannot_be_read_are_refused_with_their_lines(content: Content) -> None:
    found = content("a.csv", 'title,year\nA,2001,x\n"B"b,2002\nC,2003\n,2004\nD,2005,,\n"E,2006\nF,2007\n')
    assert [entry.record.title for entry in found.entries] == ["C", "D"]
    assert [refusal.where for refusal in found.refused] == ["line 2", "line 3", "line 5", "lines 7 to 8"]
    assert "quotation mark" in found.refused[-1].why


def test_a_spreadsheets_apostrophe_before_a_formula_is_no_part_of_the_text(only: Only) -> None:
    record = only("a.csv", "title,abstract\n'=1+1,'tis so\n")
    assert (record.title, record.abstract) == ("=1+1", "'tis so")


def test_a_table_without_titles_is_an_error(content: Content) -> None:
    with pytest.raises(LibraryError, match="no column is called title"):
        content("a.csv", "name,year\nA,2001\n")


def test_a_very_long_cell_is_refused(content: Content) -> None:
    found = content("a.csv", f"title,abstract\nA,{'x' * 200_000}\nB,{'y' * 20_001}\nC,ok\n")
    assert [entry.record.title for entry in found.entries] == ["C"]
    assert [refusal.where for refusal in found.refused] == ["line 2", "line 3"]
