"""Sentences and headings: exact offsets, no cut where an abstract only seems to end a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.language import sentences


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences.split(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Scores fell with the drug (P < .05) and not with placebo.",
        "The odds ratio was 1.9 (95% CI, 1.2 to 3. 4) in the first year.",
        "The dose was 3 mg.kg-1 given i.v. to 20 patients.",
        "Smith et al. compared drug A vs. Drug B in 30 adults.",
        "Response was defined as P = .05 or less.",
        "Three outcomes were measured: (a) pain, (b) sleep and (c) mood.",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert cut(sentence) == [sentence]


def test_sentences_come_apart() -> None:
    text = "Pain fell by 30% (p < .001).The next day it rose. All women took vitamin D. At 3 years nothing had changed!"
    assert cut(text) == [
        "Pain fell by 30% (p < .001).",
        "The next day it rose.",
        "All women took vitamin D.",
        "At 3 years nothing had changed!",
    ]


def test_headings_stand_apart_and_label_what_follows() -> None:
    text = "BACKGROUND: Migraine is common. METHODS: We tested it.\nMain Results:\nIt worked. CONCLUSION: Use it."
    spans = sentences.split(text)
    assert cut(text) == ["Migraine is common.", "We tested it.", "It worked.", "Use it."]
    assert [sentences.label(text, s) for s in spans] == ["BACKGROUND", "METHODS", "Main Results", "CONCLUSION"]
    assert [h.zone for h in sentences.headings(text)] == ["background", "method", "result", "conclusion"]


def test_a_word_in_running_text_is_no_heading() -> None:
    assert sentences.headings("We present the results: pain fell. The aim - to help - was met.") == ()


@given(st.text(max_size=300))
def test_spans_are_ordered_trimmed_and_apart(text: str) -> None:
    end = 0
    for a, b in sentences.split(text):
        assert end <= a < b <= len(text)
        assert text[a:b] == text[a:b].strip()
        end = b


@given(
    st.lists(
        st.sampled_from(["Pain fell.", "P = .04", "RESULTS:", "et al.", "\n", "(n = 3)", "It rose", " "]), max_size=12
    )
)
def test_no_letter_is_lost_but_headings(parts: list[str]) -> None:
    text = " ".join(parts)
    kept = "".join(cut(text)) + "".join(text[h.start : h.end] for h in sentences.headings(text))
    assert sorted(c for c in text if c.isalpha()) == sorted(c for c in kept if c.isalpha())


def test_a_very_long_text_is_cut_in_time_that_grows_with_it() -> None:
    text = "The score rose from 1.2 to 3.4 (p < .05). " * 2400
    assert len(cut(text)) == 2400
