"""Hybrid retrieval: exact, fused, and the same whatever the order of insertion."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.models.encoder import load_encoder
from consilience.records import Paper
from consilience.vectorstore import retrieval
from consilience.vectorstore.abstracts import AbstractIndex, document
from consilience.vectorstore.retrieval import HybridRetriever, blended

SUBJECTS = ("irrigation", "tutoring", "vaccination", "congestion pricing", "code review", "mindfulness")
OUTCOMES = ("crop yield", "exam scores", "hospital stays", "traffic delay", "defect counts", "sleep quality")
PAPERS = [
    Paper(
        id=f"p{i:02}{j:02}",
        title=f"{s} and {o}",
        abstract=f"We measured how {s} changed {o} in {10 + i * j} sites.",
    )
    for i, s in enumerate(SUBJECTS)
    for j, o in enumerate(OUTCOMES)
]
QUERY = "Does reading each other's code bring the number of defects down?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AbstractIndex]:
    opened = AbstractIndex(tmp_path_factory.mktemp("index"), load_encoder())
    opened.index(PAPERS)
    yield opened
    opened.close()


def retriever(index: AbstractIndex, papers: Sequence[Paper] = PAPERS) -> HybridRetriever:
    return HybridRetriever(papers, index, load_encoder())


def test_meaning_and_words_lead_to_the_paper(index: AbstractIndex) -> None:
    best = retriever(index).search(QUERY, 5)
    assert best[0].paper_id == "p0404"
    assert best[0].dense_rank == 1
    assert [hit.score for hit in best] == sorted((hit.score for hit in best), reverse=True)


def test_ranks_are_the_other_order(index: AbstractIndex) -> None:
    by_ranks = retriever(index).search(QUERY, 36, by="ranks")
    assert [hit.fused for hit in by_ranks] == sorted((hit.fused for hit in by_ranks), reverse=True)
    assert sorted(by_ranks) == sorted(retriever(index).search(QUERY, 36))
    assert [hit.score for hit in by_ranks] != sorted((hit.score for hit in by_ranks), reverse=True)


def test_cosines_are_exact(index: AbstractIndex) -> None:
    encoder = load_encoder()
    query = encoder.encode([QUERY])[0].astype(np.float64)
    texts = {p.id: document(p) for p in PAPERS}
    for hit in retriever(index).search(QUERY, 36):
        assert hit.cosine == round(float(encoder.encode([texts[hit.paper_id]])[0] @ query), 4)


def test_fusion_is_the_formula(index: AbstractIndex) -> None:
    for hit in retriever(index).search("tutoring raised exam scores", 36):
        words = 0 if hit.bm25_rank is None else 61 / (60 + hit.bm25_rank)
        assert hit.dense_rank is not None
        assert hit.fused == round((61 / (60 + hit.dense_rank) + words) / 2, 4)


def test_a_paper_that_leads_both_rankings_has_one(index: AbstractIndex) -> None:
    [best] = retriever(index).search("mindfulness and sleep quality", 1)
    assert (best.paper_id, best.fused, best.score) == ("p0505", 1.0, 1.0)


def test_scores_are_shares_of_the_best_of_each_kind() -> None:
    cosines = {"near": 0.8, "half": 0.4, "against": -0.5}
    words = {"half": 6.0, "worded": 3.0, "against": 1.5}
    assert blended(cosines, words, meaning=0.6) == {
        "near": 0.6,
        "half": 0.7,  # 0.6 * 0.5 + 0.4 * 1
        "worded": 0.2,  # 0.4 * 0.5
        "against": 0.1,  # 0.4 * 0.25: a cosine under 0 takes nothing away
    }


def test_by_how_much_a_paper_leads_counts() -> None:
    """Where ranks would put both level, the one that leads by far is first."""
    cosines = {"a": 0.9, "b": 0.3}
    words = {"a": 9.0, "b": 10.0}
    assert blended(cosines, words)["a"] > blended(cosines, words)["b"]


@pytest.mark.parametrize("cosines", [{}, {"a": 0.0}, {"a": -0.3, "b": -0.1}])
def test_nothing_near_and_no_word_scores_nothing(cosines: dict[str, float]) -> None:
    assert blended(cosines, {}) == dict.fromkeys(cosines, 0.0)


shares = st.dictionaries(st.sampled_from("abcdef"), st.floats(-1, 1), max_size=6)


@given(cosines=shares, words=shares.map(lambda s: {i: 40 * abs(x) for i, x in s.items()}), up=st.floats(0, 1))
def test_scores_lie_between_0_and_1_and_never_fall_as_words_rise(
    cosines: dict[str, float], words: dict[str, float], up: float
) -> None:
    before = blended(cosines, words)
    assert all(0 <= score <= 1 for score in before.values())
    for i in words:
        after = blended(cosines, words | {i: words[i] + up})
        rivals = before.keys() - {i}
        assert all(after[i] - after[j] >= before[i] - before[j] - 2e-4 for j in rivals)


def test_results_do_not_depend_on_order(tmp_path: Path, index: AbstractIndex) -> None:
    expected = retriever(index).search(QUERY, 20)
    shuffled = random.Random(7).sample(PAPERS, len(PAPERS))
    other = AbstractIndex(tmp_path, load_encoder())
    for start in range(0, len(shuffled), 5):
        other.index(shuffled[start : start + 5])
    assert retriever(other, shuffled).search(QUERY, 20) == expected
    other.close()


def test_equal_papers_are_ordered_by_id(tmp_path: Path) -> None:
    twins = [Paper(id=i, title="one and the same title") for i in ("c", "a", "b")]
    opened = AbstractIndex(tmp_path, load_encoder())
    opened.index(twins)
    hits = HybridRetriever(twins, opened, load_encoder()).search("same title", 3)
    assert [hit.paper_id for hit in hits] == ["a", "b", "c"]
    opened.close()


def test_only_the_working_set_is_searched(index: AbstractIndex) -> None:
    few = [p for p in PAPERS if p.id.startswith("p00")]
    assert {hit.paper_id for hit in retriever(index, few).search(QUERY, 36)} == {p.id for p in few}


def test_a_large_working_set_is_proposed_by_chroma_and_rescored(
    index: AbstractIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = PAPERS[6:]
    expected = retriever(index, few).search(QUERY, 3)
    monkeypatch.setattr(retrieval, "EXACT_LIMIT", 10)
    large = retriever(index, few)
    assert large.search(QUERY, 3) == expected
    assert large.search(QUERY, 3) == expected
    assert {hit.paper_id for hit in large.search(QUERY, 36)} == {p.id for p in few}


def test_papers_that_are_not_indexed_are_found_by_their_words(index: AbstractIndex) -> None:
    new = Paper(id="new", title="Zeolite catalysts")
    hit = next(h for h in retriever(index, [*PAPERS, new]).search("zeolite", 40) if h.paper_id == "new")
    assert (hit.cosine, hit.dense_rank, hit.bm25_rank) == (0.0, None, 1)
    assert (hit.fused, hit.score) == (0.5, 0.45)


@pytest.mark.parametrize("query", ["", "  ", "\x00"])
def test_a_query_without_a_word_finds_nothing(index: AbstractIndex, query: str) -> None:
    assert retriever(index).search(query, 5) == []


@pytest.mark.parametrize("query", ["?", "the of and", "xylophone", "降水"])
def test_a_query_that_shares_no_word_is_ranked_by_meaning_alone(index: AbstractIndex, query: str) -> None:
    hits = retriever(index).search(query, 36)
    assert len(hits) == 36
    assert all(hit.bm25_rank is None for hit in hits)


def test_empty_working_sets(index: AbstractIndex) -> None:
    assert retriever(index, []).search(QUERY, 5) == []
    assert retriever(index, [Paper(id="e", title="")]).search(QUERY, 5) == []
    assert retriever(index).search(QUERY, 0) == []
