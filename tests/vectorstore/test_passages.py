"""Search inside papers: exact spans, each paper encoded once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from consilience.models.encoder import Encoder, load_encoder
from consilience.records import Paper
from consilience.vectorstore.passages import Passages

PAPERS = {
    paper.id: paper
    for paper in (
        Paper(
            id="rivers",
            title="Dams",
            abstract="We saw forty rivers. Salmon runs fell after dams were built. Costs were not studied.",
        ),
        Paper(
            id="fish",
            title="Ladders",
            abstract="Fish ladders restored the salmon run. People came.",
        ),
        Paper(id="none", title="No abstract"),
    )
}


class CountingEncoder(Encoder):
    """The real encoder, which remembers its batches."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.batches.append(len(texts))
        return load_encoder().encode(texts)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def passages(encoder: CountingEncoder) -> Passages:
    return Passages(PAPERS, encoder)


def test_the_best_sentence_of_each_paper(passages: Passages) -> None:
    found = passages.best("Dams reduced the number of salmon", ["fish", "rivers", "none"], 1)
    assert [span.text for span, _ in found] == [
        "Salmon runs fell after dams were built.",
        "Fish ladders restored the salmon run.",
    ]
    assert found[0][1] > found[1][1]


def test_spans_match_their_papers(passages: Passages) -> None:
    found = passages.best("salmon", list(PAPERS), 9)
    assert len(found) == 5
    assert all(span.matches(PAPERS[span.paper_id]) for span, _ in found)
    assert [s.start for s in passages.sentences("rivers")] == sorted(s.start for s in passages.sentences("rivers"))
    assert passages.sentences("none") == ()


def test_a_paper_is_encoded_once_and_papers_together(passages: Passages, encoder: CountingEncoder) -> None:
    first = passages.best("salmon", ["rivers", "fish"], 2)
    assert encoder.batches == [1, 5]
    assert passages.best("salmon", ["fish", "rivers", "fish"], 2) == first
    assert sum(encoder.batches) == 1 + 5 + 1


def test_scores_do_not_depend_on_the_papers_beside(passages: Passages) -> None:
    together = passages.best("salmon", ["rivers", "fish"], 3)
    alone = Passages(PAPERS, load_encoder()).best("salmon", ["fish"], 3)
    assert [pair for pair in together if pair[0].paper_id == "fish"] == alone


def test_threads_share_one(passages: Passages, encoder: CountingEncoder) -> None:
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(passages.best, "salmon", ["rivers", "fish"], 2) for _ in range(4)]
        answers = [one.result() for one in running]
    assert all(answer == answers[0] for answer in answers)
    assert encoder.batches.count(5) == 1


def test_equal_sentences_are_ordered_by_paper_then_place() -> None:
    same = {i: Paper(id=i, title=i, abstract="Rain fell hard. Rain fell hard.") for i in ("b", "a")}
    found = Passages(same, load_encoder()).best("rain", ["b", "a"], 2)
    assert [(span.paper_id, span.start) for span, _ in found] == [("a", 0), ("a", 16), ("b", 0), ("b", 16)]


def test_nothing_for_nothing(passages: Passages) -> None:
    assert passages.best("", ["fish"], 2) == []
    assert passages.best("salmon", [], 2) == []
    assert passages.best("salmon", ["none"], 2) == []
    assert passages.best("salmon", ["fish"], 0) == []
    with pytest.raises(KeyError):
        passages.best("salmon", ["unknown"], 1)
