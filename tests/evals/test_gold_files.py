"""The committed gold reports: they fit the schema, and every paper that they name is in their library."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from consilience.errors import InputError
from consilience.evals.gold_schema import GoldQuestion, load_gold
from consilience.evals.recipes import read_recipe
from consilience.evals.screening import load_questions
from consilience.language.text import stems
from consilience.records import Direction, QuestionType

GOLD = load_gold()
ON_SAMPLE = [question for question in GOLD if question.library.set == "sample"]
ON_SETS = [question for question in GOLD if question.library.set != "sample"]


def lacking(question: GoldQuestion, data: Path | None) -> list[str]:
    records = read_recipe(question.library, data)
    return [paper for paper in question.papers() if not any(record.answers_to(paper) for record in records)]


def test_there_are_enough_questions_of_every_kind() -> None:
    kinds = Counter(question.kind for question in GOLD)
    assert len(GOLD) >= 12
    assert len(ON_SETS) >= 4
    assert kinds["unanswerable"] >= 2
    assert kinds["near_miss"] >= 2
    assert {question.question_type for question in GOLD} == set(QuestionType)


@pytest.mark.parametrize("question", ON_SAMPLE, ids=lambda q: q.id)
def test_the_sample_holds_every_paper_named(question: GoldQuestion) -> None:
    assert lacking(question, None) == []


@pytest.mark.parametrize("question", ON_SETS, ids=lambda q: q.id)
def test_the_set_holds_every_paper_named(question: GoldQuestion, data: Path) -> None:
    assert lacking(question, data) == []


@pytest.mark.parametrize("question", GOLD, ids=lambda q: q.id)
def test_every_wording_can_match_something(question: GoldQuestion) -> None:
    claims = [w for c in question.must for w in (*c.subject, *c.comparator, *c.outcome)]
    rules = [w for rule in question.must_not for w in rule.outcome]
    assert [w for w in (*question.subject, *question.outcome, *claims, *rules) if not stems(w)] == []


@pytest.mark.parametrize("question", GOLD, ids=lambda q: q.id)
def test_expected_claims_rest_on_papers_that_may_be_cited(question: GoldQuestion) -> None:
    refused = set(question.must_not_cite)
    assert not [claim.key for claim in question.must if claim.paper in refused]
    if question.citations == "closed":
        allowed = {*question.must_cite, *question.may_cite}
        assert not [claim.key for claim in question.must if claim.paper not in allowed]


@pytest.mark.parametrize("question", GOLD, ids=lambda q: q.id)
def test_a_yes_no_question_expects_directions(question: GoldQuestion) -> None:
    if question.question_type is QuestionType.YES_NO:
        assert not [c.key for c in question.must if c.direction is Direction.UNSTATED]


def test_every_review_question_has_its_set(data: Path) -> None:
    from consilience.evals.gold_schema import Recipe

    reviews = load_questions()
    assert len(reviews) == 5
    for review in reviews:
        records = read_recipe(Recipe(set=review.set), data)
        assert any(record.included for record in records)


def test_a_file_that_does_not_fit_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"id": "broken"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.json"):
        load_gold(tmp_path)


def changed(question: GoldQuestion, **fields: object) -> str:
    return json.dumps(question.model_dump(mode="json") | fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "near_miss"},
        {"must": []},
        {"answers": []},
        {"unknown": 1},
        {"must_cite": ["doi:10.1/x"]},
        {"changes": []},
    ],
    ids=str,
)
def test_the_schema_refuses(fields: dict[str, object]) -> None:
    answerable = next(question for question in ON_SAMPLE if question.kind == "answerable")
    assert GoldQuestion.model_validate_json(changed(answerable)) == answerable
    with pytest.raises(ValueError, match="validation error"):
        GoldQuestion.model_validate_json(changed(answerable, **fields))


def test_a_paper_cannot_be_allowed_and_refused() -> None:
    question = next(question for question in ON_SAMPLE if question.must_not_cite)
    both = [*question.must_not_cite, question.must_cite[0]]
    with pytest.raises(ValueError, match="both allowed and refused"):
        GoldQuestion.model_validate_json(changed(question, must_not_cite=both))


def test_a_file_is_named_after_its_id(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(changed(GOLD[0]), encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.json") as refused:
        load_gold(tmp_path)
    assert refused.value.advice == "name the file after its id"
