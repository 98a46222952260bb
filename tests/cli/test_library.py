"""``library``: real files in, figures out, nothing lost by what cannot be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]
BIBTEX = """
@article{one, title = {Zorbine and flimsy}, author = {Quux, A and Plugh, B}, year = {2001},
  doi = {10.1000/one}, abstract = {Zorbine reduced flimsy.}}
@article{two, title = {Another matter}, author = {Xyzzy, C}, year = {1999}}
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """One good BibTeX file, one JSON Lines file with a duplicate and a bad line, one that is empty."""
    made = {name: tmp_path / name for name in ("good.bib", "mixed.jsonl", "empty.ris")}
    made["good.bib"].write_text(BIBTEX)
    rows = [
        {"title": "Zorbine and flimsy", "doi": "10.1000/ONE", "pmid": "17"},
        {"title": "A third \x1b[31mpaper", "abstract": "It says something."},
    ]
    made["mixed.jsonl"].write_text("\n".join(json.dumps(row) for row in rows) + "\nnot json\n")
    made["empty.ris"].write_text("")
    return made


def test_each_file_is_told_what_became_of_it(call: Call, files: dict[str, Path]) -> None:
    result = call("library", "add", "mine", str(files["good.bib"]), str(files["mixed.jsonl"]))
    assert result.exit_code == 0, result.output
    assert "2 records, 2 added, 0 merged, 0 unchanged, 0 refused" in result.stdout
    assert "2 records, 1 added, 1 merged, 0 unchanged, 1 refused" in result.stdout
    assert "library mine: 3 papers, 1 without an abstract" in result.stdout
    assert "refused, " in result.stderr
    rows = {row["name"]: row for row in json.loads(call("library", "list", "--json").stdout)}
    assert rows["mine"]["papers"] == 3
    assert rows["sample"]["papers"] >= 60
    assert "summaries" in call("library", "list").stdout
    shown = call("library", "show", "mine", "--titles").stdout
    assert "years                  1999 to 2001" in shown
    assert "\x1b" not in shown
    assert "Another matter" in shown


def test_a_file_that_cannot_be_read_loses_nothing(call: Call, files: dict[str, Path], home: Path) -> None:
    for bad in (files["empty.ris"], files["empty.ris"].parent, Path("no-such-file.bib")):
        result = call("library", "add", "mine", str(files["good.bib"]), str(bad))
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("consilience: ")
    assert "mine" not in call("library", "list").stdout
    call("library", "add", "mine", str(files["good.bib"]))
    call("library", "add", "mine", str(files["empty.ris"]))
    assert len(call("library", "show", "mine", "--json").stdout.splitlines()) == 2


@pytest.mark.parametrize("name", ["../mine", "Mine", "", "sample", "a b"])
def test_names_that_cannot_be_used(call: Call, files: dict[str, Path], home: Path, name: str) -> None:
    assert call("library", "add", name, str(files["good.bib"])).exit_code == 2
    assert not list(home.rglob("*.sqlite"))


def _ids(call: Call) -> list[str]:
    return [json.loads(line)["id"] for line in call("library", "show", "mine", "--json").stdout.splitlines()]


def test_papers_and_libraries_are_removed(call: Call, files: dict[str, Path]) -> None:
    call("library", "add", "mine", str(files["good.bib"]))
    ids = _ids(call)
    unknown = call("library", "remove", "mine", ids[0], "nothing")
    assert unknown.exit_code == 2
    assert "removed 1 papers" in call("library", "remove", "mine", ids[0]).stdout
    assert _ids(call) == ids[1:]
    refused = call("library", "remove", "mine")
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert call("library", "remove", "mine", "--yes").exit_code == 0
    assert call("library", "show", "mine").exit_code == 2


@pytest.mark.parametrize("name", ["out.bib", "out.ris", "out.json", "out.csv", "out.jsonl"])
def test_what_goes_out_comes_back_in(call: Call, files: dict[str, Path], tmp_path: Path, name: str) -> None:
    call("library", "add", "mine", str(files["good.bib"]))
    assert call("library", "export", "mine", str(tmp_path / name)).stdout.startswith("wrote 2 papers")
    assert call("library", "add", "again", str(tmp_path / name)).exit_code == 0
    before = [json.loads(line) for line in call("library", "show", "mine", "--json").stdout.splitlines()]
    after = [json.loads(line) for line in call("library", "show", "again", "--json").stdout.splitlines()]
    for field in ("title", "abstract", "year", "doi"):
        assert sorted(str(p[field]) for p in after) == sorted(str(p[field]) for p in before)


def test_a_format_that_nobody_knows_is_refused(call: Call, files: dict[str, Path], tmp_path: Path) -> None:
    call("library", "add", "mine", str(files["good.bib"]))
    assert call("library", "export", "mine", str(tmp_path / "out.docx")).exit_code == 2
    assert call("library", "export", "mine", str(tmp_path / "out"), "--format", "word").exit_code == 2
    assert not list(tmp_path.glob("out*"))


def test_a_library_is_indexed_anew(call: Call, files: dict[str, Path]) -> None:
    call("library", "add", "mine", str(files["good.bib"]))
    assert "library mine: 2 papers indexed" in call("library", "reindex", "mine").stdout


def test_a_damaged_library_does_not_hide_the_others(call: Call, files: dict[str, Path], home: Path) -> None:
    call("library", "add", "mine", str(files["good.bib"]))
    call("library", "add", "other", str(files["good.bib"]))
    for path in (home / "libraries" / "mine").iterdir():
        path.write_bytes(b"damage" * 1000)
    result = call("library", "list", "--json")
    assert [row["name"] for row in json.loads(result.stdout)] == ["other", "sample"]
    assert "library mine cannot be read" in result.stderr
