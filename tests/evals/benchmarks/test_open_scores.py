"""SciFact's scores in the open setting, held against cases counted by hand; one is the release's own example."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.evals.benchmarks.open_scores import KINDS, Counts, Predicted, counts, scores
from consilience.evals.benchmarks.scifact_release import Claim, Evidence, Label

# doc/evaluation.md of the release: abstract 11 with rationales {0, 1} and {11}, abstract 15 with {4}.
GOLD = {
    "11": Evidence("SUPPORT", (frozenset({0, 1}), frozenset({11}))),
    "15": Evidence("SUPPORT", (frozenset({4}),)),
}
CLAIM = Claim(52, "ALDH1 expression is associated with poorer prognosis.", ("11", "15"), GOLD)
WITHOUT = Claim(1, "0-dimensional biomaterials show inductive properties.", ("31715818",), {})


def counted(predicted: Mapping[str, Predicted], claim: Claim = CLAIM) -> list[tuple[int, ...]]:
    return [tuple(counts(claim, predicted)[kind]) for kind in KINDS]


def only(*sentences: int, label: Label = "SUPPORT") -> dict[str, Predicted]:
    return {"11": Predicted(label, sentences)}


def test_the_example_of_the_release() -> None:
    predicted = {"11": Predicted("SUPPORT", (1, 11, 13)), "16": Predicted("CONTRADICT", (18, 20))}
    of = counts(CLAIM, predicted)
    assert of["abstract_rationalized"] == Counts(1, 2, 2)
    assert scores([of["abstract_rationalized"]]) == {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert of["sentence_label"] == Counts(1, 5, 4)
    assert scores([of["sentence_label"]]) == {"precision": 0.2, "recall": 0.25, "f1": round(2 / 9, 4)}


def test_a_wrong_label_costs_all_but_the_selection() -> None:
    assert counted(only(0, 1, label="CONTRADICT")) == [(0, 1, 2), (0, 1, 2), (2, 2, 4), (0, 2, 4)]


def test_half_a_rationale_is_none() -> None:
    assert counted(only(0, 5)) == [(1, 1, 2), (0, 1, 2), (0, 2, 4), (0, 2, 4)]


def test_several_rationales_of_one_abstract_count_once_as_abstract_and_each_as_sentences() -> None:
    assert counted(only(11, 0, 1)) == [(1, 1, 2), (1, 1, 2), (3, 3, 4), (3, 3, 4)]


def test_a_rationale_after_the_third_sentence_counts_for_sentences_alone() -> None:
    assert counted(only(2, 3, 5, 11)) == [(1, 1, 2), (0, 1, 2), (1, 4, 4), (1, 4, 4)]
    assert counted(only(0, 7, 8, 1)) == [(1, 1, 2), (0, 1, 2), (2, 4, 4), (2, 4, 4)]


def test_a_sentence_named_twice_is_right_once_and_takes_two_places() -> None:
    assert counted(only(11, 11)) == [(1, 1, 2), (1, 1, 2), (1, 2, 4), (1, 2, 4)]
    assert counted(only(0, 0, 0, 1)) == [(1, 1, 2), (0, 1, 2), (2, 4, 4), (2, 4, 4)]


def test_an_abstract_without_sentences_counts_by_its_label() -> None:
    assert counted(only()) == [(1, 1, 2), (0, 1, 2), (0, 0, 4), (0, 0, 4)]


def test_what_is_predicted_for_a_claim_without_evidence_costs_precision() -> None:
    predicted = {"31715818": Predicted("SUPPORT", (2, 3))}
    assert counted(predicted, WITHOUT) == [(0, 1, 0), (0, 1, 0), (0, 2, 0), (0, 2, 0)]
    assert counted({}, WITHOUT) == [(0, 0, 0)] * 4


def test_counts_are_summed_before_shares_are_taken() -> None:
    of = [Counts(1, 2, 2), Counts(0, 1, 0), Counts(0, 0, 1)]
    assert scores(of) == {"precision": round(1 / 3, 4), "recall": round(1 / 3, 4), "f1": round(2 / 6, 4)}


def test_nothing_predicted_and_nothing_there_score_nothing() -> None:
    assert scores([]) == scores([Counts(0, 0, 0)]) == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


labels = st.sampled_from(("SUPPORT", "CONTRADICT"))
predictions = st.dictionaries(
    st.sampled_from(("11", "15", "16")),
    st.builds(Predicted, labels, st.lists(st.integers(0, 13), max_size=6).map(tuple)),
)


@given(predictions)
def test_no_stricter_score_is_higher(predicted: dict[str, Predicted]) -> None:
    of = counts(CLAIM, predicted)
    assert of["abstract_rationalized"].right <= of["abstract_label_only"].right <= of["abstract_label_only"].predicted
    assert of["sentence_label"].right <= of["sentence_selection"].right <= of["sentence_selection"].predicted


@pytest.mark.parametrize("claim", [CLAIM, WITHOUT])
def test_what_annotators_found_scores_full(claim: Claim) -> None:
    gold = {
        d: Predicted(e.label, tuple(sorted(frozenset[int]().union(*e.rationales)))) for d, e in claim.evidence.items()
    }
    assert all(of.right == of.predicted == of.relevant for of in counts(claim, gold).values())
