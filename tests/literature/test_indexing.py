"""A library's index in a real Chroma: built once, kept up to date, rebuilt beside the old one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consilience.literature.library import Library

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder

Write = Callable[[str, str | bytes], Path]
PAPERS = [
    {"id": "p1", "title": "Clouds over the sea", "abstract": "Clouds weigh more over cold water."},
    {"id": "p2", "title": "Bread and salt", "abstract": "Salted bread rises slowly in the oven."},
]


def lines(*papers: dict[str, str]) -> str:
    return "\n".join(map(json.dumps, papers))


@pytest.fixture
def library(home: Path, write: Write) -> Library:
    library = Library.create(home, "mine")
    library.add([write("a.jsonl", lines(*PAPERS))])
    return library


def folders(library: Library) -> list[str]:
    return sorted(path.name for path in (library.folder / "index").iterdir())


def test_an_unchanged_library_is_not_indexed_again(library: Library, encoder: Encoder) -> None:
    progress: list[tuple[int, int]] = []
    index = library.index(encoder, lambda done, total: progress.append((done, total)))
    assert progress == [(2, 2)]
    assert [paper_id for paper_id, _ in index.query("weight of clouds", 1)] == ["p1"]
    before = folders(library)
    again = library.index(encoder, lambda done, total: progress.append((done, total)))
    assert (again.count(), folders(library), progress) == (2, before, [(2, 2)])


def test_added_and_removed_papers_reach_the_index(library: Library, encoder: Encoder, write: Write) -> None:
    library.index(encoder)
    library.remove(["p1"])
    library.add([write("b.jsonl", lines({"id": "p3", "title": "Rain", "abstract": "Rain falls on the hills."}))])
    index = library.index(encoder)
    assert sorted(index.vectors(["p1", "p2", "p3"])) == ["p2", "p3"]
    library.add([write("c.jsonl", lines(PAPERS[0]))])
    assert sorted(library.index(encoder).vectors(["p1", "p2", "p3"])) == ["p1", "p2", "p3"]


def test_papers_found_to_be_one_leave_one_in_the_index(library: Library, encoder: Encoder, write: Write) -> None:
    library.add([write("b.jsonl", lines({"title": "A", "doi": "10.1000/x"}, {"title": "B", "pmid": "7"}))])
    library.index(encoder)
    library.add([write("c.jsonl", lines({"title": "A", "doi": "10.1000/x", "pmid": "7"}))])
    ids = [paper.id for paper in library.papers()]
    assert len(ids) == 3
    assert sorted(library.index(encoder).vectors([*ids, "pmid-7"])) == sorted(ids)


def test_a_rebuilt_index_takes_the_place_of_the_old(library: Library, encoder: Encoder) -> None:
    library.index(encoder)
    before = folders(library)
    index = library.reindex(encoder)
    assert index.count() == 2
    assert len(folders(library)) == 1
    assert folders(library) != before


def test_a_lost_index_and_a_failed_rebuilding_do_no_harm(library: Library, encoder: Encoder) -> None:
    library.index(encoder)
    kept = folders(library)

    def fail(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.reindex(encoder, fail)
    assert library.index(encoder).count() == 2
    assert set(kept) <= set(folders(library))
    for path in (library.folder / "index").iterdir():
        path.rename(path.with_name("lost-" + path.name))
    assert library.index(encoder).count() == 2
    assert len(folders(library)) == 1
