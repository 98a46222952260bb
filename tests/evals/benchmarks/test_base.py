"""What benchmarks share: fair samples, provenance, the table with published figures."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.errors import InputError
from consilience.evals.benchmarks.base import beside, file_digest, overview, provenance, sampled
from consilience.evals.results import EvalResult, Figure, Published

LABELLED = st.lists(st.tuples(st.integers(0, 3), st.text(max_size=3)), max_size=40)


def sample(items: list[tuple[int, str]], limit: int | None) -> list[tuple[int, str]]:
    return sampled(items, limit, lambda item: item[0], lambda item: item[1])


@given(LABELLED, st.integers(1, 45))
def test_a_sample_keeps_order_and_the_labels_shares(items: list[tuple[int, str]], limit: int) -> None:
    taken = sample(items, limit)
    assert len(taken) == min(limit, len(items))
    rest = iter(items)
    assert all(any(item is other for other in rest) for item in taken), "the order is that of the whole"
    before, after = Counter(label for label, _ in items), Counter(label for label, _ in taken)
    for label, count in before.items():
        assert abs(after[label] - len(taken) * count / len(items)) < 1


def test_a_sample_depends_on_keys_alone() -> None:
    items = [(n % 2, str(n)) for n in range(20)]
    assert sorted(sample(items, 8)) == sorted(sample(items[::-1], 8))
    assert sample(items, None) == items


def test_largest_remainders_share_what_is_left() -> None:
    items = [(0, str(n)) for n in range(5)] + [(1, str(n)) for n in range(3)] + [(2, str(n)) for n in range(2)]
    # Shares of 4: 2.0, 1.2 and 0.8: the third label has the largest remainder.
    assert Counter(label for label, _ in sample(items, 4)) == {0: 2, 1: 1, 2: 1}


def test_provenance_names_judges_and_files(tmp_path: Path) -> None:
    (tmp_path / "set").write_bytes(b"data")
    digest = hashlib.sha256(b"data").hexdigest()
    assert provenance(tmp_path, ["set"], {"j": "d"}) == {"judge j": "d", "data set": digest}
    with pytest.raises(InputError, match="cannot be read"):
        file_digest(tmp_path / "missing")


def test_published_figures_stand_beside_ours() -> None:
    known = Published("Other", "accuracy", 0.8, "test", "arXiv:1", "trained on it")
    made = beside({"accuracy": 0.5}, [known, Published("Third", "f1", 0.7, "dev", "doi:2")])
    assert made.splitlines()[2:] == [
        "| accuracy | Consilience | 0.500 | this run |  |  |",
        "| accuracy | Other | 0.800 | test | arXiv:1 | trained on it |",
        "| f1 | Consilience | - | this run |  |  |",
        "| f1 | Third | 0.700 | dev | doi:2 |  |",
    ]
    assert beside({"accuracy": 0.5}, []) == ""


def test_a_result_as_json_leaves_out_what_it_has_not() -> None:
    plain = EvalResult("x", {"a": 1}, "table", {"python": "3"})
    assert plain.as_json() == {"name": "x", "figures": {"a": 1}, "versions": {"python": "3"}}
    known = Published("Other", "a", 0.8, "test", "arXiv:1")
    told = EvalResult("x", {}, "", published=(known,)).as_json()["published"]
    assert told[0]["system"] == "Other"
    assert (told[0]["value"], told[0]["split"], told[0]["source"]) == (0.8, "test", "arXiv:1")


def test_an_overview_has_a_line_a_set_with_the_intervals() -> None:
    full: dict[str, Figure] = {
        "pairs": 10,
        "macro_f1": 0.6,
        "macro_f1_5_percent": 0.5,
        "macro_f1_95_percent": 0.7,
        "accuracy": 0.65,
    }
    more: dict[str, Figure] = {"controls.majority.macro_f1": 0.2, "calibration.brier": 0.4}
    results = [EvalResult("one", {**full, **more}, ""), EvalResult("two", full, ""), EvalResult("gold", {"x": 1}, "")]
    assert overview(results).splitlines()[2:] == [
        "| one | 10 | 0.600 (0.500 to 0.700) | 0.200 | - | - | 0.650 | 0.400 | - |",
        "| two | 10 | 0.600 (0.500 to 0.700) | - | - | - | 0.650 | - | - |",
    ]
    assert overview(results[1:]) == "", "one line needs no overview"
