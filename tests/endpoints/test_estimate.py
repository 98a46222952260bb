"""What a run will cost is told before: arithmetic from stated assumptions that settings and library bound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.endpoints.base import ModelIdentity
from consilience.endpoints.estimate import Estimate, estimate_run
from consilience.endpoints.prices import price_of
from consilience.settings import Role, Settings

OPENAI = "https://api.openai.com/v1"
LISTED = ModelIdentity("gpt-4.1-mini", OPENAI)


def told(papers: int, identity: ModelIdentity = LISTED, **concerns: Any) -> Estimate:  # noqa: ANN401 -- any concern's
    return estimate_run(papers, Settings.model_validate(concerns), lambda _: identity, price_of)


def calls(estimate: Estimate) -> dict[str, int]:
    return {item.role: item.calls for item in estimate.by_role}


def test_calls_follow_from_the_graph() -> None:
    estimate = told(63)
    assert calls(estimate) == {
        "searcher": 1,
        "screener": 63,
        "extractor": 16 + 1,
        "prosecutor": 54,  # 20 claims in one chunk: 12 papers times the root of 20
        "defender": 54,
        "judge": 20,
        "writer": 2,
        "reviewer": 10,
        "panel": 10,
        "auditor": 1,
    }
    assert estimate.calls == 232
    assert estimate.assumed == ("63 papers screened, 16 of them included, 48 claims, 1 search round, 2 review rounds")


def test_sums_are_those_of_the_roles_at_the_listed_price() -> None:
    estimate = told(63)
    assert estimate.tokens_in == sum(item.tokens_in for item in estimate.by_role)
    assert estimate.tokens_out == sum(item.tokens_out for item in estimate.by_role)
    assert estimate.cost == pytest.approx((estimate.tokens_in * 0.4 + estimate.tokens_out * 1.6) / 1e6)


def test_bounds_of_the_settings_bound_the_estimate() -> None:
    bounded = calls(told(1000, screening={"max_included": 4}, panel={"max_rounds": 1}))
    assert (bounded["screener"], bounded["extractor"], bounded["writer"], bounded["reviewer"]) == (8, 3, 1, 5)
    assert calls(told(1000))["screener"] == 80
    assert calls(told(63, extraction={"max_claims_per_paper": 1}))["judge"] == 7
    chunks = calls(told(63, verification={"chunk_size": 5, "papers_per_side": 2}))
    assert chunks["defender"] == 4 * 5


def test_a_price_that_is_not_known_leaves_the_sum_unknown() -> None:
    def describe(role: Role) -> ModelIdentity:
        return replace(LISTED, name="unlisted") if role == "auditor" else LISTED

    estimate = estimate_run(63, Settings(), describe, price_of)
    assert estimate.cost is None
    assert [item.role for item in estimate.by_role if item.cost is None] == ["auditor"]
    assert told(63, ModelIdentity("unlisted", "http://127.0.0.1:8000/v1")).cost == 0.0


def test_a_persons_own_prompts_are_counted(tmp_path: Path) -> None:
    (tmp_path / "lens_methodology.md").write_text("Look at the methods. " * 500)
    longer = told(63, model={"prompts": tmp_path})
    assert longer.calls == told(63).calls
    assert longer.tokens_in > told(63).tokens_in + 20 * 1000


@given(st.integers(0, 10_000), st.integers(0, 500))
def test_more_papers_never_cost_less(papers: int, more: int) -> None:
    fewer, greater = told(papers), told(papers + more)
    assert fewer.calls <= greater.calls
    assert fewer.tokens_in <= greater.tokens_in
