"""The state: merging is idempotent and knows no order of arrival; what is missing is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.agents.state import RunState, merge, required
from consilience.errors import CorruptRunError

KEYS = st.sampled_from([f"r{r}/q{q:02d}" for r in range(3) for q in range(4)])
MAPS = st.dictionaries(KEYS, st.text("abc", min_size=1, max_size=3))
# In a run a key always has the same value: the step that wrote it is repeated with the same inputs.
ONE_RUN = st.dictionaries(KEYS, st.text("abc", min_size=1, max_size=3), min_size=1)


@given(MAPS, MAPS)
def test_merging_the_same_again_changes_nothing(left: dict[str, str], right: dict[str, str]) -> None:
    once = merge(left, right)
    assert merge(once, right) == once
    assert merge(merge(left, left), right) == once


@given(MAPS, MAPS, MAPS)
def test_merging_is_associative(a: dict[str, str], b: dict[str, str], c: dict[str, str]) -> None:
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@given(ONE_RUN, st.data())
def test_parallel_steps_may_arrive_in_any_order_and_twice(run: dict[str, str], data: st.DataObject) -> None:
    arrivals = data.draw(st.permutations([*run.items(), *run.items()]))
    merged: dict[str, str] | None = None
    for key, value in arrivals:
        merged = merge(merged, {key: value})
    assert merged == run


@given(MAPS, MAPS)
def test_a_keys_later_value_wins(left: dict[str, str], right: dict[str, str]) -> None:
    merged = merge(left, right)
    assert merged.keys() == left.keys() | right.keys()
    assert all(merged[key] == right.get(key, left.get(key)) for key in merged)


@given(MAPS, MAPS)
def test_merging_leaves_its_arguments_alone(left: dict[str, str], right: dict[str, str]) -> None:
    before = dict(left), dict(right)
    merge(left, right)
    assert (left, right) == before
    assert merge(None, None) == {}
    assert merge(None, right) == right
    assert merge(left, None) == left


@pytest.mark.parametrize("state", [RunState(), RunState(plan="")])
def test_what_earlier_steps_must_have_left_is_asked_for_by_name(state: RunState) -> None:
    with pytest.raises(CorruptRunError, match="holds no plan") as told:
        required(state, "plan")
    assert told.value.advice
    assert required(RunState(plan="ref"), "plan") == "ref"
