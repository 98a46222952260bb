"""Zones, clauses, designs, strength, hedging, acronyms, reversal, plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.language import (
    acronyms,
    clauses,
    designs,
    directions,
    hedging,
    reversal,
    sentences,
    strength,
    text,
    zones,
)
from consilience.records import Direction, Strength, StudyDesign

WORDS = [
    "pain",
    "fell",
    "rose",
    ";",
    ",",
    "but",
    "and",
    "whereas",
    "was",
    "not",
    "(",
    ")",
    "improved",
    ".",
    "sleep",
    "did",
]
ABSTRACT = (
    "Back pain is a common problem in primary care. The aim of this study was to determine whether yoga helps. "
    "Ninety adults were randomly assigned to yoga or usual care for 12 weeks. Pain was measured with a questionnaire. "
    "Pain scores fell significantly more with yoga (p < 0.01). Sleep did not differ between the groups. "
    "We conclude that yoga may be useful for back pain."
)


def test_zones_by_words() -> None:
    spans = sentences.split(ABSTRACT)
    assert zones.of(ABSTRACT, spans) == ("background", "aim", "method", "method", "result", "result", "conclusion")


def test_zones_by_headings() -> None:
    body = (
        "BACKGROUND: Pain is common. We aimed to test yoga. RESULTS: All were recruited. CONCLUSIONS: Pain fell by 3%."
    )
    assert zones.of(body, sentences.split(body)) == ("background", "aim", "result", "conclusion")


@given(st.text(max_size=200))
def test_there_is_one_zone_a_sentence(body: str) -> None:
    spans = sentences.split(body)
    assert len(zones.of(body, spans)) == len(spans)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "The drug reduced pain (p<.05) but did not change sleep; nausea increased.",
            ["The drug reduced pain (p<.05)", "did not change sleep", "nausea increased."],
        ),
        (
            "Memory improved with the drug, whereas attention was unchanged.",
            ["Memory improved with the drug", "attention was unchanged."],
        ),
        ("Planning was unaffected, and memory improved.", ["Planning was unaffected", "memory improved."]),
        ("Nausea decreased and was less severe (mild; moderate).", None),
        ("Pain fell, but this difference was not significant.", None),
        ("The drug, but not placebo, reduced pain.", None),
        ("Patients received tea; controls received water.", None),
    ],
)
def test_clauses(sentence: str, parts: list[str] | None) -> None:
    assert [sentence[a:b] for a, b in clauses.split(sentence)] == (parts or [sentence])


@given(st.lists(st.sampled_from(WORDS), max_size=20))
def test_clauses_are_ordered_and_within(parts: list[str]) -> None:
    sentence = " ".join(parts)
    end = 0
    for a, b in clauses.split(sentence):
        assert end <= a <= b <= len(sentence)
        end = b


@pytest.mark.parametrize(
    ("body", "title", "design", "who"),
    [
        ("Sixty women were randomly assigned to tea or water.", "", StudyDesign.RANDOMISED, "humans"),
        ("We pooled 12 randomized trials of tea in adults.", "A meta-analysis", StudyDesign.META_ANALYSIS, "humans"),
        ("We searched Medline for trials of tea.", "A systematic review", StudyDesign.SYSTEMATIC_REVIEW, "unstated"),
        ("Rats were randomly allocated to tea or water.", "", StudyDesign.ANIMAL, "animals"),
        ("Tea inhibited growth of cultured cells from two cell lines.", "", StudyDesign.IN_VITRO, "in vitro"),
        ("A cohort of 900 nurses was followed for 10 years.", "", StudyDesign.COHORT, "humans"),
        ("Women with cancer and matched controls were interviewed.", "", StudyDesign.CASE_CONTROL, "humans"),
        ("Students were surveyed about tea.", "", StudyDesign.CROSS_SECTIONAL, "humans"),
        ("In this open-label study 12 patients drank tea.", "", StudyDesign.UNCONTROLLED, "humans"),
        ("Tea is widely drunk.", "Tea and health: an overview", StudyDesign.REVIEW, "unstated"),
        ("We trained neural networks on two datasets and benchmarks.", "", StudyDesign.IN_SILICO, "in silico"),
        ("Tea is good. Randomized trials are needed.", "", StudyDesign.UNSTATED, "unstated"),
        ("Five trials in adults are reviewed. All were randomized.", "Does tea help?", StudyDesign.REVIEW, "humans"),
    ],
)  # fmt: skip
def test_designs(body: str, title: str, design: StudyDesign, who: str) -> None:
    assert designs.read(body, title) == design
    if who != "unstated" or design not in (StudyDesign.REVIEW, StudyDesign.UNSTATED):
        assert designs.subjects(body, title) == who


def test_a_publication_type_comes_first() -> None:
    assert designs.read("We discuss tea.", "Tea", type="Randomized Controlled Trial") == StudyDesign.RANDOMISED


def test_strength_needs_design_and_words() -> None:
    reduced, linked = "Tea reduced pain more than water.", "Tea drinking was associated with less pain."
    assert strength.read(reduced, StudyDesign.RANDOMISED) == Strength.CAUSAL
    assert strength.read(reduced, StudyDesign.COHORT) == Strength.ASSOCIATIONAL
    assert strength.read(reduced, StudyDesign.UNCONTROLLED) == Strength.DESCRIPTIVE
    assert strength.read(linked, StudyDesign.CROSS_SECTIONAL) == Strength.ASSOCIATIONAL
    assert strength.read("Most patients were women.", StudyDesign.RANDOMISED) == Strength.DESCRIPTIVE


@pytest.mark.parametrize(
    "words", ["Tea may help.", "The data suggest an effect.", "Tea appears to help.", "A possible link."]
)
def test_hedged(words: str) -> None:
    assert hedging.is_hedged(words)


@pytest.mark.parametrize(
    "words", ["Tea helped.", "Relapse was more likely with tea.", "Evoked potentials were recorded."]
)
def test_not_hedged(words: str) -> None:
    assert not hedging.is_hedged(words)


def test_acronyms() -> None:
    body = "Hormone replacement therapy (HRT) and bone mineral density (BMD) in randomised controlled trials (RCTs)."
    assert acronyms.read(body) == {
        "HRT": "Hormone replacement therapy",
        "BMD": "bone mineral density",
        "RCTs": "randomised controlled trials",
    }
    assert acronyms.read("We recruited women (n = 30) in Oslo (NORWAY).") == {}


@given(st.text(alphabet="abcABC ().-", max_size=80))
def test_acronyms_are_the_texts_own_words(body: str) -> None:
    for short, long in acronyms.read(body).items():
        assert short in body
        assert long in " ".join(body.split()) or long in body


def test_reversal_turns_the_direction() -> None:
    assert directions.overall(reversal.reverse("Tea increases pain.")) == Direction.DECREASE
    assert directions.overall(reversal.reverse("Tea reduced pain.")) == Direction.INCREASE
    assert directions.overall(reversal.reverse("Tea does not increase pain.")) == Direction.INCREASE
    assert reversal.opposed("Tea activates the enzyme", "Tea inhibits the enzyme") == 1
    assert reversal.opposed("Tea activates the enzyme", "Tea activates the enzyme") == 0


def test_plain_text() -> None:
    assert text.normalise("  Pain\n“fell” 3–5 ﬁxed ") == 'pain "fell" 3-5 fixed'
    assert text.stems("The patients were treated with treatments") == ("patient", "treat", "treatment")
    assert "the" in text.stop_words()


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(words: str) -> None:
    once = text.normalise(words)
    assert text.normalise(once) == once


@pytest.mark.parametrize(
    "sentence",
    [
        "By intention to treat (n = 57), mean pain was 3.6 on yoga and 8.5 on usual care (P =.001).",
        "Sleep improved with both yoga and tai chi relative to untreated adults.",
        "At first, yoga led to better sleep and mood than usual care or rest.",
    ],
)
def test_what_was_found_is_a_result_however_early_it_stands(sentence: str) -> None:
    before = (
        "Ninety adults were randomly assigned to yoga or usual care. Sleep was measured at the start and again later."
    )
    after = "Walking fell. Running fell. Adverse events were few. The authors conclude that yoga helps."
    told = f"{before} {sentence} {after}"
    assert zones.of(told, sentences.split(told))[2] == "result"


def test_a_level_of_significance_that_was_set_is_method() -> None:
    told = "Ninety adults were assigned to yoga or care. We used tests, and P < .05 was taken as the level. It fell."
    assert zones.of(told, sentences.split(told))[1] == "method"
