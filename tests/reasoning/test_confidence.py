"""Confidence: the chances of the verdicts, from the best span of each independent paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning import pooling
from consilience.reasoning.confidence import HIGHEST, Sides, chance, confidence_in, sides
from consilience.reasoning.pooling import INDEPENDENT, Constants
from consilience.reasoning.verdicts import Tally, tally
from consilience.records import Evidence, GivenClaim, Paper, Span, Stance, StudyDesign, Verdict

Scores = dict[str, float]
CHANCE = st.floats(0.05, 0.9)
STRENGTHS = st.lists(st.floats(0, 6), max_size=6).map(tuple)
SIDES = st.builds(Sides, st.floats(0, 1), STRENGTHS, STRENGTHS, STRENGTHS, STRENGTHS)
SHARE = st.floats(0, 1)
CONSTANTS = st.builds(
    Constants, SHARE, st.floats(0.01, 3), st.floats(0.01, 3), st.floats(0, 3), SHARE, SHARE, SHARE
) | st.just(pooling.constants())
TRIAL = "Randomized Controlled Trial"
S, R = Stance.SUPPORTS, Stance.REFUTES


def spans(scores: Scores, stance: Stance, *, own: bool = False) -> list[Evidence]:
    return [
        Evidence(span=Span(paper_id=p, start=0, end=1, text="x"), stance=stance, score=q, own_source=own)
        for p, q in scores.items()
    ]


def held(*ids: str, **changes: object) -> dict[str, Paper]:
    return {i: Paper(id=i, title="", type=TRIAL, year=2010).model_copy(update=changes) for i in ids}


def found(own: Scores, support: Scores, against: Scores, undecided: list[Evidence] | None = None) -> Sides:
    said = [*spans(own, S, own=True), *spans(support, S), *spans(against, R)]
    counted = Tally(bool(own), tuple({**own, **support}), tuple(against), tuple(support), tuple(against))
    left = undecided or []
    papers = held(*own, *support, *against, *(e.span.paper_id for e in left))
    return sides(said, counted, papers, left)


def chances(own: Scores, support: Scores, against: Scores) -> dict[Verdict, float]:
    made = found(own, support, against)
    return {verdict: chance(verdict, made, INDEPENDENT) for verdict in Verdict}


@given(s=CHANCE, r=CHANCE)
def test_where_papers_err_alone_the_verdicts_part_all_chances(s: float, r: float) -> None:
    assert sum(chances({}, {"s": s}, {"r": r}).values()) == pytest.approx(1, abs=3e-4)


@given(o=CHANCE, s=CHANCE, r=CHANCE)
def test_only_a_refuted_claim_of_one_paper_counts_as_contested_and_refuted(o: float, s: float, r: float) -> None:
    """R with O and without S is either verdict's event: ``verdict_of`` decides by the number of papers."""
    total = sum(chances({"o": o}, {"s": s}, {"r": r}).values())
    assert total == pytest.approx(1 + r * o * (1 - s), abs=3e-4)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.SUPPORTED, 0.5 * 0.8),
        (Verdict.UNCORROBORATED, 0.9 * 0.5 * 0.8),
        (Verdict.CONTESTED, (1 - 0.1 * 0.5) * 0.2),
        (Verdict.REFUTED, 0.5 * 0.2),
        (Verdict.NOT_ENOUGH_EVIDENCE, 0.1 * 0.5 * 0.8),
    ],
)
def test_each_verdict_has_its_event(verdict: Verdict, expected: float) -> None:
    assert chances({"o": 0.9}, {"s": 0.5}, {"r": 0.2})[verdict] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.SUPPORTED, 0.5 * 0.8 * 0.7),
        (Verdict.UNCORROBORATED, 0.9 * 0.5 * 0.8 * 0.6 * 0.7),
        (Verdict.CONTESTED, (1 - 0.1 * 0.5) * 0.2),
        (Verdict.REFUTED, 0.5 * 0.2 * 0.6),
        (Verdict.NOT_ENOUGH_EVIDENCE, 0.1 * 0.5 * 0.8 * 0.6 * 0.7 * 0.95),
    ],
)
def test_what_was_left_undecided_lowers_the_verdicts_that_it_could_turn(verdict: Verdict, expected: float) -> None:
    made = found({"o": 0.9}, {"s": 0.5}, {"r": 0.2}, [*spans({"t": 0.4}, S), *spans({"u": 0.3}, R)])
    assert chance(verdict, made, INDEPENDENT._replace(undecided=1.0, missed=0.05)) == pytest.approx(expected, abs=1e-4)


