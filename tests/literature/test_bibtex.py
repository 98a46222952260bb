"""BibTeX files, whole and broken. All references are invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.errors import LibraryError
from consilience.literature import bibtex
from consilience.literature.entries import Entry, SourceFile
from consilience.literature.reading import FileContent
from consilience.records import Record

Only = Callable[[str, str], Record]
Content = Callable[[str, str], FileContent]


def test_an_entry_becomes_a_record(only: Only) -> None:
    record = only(
        "refs.bib",
        r"""
        This line is a comment.
        @string{jfw = "Journal of Fictional Work"}
        @comment{nothing {here}}
        @Article{doe2001,
          title = {{On the {Weight} of Clouds}: a \emph{pilot}},
          author = {Doe, J{\"o}rg and {Cloud and Rain Group} and K. Roe and others},
          journal = jfw # { B},
          year = 2001, month = jan,
          doi = "https://doi.org/10.1000/Clouds\_1", pmid = {77},
          eprint = {2101.00001v2}, archivePrefix = {arXiv},
          abstract = {Clouds weighed 5\,kg
              more (p $<$ 0.05).},
        }
        """,
    )
    assert record.title == "On the Weight of Clouds: a pilot"
    assert record.authors == ("Doe, Jörg", "Cloud and Rain Group", "K. Roe")
    assert record.venue == "Journal of Fictional Work B"
    assert (record.year, record.doi, record.pmid, record.arxiv) == (2001, "10.1000/clouds_1", "77", "2101.00001")
    assert record.abstract == "Clouds weighed 5 kg more (p < 0.05)."
    assert (record.key, record.source, record.type) == ("doe2001", "file:refs.bib", "")


def test_biblatex_names_and_kinds_are_known(only: Only) -> None:
    record = only("a.bib", "@thesis(x1, title = {T}, date = {2020-05-01}, journaltitle = {J})")
    assert (record.year, record.venue, record.type) == (2020, "J", "thesis")


def test_broken_entries_are_refused_with_their_lines_and_the_others_are_read(content: Content) -> None:
    found = content(
        "a.bib",
        "@article{good1, title={One}}\n"
        "@article{open, title={Never {closed}, year=2000\n"
        "@article{good2, title={Two}} @book{good3, title={Three}}\n"
        "article{lost,\n  title={No at}}\n"
        "@article{bare, year=2001}\n"
        "@article{nocomma title={X}}\n"
        "@article{good4, title={Four}}\n",
    )
    assert [entry.record.title for entry in found.entries] == ["One", "Two", "Three", "Four"]
    assert [entry.where for entry in found.entries][:2] == ["line 1 (good1)", "line 3 (good2)"]
    refused = dict(found.refused)
    assert sorted(refused) == ["line 2", "line 4", "line 6 (bare)", "line 7"]
    assert "not balanced" in refused["line 2"]
    assert "@" in refused["line 4"]
    assert "no title" in refused["line 6 (bare)"]


def test_an_abbreviation_that_is_not_defined_keeps_the_entry_and_is_told(content: Content) -> None:
    found = content("a.bib", "@article{k, title={T}, journal = jfw}\n@article{l, title={U}, journal = jfw}")
    assert [entry.record.venue for entry in found.entries] == ["jfw", "jfw"]
    assert any("jfw" in note for note in found.notes)


def test_a_file_that_is_only_broken_is_an_error_that_says_why(content: Content) -> None:
    with pytest.raises(LibraryError, match="line 1: the braces of this @article"):
        content("a.bib", "@article{x, title={open")


def test_braces_nested_without_end_are_refused(content: Content) -> None:
    deep = "{" * 3_000 + "}" * 3_000
    found = content("a.bib", f"@article{{x, title={deep}}}\n@article{{y, title={{T}}}}")
    assert [entry.record.title for entry in found.entries] == ["T"]
    assert "nested" in found.refused[0].why


@given(st.text(alphabet=st.sampled_from(list('@article{}(),="#\n title1\\')), max_size=120))
def test_any_text_is_read_without_an_error(text: str) -> None:
    items = list(bibtex.read(SourceFile("a.bib", text + "\n@article{last, title={Last}}\n")))
    assert items
    assert all(item.where.startswith("line ") for item in items)
    assert sum(isinstance(item, Entry) for item in items) <= text.count("@") + 1
