"""Findings in abstracts: arms, directions, and whether a claim answers the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.base import PlanRequest
from consilience.reasoning.embedded.extracting import extract
from consilience.reasoning.embedded.planning import make_plan
from consilience.reasoning.embedded.scope import Scope
from consilience.records import Claim, Direction, Extraction, Paper, Valence

STATINS = "Do statins reduce mortality?"
TRIPTANS = "Are triptans more effective than placebo for migraine?"
TESTS_FIRST = "Does test-driven development improve code quality?"
SMOKING = "Is smoking associated with dementia?"
YIELD = "Does fertiliser increase crop yield?"
YOGA = "Does yoga reduce anxiety in children?"
UP, DOWN, NONE = Direction.INCREASE, Direction.DECREASE, Direction.NO_DIFFERENCE
GOOD, BAD, NEUTRAL = Valence.BENEFIT, Valence.HARM, Valence.NEUTRAL


def read(question: str, abstract: str) -> Extraction:
    scope = Scope(make_plan(PlanRequest(question=question)))
    return extract(Paper(id="p1", title="A study", abstract=abstract), scope)


def only(question: str, result: str) -> Claim:
    [claim] = read(question, f"RESULTS: {result}").claims
    return claim


@pytest.mark.parametrize(
    ("question", "result", "subject", "comparator"),
    [
        (STATINS, "Mortality was lower with atorvastatin than with placebo.", "atorvastatin", "placebo"),
        (STATINS, "Compared with placebo, statins reduced mortality.", "statins", "placebo"),
        (STATINS, "There was no difference in mortality between statins and placebo.", "statins", "placebo"),
        (STATINS, "Mortality was 12% with placebo and 8% with simvastatin.", "simvastatin", "placebo"),
        (STATINS, "Mortality was similar for pravastatin and no treatment.", "pravastatin", "no treatment"),
        (STATINS, "Unlike placebo, statins reduced mortality.", "statins", "placebo"),
        (STATINS, "Placebo and pravastatin had similar mortality.", "pravastatin", "Placebo"),
        (TRIPTANS, "In acute migraine, placebo was more effective than sumatriptan.", "sumatriptan", "placebo"),
        (TRIPTANS, "Naratriptan did not differ from placebo in migraine relief.", "Naratriptan", "placebo"),
        (YIELD, "Crop yield was unaffected by fertiliser.", "fertiliser", ""),
        (TESTS_FIRST, "Test-driven development improved code quality.", "Test-driven development", ""),
    ],
)
def test_arms(question: str, result: str, subject: str, comparator: str) -> None:
    relation = only(question, result).relation
    assert (relation.subject, relation.comparator) == (subject, comparator)


@pytest.mark.parametrize(
    ("question", "result", "direction", "valence", "reply"),
    [
        (STATINS, "Statins reduced mortality (RR 0.80, 95% CI 0.70-0.91).", DOWN, GOOD, "for"),
        (STATINS, "Mortality was higher with statins than with placebo.", UP, BAD, "against"),
        (STATINS, "Mortality was higher with placebo than with statins.", DOWN, GOOD, "for"),
        (STATINS, "Statins had no effect on mortality.", NONE, NEUTRAL, "against"),
        (STATINS, "Mortality was 8% with placebo and 12% with simvastatin.", UP, BAD, "against"),
        (TRIPTANS, "Sumatriptan was superior to placebo for migraine relief.", UP, GOOD, "for"),
        (TRIPTANS, "In acute migraine, placebo was more effective than sumatriptan.", DOWN, BAD, "against"),
        (TRIPTANS, "Migraine relief did not differ between sumatriptan and placebo.", NONE, NEUTRAL, "against"),
        (TESTS_FIRST, "Test-driven development improved code quality.", UP, GOOD, "for"),
        (TESTS_FIRST, "Test-driven development did not improve code quality.", NONE, NEUTRAL, "against"),
        (TESTS_FIRST, "Test-driven development increased the number of defects.", UP, BAD, "against"),
        (TESTS_FIRST, "Test-driven development reduced the number of defects.", DOWN, GOOD, "for"),
        (SMOKING, "Smoking was associated with dementia.", Direction.UNSTATED, Valence.UNSTATED, "for"),
        (SMOKING, "Smoking was associated with a higher risk of dementia.", UP, BAD, "for"),
        (SMOKING, "Smoking reduced the risk of dementia.", DOWN, GOOD, "for"),
        (SMOKING, "Smoking was not associated with dementia.", NONE, NEUTRAL, "against"),
        (YIELD, "Fertiliser increased crop yield by 20%.", UP, GOOD, "for"),
        (YIELD, "Fertiliser decreased crop yield.", DOWN, BAD, "against"),
        (YIELD, "Crop yield was unaffected by fertiliser.", NONE, NEUTRAL, "against"),
        (YOGA, "Yoga reduced anxiety in children.", DOWN, GOOD, "for"),
        (YOGA, "Yoga increased anxiety in children.", UP, BAD, "against"),
    ],
)
def test_direction_and_what_it_says_to_the_question(
    question: str, result: str, direction: Direction, valence: Valence, reply: str
) -> None:
    claim = only(question, result)
    assert (claim.relation.direction, claim.relation.valence, claim.answers) == (direction, valence, reply)
    assert not claim.background


@pytest.mark.parametrize(
    ("question", "result"),
    [
        (STATINS, "Statins lowered LDL cholesterol compared with placebo."),
        (TESTS_FIRST, "Test-driven development increased development time."),
        (TRIPTANS, "Sumatriptan was more effective than ibuprofen in migraine."),
        (TRIPTANS, "Sumatriptan was superior to placebo for toothache relief."),
        (
            TRIPTANS,
            "In migraine, recurrence within 24 h among responders did not differ between sumatriptan and placebo.",
        ),
        (YOGA, "Yoga reduced anxiety in pregnant women."),
    ],
)
def test_another_outcome_comparator_condition_or_population_is_background(question: str, result: str) -> None:
    claim = only(question, result)
    assert claim.background
    assert claim.answers == "none"


@pytest.mark.parametrize(
    ("question", "result", "reason"),
    [
        (STATINS, "Aspirin reduced mortality compared with placebo.", "does not name the subject"),
        (STATINS, "The benefit of statins on mortality did not differ across subgroups.", "states no direction"),
        (STATINS, "Baseline mortality risk was similar between statins and placebo.", "states no direction"),
        (STATINS, "Statins and mortality were recorded.", "states no direction"),
        (STATINS, "Statins did well.", "no statement"),
        (STATINS, f"Statins reduced mortality in {'very ' * 100}old people.", "several statements"),
        (TRIPTANS, "Clinicians should consider sumatriptan in all patients with migraine.", "advice or method"),
    ],
)
def test_what_is_no_finding_is_dropped_with_its_reason(question: str, result: str, reason: str) -> None:
    found = read(question, f"RESULTS: {result}")
    assert found.claims == ()
    [(why, count)] = found.dropped.items()
    assert why.startswith(reason)
    assert count == 1


def test_only_results_and_conclusions_are_read() -> None:
    said = "Statins reduced mortality."
    found = read(STATINS, f"BACKGROUND: {said} METHODS: {said} RESULTS: {said} CONCLUSIONS: {said}")
    assert len(found.claims) == 2
    assert found.dropped == {"background, aim or method": 2}


def test_a_sentence_of_two_findings_makes_two_claims() -> None:
    first = "Sumatriptan reduced headache severity compared with placebo in migraine"
    found = read(TRIPTANS, f"RESULTS: {first}, whereas naratriptan did not differ from placebo in headache relief.")
    sides = [(c.relation.subject, c.answers) for c in found.claims]
    assert sides == [("Sumatriptan", "for"), ("naratriptan", "against")]


def test_an_open_question_takes_findings_on_its_topic_with_no_side() -> None:
    question = "What do systematic reviews in software engineering do about study quality?"
    assessed = "Of 50 systematic reviews in software engineering, 40% assessed study quality."
    claim = only(question, assessed)
    assert (claim.background, claim.answers, claim.text) == (False, "none", assessed)
    assert read(question, "RESULTS: Teams of software engineers were happier.").dropped == {"states no finding": 1}


PIECES = st.sampled_from(
    ["RESULTS: ", "CONCLUSION:", "Statins", "reduced", "mortality", "than placebo", "12%", "(p<0.05", ")", "; ", ". ",
     ", whereas ", "did not", "it", "\n", "\t", "é", "\u200b", "\U0001f9ea", "ﬁ", "İ", "'", "[", "vs."]
)  # fmt: skip
MOST = "RESULTS: Statins reduced mortality {}, whereas simvastatin did not lower mortality; {} death fell."
ODD = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=40).map(" ".join),
    st.lists(PIECES, max_size=40).map("".join),
    st.tuples(st.text(max_size=20), st.text(max_size=20)).map(lambda pair: MOST.format(*pair)),
)


@given(abstract=ODD, question=st.sampled_from([STATINS, TRIPTANS, "What lowers mortality?", "?"]))
def test_any_text_is_read_and_every_span_stands_in_it(abstract: str, question: str) -> None:
    found = read(question, abstract)
    for claim in found.claims:
        [span] = claim.spans
        assert span.text == abstract[span.start : span.end]
        assert span.paper_id == found.paper_id == "p1"