def test_papers_that_one_judge_read_tell_less_than_independent_ones() -> None:
    made = found({}, {"s": 0.6, "t": 0.5}, {})
    together = chance(Verdict.SUPPORTED, made, INDEPENDENT)
    assert together == pytest.approx(1 - 0.4 * 0.5)
    half = chance(Verdict.SUPPORTED, made, INDEPENDENT._replace(alike=0.5))
    assert chance(Verdict.SUPPORTED, made, INDEPENDENT._replace(alike=0.0)) == pytest.approx(0.6)
    assert half == pytest.approx(1 - 0.4 * 0.5 ** (2**0.5 - 1), abs=1e-4)


def test_a_misreading_of_the_claim_is_mended_by_no_number_of_papers() -> None:
    made = found({}, {f"p{n}": 0.9 for n in range(50)}, {})
    assert chance(Verdict.SUPPORTED, made, INDEPENDENT._replace(misread_supports=0.1)) == pytest.approx(0.9)


def test_a_papers_best_span_counts_and_papers_not_independent_add_nothing() -> None:
    said = [e for q in (0.3, 0.7, 0.4) for e in spans({"s": q}, S)] + spans({"same group": 0.9}, S)
    said += spans({"s": 0.95}, Stance.NEUTRAL)
    made = sides(said, Tally(False, ("s", "same group"), (), ("s",), ()), held("s", "same group"))
    assert chance(Verdict.SUPPORTED, made, INDEPENDENT) == pytest.approx(0.7)


def test_an_own_paper_that_corroborates_is_not_counted_twice() -> None:
    said = spans({"a": 0.6, "b": 0.5}, S, own=True)
    made = sides(said, Tally(True, ("a", "b"), (), ("b",), ()), held("a", "b"))
    assert chance(Verdict.UNCORROBORATED, made, INDEPENDENT) == pytest.approx(0.6 * 0.5)


def test_a_paper_that_took_a_side_is_not_undecided_too_and_a_group_is_undecided_once() -> None:
    left = [*spans({"s": 0.4, "t": 0.3, "u": 0.35}, R), *spans({"o": 0.4}, R, own=True)]
    said = [*spans({"o": 0.9}, S, own=True), *spans({"s": 0.8}, S)]
    papers = held("o", "s") | held("t", "u", authors=("Ada Stone",))
    made = sides(said, Tally(True, ("o", "s"), (), ("s",), ()), papers, left)
    assert made.may_refute == (pytest.approx(pooling.strength(0.35)),)
    assert made.may_support == ()
    retracted = papers | held("u", retracted=True)
    assert sides(said, Tally(True, ("o", "s"), (), ("s",), ()), retracted, left).may_refute == (
        pytest.approx(pooling.strength(0.3)),
    )


@given(made=SIDES, more=st.floats(0, 6), fitted=CONSTANTS)
def test_one_more_paper_never_lowers_its_side_nor_raises_the_other(made: Sides, more: float, fitted: Constants) -> None:
    def moved(verdict: Verdict, **changes: tuple[float, ...]) -> float:
        return chance(verdict, made._replace(**changes), fitted) - chance(verdict, made, fitted)

    support, against = (*made.supports, more), (*made.refutes, more)
    assert moved(Verdict.SUPPORTED, supports=support) >= 0
    assert moved(Verdict.SUPPORTED, refutes=against) <= 0
    assert moved(Verdict.REFUTED, refutes=against) >= 0
    assert moved(Verdict.REFUTED, supports=support) <= 0
    assert moved(Verdict.CONTESTED, supports=support, refutes=against) >= 0
    for verdict in (Verdict.NOT_ENOUGH_EVIDENCE, Verdict.UNCORROBORATED):
        assert moved(verdict, supports=support) <= 0
        assert moved(verdict, refutes=against) <= 0
        assert moved(verdict, may_support=(*made.may_support, more)) <= 0
        assert moved(verdict, may_refute=(*made.may_refute, more)) <= 0
    assert moved(Verdict.SUPPORTED, may_refute=(*made.may_refute, more)) <= 0


