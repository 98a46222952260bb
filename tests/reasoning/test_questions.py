"""A question becomes a plan: facets, what is asked, queries and criteria."""

from __future__ import annotations

import pytest

from consilience.reasoning.base import PlanRequest
from consilience.reasoning.embedded.planning import make_plan
from consilience.records import Direction, Plan, QuestionType, Valence

TRIPTANS = "Do triptans relieve headache in adults?"
OPEN = "What are the effects of mindfulness on burnout?"
UP, DOWN, UNSAID = Direction.INCREASE, Direction.DECREASE, Direction.UNSTATED
GOOD, BAD = Valence.BENEFIT, Valence.HARM


def plan(question: str) -> Plan:
    return make_plan(PlanRequest(question=question))


@pytest.mark.parametrize(
    ("question", "facets"),
    [
        ("Do statins reduce mortality in the elderly?", "subject=statins outcome=mortality population=elderly"),
        ("Does pairing reduce defects compared with testing?", "subject=pairing comparator=testing outcome=defects"),
        ("Is acupuncture effective for migraine?", "subject=acupuncture outcome=efficacy topic=migraine"),
        ("Can erosion be prevented by tillage?", "subject=tillage outcome=erosion"),
        ("Tillage: does it reduce erosion?", "subject=Tillage outcome=erosion"),
        ("Does homework (at school) improve grades, and how much is best?", "subject=homework outcome=grades"),
        ("Is there an association between screen time and obesity?", "subject=screen time outcome=obesity"),
        (OPEN, "topic=mindfulness topic=burnout"),
        ("", ""),
        ("?", ""),
    ],
)
def test_facets(question: str, facets: str) -> None:
    asked = plan(question)
    assert " ".join(f"{f.role}={f.text}" for f in asked.facets) == facets
    assert asked.key_phrases == tuple(f.text for f in asked.facets)
    assert (asked.question_type is QuestionType.YES_NO) == ("subject=" in facets)


@pytest.mark.parametrize(
    ("question", "direction", "valence", "any_change"),
    [
        ("Does fertiliser increase crop yield?", UP, GOOD, False),
        ("Does tillage increase mortality of earthworms?", UP, BAD, False),
        ("Does test-driven development improve code quality?", UP, GOOD, False),
        ("Does noise impair memory?", DOWN, BAD, False),
        ("Does a lower noise level reduce mortality?", UP, BAD, False),
        ("Is smoking associated with an increased risk of stroke?", UP, BAD, False),
        ("Is smoking associated with dementia?", UNSAID, Valence.UNSTATED, True),
        ("Is ibuprofen as effective as naproxen for gout?", Direction.NO_DIFFERENCE, Valence.NEUTRAL, False),
        (OPEN, UNSAID, Valence.UNSTATED, False),
    ],
)
def test_what_a_yes_would_mean(question: str, direction: Direction, valence: Valence, any_change: bool) -> None:
    asked = plan(question)
    assert (asked.expected, asked.expected_valence, asked.any_change) == (direction, valence, any_change)


def test_queries_go_from_the_question_to_members_of_the_class() -> None:
    first, second, *more = make_plan(PlanRequest(question=TRIPTANS, max_queries=20)).queries
    assert (first, second) == (TRIPTANS, "triptans headache adults")
    assert {"sumatriptan headache", "naratriptan headache", "triptans pain"} <= set(more)
    assert "eletriptan headache" not in more


def test_a_later_round_asks_what_is_missing_first_and_then_for_other_members() -> None:
    tried = plan(TRIPTANS).queries
    later = make_plan(PlanRequest(question=TRIPTANS, round=1, missing=("harms",), tried=tried, max_queries=4))
    assert later.queries[0] == "triptans harms"
    assert "eletriptan headache" in later.queries
    assert len(later.queries) == 4
    assert not set(later.queries) & set(tried)
    assert later.facets == plan(TRIPTANS).facets


def test_a_query_that_was_tried_in_another_case_is_not_asked_again() -> None:
    again = make_plan(PlanRequest(question="Does tillage reduce erosion?", tried=("DOES TILLAGE REDUCE EROSION?",)))
    assert again.queries == ("tillage erosion",)


def test_criteria_name_each_facet_and_the_meaning_of_an_open_question() -> None:
    assert plan("Does tillage reduce soil erosion?").inclusion == (
        "title or abstract names the subject: tillage",
        "title or abstract names the outcome: soil erosion",
    )
    assert plan(OPEN).inclusion[-1] == "title or abstract is near the question in meaning"
    wordings = plan(TRIPTANS).facets[0].terms
    assert plan(TRIPTANS).inclusion[0].endswith(f"triptans (or one of {len(wordings) - 1} other wordings)")
