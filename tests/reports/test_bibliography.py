"""Reference lines and short names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reports.bibliography import reference_line, short_name, sort_key, surname
from consilience.reports.report import ReportPaper


def paper(**fields: object) -> ReportPaper:
    given = {"id": "p", "title": "On wards", "included": True, "reason": "", "score": 1.0}
    return ReportPaper.model_validate({**given, **fields})


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("T E Wilens", "Wilens"),
        ("Wilens TE", "Wilens"),
        ("Wilens, Timothy E.", "Wilens"),
        ("T. E. Wilens", "Wilens"),
        ("J-P Serra", "Serra"),
        ("J van der Berg", "van der Berg"),
        ("van der Berg J", "van der Berg"),
        ("María José García", "García"),
        ("The Ward Study Group", "The Ward Study Group"),
        ("Madonna", "Madonna"),
        ("Xu Q", "Xu"),
    ],
)
def test_family_names(name: str, family: str) -> None:
    assert surname(name) == family


@given(st.text(max_size=40))
def test_any_name_has_some_family_name(name: str) -> None:
    assert surname(name) in " ".join(name.split()) or not surname(name).isascii() or not name.isprintable()


def test_a_full_reference() -> None:
    line = reference_line(
        paper(
            authors=("A Ba", "C De"),
            year=1999,
            venue="J Wards",
            doi="10.1000/x",
            pmid="1",
            arxiv="2401.12345",
        )
    )
    assert line.text == "A Ba, C De (1999). On wards. J Wards. doi:10.1000/x PMID 1 arXiv:2401.12345"
    assert all(link.href.startswith("https://") for link in line.links)


def test_unknown_fields_stay_empty_and_a_title_keeps_its_own_mark() -> None:
    assert reference_line(paper(title="Is it so?")).text == "Is it so?"
    assert reference_line(paper(year=2001)).text == "(2001). On wards."


def test_names_with_commas_are_parted_by_semicolons() -> None:
    assert reference_line(paper(authors=("Ba, A.", "De, C."))).authors == "Ba, A.; De, C."


def test_short_names_for_running_text() -> None:
    assert short_name(paper(authors=("A Ba",), year=1999)) == "Ba 1999"
    assert short_name(paper(authors=("A Ba", "C De"), year=1999)) == "Ba and De 1999"
    assert short_name(paper(authors=("A Ba", "C De", "E Fo"), year=1999)) == "Ba et al. 1999"
    assert short_name(paper(authors=(" ",))) == "On wards"


def test_references_are_ordered_by_name_then_year() -> None:
    found = [
        paper(id="1", authors=("B Zo",), year=1999),
        paper(id="2", authors=("Z Ab",), year=2005),
        paper(id="3", authors=("Y Ab",), year=2001),
        paper(id="4", title="Melatonin"),
    ]
    assert [p.id for p in sorted(found, key=sort_key)] == ["3", "2", "4", "1"]
