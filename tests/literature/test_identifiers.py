"""Identifiers in all the ways people write them, and the ids that papers get."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.literature.identifiers import (
    arxiv_of_doi,
    derived_id,
    is_safe_id,
    normalise_arxiv,
    normalise_doi,
    normalise_pmid,
)
from consilience.records import Record


@pytest.mark.parametrize(
    ("raw", "doi"),
    [
        ("10.1000/ABC.1", "10.1000/abc.1"),
        ("https://doi.org/10.1000/abc%2F1", "10.1000/abc/1"),
        ("http://dx.doi.org/10.1000/a(1)b", "10.1000/a(1)b"),
        ("doi:10.1000/x.", "10.1000/x"),
        (" DOI: 10.1000/x ", "10.1000/x"),
        ("10.1000/a%2Fb", "10.1000/a%2fb"),
        ("11.1000/x", ""),
        ("see 10.1000/x", ""),
        ("10.1000/", ""),
        ("n/a", ""),
    ],
)
def test_a_doi_is_one_however_it_is_written(raw: str, doi: str) -> None:
    assert normalise_doi(raw) == doi


@pytest.mark.parametrize(
    ("raw", "pmid"),
    [
        ("123", "123"), ("0123", "123"), ("123.0", "123"), ("PMID: 123", "123"), ("0", ""), ("12a", ""), ("", ""),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "123"), ("1234567890", ""), ("١٢٣", ""),
    ],
)  # fmt: skip
def test_a_pmid_is_its_digits(raw: str, pmid: str) -> None:
    assert normalise_pmid(raw) == pmid


@pytest.mark.parametrize(
    ("raw", "arxiv"),
    [
        ("2101.00001v3", "2101.00001"), ("arXiv:2101.00001", "2101.00001"), ("hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/abs/2101.00001", "2101.00001"), ("https://arxiv.org/pdf/2101.00001v1.pdf", "2101.00001"),
        ("arXiv:2101.00001 [cs.CL]", "2101.00001"), ("math.GT/0309136", "math.gt/0309136"), ("2101.1", ""),
    ],
)  # fmt: skip
def test_an_arxiv_id_has_no_version(raw: str, arxiv: str) -> None:
    assert normalise_arxiv(raw) == arxiv


def test_arxivs_own_doi_tells_the_arxiv_id() -> None:
    assert arxiv_of_doi("10.48550/arxiv.2101.00001") == "2101.00001"
    assert arxiv_of_doi("10.1000/arxiv.2101.00001") == ""


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    for normalise in (normalise_doi, normalise_pmid, normalise_arxiv):
        assert normalise(normalise(text)) == normalise(text)


@given(st.from_regex(r"10\.\d{4}/\S{1,60}", fullmatch=True), st.from_regex(r"10\.\d{4}/\S{1,60}", fullmatch=True))
def test_ids_are_safe_and_differ_where_dois_differ(one: str, other: str) -> None:
    first, second = (normalise_doi(doi) for doi in (one, other))
    if first and second:
        ids = [derived_id(Record(source="s", title="t", doi=doi)) for doi in (first, second)]
        assert all(is_safe_id(paper_id) for paper_id in ids)
        assert (ids[0] == ids[1]) is (first == second)


def test_an_id_is_taken_from_the_strongest_identifier() -> None:
    record = Record(source="s", title="A title", doi="10.1000/x", pmid="7", arxiv="2101.00001")
    assert derived_id(record) == "doi-10.1000-x"
    assert derived_id(record.model_copy(update={"doi": ""})) == "pmid-7"
    assert derived_id(record.model_copy(update={"doi": "", "pmid": ""})) == "arxiv-2101.00001"
    bare = Record(source="s", title="A title")
    assert derived_id(bare).startswith("title-")
    assert derived_id(bare) == derived_id(Record(source="other", title="a TITLE."))
    assert derived_id(bare) != derived_id(Record(source="s", title="A title", year=2001))


@pytest.mark.parametrize("text", ["", "../x", "a/b", "a b", "-a", "a-", ".", "a:b", "é", "a" * 65, "a\n"])
def test_an_unsafe_key_is_no_id(text: str) -> None:
    assert not is_safe_id(text)
