"""What the gold task looks at in a report, and what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from consilience.assembly import Way
from consilience.errors import InputError
from consilience.evals.gold import measure
from consilience.evals.gold_asking import Asked, ask, misses
from consilience.evals.gold_model import ModelRuns
from consilience.evals.gold_schema import GoldQuestion, load_gold
from consilience.evals.gold_table import compared, result
from consilience.evals.metrics import Scores, Share
from consilience.evals.observation import Observation, Quotation, observe
from consilience.evals.registry import TaskInput
from consilience.evals.spending import Bill, Purse
from consilience.evals.stand_in import StandIn
from consilience.records import (
    Answer,
    AnswerVerdict,
    Certainty,
    Direction,
    Fate,
    Relation,
    Span,
    Stance,
    Strength,
    StudyDesign,
    Verdict,
)
from consilience.reports.panel import PanelReview
from consilience.reports.report import CitedEvidence, Report, ReportClaim, ReportPaper
from consilience.settings import BudgetSettings, Settings, load_settings

ABSTRACT = "Zorbamol reduced pain."


def ledger_entry(id: str, fate: Fate = Fate.KEPT) -> ReportClaim:
    own = CitedEvidence(
        paper_id="p", start=0, end=22, text=ABSTRACT, stance=Stance.SUPPORTS, score=0.9, own_source=True
    )
    other = CitedEvidence(
        paper_id="q", start=0, end=8, text="Zorbamol", stance=Stance.REFUTES, score=0.9, own_source=False
    )
    return ReportClaim(
        id=id, number=1, text=ABSTRACT, verdict=Verdict.UNCORROBORATED, confidence=0.5, fate=fate,
        background=False, answers="for", strength=Strength.CAUSAL, design=StudyDesign.RANDOMISED,
        relation=Relation(subject="zorbamol", outcome="pain", direction=Direction.DECREASE),
        subjects="humans", hedged=False, completed=False, quantities=(), independent_support=0,
        spans=(Span(paper_id="p", start=0, end=22, text=ABSTRACT),), evidence=(own, other),
        independent_refutation=0, supporting_papers=(), refuting_papers=(), reason="its own source only",
    )  # fmt: skip


@pytest.fixture
def seen() -> Observation:
    """A report's observation; the report's other fields, which no metric reads, are left out."""
    answer = Answer(verdict=AnswerVerdict.YES, certainty=Certainty.LOW, text="Yes.", claim_ids=("a",))
    papers = (ReportPaper(id="p", title="T", abstract=ABSTRACT, included=True, reason="", score=1),)
    review = PanelReview.model_construct(score=7.5)
    claims = (ledger_entry("a"), ledger_entry("b", Fate.DROPPED))
    return observe(Report.model_construct(title="T", answer=answer, claims=claims, papers=papers, review=review))


def test_a_claim_belongs_to_the_papers_that_state_it(seen: Observation) -> None:
    claim = seen.claims[0]
    assert claim.papers == ("p",), "what supports or refutes a claim does not state it"
    assert claim.support == ("p",)
    assert claim.answers
    assert claim.direction is Direction.DECREASE
    assert seen.cited() == ("p",)


def test_every_quotation_is_looked_at(seen: Observation) -> None:
    own = Quotation("p", 0, 22, ABSTRACT)
    assert seen.claims[0].quotations == (own, own, Quotation("q", 0, 8, "Zorbamol"))


def test_a_dropped_claim_does_not_answer(seen: Observation) -> None:
    assert [claim.answers for claim in seen.claims] == [True, False]


def test_the_score_and_the_answer_are_kept(seen: Observation) -> None:
    assert (seen.answer, seen.score, seen.title) == (AnswerVerdict.YES, 7.5, "T")


def scores(answer: int, recall: Share) -> Scores:
    one, none = Share(1, 1), Share(0, 0)
    return Scores(recall, one, none, one, one, none, Share(answer, 1), one, one, one, one)


def question(id: str) -> GoldQuestion:
    return next(question for question in load_gold() if question.id == id)


def test_the_table_has_a_row_a_question_and_the_means(seen: Observation) -> None:
    right = Asked(question("hormones-fracture"), seen, scores(1, Share(1, 4)), 1.4)
    wrong = Asked(question("hormones-coronary"), seen, scores(0, Share(3, 4)), 2.0)
    made = result([right, wrong])
    lines = made.table.splitlines()
    assert lines[2].startswith("| hormones-fracture | yes | 1/4 | 1/1 | - |")
    assert "| yes (wanted no) | 3/4 |" in lines[3]
    assert lines[4].startswith("| **mean** | 0.500 right | 0.500 | 1.000 | - |")
    assert "abstention 1.000, claims not cut off 1.000" in lines[-1]
    assert made.figures["claim_recall"] == 0.5
    assert made.figures["hormones-coronary.answer"] == 0.0
    assert made.figures["hormones-fracture.score"] == 7.5
    assert "verdict_accuracy" not in made.figures, "nothing was measured"


def test_what_was_missed_is_told_for_reading(seen: Observation) -> None:
    gold = question("hormones-coronary")
    found = misses(gold, seen, {"pmid:12117397": "p"}.get)
    assert found == {
        "missed claims": "whi-chd-raised, hers-chd-null, reinfarction-null",
        "off the question": ABSTRACT,
    }


def test_a_library_that_lacks_a_named_paper_stops_the_task(home: Path) -> None:
    strange = question("hormones-fracture").model_copy(update={"may_cite": ("pmid:1",)})
    with pytest.raises(InputError, match="pmid:1"):
        ask(strange, load_settings(home=home), None)


def test_a_question_goes_through_the_engine_and_is_scored(home: Path) -> None:
    asked = ask(question("unanswerable-multimodal"), load_settings(home=home), None)
    assert asked.seen.answer is AnswerVerdict.NOT_ENOUGH_EVIDENCE
    assert asked.scores.abstention == asked.scores.answer == Share(1, 1)
    assert asked.scores.true_quotations.hits == asked.scores.true_quotations.of
    assert asked.scores.supported_on_question.value == 1.0


def test_a_language_model_is_asked_beside_the_embedded_reasoner(home: Path) -> None:
    model, heard = StandIn(), list[str]()
    given = TaskInput(None, Settings(home=home, reasoner="embedded"), heard.append, limit=1)
    made = measure(given, Way(Settings(home=home, reasoner="model"), model))
    first = next(q.id for q in load_gold() if q.library.set == "sample")
    row = next(line for line in made.table.splitlines() if line.startswith(f"| {first} |"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[-2] == "unknown", "a stand-in has no listed price"
    assert int(cells[-1]) == int(made.figures["model.tokens"]) > 1000
    assert {"plan", "screen", "extract"} <= set(model.asked)
    assert made.figures["model"] == "stand-in"
    assert made.figures["questions"] == made.figures["model.questions"] == 1
    assert f"model.{first}.verdict" in made.figures
    assert not list(home.rglob("runs")), "measured under a home of its own"


def test_a_bound_holds_over_all_questions(home: Path) -> None:
    heard: list[str] = []
    given = TaskInput(None, Settings(home=home, reasoner="embedded"), heard.append, limit=2)
    bounded = Settings(home=home, reasoner="model", budget=BudgetSettings(max_tokens=20_000))
    made = measure(given, Way(bounded, StandIn()))
    assert made.figures["model.questions"] == made.figures["model.unasked"] == 1
    assert int(made.figures["model.tokens"]) <= 20_000
    assert "cut" in made.table
    assert any(line.startswith("not asked, as a bound was reached: ") for line in heard)


def test_a_question_may_spend_what_those_before_it_left() -> None:
    purse = Purse(BudgetSettings(max_cost=1.0, max_tokens=1000))
    assert purse.left() == BudgetSettings(max_cost=1.0, max_tokens=1000)
    purse.bills.append(Bill(400, 0.25, 3.0))
    assert purse.left() == BudgetSettings(max_cost=0.75, max_tokens=600)
    purse.bills.append(Bill(600, 0.25, 3.0))
    assert purse.left() is None
    assert Purse(BudgetSettings(), [Bill(10**9, None, 1e9)]).left() == BudgetSettings()


def test_both_reasoners_have_their_columns_and_the_model_its_bill(seen: Observation) -> None:
    gold = question("hormones-fracture")
    ours, theirs = Asked(gold, seen, scores(1, Share(1, 4)), 1.0), Asked(gold, seen, scores(0, Share(3, 4)), 9.0)
    other = Asked(question("hormones-coronary"), seen, scores(1, Share(4, 4)), 1.0)
    made = compared([ours, other], ModelRuns("a-model", ((theirs, Bill(1234, 0.5, 8.0)),), "", ("hormones-coronary",)))
    lines = made.table.splitlines()
    assert lines[0].startswith("| question | answer | answer, model | recall | recall, model | precision |")
    assert lines[2].startswith("| hormones-fracture | yes | yes (wanted")
    assert "| 1/4 | 3/4 | 1/1 | 1/1 |" in lines[2]
    assert lines[2].endswith("| 0.5000 | 1234 |")
    assert lines[3].startswith("| **mean** | 1.000 right | 0.000 right | 0.250 | 0.750 |")
    assert "hormones-coronary" in lines[-1]
    assert (made.figures["claim_recall"], made.figures["model.claim_recall"]) == (0.625, 0.75)
    assert made.figures["model.cost"] == 0.5
