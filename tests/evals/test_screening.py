"""From an order of papers to the reviewers' labels of the records behind them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from consilience.errors import InputError
from consilience.evals.gold_schema import Recipe
from consilience.evals.libraries import BuiltLibrary, build
from consilience.evals.recipes import SetRecord
from consilience.evals.screening import labels_of, load_questions, rank
from consilience.reasoning.base import Candidate, Outcome, PlanRequest, Reasoner
from consilience.records import Gap, Plan, QuestionType, ScreeningDecision
from consilience.settings import load_settings

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder


def library(*records: tuple[str, str | None, bool]) -> BuiltLibrary:
    return BuiltLibrary(
        name="x",
        papers={},
        of_record={number: paper for number, paper, _ in records if paper is not None},
        records=tuple(SetRecord(number, "T", included=included) for number, _, included in records),
    )


def test_labels_follow_the_order_of_papers() -> None:
    built = library(("1", "a", True), ("2", "b", False), ("3", "c", True))
    assert labels_of(built, ("b", "c", "a")) == [False, True, True]


def test_merged_records_stand_side_by_side() -> None:
    built = library(("1", "a", True), ("2", "b", False), ("3", "a", False))
    assert labels_of(built, ("a", "b")) == [True, False, False]


def test_losing_an_included_record_gains_nothing() -> None:
    built = library(("1", None, True), ("2", "b", False), ("3", None, False))
    assert labels_of(built, ("b",)) == [False, False, True]


def test_a_broken_list_of_questions_is_told(tmp_path: Path) -> None:
    path = tmp_path / "screening.json"
    path.write_text('[{"set": "x"}]', encoding="utf-8")
    with pytest.raises(InputError, match=r"screening\.json"):
        load_questions(path)


ROWS = (
    ("Zorbamol for headache", "Zorbamol relieved headache in a trial of adults with migraine.", 1),
    ("Parvidol for asthma", "Parvidol made breathing easier in children with asthma.", 0),
    ("Bridges of steel", "Steel bridges corrode when salt reaches the bearings.", 0),
    ("Headache after zorbamol", None, 1),
    (None, None, 0),
)


class Contrary:
    """A reasoner that includes what retrieval ranks lowest: so that its order is told from every other."""

    name = "contrary"

    def __init__(self, *, plans: bool = True) -> None:
        self._plans = plans
        self.seen: list[str] = []

    async def plan(self, request: PlanRequest) -> Outcome[Plan]:
        if not self._plans:
            return Outcome(gap=Gap(node="plan", kind="refused", reason="no mood for plans"))
        plan = Plan(
            question=request.question,
            question_type=QuestionType.OPEN,
            facets=(),
            queries=("zorbamol headache", "asthma in children"),
        )
        return Outcome(plan)

    async def screen(
        self, plan: Plan, candidates: tuple[Candidate, ...], max_included: int
    ) -> Outcome[tuple[ScreeningDecision, ...]]:
        self.seen = [candidate.paper.id for candidate in candidates]
        return Outcome(
            tuple(
                ScreeningDecision(paper_id=one.paper.id, included=number >= 3, reason="contrary", score=number / 10)
                for number, one in enumerate(candidates)
            )
        )


@pytest.fixture
def made_up(tmp_path: Path, home: Path) -> BuiltLibrary:
    path = tmp_path / "systematic_reviews" / "Made_Up.jsonl.gz"
    path.parent.mkdir()
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        for number, (title, abstract, included) in enumerate(ROWS):
            row = {"record_id": number, "title": title, "abstract": abstract, "label_included": included}
            lines.write(json.dumps(row) + "\n")
    return build(Recipe(set="systematic_reviews/Made_Up"), home, tmp_path)


async def test_every_paper_stands_in_every_order(made_up: BuiltLibrary, home: Path, encoder: Encoder) -> None:
    reasoner = Contrary()
    settings = load_settings(home=home)
    question = "Does zorbamol relieve headache?"
    ranked = await rank(question, made_up, settings, encoder, cast(Reasoner, reasoner))
    assert all(sorted(order) == sorted(made_up.papers) for order in ranked.orders.values())
    assert set(ranked.orders["bm25"][:2]) == set(ranked.orders["encoder"][:2])
    assert ranked.orders["run"] == (*reversed(reasoner.seen), made_up.of_record["2"]), "not screened: last"
    assert labels_of(made_up, ranked.orders["encoder"]) == [True, True, False, False, False]


async def test_a_reasoner_that_makes_no_plan_is_told(made_up: BuiltLibrary, home: Path, encoder: Encoder) -> None:
    silent = cast(Reasoner, Contrary(plans=False))
    with pytest.raises(InputError, match="no mood for plans"):
        await rank("Does it?", made_up, load_settings(home=home), encoder, silent)
