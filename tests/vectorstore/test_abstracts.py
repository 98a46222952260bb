"""The index of abstracts, on real Chroma and the real encoder."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from chromadb.errors import InvalidArgumentError
from numpy.typing import NDArray

from consilience.errors import StorageError
from consilience.models.encoder import Encoder, load_encoder
from consilience.records import Paper
from consilience.vectorstore.abstracts import AbstractIndex, document

PAPERS = [
    Paper(
        id="bees",
        title="Pollinators and orchards",
        abstract="Hives near orchards raised fruit set.",
        year=2011,
    ),
    Paper(id="tides", title="Tidal turbines", abstract="Output followed the spring tides.", year=2018),
    Paper(id="loans", title="Microcredit", abstract="Loans did not change household income.", year=2015),
]


class CountingEncoder(Encoder):
    """The real encoder, which remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen.extend(texts)
        return load_encoder().encode(texts)


class OtherEncoder(CountingEncoder):
    """An encoder whose weights have another digest."""

    digest = "f" * 64


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def index(tmp_path: Path, encoder: CountingEncoder) -> Iterator[AbstractIndex]:
    opened = AbstractIndex(tmp_path / "index", encoder)
    yield opened
    opened.close()


def test_a_query_finds_what_is_meant(index: AbstractIndex) -> None:
    report = index.index(PAPERS)
    assert (report.added, report.changed, report.unchanged, report.without_abstract) == (3, 0, 0, 0)
    found = index.query("do bees help apple growers?", 2)
    assert found[0][0] == "bees"
    assert len(found) == 2
    assert found[0][1] > found[1][1]


def test_indexing_again_encodes_nothing(index: AbstractIndex, encoder: CountingEncoder) -> None:
    index.index(PAPERS)
    encoder.seen.clear()
    report = index.index(PAPERS[::-1])
    assert (report.added, report.changed, report.unchanged) == (0, 0, 3)
    assert encoder.seen == []


def test_only_changed_text_is_encoded(index: AbstractIndex, encoder: CountingEncoder) -> None:
    index.index(PAPERS)
    encoder.seen.clear()
    changed = PAPERS[2].model_copy(update={"abstract": "Small loans raised household income."})
    report = index.index([*PAPERS[:2], changed])
    assert (report.added, report.changed, report.unchanged) == (0, 1, 2)
    assert encoder.seen == [document(changed)]
    np.testing.assert_allclose(index.vectors(["loans"])["loans"], encoder.encode([document(changed)])[0], atol=1e-6)


def test_changed_labels_are_stored_without_encoding(index: AbstractIndex, encoder: CountingEncoder) -> None:
    index.index(PAPERS)
    encoder.seen.clear()
    report = index.index([PAPERS[0].model_copy(update={"year": None, "type": "trial"})])
    assert report.unchanged == 1
    assert encoder.seen == []
    assert [i for i, _ in index.query("fruit", 3, {"type": "trial"})] == ["bees"]
    assert {i for i, _ in index.query("fruit", 3, {"year": {"$gt": 2000}})} == {"tides", "loans"}


def test_it_stands_after_reopening(tmp_path: Path, encoder: CountingEncoder) -> None:
    first = AbstractIndex(tmp_path / "index", encoder)
    first.index(PAPERS)
    before = first.query("sea power", 3)
    first.close()
    second = AbstractIndex(tmp_path / "index", encoder)
    assert second.count() == 3
    assert second.query("sea power", 3) == before
    second.close()


def test_papers_without_abstract_are_found_by_title_and_told(index: AbstractIndex) -> None:
    report = index.index([*PAPERS, Paper(id="t", title="Volcanic ash and aviation"), Paper(id="e", title=" … ")])
    assert report.without_abstract == 2
    assert report.added == 4
    assert index.query("eruptions that ground planes", 1)[0][0] == "t"
    assert index.count() == 4  # the paper without a word cannot be found at all


