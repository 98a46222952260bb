"""From what was read to predictions, and a plan fitted to what is right: readings made up by the test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consilience.evals.benchmarks import open_fitting
from consilience.evals.benchmarks.open_reading import Plan, Read, predict
from consilience.evals.benchmarks.open_scores import Predicted
from consilience.evals.benchmarks.scifact_open import figures
from consilience.evals.benchmarks.scifact_release import Claim, Evidence

PLAN = Plan(depth=2, cosine=0.3, chance=0.5, sentences=2)


def abstract(
    document: str, rank: int = 1, *, cosine: float = 0.6, chance: float = 0.9, marks: tuple[float, ...] = (0.0,) * 4
) -> Read:
    return Read(document, rank, cosine, "SUPPORT", chance, (4, 0, 2, 3), marks)


def claim(number: int, document: str = "", *rationale: int) -> Claim:
    found = {document: Evidence("SUPPORT", (frozenset(rationale),))} if document else {}
    return Claim(number, f"claim {number}", (document or "x",), found)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (abstract("a", 2), True),
        (abstract("a", 3), False),
        (abstract("a", cosine=0.3), True),
        (abstract("a", cosine=0.2999), False),
        (abstract("a", chance=0.5), True),
        (abstract("a", chance=0.4999), False),
        (replace(abstract("a"), sentences=()), False),
    ],
)
def test_the_plans_bounds_are_inclusive(one: Read, said: bool) -> None:
    assert bool(predict([one], PLAN)) is said


@pytest.mark.parametrize(
    ("sentences", "mark", "named"), [(2, 0.0, (4, 0)), (3, 0.3, (4, 0)), (3, 0.2, (4, 0, 2)), (3, 0.9, (4,))]
)
def test_the_first_sentence_is_named_and_others_by_their_marks(
    sentences: int, mark: float, named: tuple[int, ...]
) -> None:
    read = abstract("a", marks=(0.8, 0.3, 0.2, 0.1))
    assert predict([read], replace(PLAN, sentences=sentences, mark=mark)) == {"a": Predicted("SUPPORT", named)}


def test_a_plan_is_fitted_to_what_is_right() -> None:
    """Evidence stands first, with a high chance, in the three best sentences: the plan finds all of that."""
    readings = [
        (claim(n, "right", 0, 2, 4), (abstract("right", chance=0.8), abstract("wrong", 2, chance=0.8)))
        for n in range(6)
    ] + [(claim(n), (abstract("stray", chance=0.4),)) for n in range(6, 9)]
    plan = open_fitting.fit(readings)
    assert (plan.depth, plan.chance, plan.sentences) == (1, 0.8, 3)
    assert all(open_fitting.f1(readings, plan, kind) == 1 for kind in ("abstract_label_only", "sentence_label"))


def test_the_fast_sums_of_the_fit_are_the_scores() -> None:
    readings = [
        (claim(1, "a", 4), (abstract("a"), abstract("b", 2, cosine=0.35))),
        (claim(2, "c", 0), (abstract("d"), abstract("c", 2, chance=0.55))),
        (claim(3), (abstract("e", cosine=0.2),)),
    ]
    plan = open_fitting.fit(readings)
    tried = [replace(plan, depth=depth, chance=chance) for depth in (1, 2, 3) for chance in (0.2, 0.5, 0.6, 0.95)]
    best = max(open_fitting.f1(readings, one, "abstract_label_only") for one in tried)
    assert open_fitting.f1(readings, plan, "abstract_label_only") >= best


def test_claims_that_share_an_abstract_share_a_fold_also_by_way_of_others() -> None:
    chain = [Claim(n, f"claim {n}", cited, {}) for n, cited in enumerate((("c", "d"), ("a", "b"), ("b", "c"), ("x",)))]
    fold = open_fitting.folds(chain)
    assert len({fold[0], fold[1], fold[2]}) == 1
    many = open_fitting.folds([claim(n, f"paper {n}") for n in range(100)])
    assert set(many) == set(range(open_fitting.FOLDS))


def test_no_claim_is_read_by_a_plan_that_saw_it() -> None:
    """All evidence stands first with a chance of 0.8, but for one claim, which would have everything let through."""
    others = [(claim(n, f"paper {n}", 4), (abstract(f"paper {n}", chance=0.8),)) for n in range(6)]
    deep = {f"deep {n}": Evidence("SUPPORT", (frozenset({4}),)) for n in range(5)}
    odd = (Claim(99, "odd", tuple(deep), deep), [abstract(document, 9, chance=0.2) for document in deep])
    plan = open_fitting.cross_fitted([*others, odd])[-1]
    assert (plan.depth, plan.chance) == (1, 0.8)
    assert open_fitting.fit([*others, odd]).depth == 10
    assert open_fitting.cross_fitted([odd]) == [open_fitting.fit([])]


def test_figures_name_the_plan_the_unseen_and_what_a_judge_without_fault_would_reach() -> None:
    readings = [
        (claim(1, "a", 4), (abstract("a"),)),
        (claim(2, "b", 0), (abstract("other"), abstract("b", 9))),
        (claim(3), ()),
    ]
    found = figures(readings, [PLAN, PLAN, replace(PLAN, cosine=0.5)], seen=frozenset({"b"}))
    assert (found["plan.depth"], found["claims"], found["unseen.claims"]) == (2, 3, 2)
    assert found["plan.cosine"] == "0.3 to 0.5"
    assert found["abstract_label_only.f1"] == 0.5  # one of two predicted, one of two there
    assert found["oracle_label.f1"] == round(2 / 3, 4)  # one right, one predicted, two there
    assert found["unseen.abstract_label_only.f1"] == 1
    low, high = found["abstract_label_only.f1_low"], found["abstract_label_only.f1_high"]
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low <= 0.5 <= high
