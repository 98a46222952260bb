"""Files as they come: encodings, wrong names, nothing in them, no files at all."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.errors import LibraryError
from consilience.literature.reading import FileContent, read_file
from consilience.records import Record

Only = Callable[[str, str | bytes], Record]
Content = Callable[[str, str | bytes], FileContent]
Write = Callable[[str, str | bytes], Path]
BIB = "@article{k, title={Grüße aus Łódź}}"
LATIN = "@article{k, title={Grüße – „Welt“}}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_files_are_read(only: Only, encoding: str) -> None:
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert only("a.bib", bom + BIB.encode(encoding)).title == "Grüße aus Łódź"


def test_a_windows_file_is_read_and_told(content: Content) -> None:
    found = content("a.bib", LATIN.encode("cp1252"))
    assert found.entries[0].record.title == "Grüße – „Welt“"
    assert any("Windows-1252" in note for note in found.notes)


def test_a_latin_file_that_windows_does_not_know_is_read_and_told(content: Content) -> None:
    found = content("a.bib", "@article{k, title={Gr\xfc\xdfe \x81}}".encode("latin-1"))
    assert found.entries[0].record.title == "Grüße"
    assert any("Latin-1" in note for note in found.notes)


def test_one_bad_byte_does_not_spoil_the_accents_of_a_file(content: Content) -> None:
    found = content("a.bib", BIB.encode() + b" % \xff")
    assert found.entries[0].record.title == "Grüße aus Łódź"
    assert found.notes


@pytest.mark.parametrize(
    ("name", "text", "format"),
    [
        ("refs", "@article{k, title={T}}", "bibtex"),
        ("refs.txt", "\n\nTY  - JOUR\nTI  - T\nER  - \n", "ris"),
        ("refs.txt", '[{"title": "T"}]', "csl-json"),
        ("refs.json", '{"title": "T"}\n{"title": "U"}', "jsonl"),
        ("refs.jsonl", '[{"title": "T"}]', "csl-json"),
        ("refs.bib", "TY  - JOUR\nTI  - T\nER  - \n", "ris"),
        ("refs.txt", "Title;Year\nT;2001\n", "csv"),
        ("REFS.BIB", "% made by hand\n@article{k, title={T}}", "bibtex"),
        ("refs.jsonl", '{broken\n{"title": "T"}', "jsonl"),
    ],
)
def test_the_format_is_told_by_the_name_and_then_by_the_content(
    content: Content, name: str, text: str, format: str
) -> None:
    assert content(name, text).format == format


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.bib", "", "is empty"),
        ("a.bib", " \n ", "is empty"),
        ("a.bib", "just some notes", "holds no records"),
        ("a.ris", "nothing here", "holds no records"),
        ("a.json", "[]", "holds no records"),
        ("a.csv", "title,year\n", "holds no records"),
        ("a.xyz", "nothing here", "no format"),
        ("a.pdf", b"%PDF-1.7 ...", "is a PDF"),
        ("a.csv", b"PK\x03\x04....", "office document"),
        ("a.bib", bytes(range(256)) * 4 + b"\x00" * 900, "is not text"),
        ("a.jsonl.gz", gzip.compress(b'{"title": "T"}')[:-6], "damaged gzip"),
        ("a.nbib", "PMID- 123\nTI  - T\n", "PubMed's own format"),
    ],
)
def test_a_file_without_records_is_an_error_with_advice(
    content: Content, name: str, data: str | bytes, words: str
) -> None:
    with pytest.raises(LibraryError, match=words) as caught:
        content(name, data)
    assert caught.value.advice
    assert caught.value.exit_code == 2


def test_a_folder_a_missing_file_and_a_pipe_are_errors(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.bib")
    for path, words in (
        (tmp_path, "is a folder"),
        (tmp_path / "no.bib", "there is no file no.bib"),
        (tmp_path / "pipe.bib", "not a regular file"),
        (Path("a\x00b"), "there is no file ab"),
    ):
        with pytest.raises(LibraryError, match=words):
            read_file(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_an_error(write: Write) -> None:
    path = write("a.bib", BIB)
    path.chmod(0)
    with pytest.raises(LibraryError, match="cannot be read"):
        read_file(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), name=st.sampled_from(["a.bib", "a.ris", "a.json", "a.csv", "a.jsonl", "a"]))
def test_any_bytes_are_read_or_refused_with_advice(write: Write, data: bytes, name: str) -> None:
    try:
        advice, entries = "", read_file(write(name, data)).entries
    except LibraryError as error:
        advice, entries = error.advice, ()
    assert advice or entries
