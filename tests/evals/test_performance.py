"""The benchmark's instruments: the tracker's arithmetic with a clock of its own, wrapping, and the corpus."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from consilience.evals.performance.benchmark import WATCHED, by_node, main, result
from consilience.evals.performance.corpus import COMPOSED_QUESTION, corpus
from consilience.evals.performance.timers import REST, Tracker, watched
from consilience.records import Event


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_every_moment_goes_to_one_category(clock: Clock) -> None:
    tracker = Tracker(("kernel", "around"), clock)
    clock.now = 1.0
    with tracker.busy("around"):
        clock.now = 3.0
        with tracker.busy("kernel"):
            clock.now = 7.0
        clock.now = 8.0
    clock.now = 10.0
    assert tracker.seconds() == {"kernel": 4.0, "around": 3.0, REST: 3.0}
    assert tracker.calls() == {"kernel": 1, "around": 1}


def test_two_at_once_count_once(clock: Clock) -> None:
    tracker = Tracker(("kernel",), clock)
    with tracker.busy("kernel"):
        clock.now = 1.0
        with tracker.busy("kernel"):
            clock.now = 2.0
        clock.now = 3.0
    assert tracker.seconds() == {"kernel": 3.0, REST: 0.0}


def test_a_call_that_fails_is_over(clock: Clock) -> None:
    tracker = Tracker(("kernel",), clock)
    with pytest.raises(ValueError, match="no"), tracker.busy("kernel"):
        raise ValueError("no")
    clock.now = 5.0
    assert tracker.seconds() == {"kernel": 0.0, REST: 5.0}


def test_reset_begins_anew(clock: Clock) -> None:
    tracker = Tracker(("kernel",), clock)
    clock.now = 5.0
    tracker.reset()
    clock.now = 6.0
    assert tracker.seconds() == {"kernel": 0.0, REST: 1.0}


class Worker:
    """What the wrapping is tried on."""

    def add(self, number: int) -> int:
        return number + 1

    async def wait(self, number: int) -> int:
        return number + 2


class Heir(Worker):
    """Inherits what it is watched for."""


async def test_methods_are_timed_and_put_back() -> None:
    before = dict(vars(Worker))
    tracker = Tracker(("sync", "async"))
    paths = {"sync": (f"{__name__}:Worker.add",), "async": (f"{__name__}:Worker.wait",)}
    with watched(tracker, paths):
        assert Worker().add(1) == 2
        assert await Worker().wait(1) == 3
    assert tracker.calls() == {"sync": 1, "async": 1}
    assert dict(vars(Worker)) == before
    Worker().add(1)
    assert tracker.calls()["sync"] == 1


def test_an_inherited_method_leaves_its_parent_alone() -> None:
    tracker = Tracker(("sync",))
    with watched(tracker, {"sync": (f"{__name__}:Heir.add",)}):
        Worker().add(1)
        Heir().add(1)
    assert tracker.calls() == {"sync": 1}
    assert "add" not in vars(Heir)


def test_threads_may_overlap() -> None:
    tracker = Tracker(("sync",))
    with watched(tracker, {"sync": (f"{__name__}:Worker.add",)}):
        threads = [threading.Thread(target=Worker().add, args=(1,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert tracker.calls() == {"sync": 8}
    assert set(tracker.seconds()) == {"sync", REST}


def test_everything_that_the_benchmark_watches_is_there() -> None:
    with watched(Tracker(tuple(WATCHED)), WATCHED):
        pass


@pytest.fixture(scope="module")
def composed() -> tuple[str, ...]:
    records, _ = corpus(40, None)
    return tuple(record.abstract for record in records)


def test_composed_abstracts_are_the_same_each_time(composed: tuple[str, ...]) -> None:
    again, question = corpus(50, None)
    assert tuple(record.abstract for record in again[:40]) == composed
    assert len({record.title for record in again}) == 50
    assert question == COMPOSED_QUESTION


def test_composed_abstracts_are_as_long_as_real_ones(composed: tuple[str, ...]) -> None:
    lengths = [len(text.split()) for text in composed]
    assert min(lengths) >= 110
    assert max(lengths) <= 300


def test_public_abstracts_come_first_and_are_filled_up(data: Path) -> None:
    records, question = corpus(120, data)
    assert len({record.title for record in records}) == len(records) == 120
    assert all(record.abstract for record in records)
    assert "triptans" in question
    assert sum("triptan" in record.title.casefold() for record in records) >= 5


def event(node: str, seconds: float) -> Event:
    return Event(key=node, step=1, node=node, agent="A", time="", seconds=seconds, saw="", decided="")


def test_steps_side_by_side_count_once() -> None:
    heard = [(10.0, event("search", 4.0)), (11.0, event("search", 3.0)), (20.0, event("search", 1.0))]
    assert by_node([*heard, (5.0, event("plan", 2.0))]) == {"plan": 2.0, "search": 6.0}


def test_the_tables_show_every_size() -> None:
    one = {
        "abstracts": 8, "run_seconds": 2.0, "load_seconds": 1.0, "index_seconds": 0.5, "kernel_share": 0.75,
        "overhead_seconds": 0.5, "checkpoint_mib": 0.1, "run_folder_mib": 0.2, "peak_mib": 300.0,
        "included": 3, "claims": 4, "nodes": {"plan": 0.1}, "time": {"ONNX": 1.5, REST: 0.5},
        "calls": {"ONNX": 9}, "linearity": 1.05,
        "indexing": {"first quarter": 40.0, "second quarter": 41.0, "second half": 42.0},
    }  # fmt: skip
    made = result([one, {**one, "abstracts": 16, "nodes": {"plan": 0.1, "search": 0.2}}])
    assert made.figures["8.kernel_share"] == 0.75
    assert made.figures["16.nodes.search"] == 0.2
    assert "| search | - | 0.20 |" in made.table
    assert "8 abstracts | 16 abstracts" in made.table


@pytest.mark.parametrize("size", ["3", "many"])
def test_a_size_without_quarters_is_refused(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--abstracts", size])
    assert stopped.value.code == 2
    assert "--abstracts" in capsys.readouterr().err
