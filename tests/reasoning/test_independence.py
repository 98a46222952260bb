"""Two papers are independent unless they share a trial, their authors or their text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.independence import LEAST_SHINGLES, SHINGLE, independent
from consilience.reasoning.verdicts import tally
from consilience.records import Evidence, GivenClaim, Paper, Span, Stance

WORDS = [f"w{n}" for n in range(400)]
TEXT = " ".join(WORDS[:120])


def paper(name: str, abstract: str = "", *authors: str, **changes: object) -> Paper:
    return Paper(id=name, title=name, abstract=abstract, authors=authors).model_copy(update=changes)


def test_papers_of_one_trial_are_not_independent_whoever_wrote_them() -> None:
    one = paper("a", "Tea was given. Trial registration: NCT01234567.", "Ada Stone", "Bo Reed")
    other = paper("b", "Sleep was measured (ClinicalTrials.gov NCT 01234567).", "Cy Park")
    third = paper("c", "Sleep was measured (ClinicalTrials.gov NCT76543210).", "Di Lake")
    assert not independent(one, other)
    assert not independent(other, one)
    assert independent(one, third)


def test_a_pooled_analysis_is_not_independent_of_the_trials_that_it_names() -> None:
    pooled = paper("p", "We pooled NCT01234567 and ISRCTN12345678.", "Ada Stone")
    assert not independent(pooled, paper("a", "A trial (ISRCTN12345678).", "Bo Reed"))


def test_a_text_told_again_is_not_independent() -> None:
    again = " ".join([*WORDS[:50], *WORDS[200:270]])
    assert not independent(paper("a", TEXT, "Ada Stone"), paper("b", again, "Bo Reed"))
    assert not independent(paper("a", TEXT), paper("b", TEXT.upper().replace("W5 ", "W5, ")))
    assert not independent(paper("a", TEXT), paper("b", " ".join(WORDS[:60]))), "the shorter is contained"


def test_shared_phrases_make_no_same_text() -> None:
    phrases = " ".join([*WORDS[:20], *WORDS[200:300]])
    assert independent(paper("a", TEXT), paper("b", phrases))
    short = " ".join(WORDS[: LEAST_SHINGLES + SHINGLE - 2])
    assert independent(paper("a", short), paper("b", short + " indeed")), "too short to tell"
    assert not independent(paper("a", short), paper("b", short))


@pytest.mark.parametrize(
    ("ours", "theirs", "apart"),
    [
        (("Zhang Y", "Li X", "Chen H"), ("Zhao Y", "Liu X", "Cao H"), True),
        (("Smith J", "Jones KL"), ("J. Smith", "Kay L. Jones"), False),
        (("Smith, John", "Jones, Kay"), ("SMITH J", "JONES K"), False),
        (("van der Berg JM", "de Wit A"), ("Jan van der Berg", "Anna de Wit"), False),
        (("YI LI", "BO WU"), ("Yi Li", "Bo Wu"), False),
        (("Stone A Jr", "Reed B III"), ("Ada Stone", "Bo Reed"), False),
        (("Kim JH", "Lee SY"), ("Jae-Hyun Kim", "Soo-Young Lee"), False),
        (("Ada Stone", "Bo Reed", "Cy Park", "Di Lake"), ("Ada Stone", "Ed Hill", "Flo West"), True),
        (("Ada Stone",), ("Stone A", "Bo Reed"), False),
    ],
)
def test_authors_are_the_same_however_their_names_are_written(
    ours: tuple[str, ...], theirs: tuple[str, ...], apart: bool
) -> None:
    assert independent(paper("a", "One text.", *ours), paper("b", "Another text.", *theirs)) is apart


@given(st.lists(st.sampled_from(WORDS), max_size=150), st.lists(st.sampled_from(WORDS), max_size=150))
def test_independence_is_mutual(ours: list[str], theirs: list[str]) -> None:
    one, other = paper("a", " ".join(ours)), paper("b", " ".join(theirs))
    assert independent(one, other) is independent(other, one)
    assert not independent(one, one)


def test_a_trial_told_in_two_papers_counts_once_and_a_retracted_paper_never() -> None:
    papers = {
        "a": paper("a", "Pain fell. NCT01234567", "Ada Stone"),
        "b": paper("b", "Pain fell too. NCT01234567", "Bo Reed"),
        "c": paper("c", "Pain fell again.", "Cy Park", retracted=True),
        "d": paper("d", "Pain rose.", "Di Lake", retracted=True),
    }
    said = [
        Evidence(span=Span(paper_id=i, start=0, end=4, text="Pain"), stance=side, score=0.9, own_source=False)
        for i, side in (("a", Stance.SUPPORTS), ("b", Stance.SUPPORTS), ("c", Stance.SUPPORTS), ("d", Stance.REFUTES))
    ]
    counted = tally(GivenClaim(id="g", text="Tea lowers pain."), said, papers)
    assert counted.supporting == ("a", "b")
    assert counted.independent_support == ("a",)
    assert counted.refuting == counted.independent_refutation == ()
    assert not counted.own_support
