"""Concepts: wordings of one thing, members of a class, and where they stand in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.language import concepts

LONG = "effects of code review processes in large development teams"
WORDS = ["code", "quality", "of", "review", "process", "large", "teams", "rosuvastatin", "İ", "-", "\n"]
TERMS = ["code quality", "code", "*statin", "statin", LONG, "of", ""]


@pytest.mark.parametrize(
    ("text", "terms", "found"),
    [
        ("Migraines were treated", ("migraine",), ["Migraines"]),
        ("the quality of the code", ("code quality",), ["quality of the code"]),
        ("code of high quality", ("code quality",), []),
        ("bone strong density", ("bone density",), []),
        ("coronary artery heart disease", ("coronary heart disease",), ["coronary artery heart disease"]),
        ("coronary artery and valve heart disease", ("coronary heart disease",), []),
        ("heart failure, then failure", ("heart", "heart failure"), ["heart failure"]),
        ("hearts and heart failure", ("heart", "heart failure"), ["hearts", "heart failure"]),
        ("Rosuvastatin and atorvastatins", ("*statin",), ["Rosuvastatin", "atorvastatins"]),
        ("a statin, statins", ("*statin",), []),
        ("on the effect of code review in large teams", (LONG,), ["effect of code review in large teams"]),
        ("on the process in teams", (LONG,), []),
        ("anything", (), []),
        ("", ("migraine",), []),
    ],
)
def test_find(text: str, terms: tuple[str, ...], found: list[str]) -> None:
    assert [m.text for m in concepts.find(text, terms)] == found
    assert concepts.holds(text, terms) is bool(found)


@given(
    text=st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)),
    terms=st.lists(st.sampled_from(TERMS), max_size=4).map(tuple),
)
def test_mentions_are_exact_in_order_and_apart(text: str, terms: tuple[str, ...]) -> None:
    end = 0
    for mention in concepts.find(text, terms):
        assert mention.text == text[mention.start : mention.end] != ""
        assert mention.term in terms
        assert mention.start >= end
        end = mention.end


@pytest.mark.parametrize(
    ("phrase", "inside", "outside"),
    [
        ("triptans", {"triptans", "triptan", "sumatriptan", "*triptan"}, {"ibuprofen"}),
        ("antidepressant", {"antidepressant", "fluoxetine"}, {"*antidepressant"}),
        ("NSAID", {"nsaid", "*nsaid"}, {"NSAID"}),
        ("fish oil", {"omega-3", "fish oil"}, {"*fish oil"}),
        ("dogs", {"dogs"}, {"cat", "dog"}),
        ("breast cancer", {"breast cancer"}, {"cancer"}),
        ("Zolafen", {"zolafen"}, {"Zolafen"}),
    ],
)
def test_wordings(phrase: str, inside: set[str], outside: set[str]) -> None:
    found = concepts.wordings(phrase)
    assert inside <= set(found)
    assert not outside & set(found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("statins", "statin"),
        ("Older Women", "postmenopausal"),
        ("hay fever", "allergic rhinitis"),
        ("code quality", "software quality"),
        ("neural networks", "machine learning"),
        ("controls", "placebo"),
    ],
)
def test_a_concept_is_named_by_any_of_its_wordings(phrase: str, name: str) -> None:
    assert name in [c.names[0] for c in concepts.named_by(phrase)]


@pytest.mark.parametrize("phrase", ["", "the of", "sumatriptan", "breast cancer", "placebos"])
def test_no_concept_is_named_by_a_member_a_narrower_phrase_or_nothing(phrase: str) -> None:
    assert concepts.named_by(phrase) == ()


@pytest.mark.parametrize(
    ("phrase", "wording"),
    [
        ("therapeutic anticoagulation", "warfarin"),
        ("severe chronic migraine", "migraine"),
        ("daily exercise", "physical activity"),
        ("breast cancer", ""),
        ("surgery rotation", ""),
        ("exercise", ""),
    ],
)
def test_only_words_that_narrow_nothing_are_left_out(phrase: str, wording: str) -> None:
    found = concepts.narrower_of(phrase)
    assert (wording in found) if wording else found == ()


@pytest.mark.parametrize(
    ("phrase", "wording"),
    [
        ("healthy children", "pediatric"),
        ("menopausal women", "postmenopausal"),
        ("children", ""),
        ("nurses in hospitals", ""),
    ],
)
def test_population_in_a_phrase_of_several_words(phrase: str, wording: str) -> None:
    found = concepts.population_in(phrase)
    assert (wording in found) if wording else found == ()


def test_kinds_are_kept_apart_and_classes_hold_their_members_members() -> None:
    treatments, inactive = concepts.wordings_of_kind("treatment"), concepts.wordings_of_kind("inactive")
    assert {"sumatriptan", "statin", "fluoxetine"} <= set(treatments)
    assert "placebo" in inactive
    assert not {"placebo", "migraine"} & set(treatments)
    [antidepressants] = [c for c in concepts.of_kind("treatment") if "antidepressant" in c.names]
    assert {"selective serotonin reuptake inhibitor", "ssri", "fluoxetine"} <= set(antidepressants.members)
