"""The scores of a report against a gold report, each on cases small enough to be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.evals.gold_schema import ContestedPoint, Forbidden, GoldClaim, GoldQuestion
from consilience.evals.metrics import METRICS, Share, is_whole, mean, score, summary, true_quotations
from consilience.evals.observation import Observation, ObservedClaim, Quotation
from consilience.records import AnswerVerdict, Direction, Relation, Valence, Verdict

PAPERS = {"pmid:1": "one", "pmid:2": "two", "pmid:3": "three"}


def resolve(reference: str) -> str | None:
    return PAPERS.get(reference)


def expected(key: str = "a", paper: str = "pmid:1") -> GoldClaim:
    return GoldClaim(
        key=key,
        paper=paper,
        subject=("zorbamol",),
        outcome=("pain",),
        direction=Direction.DECREASE,
        valence=Valence.BENEFIT,
        verdicts=(Verdict.SUPPORTED,),
    )


def gold(**fields: object) -> GoldQuestion:
    return GoldQuestion.model_validate(
        {
            "id": "q",
            "question": "Does zorbamol reduce pain?",
            "library": {"set": "sample"},
            "kind": "answerable",
            "question_type": "yes_no",
            "answers": ("yes",),
            "subject": ("zorbamol",),
            "outcome": ("pain",),
            "must": (expected(),),
            "must_cite": ("pmid:1",),
            "why": "made up for the tests of the metrics",
            "changes": ({"date": "2026-01-01", "what": "written", "reason": "a test"},),
            **fields,
        }
    )


def nothing_known() -> GoldQuestion:
    return gold(kind="unanswerable", answers=("not enough evidence",), must=(), must_cite=())


def ledger_claim(
    id: str = "c1",
    *,
    text: str = "Zorbamol reduced pain.",
    outcome: str = "pain",
    verdict: Verdict = Verdict.SUPPORTED,
    background: bool = False,
    dropped: bool = False,
    papers: tuple[str, ...] = ("one",),
    quotations: tuple[Quotation, ...] = (),
) -> ObservedClaim:
    relation = Relation(subject="zorbamol", outcome=outcome, direction=Direction.DECREASE, valence=Valence.BENEFIT)
    return ObservedClaim(id, text, relation, verdict, background, dropped, papers, quotations)


def report(*claims: ObservedClaim, answer: AnswerVerdict = AnswerVerdict.YES) -> Observation:
    return Observation(answer, tuple(c.id for c in claims), claims, {"one": "Zorbamol reduced pain."})


def test_a_report_that_finds_all_scores_full_marks() -> None:
    scores = score(gold(), report(ledger_claim()), resolve)
    assert {name: getattr(scores, name).value for name in METRICS if getattr(scores, name).of} == {
        "claim_recall": 1.0,
        "claim_precision": 1.0,
        "verdict_accuracy": 1.0,
        "citation_precision": 1.0,
        "citation_recall": 1.0,
        "answer": 1.0,
        "abstention": 1.0,
        "whole_claims": 1.0,
        "supported_on_question": 1.0,
    }


def test_an_expected_claim_kept_as_background_is_not_found() -> None:
    scores = score(gold(), report(ledger_claim(background=True)), resolve)
    assert scores.claim_recall == Share(0, 1)
    assert scores.claim_precision.of == 0


def test_a_dropped_claim_is_not_found() -> None:
    assert score(gold(), report(ledger_claim(dropped=True)), resolve).claim_recall == Share(0, 1)


def test_one_of_two_expected_claims() -> None:
    two = gold(must=(expected(), expected("b", "pmid:2")))
    assert score(two, report(ledger_claim()), resolve).claim_recall == Share(1, 2)


def test_precision_counts_answering_claims_off_the_question() -> None:
    off = ledger_claim("c2", text="Sleep was longer.", outcome="sleep")
    assert score(gold(), report(ledger_claim(), off), resolve).claim_precision == Share(1, 2)


def test_a_forbidden_claim_is_off_the_question_though_it_names_the_facets() -> None:
    rule = Forbidden(paper="pmid:2", why="another comparison altogether")
    claim = ledger_claim(papers=("two",))
    assert score(gold(must_not=(rule,)), report(claim), resolve).claim_precision == Share(0, 1)
    assert score(gold(), report(claim), resolve).claim_precision == Share(1, 1)


def test_a_merged_claim_is_not_forbidden_for_one_of_its_papers() -> None:
    rule = Forbidden(paper="pmid:2", why="another comparison altogether")
    claim = ledger_claim(papers=("three", "two"))
    assert score(gold(must_not=(rule,)), report(claim), resolve).claim_precision == Share(1, 1)


def test_verdicts_are_judged_on_found_claims_only() -> None:
    two = gold(must=(expected(), expected("b", "pmid:2")))
    wrong = ledger_claim(verdict=Verdict.REFUTED)
    assert score(two, report(wrong), resolve).verdict_accuracy == Share(0, 1)
    assert score(two, report(), resolve).verdict_accuracy.of == 0


def test_one_right_verdict_among_several_matches_is_enough() -> None:
    claims = ledger_claim(verdict=Verdict.CONTESTED), ledger_claim("c2")
    assert score(gold(), report(*claims), resolve).verdict_accuracy == Share(1, 1)


def test_closed_citations_allow_the_named_papers_only() -> None:
    seen = report(ledger_claim(papers=("one", "two", "three")))
    assert score(gold(may_cite=("pmid:2",)), seen, resolve).citation_precision == Share(2, 3)


def test_open_citations_refuse_the_named_papers_only() -> None:
    seen = report(ledger_claim(papers=("one", "two", "three")))
    question = gold(citations="open", must_not_cite=("pmid:3",))
    assert score(question, seen, resolve).citation_precision == Share(2, 3)


def test_claims_outside_of_the_answer_cite_nothing() -> None:
    seen = replace(report(ledger_claim(), ledger_claim("c2", papers=("two",))), answer_claims=("c1",))
    assert seen.cited() == ("one",)
    missing = gold(must_cite=("pmid:1", "pmid:2"))
    assert score(missing, seen, resolve).citation_recall == Share(1, 2)


def test_an_abstaining_answer_cites_nothing() -> None:
    assert report(ledger_claim(), answer=AnswerVerdict.NOT_ENOUGH_EVIDENCE).cited() == ()


@pytest.mark.parametrize(
    ("question", "answer", "right", "abstention"),
    [
        (gold(), AnswerVerdict.YES, 1, 1),
        (gold(), AnswerVerdict.NO, 0, 1),
        (gold(), AnswerVerdict.NOT_ENOUGH_EVIDENCE, 0, 0),
        (nothing_known(), AnswerVerdict.NOT_ENOUGH_EVIDENCE, 1, 1),
        (nothing_known(), AnswerVerdict.YES, 0, 0),
    ],
)
def test_answers_and_abstentions(question: GoldQuestion, answer: AnswerVerdict, right: int, abstention: int) -> None:
    scores = score(question, report(answer=answer), resolve)
    assert (scores.answer.hits, scores.abstention.hits) == (right, abstention)


def test_a_contested_point_needs_both_sides() -> None:
    question = gold(contested=(ContestedPoint(point="one against two", one_side=("pmid:1",), other_side=("pmid:2",)),))
    both = report(ledger_claim(), ledger_claim("c2", papers=("two",)))
    assert score(question, report(ledger_claim()), resolve).contested == Share(0, 1)
    assert score(question, both, resolve).contested == Share(1, 1)


def test_where_nothing_answers_no_claim_may_be_supported_not_even_background() -> None:
    claim = ledger_claim(background=True)
    assert score(nothing_known(), report(claim), resolve).supported_on_question == Share(0, 1)
    other = replace(claim, verdict=Verdict.UNCORROBORATED)
    assert score(nothing_known(), report(other), resolve).supported_on_question == Share(1, 1)


def test_a_supported_answering_claim_off_the_question_is_counted() -> None:
    off = ledger_claim(text="Sleep was longer.", outcome="sleep")
    assert score(gold(), report(off), resolve).supported_on_question == Share(0, 1)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Pain fell (P < 0.05).", True),
        ("Pain fell (P < 0.05)", True),
        ("Pain fell in the", False),
        ("Pain fell …", False),
        ("Pain fell [...] in both groups.", False),
        ("", False),
    ],
)
def test_a_cut_off_claim_is_seen(text: str, whole: bool) -> None:
    assert is_whole(text) is whole


def test_a_quotation_must_equal_its_span() -> None:
    true, moved = Quotation("one", 0, 8, "Zorbamol"), Quotation("one", 1, 9, "Zorbamol")
    stranger = Quotation("nowhere", 0, 4, "pain")
    claim = ledger_claim(quotations=(true, moved, stranger))
    assert true_quotations(report(claim)) == Share(1, 3)


def test_means_leave_out_what_a_question_does_not_measure() -> None:
    assert mean([Share(1, 2), Share(0, 0), Share(1, 1)]) == 0.75
    assert mean([Share(0, 0)]) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda p: Share(min(p), max(p)))))
def test_a_mean_lies_between_the_lowest_and_the_highest(shares: list[Share]) -> None:
    values = [share.hits / share.of for share in shares if share.of]
    found = mean(shares)
    assert (found is None) == (not values)
    if found is not None:
        assert min(values) - 1e-4 <= found <= max(values) + 1e-4


def test_the_summary_has_every_metric() -> None:
    assert tuple(summary([score(gold(), report(ledger_claim()), resolve)])) == METRICS
