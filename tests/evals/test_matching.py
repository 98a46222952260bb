"""When a ledger claim is the expected one: paper, facets, comparison and finding."""

from __future__ import annotations

import pytest

from consilience.evals.gold_schema import GoldClaim
from consilience.evals.matching import matches, names
from consilience.evals.observation import ObservedClaim
from consilience.records import Direction as D
from consilience.records import Relation, Verdict
from consilience.records import Valence as V


def expected(direction: D = D.INCREASE, valence: V = V.BENEFIT, paper: str = "pmid:1") -> GoldClaim:
    return GoldClaim(
        key="k",
        paper=paper,
        subject=("zorbamol",),
        comparator=("placebo",),
        outcome=("pain relief", "headache"),
        direction=direction,
        valence=valence,
        verdicts=(Verdict.SUPPORTED,),
    )


def claim(
    text: str,
    direction: D,
    valence: V,
    *,
    papers: tuple[str, ...] = ("p",),
    outcome: str = "",
    comparator: str = "",
) -> ObservedClaim:
    return ObservedClaim(
        id="c",
        text=text,
        relation=Relation(direction=direction, valence=valence, outcome=outcome, comparator=comparator),
        verdict=Verdict.SUPPORTED,
        background=False,
        dropped=False,
        papers=papers,
    )


def found(gold: GoldClaim, seen: ObservedClaim) -> bool:
    return matches(gold, seen, {"pmid:1": "p"}.get)


RELIEF = "Zorbamol gave more pain relief than placebo."


@pytest.mark.parametrize(
    ("direction", "valence", "same"),
    [
        (D.INCREASE, V.BENEFIT, True),
        (D.INCREASE, V.UNSTATED, True),
        (D.INCREASE, V.HARM, False),
        (D.DECREASE, V.BENEFIT, True),
        (D.DECREASE, V.UNSTATED, False),
        (D.DECREASE, V.HARM, False),
        (D.NO_DIFFERENCE, V.NEUTRAL, False),
        (D.UNSTATED, V.BENEFIT, False),
    ],
)
def test_directions_and_valences(direction: D, valence: V, same: bool) -> None:
    assert found(expected(), claim(RELIEF, direction, valence)) is same


def test_no_difference_matches_only_itself() -> None:
    gold = expected(direction=D.NO_DIFFERENCE, valence=V.NEUTRAL)
    text = "Zorbamol and placebo did not differ in pain relief."
    assert found(gold, claim(text, D.NO_DIFFERENCE, V.NEUTRAL))
    assert not found(gold, claim(text, D.DECREASE, V.NEUTRAL))


def test_an_opposite_direction_without_a_stated_valence_never_matches() -> None:
    gold = expected(valence=V.UNSTATED)
    assert not found(gold, claim(RELIEF, D.DECREASE, V.UNSTATED))


def test_a_descriptive_finding_leaves_the_direction_out() -> None:
    gold = expected(direction=D.UNSTATED, valence=V.UNSTATED)
    assert found(gold, claim(RELIEF, D.INCREASE, V.BENEFIT))


def test_another_paper_does_not_match() -> None:
    assert not found(expected(), claim(RELIEF, D.INCREASE, V.BENEFIT, papers=("q",)))


def test_a_paper_that_the_library_lacks_matches_nothing() -> None:
    assert not found(expected(paper="pmid:9"), claim(RELIEF, D.INCREASE, V.BENEFIT))


def test_the_outcome_may_stand_in_the_relation_alone() -> None:
    seen = claim("It was better with zorbamol.", D.INCREASE, V.BENEFIT, outcome="relief of pain")
    assert found(expected(), seen)


def test_another_subject_or_outcome_does_not_match() -> None:
    assert not found(expected(), claim("Parvidol gave pain relief.", D.INCREASE, V.BENEFIT))
    assert not found(expected(), claim("Zorbamol gave nausea relief.", D.INCREASE, V.BENEFIT))


def test_another_comparison_does_not_match() -> None:
    seen = claim("Zorbamol gave more pain relief.", D.INCREASE, V.BENEFIT, comparator="parvidol")
    assert not found(expected(), seen)
    unstated = claim("Zorbamol gave more pain relief.", D.INCREASE, V.BENEFIT)
    assert found(expected(), unstated)


@pytest.mark.parametrize(
    ("text", "wordings", "named"),
    [
        ("Headaches were relieved.", ("headache",), True),
        ("relief of the pain", ("pain relief",), True),
        ("relief only", ("pain relief",), False),
        ("anything", ("of the",), False),
        ("", ("pain",), False),
    ],
)
def test_a_wording_counts_with_all_its_content_words(text: str, wordings: tuple[str, ...], named: bool) -> None:
    assert names(text, wordings) is named
