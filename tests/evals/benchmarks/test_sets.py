"""Each set is read as its protocol says: from small sets of the tests' own making, and from the public ones."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from consilience.errors import InputError
from consilience.evals import registry
from consilience.evals.benchmarks.cases import Benchmark, Case

from .conftest import write


def benchmark(name: str) -> Benchmark:
    made: Benchmark = import_module(f"consilience.evals.benchmarks.{name.replace('-', '_')}").BENCHMARK
    return made


def read(name: str, folder: Path) -> list[Case]:
    return benchmark(name).read(folder)


def test_scifact_pairs_claims_with_cited_abstracts(small: Path) -> None:
    raises, eases, figs = read("scifact", small)
    assert (raises.claims, raises.label, raises.group) == (("Tea raises pain.",), 1, "scifact:7")
    assert (eases.label, figs.label) == (0, 2)
    assert figs.parts == {"unseen_abstract"}, "no training claim cites it"
    assert raises.parts == frozenset()


def test_healthver_has_three_labels_and_covidfact_two(small: Path) -> None:
    assert [case.label for case in read("healthver", small)] == [0, 1, 2]
    assert [case.label for case in read("covidfact", small)] == [0, 1]
    assert read("healthver", small)[0].sentences == ("Masks lowered spread.",), "blank sentences say nothing"


def test_an_unknown_label_is_told(small: Path) -> None:
    row = {"claim": "c", "doc_id": 1, "abstract": ["a"], "label": "MAYBE"}
    write(small, "healthver/pairs_dev.jsonl.gz", [row])
    with pytest.raises(InputError, match="MAYBE"):
        read("healthver", small)


def test_citing_sentences_lose_their_marks_and_empty_ones_go(small: Path) -> None:
    first, second = read("citation-integrity", small)
    assert (first.claims, first.label) == (("Tea raised pain in all adults.",), 1)
    assert second.label == 2


def test_a_trials_prompt_becomes_three_claims(small: Path) -> None:
    cases = {case.group: case for case in read("evidence-inference", small)}
    assert set(cases) == {f"evidence_inference:PMC{n}" for n in (24, 25, 34)}, "the others are trained on"
    tea = cases["evidence_inference:PMC24"]
    assert len(tea.claims) == 3
    assert all("back pain" in claim.lower() and "tea" in claim.lower() for claim in tea.claims)
    assert [cases[f"evidence_inference:PMC{n}"].label for n in (34, 24, 25)] == [0, 1, 2]


def test_a_questions_conclusion_is_left_out(small: Path) -> None:
    first, second, third = read("pubmedqa", small)
    assert first.claims == ("Tea lower pain.",)
    assert not any("Tea lowers pain" in sentence for case in (first, second, third) for sentence in case.sentences)
    assert [case.label for case in (first, second, third)] == [0, 1, 2]
    assert [case.parts for case in (first, second, third)] == [
        {"closed_question"},
        frozenset(),
        {"closed_question", "held_out"},
    ]


def test_compared_trials_are_told_apart(small: Path) -> None:
    single, compared = read("nli4ct", small)
    assert single.sentences == ("Tea: 5 of 5",)
    assert compared.sentences == ("Primary trial: Tea", "Secondary trial: Figs")
    assert (single.label, compared.label) == (0, 1)
    assert compared.group == "nli4ct:NCT1+NCT2"


@pytest.mark.parametrize("name", registry.BENCHMARKS)
def test_a_set_that_is_missing_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(name, tmp_path)


@pytest.mark.parametrize("name", registry.BENCHMARKS)
def test_published_figures_are_sourced_and_stand_beside_figures_that_we_have(name: str) -> None:
    found = benchmark(name)
    ours = {"macro_f1", "accuracy", *(f"f1_{label}" for label in found.classes)}
    assert all(p.figure in ours and 0 < p.value < 1 for p in found.published)
    assert all(any(mark in p.source for mark in ("arXiv:", "doi:", "SemEval", "github.com")) for p in found.published)
    assert found.notes
    assert found.notes[0].startswith("Split: ")


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("scifact", [138, 71, 131]),
        ("healthver", [300, 208, 432]),
        ("covidfact", [299, 641]),
        ("citation-integrity", [191, 100, 24]),
        ("evidence-inference", [88, 67, 93]),
        ("pubmedqa", [276, 169, 55]),
        ("nli4ct", [100, 100]),
    ],
)
def test_the_public_sets_have_their_known_sizes(name: str, counts: list[int], data: Path) -> None:
    cases = read(name, data)
    assert [sum(case.label == n for case in cases) for n in range(len(counts))] == counts
    assert all(case.sentences and all(claim.strip() for claim in case.claims) for case in cases)
