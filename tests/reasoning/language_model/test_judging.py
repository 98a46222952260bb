"""The judge may take evidence away and doubt a verdict; it adds nothing, and the papers counted give the verdict."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.base import Brief, Case, Judgement, Outcome
from consilience.reasoning.embedded.examining import judge_case
from consilience.reasoning.language_model.joining import JUDGE_DISAGREES
from consilience.reasoning.language_model.judging import judge
from consilience.reasoning.verdicts import tally, verdict_of
from consilience.records import Evidence, Paper, Stance, Verdict
from consilience.tests.support import dossiers
from consilience.tests.support import model_cases as cases
from consilience.tests.support.model_answers import REFUSAL, Model, Said, asker

PAPERS = cases.papers(4, 3)
CLAIM = cases.claim(PAPERS[0])


def piece(of: Paper, stance: Stance, score: float = 0.9) -> Evidence:
    return Evidence(span=cases.result(of), stance=stance, score=score, own_source=of.id == "paper1")


OWN, OTHER, AGAINST = (
    piece(PAPERS[0], Stance.SUPPORTS),
    piece(PAPERS[1], Stance.SUPPORTS),
    piece(PAPERS[2], Stance.REFUTES),
)


def case(*evidence: Evidence, **claim: Any) -> Case:  # noqa: ANN401 -- a claim's fields
    made = CLAIM.model_copy(update=claim)
    sides = [tuple(e for e in evidence if e.stance is s) for s in (Stance.SUPPORTS, Stance.REFUTES)]
    papers = {p.id: p for p in PAPERS}
    return Case(made, Brief(made.id, sides[0]), Brief(made.id, sides[1]), papers, dossiers.QUESTION)


def answer(verdict: str, **weighed: str) -> Said:
    told = [{"passage": handle, "reason": "It says so.", "stance": stance} for handle, stance in weighed.items()]
    return {"weighed": told, "reason": "Counted.", "verdict": verdict}


def run(model: Model, *given_cases: Case) -> tuple[Outcome[Judgement], ...]:
    return asyncio.run(judge(asker(model), given_cases))


def judged(said: Said, given_case: Case) -> Judgement:
    [outcome] = run(Model(said), given_case)
    assert outcome.value is not None
    return outcome.value


BOTH = case(OWN, OTHER, AGAINST)


def test_a_judge_that_agrees_changes_nothing() -> None:
    found = judged(answer("CONTESTED", S1="supports", S2="supports", S3="refutes"), BOTH)
    assert found == judge_case(BOTH)
    assert found.verdict is Verdict.CONTESTED


def test_another_verdict_of_the_judge_lowers_the_confidence_of_the_counted_one() -> None:
    counted = judge_case(BOTH)
    found = judged(answer("SUPPORTED"), BOTH)
    assert (found.verdict, found.evidence) == (counted.verdict, counted.evidence)
    assert found.confidence == round(counted.confidence * JUDGE_DISAGREES, 4) < counted.confidence
    assert "the judge would have said SUPPORTED" in found.reason


def test_what_the_judge_denies_is_left_out_and_the_rest_is_counted() -> None:
    found = judged(answer("SUPPORTED", S3="neutral"), BOTH)
    assert (found.verdict, found.evidence) == (Verdict.SUPPORTED, (OWN, OTHER))
    assert "left out 1 of 3 quotations" in found.reason
    assert judged(answer("NOT_ENOUGH_EVIDENCE", S1="neutral"), case(OWN)).verdict is Verdict.NOT_ENOUGH_EVIDENCE


def test_a_quotation_weighed_to_the_other_side_is_taken_away_and_not_turned_round() -> None:
    found = judged(answer("REFUTED", S2="refutes"), BOTH)
    assert OTHER not in found.evidence
    assert [e for e in found.evidence if e.stance is Stance.REFUTES] == [AGAINST]


HANDLES = st.sampled_from(["S1", "S2", "S3", " s3", "S4", "S9", "paper4", ""])
STANCES = st.sampled_from(["supports", "refutes", "neutral"])
VERDICTS = st.sampled_from([v.value for v in Verdict])


@given(weighed=st.dictionaries(HANDLES, STANCES), verdict=VERDICTS)
def test_whatever_it_says_no_evidence_is_added_and_the_tallies_bear_the_verdict_out(
    weighed: dict[str, str], verdict: str
) -> None:
    found = judged(answer(verdict, **weighed), BOTH)
    assert all(e in (OWN, OTHER, AGAINST) for e in found.evidence)
    assert found.verdict is verdict_of(CLAIM, tally(CLAIM, found.evidence, BOTH.papers), BOTH.papers)
    assert 0 <= found.confidence <= judge_case(case(*found.evidence)).confidence


@pytest.mark.parametrize("handle", ["S4", "P1", "paper2", ""])
def test_a_handle_that_was_not_shown_changes_nothing(handle: str) -> None:
    assert judged(answer("CONTESTED", **{handle: "neutral"}), BOTH) == judge_case(BOTH)


@pytest.mark.parametrize(
    "free", [case(), case(OWN, background=True), case(OWN, OTHER, answers="none", background=True)]
)
def test_without_evidence_or_off_the_question_there_is_no_call(free: Case) -> None:
    [outcome] = run(Model(), free)
    assert outcome == Outcome(value=judge_case(free))


def test_the_judge_sees_both_briefs_quotations_and_nothing_else_of_the_papers() -> None:
    model = Model(answer("CONTESTED"))
    run(model, BOTH)
    [shown] = model.shown
    assert all(e.span.text in shown for e in (OWN, OTHER, AGAINST))
    assert shown.count("the claim’s own paper") == 1
    for of in PAPERS:
        assert of.title not in shown
        assert "Side effects were few" not in shown
        assert of.authors[0] not in shown
    assert "0.9" not in shown  # nor how likely the sides found their evidence


def test_each_case_is_judged_by_itself_and_a_refusal_leaves_it_to_the_rules() -> None:
    alone = case(OWN)
    model = Model(each=lambda r: REFUSAL if AGAINST.span.text in r.messages[1].content else answer("UNCORROBORATED"))
    first, second = run(model, BOTH, alone)
    assert first.value == judge_case(BOTH)
    assert first.gap is not None
    assert "the embedded rules stood in" in first.gap.reason
    assert (second.value, second.gap) == (judge_case(alone), None)
    assert OTHER.span.text not in model.shown[1]
    assert second.calls == ("call2",)
