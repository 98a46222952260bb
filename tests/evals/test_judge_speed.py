"""The judge's speed: the floor holds a network's products and no more, scores stay the same. No times are tested."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consilience.errors import ConsilienceError, InputError
from consilience.evals.judge_speed import floor, memory, task, timing, workload
from consilience.evals.judge_speed.memory import Spent
from consilience.evals.judge_speed.timing import Rate, Timed
from consilience.models.encoder import Encoder
from consilience.models.pair_layout import MOST_SENTENCES

TINY = Path(__file__).parents[1] / "support" / "tiny_cross_encoder"
PAIRS = [("yoga reduces back pain", ["yoga reduces pain", "sleep"]), ("no pain", ["memory increases in patients"])]


@pytest.fixture(scope="module")
def products() -> floor.Floor:
    return floor.Floor(TINY / "model.onnx")


def test_the_floor_has_each_product_of_the_network(products: floor.Floor) -> None:
    onnx: Any = import_module("onnx")
    nodes = onnx.load(str(TINY / "model.onnx")).graph.node
    assert products.count == sum(node.op_type in floor.PRODUCTS for node in nodes) > 0


def test_its_shapes_follow_the_length(products: floor.Floor) -> None:
    short, long = products.shapes(7), products.shapes(20)
    assert len(short) == len(long) == products.count
    assert [tuple(20 if n == 7 else n for n in shape) for shape in short] == long
    assert (1, 2, 7, 7) in short  # two heads' attention


def test_a_run_does_the_products(products: floor.Floor) -> None:
    bound = products.bound(9)
    assert not any(np.any(made) for made in bound.results())
    done = bound.run().results()
    assert [made.shape for made in done] == products.shapes(9)
    assert all(np.any(made) for made in done)


def test_timing_takes_the_pairs_lengths_and_finds_the_same_scores() -> None:
    found = timing.timed(TINY, PAIRS, threads=(1, 2), rounds=2)
    assert [rate.threads for rate in found.rates] == [1, 2]
    assert all(rate.network > 0 and rate.floor > 0 for rate in found.rates)
    assert list(found.lengths) == timing.lengths(TINY, PAIRS)
    assert found.difference == 0


def test_a_pairs_length_counts_its_markers() -> None:
    # [CLS] no pain [SEP] memory increases in patients [SEP]
    assert timing.lengths(TINY, PAIRS[1:]) == [9]


def test_the_work_is_thirty_claims_and_twenty_papers(encoder: Encoder) -> None:
    work = workload.workload(None)
    assert (len(set(work.claims)), len(set(work.papers))) == (workload.CLAIMS, workload.PAPERS)
    assert len(set(work.texts(20))) == 600
    assert work.texts(20)[:150] == work.texts(5)
    read = work.read(encoder, 40)
    assert len({(claim, tuple(parts)) for claim, parts in read}) == 40
    assert max(len(parts) for _, parts in read) == MOST_SENTENCES


def test_the_work_on_public_data(data: Path) -> None:
    work = workload.workload(data)
    assert (len(set(work.claims)), len(set(work.papers))) == (workload.CLAIMS, workload.PAPERS)


def test_scores_do_not_depend_on_how_many_papers_are_judged() -> None:
    one, two = memory.here(1, None, TINY), memory.here(2, None, TINY)
    assert (one.pairs, two.pairs) == (30, 60)
    assert two.digests[:1] == one.digests
    assert two.digests[1] != two.digests[0]


def test_a_process_of_its_own_tells_what_it_took() -> None:
    found = memory.apart(1, None, None)
    assert found.pairs == 30
    assert len(found.digests) == 1
    assert found.peak_mib >= found.loaded_mib > 0


def test_a_failed_process_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConsilienceError, match="1 papers failed"):
        memory.apart(1, None, tmp_path)


def test_figures_and_tables() -> None:
    rates = Timed((Rate(1, 20.0, 40.0), Rate(2, 30.0, 75.0)), (100, 121), 12, 0.0)
    spent = [Spent(150, 200.0, 203.0, 0.5, 3.0, ("a", "b")), Spent(600, 200.0, 204.5, 0.0, 10.0, ("a", "b", "c"))]
    found = task.result("a test", rates, spent)
    assert found.figures["threads_1.ratio"] == 0.5
    assert found.figures["threads_2.ratio"] == 0.4
    assert found.figures["tokens_a_pair"] == 110
    assert found.figures["memory.150_pairs.growth_mib"] == 3.0
    assert found.figures["memory.600_pairs.growth_mib"] == 4.5
    assert found.figures["memory.150_pairs.again_mib"] == 0.5
    assert found.figures["judge.600_pairs.a_second"] == 60
    assert found.figures["same_scores"] == "yes"
    assert "| 2 | 30.0 | 75.0 | 0.40 |" in found.table


def test_scores_that_differ_are_told() -> None:
    spent = [Spent(150, 1.0, 1.0, 0.0, 1.0, ("a",)), Spent(600, 1.0, 1.0, 0.0, 1.0, ("b", "c"))]
    found = task.result("a test", "not measured: nothing to time", spent)
    assert found.figures["same_scores"] == "no"
    assert found.figures["floor"] == "not measured: nothing to time"
    assert "nothing to time" in found.table


def test_the_whole_task_on_a_networks_folder() -> None:
    told: list[str] = []
    found = task.measured(TINY, None, 2, told.append, (1, 2))
    assert found.figures["same_scores"] == "yes"
    assert found.figures["largest_difference"] == 0
    assert {"threads_1.ratio", "threads_2.ratio", "memory.60_pairs.growth_mib"} <= found.figures.keys()
    assert told == ["timing 2 pairs on 1 and 2 threads", *(f"judging 30 claims beside {n} papers" for n in (1, 2))]


def test_without_onnx_the_floor_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert not floor.available()
    with pytest.raises(InputError) as refused:
        floor.Floor(TINY / "model.onnx")
    assert "--group dev" in refused.value.advice
