"""RIS files, whole and broken. All references are invented."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from consilience.literature import ris
from consilience.literature.entries import Entry, SourceFile
from consilience.literature.reading import FileContent
from consilience.records import Record

Only = Callable[[str, str], Record]
Content = Callable[[str, str], FileContent]


def test_a_reference_becomes_a_record(only: Only) -> None:
    record = only(
        "refs.ris",
        "TY  - JOUR\r\nID  - doe2001\r\nT1  - On the Weight of Clouds\r\nAU  - Doe, J.\r\nAU  - Roe, K.\r\n"
        "PY  - 2001/03/05/\r\nJF  - Fictional Work\r\nUR  - https://doi.org/10.1000/clouds\r\n"
        "N2  - Clouds weighed\r\nmore than air.\r\nDB  - PubMed\r\nAN  - 77\r\nER  - \r\n",
    )
    assert record.title == "On the Weight of Clouds"
    assert record.authors == ("Doe, J.", "Roe, K.")
    assert (record.year, record.venue, record.doi, record.pmid) == (2001, "Fictional Work", "10.1000/clouds", "77")
    assert record.abstract == "Clouds weighed more than air."
    assert (record.key, record.type) == ("doe2001", "")


def test_an_accession_number_of_another_database_is_no_pmid(only: Only) -> None:
    assert only("a.ris", "TY  - JOUR\nTI  - T\nDB  - Embase\nAN  - 77\nER  - \n").pmid == ""


def test_kinds_and_notes_are_read(only: Only) -> None:
    text = "TY  - CHAP\nTI  - T\nN1  - PMID: 88\nN1  - Text origin: summary\nN1  - Retracted: yes\nER  -\n"
    record = only("a.ris", text)
    assert (record.type, record.pmid, record.text_origin, record.retracted) == ("Book chapter", "88", "summary", True)


def test_references_that_do_not_close_are_refused_with_their_lines(content: Content) -> None:
    found = content(
        "a.ris",
        "TY  - JOUR\nTI  - Open\nTY  - JOUR\nTI  - Good\nER  - \n\nTI  - Stray\nAU  - Stray\n"
        "TY  - JOUR\nPY  - 2001\nER  - \nTY  - JOUR\nTI  - Cut off\nAB  - Half an abs",
    )
    assert [entry.record.title for entry in found.entries] == ["Good"]
    assert [refusal.where for refusal in found.refused] == ["line 1", "line 7", "line 9", "line 12"]


@given(st.text(alphabet=st.sampled_from(list("TYERAUI  -\n1x")), max_size=150))
def test_any_text_is_read_without_an_error(text: str) -> None:
    items = list(ris.read(SourceFile("a.ris", text + "\nTY  - JOUR\nTI  - Last\nER  - \n")))
    assert isinstance(items[-1], Entry)
