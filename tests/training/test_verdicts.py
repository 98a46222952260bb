"""The fit of papers to verdict: sets keep their labels' verdict, and the arrays say what the product says."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS
from consilience.reasoning.confidence import Sides, chance
from consilience.reasoning.pooling import INDEPENDENT, Constants, constants
from consilience.records import Paper, Verdict
from consilience.training import verdict_sets, verdicts
from consilience.training.verdict_sets import Asked, PaperSet, Question, Read, paper_set

FOR, AGAINST, SILENT = Sides(0.0, (2.0,), ()), Sides(0.0, (), (2.0,)), Sides(0.0, (), (), (0.3,), (0.1,))
STRENGTHS = st.lists(st.floats(0, 6), max_size=5).map(tuple)
SIDES = st.builds(Sides, st.just(0.0), STRENGTHS, STRENGTHS, STRENGTHS, STRENGTHS)


@dataclass(frozen=True)
class World:
    """How often a stance that was read is right."""

    right: float

    def sets(self, count: int, seed: int = 0) -> list[PaperSet]:
        turn = np.random.default_rng(seed)
        made: list[PaperSet] = []
        for n in range(count):
            found, said = (FOR, SUPPORTS) if turn.random() < 0.5 else (AGAINST, REFUTES)
            label = said if turn.random() < self.right else NEUTRAL
            made.append(paper_set([Read(label, found), Read(NEUTRAL, Sides(0.0, (), ()))], f"g{n}"))
        return made


@pytest.mark.parametrize(
    ("read", "verdict", "right"),
    [
        ([(SUPPORTS, FOR), (NEUTRAL, SILENT)], Verdict.SUPPORTED, True),
        ([(NEUTRAL, FOR)], Verdict.SUPPORTED, False),
        ([(SUPPORTS, FOR), (REFUTES, SILENT)], Verdict.SUPPORTED, False),
        ([(SUPPORTS, FOR), (REFUTES, AGAINST)], Verdict.CONTESTED, True),
        ([(REFUTES, AGAINST)], Verdict.REFUTED, True),
        ([(NEUTRAL, SILENT)], Verdict.NOT_ENOUGH_EVIDENCE, True),
        ([(SUPPORTS, SILENT)], Verdict.NOT_ENOUGH_EVIDENCE, False),
    ],
)
def test_a_sets_verdict_is_right_where_its_labels_make_it(
    read: list[tuple[int, Sides]], verdict: Verdict, right: bool
) -> None:
    made = paper_set([Read(*one) for one in read], "g")
    assert (made.verdict, made.right) == (verdict, right)


@given(found=st.lists(SIDES, min_size=1, max_size=4))
def test_the_arrays_say_what_the_product_says(found: list[Sides]) -> None:
    sets = [PaperSet(f, v, True, "g") for f in found for v in verdicts.VERDICTS]
    for k in (INDEPENDENT, constants(), Constants(0.3, 0.7, 1.4, 0.9, 0.2, 0.1, 0.4)):
        told = verdicts.Table(sets).chances(k)
        assert told == pytest.approx([chance(s.verdict, s.found, k) for s in sets], abs=1e-4)


def test_the_fit_finds_how_often_stances_are_right() -> None:
    for right in (0.55, 0.9):
        k = verdicts.fit(verdicts.Table(World(right).sets(1500)))
        told = (chance(Verdict.SUPPORTED, FOR, k), chance(Verdict.REFUTED, AGAINST, k))
        assert told == pytest.approx((right, right), abs=0.06)


def test_what_claims_of_one_direction_share_no_trial_with_themselves() -> None:
    def asked(group: str, label: int, found: Sides) -> Asked:
        paper = Paper(id=group, title="")
        return Asked(Question("Tea reduced pain.", (paper,), (label,), group, 0), (Read(label, found),))

    given = [asked(f"t{n}", label, FOR) for n, label in enumerate((SUPPORTS, SUPPORTS, REFUTES, NEUTRAL, NEUTRAL))]
    sets = list(verdict_sets.pooled(given, 0))
    assert len(sets) == sum(verdict_sets.DRAWS[a.question.labels[0]] for a in given)
    assert sets == list(verdict_sets.pooled(given, 0))
    assert {len(s.found.supports) for s in sets} > {1}, "further papers join some sets"
    alone = list(verdict_sets.pooled(given[:1], 0))
    assert {len(s.found.supports) for s in alone} == {1}, "a claim is not its own further paper"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Tea reduced pain compared with water.", "down"),
        ("Pain was lower with tea than with water.", "down"),
        ("Pain did not differ between tea and water.", "none"),
        ("There was no significant difference in pain between tea and water.", "none"),
        ("Tea led to significantly greater relief than water.", "up"),
        ("Pain was higher with tea than with water.", "up"),
    ],
)
def test_the_direction_of_a_made_claim(claim: str, expected: str) -> None:
    assert verdict_sets.direction(claim) == expected


def test_the_nearest_texts_are_found_and_known_ones_left_out() -> None:
    near = verdict_sets.Nearest({"a": "tea lowers pain", "b": "tea and sleep", "c": "stars and dust", "d": "tea pain"})
    assert near("Tea lowers pain.", {"a"})[0] == "d"
    assert "a" not in near("Tea lowers pain.", {"a"})


def test_the_shipped_constants_are_within_what_may_be_fitted() -> None:
    alike, *values = verdicts.free(constants())
    assert alike == verdicts.ALIKE
    assert all(low <= value <= high for value, (low, high) in zip(values, verdicts.BOUNDS, strict=True))
    kept = json.loads(verdicts.TARGET.read_text(encoding="utf-8"))
    told = {"trials, out of fold", "SciFact dev", "HealthVer dev", "alike", "refuting, trials"}
    assert told == set(kept["figures"])
    losses = kept["figures"]["alike"]
    assert losses[str(verdicts.ALIKE)] - min(losses.values()) < 0.001, "what is chosen is no worse than what would fit"


def test_refutation_is_told_by_what_both_witnesses_read_of_the_claims_own_paper() -> None:
    def asked(claim: str, label: int, found: Sides) -> Asked:
        papers = (Paper(id="p", title=""),)
        return Asked(Question(claim, papers, (label,), claim, 0), (Read(label, found), Read(NEUTRAL, AGAINST)))

    given = [
        asked("Tea reduced pain.", REFUTES, AGAINST),
        asked("Tea increased pain.", SUPPORTS, FOR),
        asked("Tea increased sleep.", REFUTES, FOR),
        asked("Pain did not differ between tea and water.", REFUTES, AGAINST),
        asked("Tea reduced rash.", NEUTRAL, SILENT),
    ]
    found = verdicts.refuting(given)
    assert (found["flipped.claims"], found["flipped.recall"]) == (3, 0.5)
    assert (found["every.claims"], found["every.recall"]) == (5, round(2 / 3, 4))
