"""What goes out comes back in, whatever the texts hold; and a file is there whole or not at all."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from consilience.errors import LibraryError
from consilience.literature.entries import Entry, SourceFile, build
from consilience.literature.exporting import WRITERS, write_papers
from consilience.literature.merging import Catalogue
from consilience.literature.reading import read_file
from consilience.records import Paper

ENDINGS = {"bibtex": ".bib", "ris": ".ris", "csl-json": ".json", "csv": ".csv", "jsonl": ".jsonl"}
NASTY = st.sampled_from(
    [
        *("{", "}", "\\", '"', ",", ";", "--", "---", "``", "''", "$5", "%", "#", "_", "^", "~", "\\'e", "$\\alpha$"),
        *("\\textit{a}", "&", "&lt;", "&amp;lt;", "<p>", "</p>", "<b", "<i>x</i>", "10<sup>6</sup>", "RETRACTED: "),
        *("@article{x,", "TY  - ", "ER  - ", " and ", "others", "=1+1", "+", "-", "@", "'=x", "\n", "\r", "\t", "  "),
        *("\u2028", "\u00ad", "\u202e", "\x00", "\x1f", "\ud800", "é", "e\u0301", "ø", "医学", "10 mg", " "),
    ]
)
TEXTS = st.lists(st.one_of(NASTY, st.text(max_size=12)), max_size=8).map("".join)
RAW = st.fixed_dictionaries(
    {
        "id": st.one_of(st.just(""), st.from_regex(r"[a-z][A-Za-z0-9._-]{0,20}", fullmatch=True)),
        "title": TEXTS.map(lambda text: text + "t"),
        "abstract": TEXTS,
        "authors": st.lists(TEXTS, max_size=4),
        "year": st.one_of(st.none(), st.integers(1000, 2100)),
        "venue": TEXTS,
        "doi": st.sampled_from(["", "10.1000/Ab--c_d(1)", "10.48550/arXiv.2101.00001", "10.1000/a<b>{c}~$"]),
        "pmid": st.sampled_from(["", "123", "0042"]),
        "arxiv": st.sampled_from(["", "2101.00002v3", "hep-th/9901001"]),
        "type": st.one_of(st.sampled_from(["", "article", "book", "JOUR", "Retracted Publication", "10.x"]), TEXTS),
        "retracted": st.booleans(),
        "text_origin": st.sampled_from(["authors", "summary"]),
        "source": st.sampled_from(["", "set:3; other:4", "a & b"]),
    }
)


def catalogue(raws: list[dict[str, object]]) -> list[Paper]:
    """The papers that a library would hold after these records."""
    papers = Catalogue(())
    for raw in raws:
        entry = build(SourceFile("first.jsonl", ""), "line 1", raw)
        if isinstance(entry, Entry):
            papers.take(entry.record)
    return [papers.papers[paper_id] for paper_id in sorted(papers.papers)]


def there_and_back(papers: list[Paper], format: str) -> list[Paper]:
    """The papers of a library made from the exported file alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out{ENDINGS[format]}"
        write_papers(papers, path, format)
        content = read_file(path)
    assert not content.refused
    again = Catalogue(())
    for entry in content.entries:
        again.take(entry.record)
    return [again.papers[paper_id] for paper_id in sorted(again.papers)]


@pytest.mark.parametrize("format", sorted(WRITERS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(raws=st.lists(RAW, min_size=1, max_size=3))
@example(raws=[{"title": "=cmd()", "authors": ["others"], "abstract": '-1 {"'}])
@example(raws=[{"title": "A", "authors": ["World and Co, Ltd", "A B, C D, E F"], "abstract": "p < 0.05 &lt;b>"}])
@example(raws=[{"title": "A", "authors": ["A B, C D, E F"]}])
def test_what_goes_out_comes_back_in(format: str, raws: list[dict[str, object]]) -> None:
    papers = catalogue(raws)
    if papers:
        assert there_and_back(papers, format) == papers


@pytest.mark.parametrize("format", sorted(WRITERS))
def test_an_empty_library_is_written_too(format: str, tmp_path: Path) -> None:
    write_papers([], tmp_path / "out", format)
    assert (tmp_path / "out").is_file()


def test_a_spreadsheet_runs_no_cell_of_ours(tmp_path: Path) -> None:
    papers = catalogue([{"title": '=HYPERLINK("http://x")', "abstract": "+1", "authors": ["@a"], "venue": "-2"}])
    write_papers(papers, tmp_path / "out.csv", "csv")
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        cells = list(csv.reader(file))[1]
    assert {'\'=HYPERLINK("http://x")', "'+1", "'@a", "'-2"} <= set(cells)


def test_csl_items_are_what_reference_managers_expect(tmp_path: Path) -> None:
    papers = catalogue([{"id": "k1", "title": "T", "authors": ["Doe, J.", "The Group"], "year": 1999, "pmid": "7"}])
    write_papers(papers, tmp_path / "out.json", "csl-json")
    (item,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert item["type"] == "article-journal"
    assert item["author"] == [{"family": "Doe", "given": "J."}, {"literal": "The Group"}]
    assert item["issued"] == {"date-parts": [[1999]]}
    assert item["PMID"] == "7"


def test_an_unknown_format_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(LibraryError) as caught:
        write_papers([], tmp_path / "out.doc", "docx")
    assert "bibtex" in caught.value.advice
    assert not list(tmp_path.iterdir())


def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="is a folder"):
        write_papers([], tmp_path, "csv")
    with pytest.raises(LibraryError, match="does not exist"):
        write_papers([], tmp_path / "no" / "out.csv", "csv")
