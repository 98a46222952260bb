"""What a sentence leaves out, and which side a paper takes whose sentences take both."""

from __future__ import annotations

import pytest

from consilience.reasoning.embedded.combining import heard_in
from consilience.reasoning.embedded.ruling import ruled_in
from consilience.reasoning.embedded.scope import Scope
from consilience.reasoning.embedded.statements import read
from consilience.records import Span, Stance
from consilience.tests.support.readings import paper

S, R, N = Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL
TRIAL = "METHODS: Patients were randomised to atorvastatin or placebo."


def ruled(claim: str, abstract: str, passage: str) -> Stance | None:
    statement, told = read(claim), paper(abstract)
    scope = Scope(statement.plan)
    start = abstract.index(passage)
    span = Span(paper_id=told.id, start=start, end=start + len(passage), text=passage)
    found = ruled_in(statement.claim, span, scope.view(told), scope)
    return found and found.stance


@pytest.mark.parametrize(
    ("claim", "before", "passage", "stance"),
    [
        ("Atorvastatin reduces mortality.", TRIAL, "There was no difference in mortality.", R),
        ("Atorvastatin reduces mortality.", TRIAL, "Mortality did not differ between men and women.", N),
        ("Atorvastatin reduces mortality.", TRIAL, "Mortality fell.", N),
        (
            "Aspirin reduces stroke.",
            "RESULTS: Atorvastatin lowered stroke compared with placebo.",
            "The decrease with aspirin was not significant.",
            R,
        ),
        ("Atorvastatin reduces stroke.", "RESULTS: Stroke fell with placebo.", "Aspirin prevented stroke.", N),
    ],
)
def test_a_sentence_takes_what_it_leaves_out_where_one_reading_is_possible(
    claim: str, before: str, passage: str, stance: Stance
) -> None:
    results = "" if "RESULTS" in before else "RESULTS: "
    assert ruled(claim, f"{before} {results}{passage}", passage) is stance


@pytest.mark.parametrize(
    ("sentences", "side"),
    [
        ("Atorvastatin reduced stroke. In a post hoc analysis atorvastatin did not reduce stroke.", S),
        ("Atorvastatin did not reduce stroke. In a post hoc analysis atorvastatin reduced stroke.", R),
        ("Atorvastatin reduced stroke.", S),
        ("Atorvastatin was given daily.", None),
    ],
)
def test_what_holds_for_all_outweighs_what_holds_for_some(sentences: str, side: Stance | None) -> None:
    statement = read("Atorvastatin reduces stroke.")
    scope = Scope(statement.plan)
    assert heard_in(statement.claim, scope.view(paper(f"RESULTS: {sentences}")), scope).side is side