@given(made=SIDES, fitted=CONSTANTS)
def test_confidence_is_within_its_bounds_and_knows_no_order(made: Sides, fitted: Constants) -> None:
    turned = Sides(made.own, *(tuple(reversed(side)) for side in made[1:]))
    for verdict in Verdict:
        value = chance(verdict, made, fitted)
        assert 0 <= value <= HIGHEST
        assert chance(verdict, turned, fitted) == pytest.approx(value, abs=1e-4)


@given(scores=st.dictionaries(st.sampled_from("abcdef"), CHANCE, min_size=1))
def test_the_order_of_the_evidence_changes_nothing(scores: Scores) -> None:
    counted = Tally(False, tuple(sorted(scores)), (), tuple(sorted(scores)), ())
    said = spans(scores, S)
    first = confidence_in(Verdict.SUPPORTED, said, counted, held(*scores))
    assert confidence_in(Verdict.SUPPORTED, said[::-1], counted, held(*scores)) == first


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ({"type": "Meta-Analysis"}, {"type": "Case Reports"}),
        ({"type": TRIAL}, {"abstract": "In this retrospective cohort study we followed 200 patients."}),
        ({"year": 2010}, {"year": 1980}),
        ({"year": None}, {"year": 1990}),
    ],
)
def test_a_weaker_design_and_an_old_paper_count_less(stronger: dict[str, object], weaker: dict[str, object]) -> None:
    counted = Tally(False, ("s",), (), ("s",), ())

    def confidence(changes: dict[str, object]) -> float:
        paper = Paper(id="s", title="").model_copy(update=changes)
        return confidence_in(Verdict.SUPPORTED, spans({"s": 0.8}, S), counted, {"s": paper})

    assert confidence(stronger) > confidence(weaker) > 0.3


def test_every_design_has_a_weight_and_none_counts_more_than_a_randomised_trial() -> None:
    assert set(pooling.DESIGN_WEIGHTS) == set(StudyDesign)
    assert all(0 < w <= pooling.DESIGN_WEIGHTS[StudyDesign.RANDOMISED] for w in pooling.DESIGN_WEIGHTS.values())


@pytest.mark.parametrize(
    ("verdict", "made"),
    [
        (Verdict.SUPPORTED, Sides(0.0, (99.0,), ())),
        (Verdict.UNCORROBORATED, Sides(1.0, (), ())),
        (Verdict.CONTESTED, Sides(1.0, (), (99.0,))),
        (Verdict.REFUTED, Sides(0.0, (), (99.0,))),
        (Verdict.NOT_ENOUGH_EVIDENCE, Sides(0.0, (), ())),
    ],
)
def test_no_confidence_is_above_the_cap(verdict: Verdict, made: Sides) -> None:
    assert chance(verdict, made, INDEPENDENT) == HIGHEST == 0.99


@given(st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_a_paper_of_the_same_group_never_lowers_what_the_likelier_one_gave(one: float, other: float) -> None:
    claim, papers = GivenClaim(id="g", text="x"), held("a", "b", authors=("Ada Stone", "Bo Reed"))

    def confidence(scores: Scores) -> float:
        said = spans(scores, S)
        return confidence_in(Verdict.SUPPORTED, said, tally(claim, said, papers), papers)

    assert confidence({"a": one, "b": other}) == max(confidence({"a": one}), confidence({"b": other}))
