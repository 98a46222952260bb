"""The plan: queries in several wordings, none twice, and the criteria that screening applies."""

from __future__ import annotations

import pytest

from consilience.reasoning.base import PlanRequest
from consilience.reasoning.embedded.planning import make_plan
from consilience.records import Plan

QUESTION = "Do statins reduce mortality in patients with heart failure?"


def planned(**changes: object) -> Plan:
    return make_plan(PlanRequest(**{"question": QUESTION, **changes}))  # type: ignore[arg-type]  # fields by name


def test_the_question_comes_first_then_its_parts_then_members_and_other_wordings() -> None:
    queries = planned().queries
    assert queries[0] == QUESTION
    assert queries[1] == "statins mortality heart failure"
    assert "simvastatin mortality heart failure" in queries
    assert "statins death" in queries
    assert len(queries) == 8 == len({q.casefold() for q in queries})


def test_a_later_round_asks_what_was_not_asked_and_names_other_members() -> None:
    first = planned()
    second = planned(round=1, tried=tuple(q.upper() for q in first.queries))
    assert not {q.casefold() for q in first.queries} & {q.casefold() for q in second.queries}
    assert any("fluvastatin" in q or "lovastatin" in q for q in second.queries)
    assert second.facets == first.facets


def test_what_is_missing_is_asked_for_first() -> None:
    assert planned(missing=("elderly patients",)).queries[0] == "statins elderly patients"


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_queries_than_allowed(most: int) -> None:
    assert len(planned(max_queries=most).queries) == most


def test_an_open_question_asks_for_each_of_its_topics() -> None:
    queries = planned(question="How does pair programming affect burnout?").queries
    assert {"pair programming", "burnout", "pair programming burnout"} <= set(queries)


@pytest.mark.parametrize("question", ["", "???", "is", "Why?"])
def test_a_question_that_names_nothing_has_a_plan_without_facets(question: str) -> None:
    made = planned(question=question)
    assert made.facets == ()
    assert made.inclusion == ("title or abstract is near the question in meaning",)


def test_criteria_tell_each_facet_and_how_many_wordings_count() -> None:
    made = planned()
    [subject] = [f for f in made.facets if f.role == "subject"]
    assert f"title or abstract names the subject: statins (or one of {len(subject.terms) - 1} other wordings)" in (
        made.inclusion
    )
    assert len(made.inclusion) == len(made.facets)
    assert made.exclusion[0] == "retracted"


def test_no_query_is_a_suffix() -> None:
    assert not [q for q in planned(max_queries=100).queries if "*" in q]
