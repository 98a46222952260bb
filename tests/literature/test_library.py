"""A person's library: made, filled, read, emptied, deleted; and nothing lost when something fails."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from consilience.errors import LibraryBusyError, LibraryError, StorageError
from consilience.literature.library import Library

Write = Callable[[str, str | bytes], Path]


def lines(*titles: str) -> str:
    return "".join(json.dumps({"title": title, "authors": ["A Doe"], "year": 2001}) + "\n" for title in titles)


@pytest.fixture
def library(home: Path) -> Library:
    return Library.create(home, "mine")


def titles(library: Library) -> list[str]:
    return sorted(paper.title for paper in library.papers())


@pytest.mark.parametrize("name", ["", "A", "-a", "a b", "a/b", "..", "a.b", "a" * 64, "é", "a\n"])
def test_a_name_is_a_slug(home: Path, name: str) -> None:
    with pytest.raises(LibraryError, match="cannot name a library"):
        Library.create(home, name)
    assert not home.exists()


def test_libraries_are_made_once_listed_and_opened(home: Path) -> None:
    assert Library.names(home) == []
    Library.create(home, "b")
    Library.create(home, "a-1")
    assert Library.names(home) == ["a-1", "b"]
    assert Library.exists(home, "b")
    assert not Library.exists(home, "c")
    assert Library.open(home, "b").papers() == []
    with pytest.raises(LibraryError, match="already"):
        Library.create(home, "b")
    with pytest.raises(LibraryError, match=r"no library c \(libraries here: a-1, b\)"):
        Library.open(home, "c")


def test_a_file_report_tells_what_was_taken_merged_and_refused(library: Library, write: Write) -> None:
    first = write("a.jsonl", lines("Clouds of the sea", "Rain on the sea", "Clouds of the sea") + '{"title": ""}\n')
    second = write("b.jsonl", lines("Rain on the sea", "Snow on the sea"))
    one, two = library.add([first, second])
    assert (one.records, one.added, one.merged, one.unchanged) == (3, 2, 0, 1)
    assert one.refused == (("line 4", "it has no title"),)
    assert (two.records, two.added, two.merged, two.unchanged) == (2, 1, 1, 0)
    assert (one.path, one.format) == (str(first), "jsonl")
    assert titles(library) == ["Clouds of the sea", "Rain on the sea", "Snow on the sea"]
    ids = [paper.id for paper in library.papers()]
    assert ids == sorted(ids)


def test_the_same_file_again_changes_nothing(library: Library, write: Write) -> None:
    path = write("a.jsonl", lines("Clouds of the sea", "Rain on the sea"))
    library.add([path])
    digest = library.papers_digest()
    (report,) = library.add([path])
    assert (report.added, report.merged, report.unchanged) == (0, 0, 2)
    assert library.papers_digest() == digest


def test_one_unusable_file_keeps_all_out_and_loses_nothing(library: Library, write: Write) -> None:
    library.add([write("a.jsonl", lines("Clouds of the sea"))])
    with pytest.raises(LibraryError, match=r"bad\.bib"):
        library.add([write("b.jsonl", lines("Rain on the sea")), write("bad.bib", "@article{x,")])
    assert titles(library) == ["Clouds of the sea"]
    with pytest.raises(LibraryError, match="no file"):
        library.add([])


def test_add_to_makes_the_library_only_for_files_that_can_be_read(home: Path, write: Write) -> None:
    with pytest.raises(LibraryError):
        Library.add_to(home, "mine", [home / "missing.bib"])
    assert not Library.exists(home, "mine")
    (report,) = Library.add_to(home, "mine", [write("a.jsonl", lines("Clouds of the sea"))])
    assert report.added == 1
    assert Library.add_to(home, "mine", [write("a.jsonl", lines("Rain on the sea"))])[0].added == 1


def test_papers_are_removed_all_or_none(library: Library, write: Write) -> None:
    library.add([write("a.jsonl", '{"id": "p1", "title": "A"}\n{"id": "p2", "title": "B"}\n')])
    with pytest.raises(LibraryError, match="nope"):
        library.remove(["p1", "nope"])
    assert [paper.id for paper in library.papers()] == ["p1", "p2"]
    assert library.remove(["p1", "p1"]) == 1
    assert [paper.id for paper in library.papers()] == ["p2"]


def test_a_deleted_library_is_gone_with_all_its_files(home: Path, library: Library, write: Write) -> None:
    library.add([write("a.jsonl", lines("Clouds of the sea"))])
    library.delete()
    assert Library.names(home) == []
    assert [path.name for path in (home / "libraries").iterdir() if path.is_dir()] == []
    with pytest.raises(LibraryError, match="no library"):
        library.delete()
    with pytest.raises(LibraryError, match="no library"):
        library.papers()
    assert Library.create(home, "mine").papers() == []


def test_a_library_is_exported(library: Library, write: Write, tmp_path: Path) -> None:
    library.add([write("a.jsonl", lines("Clouds of the sea", "Rain on the sea"))])
    assert library.export(tmp_path / "out.bib", "bibtex") == 2
    assert "Clouds of the sea" in (tmp_path / "out.bib").read_text(encoding="utf-8")


def test_figures(library: Library, write: Write) -> None:
    text = '{"title": "A", "abstract": "x", "year": 1990, "text_origin": "summary"}\n{"title": "Retracted: B"}\n'
    library.add([write("a.jsonl", text)])
    info = library.info()
    assert (info.papers, info.with_abstract, info.retracted, info.summaries, info.years) == (2, 1, 1, 1, (1990, 1990))


def test_a_library_that_another_holds_is_busy(home: Path, library: Library, write: Write) -> None:
    path = write("a.jsonl", lines("Clouds of the sea"))
    with FileLock(home / "libraries" / "mine.lock"):
        impatient = Library(home, "mine", lock_seconds=0.05)
        with pytest.raises(LibraryBusyError, match="another process") as caught:
            impatient.add([path])
        assert impatient.papers() == []  # reading needs no lock
    assert caught.value.advice
    assert impatient.add([path])[0].added == 1


def test_a_damaged_library_is_told_and_left_as_it_is(home: Path, library: Library, write: Write) -> None:
    database = home / "libraries" / "mine" / "library.sqlite"
    database.write_bytes(b"not a database" * 100)
    for action in (library.papers, lambda: library.add([write("a.jsonl", lines("Clouds"))])):
        with pytest.raises(LibraryError, match="damaged"):
            action()
    assert database.read_bytes().startswith(b"not a database")
    library.delete()
    assert not Library.exists(home, "mine")


def test_a_damaged_row_and_an_empty_file_are_told(home: Path, library: Library) -> None:
    database = home / "libraries" / "mine" / "library.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO papers VALUES ('x', '{}')")
    connection.close()
    with pytest.raises(LibraryError, match="damaged"):
        library.papers()
    library.delete()
    database.parent.mkdir()
    database.touch()
    with pytest.raises(LibraryError, match="damaged"):
        Library.open(home, "mine").papers()


def test_a_library_of_a_newer_version_is_not_touched(home: Path, library: Library) -> None:
    connection = sqlite3.connect(home / "libraries" / "mine" / "library.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryError, match="newer version"):
        library.papers()


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    with pytest.raises(StorageError):
        Library.create(tmp_path / "home", "mine")


def test_titles_never_become_paths(home: Path, library: Library, write: Write) -> None:
    library.add([write("a.jsonl", '{"id": "..", "title": "../../escape", "doi": "10.1000/../../x"}\n')])
    assert {path.name for path in (home / "libraries").iterdir()} == {"mine", "mine.lock"}
    assert {path.name for path in (home / "libraries" / "mine").iterdir()} == {"library.sqlite"}
