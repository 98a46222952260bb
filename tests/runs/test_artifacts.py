"""Artifacts: what is put comes back, under one reference for equal values, and damage is noticed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.errors import CorruptRunError, StorageError
from consilience.records import Extraction, Gap, Paper
from consilience.runs.artifacts import Artifacts


@pytest.fixture
def artifacts(tmp_path: Path) -> Iterator[Artifacts]:
    store = Artifacts(tmp_path / "run" / "artifacts.sqlite")
    yield store
    store.close()


def test_values_come_back_and_outlive_the_process(artifacts: Artifacts, tmp_path: Path) -> None:
    papers = [Paper(id=f"p{n}", title=f"Title {n}", abstract="β ≤ 0.5\n\u2028") for n in range(1200)]
    refs = artifacts.put_many(papers)
    artifacts.close()
    again = Artifacts(tmp_path / "run" / "artifacts.sqlite")
    assert again.get_many(list(reversed(refs)), Paper) == tuple(reversed(papers))
    again.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(title=st.text(st.characters(exclude_categories=["Cs"])), year=st.none() | st.integers(-9999, 9999))
def test_any_text_round_trips(artifacts: Artifacts, title: str, year: int | None) -> None:
    paper = Paper(id="p", title=title, year=year)
    assert artifacts.get(artifacts.put(paper), Paper) == paper


def test_a_reference_depends_on_content_and_type_only(artifacts: Artifacts) -> None:
    one = Extraction(paper_id="p", dropped={"aim": 1, "method": 2})
    other = Extraction(paper_id="p", dropped={"method": 2, "aim": 1})
    assert artifacts.put(one) == artifacts.put(other)
    assert artifacts.put(Extraction(paper_id="p")) != artifacts.put(one)
    assert list(artifacts.get(artifacts.put(other), Extraction).dropped) == ["aim", "method"]


def test_missing_and_wrong_types_are_corrupt(artifacts: Artifacts) -> None:
    ref = artifacts.put(Gap(node="search", kind="not_found", reason="none"))
    with pytest.raises(CorruptRunError, match="is missing"):
        artifacts.get("0" * 64, Gap)
    with pytest.raises(CorruptRunError, match="is a Gap, not a Paper"):
        artifacts.get(ref, Paper)


def test_a_changed_body_is_corrupt(artifacts: Artifacts, tmp_path: Path) -> None:
    ref = artifacts.put(Paper(id="p", title="A decrease"))
    artifacts.close()
    connection = sqlite3.connect(tmp_path / "run" / "artifacts.sqlite")
    connection.execute("UPDATE artifacts SET body = replace(body, 'decrease', 'increase')")
    connection.commit()
    connection.close()
    with pytest.raises(CorruptRunError, match="was changed"):
        artifacts.get(ref, Paper)


@pytest.mark.parametrize("damage", [b"not a database at all" * 300, b"SQLite format 3\x00" + b"\xff" * 8176])
def test_a_damaged_file_is_corrupt(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "artifacts.sqlite"
    path.write_bytes(damage)
    with pytest.raises(CorruptRunError) as caught:
        Artifacts(path).put(Paper(id="p", title="t"))
    assert caught.value.advice


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "artifacts.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(CorruptRunError, match="newer version"):
        Artifacts(path).get("0" * 64, Paper)


def test_a_place_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    with pytest.raises(StorageError):
        Artifacts(tmp_path / "taken" / "artifacts.sqlite").put(Paper(id="p", title="t"))
