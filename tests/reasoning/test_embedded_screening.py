"""Screening by rules: the score's parts, the order, and one reason for each paper."""

from __future__ import annotations

import pytest

from consilience.reasoning.base import Candidate
from consilience.reasoning.embedded.scope import Scope
from consilience.reasoning.embedded.screening import WEIGHTS, facet_share, screen
from consilience.records import Paper, ScreeningDecision
from consilience.tests.support.readings import plan

ASKED = "Does caffeine improve attention in adults with asthma?"
FULL = "Caffeine improved attention in adults with asthma."


def candidate(
    number: int, abstract: str = FULL, *, fused: float = 0.5, cosine: float = 0.4, **changes: object
) -> Candidate:
    made = Paper(id=f"p{number}", title="A study", abstract=abstract).model_copy(update=changes)
    return Candidate(made, fused, cosine)


def decide(*candidates: Candidate, most: int = 10, least: float = 0.2, asked: str = ASKED) -> list[ScreeningDecision]:
    return list(screen(Scope(plan(asked)), candidates, most, least))


@pytest.mark.parametrize(
    ("abstract", "retracted", "reason"),
    [
        (FULL, True, "retracted: a retracted paper is no evidence"),
        ("", False, "no abstract: there is nothing to read claims from"),
        ("Caffeine helped children with asthma.", False, "another population: the question asks about adults"),
        ("Tea helped adults with asthma.", False, "off the question: names nothing of the subject (caffeine)"),
        ("Caffeine helped adults.", False, "off the question: names nothing of the topic (asthma)"),
    ],
)  # fmt: skip
def test_every_exclusion_has_its_reason(abstract: str, retracted: bool, reason: str) -> None:
    [found] = decide(candidate(1, abstract, retracted=retracted))
    assert (found.included, found.reason) == (False, reason)


def test_an_included_paper_says_what_it_names() -> None:
    [found] = decide(candidate(1))
    assert (found.included, found.reason) == (True, "names caffeine, attention, asthma, adults")


def test_a_paper_without_the_outcome_is_kept_for_what_else_it_may_say() -> None:
    [found] = decide(candidate(1, "Caffeine improved sleep in adults with asthma."))
    assert found.included


def test_the_score_is_the_weighted_sum_of_its_parts() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    held = candidate(1, fused=0.5, cosine=0.4)
    share = facet_share(held, Scope(plan(ASKED)))
    [found] = decide(held)
    assert share == pytest.approx(0.9)
    assert found.score == round(0.40 * 0.5 + 0.45 * 0.5 + 0.15 * share, 4)


@pytest.mark.parametrize(("cosine", "meaning"), [(-1.0, 0.0), (0.1, 0.0), (0.7, 1.0), (0.99, 1.0)])
def test_meaning_is_stretched_and_kept_in_bounds(cosine: float, meaning: float) -> None:
    [found] = decide(candidate(1, fused=0.0, cosine=cosine))
    assert found.score == round(0.45 * meaning + 0.15 * 0.9, 4)


def test_a_title_counts_in_full_and_an_abstract_nine_tenths() -> None:
    scope = Scope(plan(ASKED))
    assert facet_share(candidate(1, title=FULL), scope) == pytest.approx(1)
    assert facet_share(candidate(2, "Nothing of it."), scope) == 0
    assert facet_share(candidate(3), Scope(plan("???"))) == 0


def test_the_best_come_first_and_the_rest_say_that_they_ranked_lower() -> None:
    found = decide(candidate(1, fused=0.1), candidate(2, fused=0.9), candidate(3, fused=0.5), most=2)
    assert [(d.paper_id, d.included) for d in found] == [("p2", True), ("p3", True), ("p1", False)]
    assert found[2].reason == "beyond the best 2: ranked lower than the papers included"


def test_excluded_papers_take_no_place_of_those_included() -> None:
    found = decide(candidate(1, fused=1.0, retracted=True), candidate(2), candidate(3, fused=0.4), most=1)
    assert [d.paper_id for d in found if d.included] == ["p2"]


def test_equal_scores_are_ordered_by_paper() -> None:
    found = decide(candidate(3), candidate(1), candidate(2))
    assert [d.paper_id for d in found] == ["p1", "p2", "p3"]


def test_a_paper_far_from_the_question_says_how_far() -> None:
    [found] = decide(candidate(1, fused=0.0, cosine=0.1), least=0.35)
    assert found.reason == f"too far from the question: relevance {found.score:.2f} is under 0.35"


def test_a_paper_at_the_least_score_is_included() -> None:
    [found] = decide(candidate(1))
    assert decide(candidate(1), least=found.score)[0].included


@pytest.mark.parametrize(
    ("abstract", "included"),
    [
        ("Pair programming and code quality were studied among novices.", True),
        ("Pair programming was studied.", False),
        ("Tea was studied.", False),
    ],
)
def test_an_open_questions_papers_name_most_of_its_topics(abstract: str, included: bool) -> None:
    [found] = decide(candidate(1, abstract), asked="How does pair programming change code quality?")
    assert found.included is included


def test_animals_asked_about_are_a_population_that_must_be_named() -> None:
    asked = "Do antibiotics cure mastitis in cows?"
    human = candidate(1, "Antibiotics cured mastitis in women.")
    cattle = candidate(2, "Antibiotics cured mastitis in cows.")
    found = {d.paper_id: d.included for d in decide(human, cattle, asked=asked)}
    assert found == {"p1": False, "p2": True}
