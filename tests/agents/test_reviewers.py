"""The fan-out to the reviewers: one task a lens, each with its own earlier review and nobody else's."""

from __future__ import annotations

from typing import get_args

from consilience.agents.reviewers import LENSES, missing_for_review, reviewer_name, send_reviews
from consilience.agents.state import RunState
from consilience.records import Lens


def test_one_task_a_lens_and_none_for_the_auditor() -> None:
    state = RunState(plan="p", screening="s", ledger="l", draft="d", panel_round=1, searches={"r0/q00": "x"})
    sends = send_reviews(state)
    assert [s.node for s in sends] == ["review"] * 5
    assert [s.arg["items"] for s in sends] == [[lens] for lens in LENSES]
    assert set(get_args(Lens)) - set(LENSES) == {"auditor"}
    assert all(s.arg["draft"] == "d" and s.arg["searches"] == {"r0/q00": "x"} for s in sends)
    assert all(s.arg["earlier"] == "" for s in sends)
    assert sends[0].arg["key"] == f"p1/{LENSES[0]}"


def test_a_task_carries_the_reviewers_own_final_review_of_the_round_before() -> None:
    reviews = {
        "p1/clarity": "first",
        "p1/clarity/final": "final",
        "p1/sceptic": "only first",
        "p0/relevance": "old",
    }
    state = RunState(plan="p", screening="s", ledger="l", draft="d", panel_round=2, reviews=reviews)
    earlier = {s.arg["items"][0]: s.arg["earlier"] for s in send_reviews(state)}
    assert earlier == {
        "methodology": "",
        "relevance": "",
        "sceptic": "only first",
        "coverage": "",
        "clarity": "final",
    }


def test_what_is_missing_is_named() -> None:
    assert missing_for_review({"plan": "p", "screening": "s", "ledger": "l", "draft": "d"}) is None
    gap = missing_for_review({"plan": "p", "ledger": "l"})
    assert gap is not None
    assert gap.reason == "nothing to review: no screening and no draft"


def test_reviewers_names() -> None:
    assert reviewer_name("sceptic") == "Reviewer (sceptic)"
