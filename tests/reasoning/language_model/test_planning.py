"""A plan by a language model: the question's facets once, new queries each round, and nothing too wide to match by."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from consilience.reasoning.base import Outcome, PlanRequest
from consilience.reasoning.embedded import EmbeddedReasoner
from consilience.reasoning.language_model.planning import make_plan
from consilience.records import Direction, Plan, QuestionType, Valence
from consilience.tests.support import dossiers
from consilience.tests.support.completers import fault
from consilience.tests.support.model_answers import Model, asker


def facet(role: str, text: str, *wordings: str) -> dict[str, Any]:
    return {"role": role, "text": text, "wordings": list(wordings)}


FACETS = [facet("subject", "zolafen", "Zolafen", "ZLF", "a", " the "), facet("outcome", "night cramps", "leg cramps")]
ANSWER: dict[str, Any] = {
    "question_type": "yes_no",
    "facets": FACETS,
    "expected": "decrease",
    "yes_would_be": "benefit",
    "queries": ["zolafen leg cramps", "Zolafen  no difference", dossiers.QUESTION],
    "inclusion": ["reports cramps", " "],
    "exclusion": ["animals"],
}


def plan(rules: EmbeddedReasoner, model: Model, **request: Any) -> Outcome[Plan]:  # noqa: ANN401 -- the request's fields
    return asyncio.run(make_plan(asker(model), rules, PlanRequest(dossiers.QUESTION, **request)))


def made(rules: EmbeddedReasoner, *answers: Any, **request: Any) -> Plan:  # noqa: ANN401 -- answers and fields
    outcome = plan(rules, Model(*answers), **request)
    assert outcome.value is not None
    assert outcome.gap is None
    return outcome.value


def test_the_plan_is_the_questions_with_the_models_wordings_and_the_lexicons(rules: EmbeddedReasoner) -> None:
    found = made(rules, ANSWER)
    assert (found.question, found.question_type) == (dossiers.QUESTION, QuestionType.YES_NO)
    assert (found.expected, found.expected_valence, found.any_change) == (Direction.DECREASE, Valence.BENEFIT, False)
    assert found.queries == (dossiers.QUESTION, "zolafen leg cramps", "Zolafen no difference")
    subject, outcome = found.facets
    assert subject.terms[:2] == ("zolafen", "zlf")
    assert {"night cramps", "leg cramps"} <= set(outcome.terms)
    assert found.inclusion == ("reports cramps",)
    assert found.exclusion == ("retracted", "no abstract to read", "animals")


def test_wordings_of_function_words_alone_are_left_out_since_every_abstract_holds_them(rules: EmbeddedReasoner) -> None:
    subject, _ = made(rules, ANSWER).facets
    assert not {"a", "the"} & set(subject.terms)


def test_later_rounds_keep_the_facets_and_send_no_query_twice(rules: EmbeddedReasoner) -> None:
    first = made(rules, ANSWER)
    other = {**ANSWER, "facets": [facet("topic", "velorin")], "question_type": "open", "queries": [
        "ZOLAFEN leg cramps", "zolafen trials", "zolafen adults"]}  # fmt: skip
    later = made(rules, other, round=1, tried=first.queries, earlier=first, max_queries=1)
    assert later == first.model_copy(update={"queries": ("zolafen trials",)})


@pytest.mark.parametrize(("expected", "any_change"), [("either", True), ("none", False)])
def test_any_relation_and_no_expectation(rules: EmbeddedReasoner, expected: str, any_change: bool) -> None:
    found = made(rules, {**ANSWER, "expected": expected})
    assert (found.expected, found.any_change) == (None, any_change)


def test_an_open_question_expects_nothing(rules: EmbeddedReasoner) -> None:
    found = made(rules, {**ANSWER, "question_type": "open", "expected": "either", "facets": [facet("topic", "cramps")]})
    assert (found.expected, found.any_change, found.expected_valence) == (None, False, Valence.UNSTATED)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"facets": FACETS[:1]}, "role outcome"),
        ({"facets": [FACETS[0], facet("outcome", " ")]}, "role outcome"),
        ({"facets": [], "question_type": "open"}, "no facet"),
        ({"queries": [" "]}, "no query"),
    ],
)
def test_a_plan_that_cannot_be_used_is_asked_for_again(
    rules: EmbeddedReasoner, broken: dict[str, Any], told: str
) -> None:
    model = Model({**ANSWER, **broken}, ANSWER)
    assert plan(rules, model).value is not None
    assert told in model.asked[1].messages[-1].content


def test_without_a_plan_the_rules_plan_stands_and_the_gap_says_so(rules: EmbeddedReasoner) -> None:
    outcome = plan(rules, Model(fault("budget")))
    assert outcome.value == asyncio.run(rules.plan(PlanRequest(dossiers.QUESTION))).value
    assert outcome.gap is not None
    assert (outcome.gap.kind, outcome.gap.partial) == ("budget", True)
    assert "the embedded rules stood in" in outcome.gap.reason