def test_remove_and_clear(index: AbstractIndex) -> None:
    index.index(PAPERS)
    index.remove(["tides", "never there"])
    index.remove([])
    assert sorted(index.vectors([p.id for p in PAPERS])) == ["bees", "loans"]
    index.clear()
    assert index.count() == 0
    assert index.index(PAPERS).added == 3


def test_nothing_is_found_in_nothing_or_for_nothing(index: AbstractIndex) -> None:
    assert index.query("anything", 5) == []
    index.index(PAPERS)
    assert index.query("   ", 5) == []
    assert index.query("anything", 0) == []
    assert len(index.query("anything", 99)) == 3
    assert index.vectors([]) == {}
    assert index.index([]).added == 0
    assert index.count() == 3


def test_progress_tells_every_batch(index: AbstractIndex) -> None:
    papers = [Paper(id=f"p{i:03}", title=f"study {i}") for i in range(300)]
    told: list[tuple[int, int]] = []
    index.index(papers, lambda done, total: told.append((done, total)))
    assert told == [(256, 300), (300, 300)]


def test_proposals_of_a_small_library_do_not_depend_on_the_order_of_insertion(
    tmp_path: Path, encoder: CountingEncoder
) -> None:
    papers = [Paper(id=f"p{i:02}", title=f"effect of treatment {i} on growth") for i in range(40)]
    answers: list[list[tuple[str, float]]] = []
    for seed in range(2):
        opened = AbstractIndex(tmp_path / str(seed), encoder)
        shuffled = random.Random(seed).sample(papers, len(papers))
        for start in range(0, len(shuffled), 8):
            opened.index(shuffled[start : start + 8])
        answers.append(opened.query("treatment 7", 40))
        opened.close()
    assert answers[0] == answers[1]


def test_vectors_of_other_weights_are_thrown_away(tmp_path: Path, encoder: CountingEncoder) -> None:
    first = AbstractIndex(tmp_path / "index", OtherEncoder())
    first.index(PAPERS)
    first.close()
    second = AbstractIndex(tmp_path / "index", encoder)
    assert second.count() == 0
    assert second.index(PAPERS).added == 3
    second.close()


def test_odd_text_is_indexed(index: AbstractIndex) -> None:
    papers = [
        Paper(id="nul", title="a\x00b", abstract="zero\x00byte"),
        Paper(id="half", title="half \ud83d pair", abstract="x"),
        Paper(id="long", title="y", abstract="word " * 20_000),
        Paper(id="cjk", title="降水と小麦", abstract="雨は収量を増やした。"),
    ]
    assert index.index(papers).added == 4
    assert index.index(papers).unchanged == 4


def test_chroma_needs_no_network_and_names_our_model(index: AbstractIndex, socket_disabled: None) -> None:
    index.index(PAPERS)
    assert index.query("loans", 1)[0][0] == "loans"
    told: object = index._collection.configuration_json  # pyright: ignore[reportPrivateUsage] - what Chroma stored is the subject
    assert "consilience-sentence-encoder" in str(told)
    assert index._client.get_settings().anonymized_telemetry is False  # pyright: ignore[reportPrivateUsage] - likewise


def test_a_damaged_index_is_made_again(tmp_path: Path, encoder: CountingEncoder) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"no database at all" * 100)
    opened = AbstractIndex(folder, encoder)
    assert opened.index(PAPERS).added == 3
    opened.close()


def test_a_folder_that_cannot_be_one_is_told_with_advice(tmp_path: Path, encoder: CountingEncoder) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(StorageError, match="cannot be used") as caught:
        AbstractIndex(tmp_path / "index", encoder)
    assert "reindex" in caught.value.advice


def test_a_filter_that_chroma_does_not_know_is_no_storage_error(index: AbstractIndex) -> None:
    index.index(PAPERS)
    with pytest.raises(InvalidArgumentError):
        index.query("loans", 1, {"$nonsense": 1})
