"""Verdicts: papers counted on each side, independence between groups, and every way to a verdict."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from consilience.reasoning.independence import independent
from consilience.reasoning.verdicts import MANY, tally, verdict_of
from consilience.records import Claim, Evidence, Paper, Stance, StudyDesign, Verdict
from consilience.tests.support import dossiers as made

S, R, N = Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL
TRIAL, REVIEW, META = "Randomized Controlled Trial", "Review", "Meta-Analysis"


def claim(*sources: Paper, design: StudyDesign = StudyDesign.RANDOMISED) -> Claim:
    found = made.entry(1, sources[0]).claim
    spans = tuple(made.span(p, made.finding(int(p.id.removeprefix("paper")))) for p in sources)
    return found.model_copy(update={"spans": spans, "design": design})


def said(of: Paper, stance: Stance) -> Evidence:
    return Evidence(span=made.span(of, of.abstract), stance=stance, score=0.9, own_source=False)


def held(*papers: Paper) -> dict[str, Paper]:
    return {p.id: p for p in papers}


def test_each_side_counts_papers_once_and_neutral_spans_not_at_all() -> None:
    one, two, three, four = papers = [made.paper(n) for n in range(1, 5)]
    spans = [said(one, S), said(three, S), said(two, S), said(two, S), said(two, R), said(four, N)]
    counted = tally(claim(one), spans, held(*papers))
    assert counted.own_support
    assert counted.supporting == ("paper1", "paper2", "paper3")
    assert counted.refuting == ("paper2",)
    assert counted.independent_support == ("paper2", "paper3")
    assert counted.independent_refutation == ("paper2",)


def test_without_its_own_papers_span_a_claim_has_no_support_of_its_own() -> None:
    one, two = papers = [made.paper(1), made.paper(2)]
    assert not tally(claim(one), [said(one, N), said(two, S)], held(*papers)).own_support


def test_one_group_counts_once_on_a_side_and_never_for_its_own_claim() -> None:
    group, rivals = ("Ada Stone", "Bo Reed"), ("Cy Park", "Di Lake")
    one, same = made.paper(1, authors=group), made.paper(2, authors=group)
    first, again = made.paper(3, authors=rivals), made.paper(4, authors=rivals)
    papers = held(one, same, first, again)
    counted = tally(claim(one), [said(p, S) for p in papers.values()], papers)
    assert counted.supporting == ("paper1", "paper2", "paper3", "paper4")
    assert counted.independent_support == ("paper3",)
    against = tally(claim(one), [said(p, R) for p in papers.values()], papers)
    assert against.refuting == ("paper2", "paper3", "paper4"), "a claim's own paper never refutes it"
    assert against.independent_refutation == ("paper2", "paper3")


def test_a_claim_that_two_groups_state_supports_itself() -> None:
    one, two = papers = [made.paper(1), made.paper(2)]
    counted = tally(claim(one, two), [said(one, S), said(two, S)], held(*papers))
    assert counted.independent_support == ("paper2",)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (("Ada Stone",), ("Bo Reed",), True),
        (("Ada Stone",), ("Ada Stone",), False),
        (("Ada Stone",), ("Stone, A.",), False),
        (("Ada Stone",), ("Ada STONE", "Bo Reed"), False),
        (("Ada Stone",), ("Eve Stone",), True),
        (("Ada Stone", "Bo Reed"), ("Ada Stone", "Cy Park"), True),
        (("A B", "C D", "E F", "G H"), ("A B", "C D", "I J", "K L"), False),
        (("A B", "C D", "E F", "G H", "M N"), ("A B", "C D", "I J", "K L", "O P"), True),
        ((), ("Ada Stone",), True),
        ((), (), True),
    ],
)
def test_groups_are_told_by_shared_authors(ours: tuple[str, ...], theirs: tuple[str, ...], expected: bool) -> None:
    one, other = made.paper(1, authors=ours), made.paper(2, authors=theirs)
    assert independent(one, other) is independent(other, one) is expected


def test_the_same_paper_or_text_is_not_independent_but_two_missing_texts_are() -> None:
    one = made.paper(1)
    assert not independent(one, one.model_copy(update={"authors": ("Bo Reed",)}))
    assert not independent(one, made.paper(2).model_copy(update={"abstract": one.abstract}))
    assert independent(one.model_copy(update={"abstract": ""}), made.paper(2, abstract=""))


@pytest.mark.parametrize(
    ("own", "support", "against", "design", "expected"),
    [
        (False, 0, [], StudyDesign.RANDOMISED, Verdict.NOT_ENOUGH_EVIDENCE),
        (False, 0, [REVIEW], StudyDesign.RANDOMISED, Verdict.REFUTED),
        (False, 1, [], StudyDesign.RANDOMISED, Verdict.SUPPORTED),
        (False, 1, [TRIAL], StudyDesign.RANDOMISED, Verdict.CONTESTED),
        (True, 0, [], StudyDesign.RANDOMISED, Verdict.UNCORROBORATED),
        (True, 1, [], StudyDesign.RANDOMISED, Verdict.SUPPORTED),
        (True, 0, [TRIAL] * (MANY - 1), StudyDesign.RANDOMISED, Verdict.CONTESTED),
        (True, 0, [TRIAL] * MANY, StudyDesign.RANDOMISED, Verdict.REFUTED),
        (True, 0, [META] * MANY, StudyDesign.RANDOMISED, Verdict.REFUTED),
        (True, 0, [TRIAL] * MANY, StudyDesign.META_ANALYSIS, Verdict.CONTESTED),
        (True, 0, [TRIAL] * (MANY - 1) + [REVIEW] * 2, StudyDesign.RANDOMISED, Verdict.CONTESTED),
        (True, 1, [TRIAL] * (MANY + 1), StudyDesign.RANDOMISED, Verdict.CONTESTED),
    ],
)
def test_the_verdict_is_what_the_tallies_bear_out(
    own: bool, support: int, against: Sequence[str], design: StudyDesign, expected: Verdict
) -> None:
    source = made.paper(1)
    friends = [made.paper(n) for n in range(2, 2 + support)]
    rivals = [made.paper(n, type=kind) for n, kind in enumerate(against, start=2 + support)]
    papers = held(source, *friends, *rivals)
    spans = [said(source, S if own else N), *(said(p, S) for p in friends), *(said(p, R) for p in rivals)]
    asked = claim(source, design=design)
    assert verdict_of(asked, tally(asked, spans, papers), papers) is expected


def test_three_papers_of_one_group_do_not_refute() -> None:
    source = made.paper(1)
    rivals = [made.paper(n, type=TRIAL, authors=("Bo Reed", "Cy Park")) for n in (2, 3, 4)]
    papers, asked = held(source, *rivals), claim(source)
    counted = tally(asked, [said(source, S), *(said(p, R) for p in rivals)], papers)
    assert verdict_of(asked, counted, papers) is Verdict.CONTESTED
