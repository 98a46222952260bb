"""Quotations are found exactly, after folding, with their offsets; words that were changed are not found."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consilience.reasoning.language_model.quotations import locate
from consilience.records import Paper, Span
from consilience.tests.support.readings import paper

ABSTRACT = (
    "In 120 adults, zolafen reduced night\u00a0cramps (21·5% vs 41%, p\u202f<\u202f.05). It was not "
    "in-\nferior — “so to speak” — to café-au-lait\u2019s e\u0301lan; the ﬁrst eﬀect was x² and naïve "
    "q\u0307\u0323. Effec\u00adtive in −5 °C."
)
SIGNS = {"'": "‘’'", '"': '“”"', "-": "‐‑–—−-", " ": [" ", "\n", "\u00a0", "  ", "\t", "\u2009"]}
WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            ["zolafen", "ﬁrst", "e\u0301lan", "élan", "x²", "(p", "0·05)", "–", "“so”", "q\u0307\u0323", "한"]
        ),
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=12,
)


def found(quotation: str, abstract: str = ABSTRACT) -> Span | None:
    """The span, which must be the abstract's own characters."""
    of = paper(abstract)
    span = locate(quotation, of)
    assert span is None or span.matches(of)
    return span


def otherwise(text: str, draw: st.DataObject) -> str:
    """The text as a model may copy it: other spaces, dashes and quotation marks, another normal form."""
    folded = unicodedata.normalize(draw.draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])), text)
    signs = {sign: options for options in SIGNS.values() for sign in options if len(sign) == 1}
    return "".join(draw.draw(st.sampled_from(list(signs.get(c, c)))) if c in signs else c for c in folded)


@given(words=WORDS, draw=st.data())
def test_whole_words_are_found_however_they_are_copied(words: list[str], draw: st.DataObject) -> None:
    first = draw.draw(st.integers(0, len(words) - 1))
    last = draw.draw(st.integers(first + 1, len(words)))
    quotation = " ".join(words[first:last])
    assume(any(c.isalnum() for c in quotation))
    span = found(otherwise(quotation, draw), draw.draw(st.sampled_from([" ", "\n", "\u00a0"])).join(words))
    assert span is not None
    assert plain(span.text) == plain(quotation)


def plain(text: str) -> str:
    """Letters and digits alone."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


@given(st.text())
def test_any_quotation_of_any_text_is_none_or_the_abstracts_own(quotation: str) -> None:
    found(quotation)
    found("zolafen", quotation)
    found(quotation, f"{quotation} and more")


@pytest.mark.parametrize(
    ("quotation", "text"),
    [
        ("zolafen reduced night cramps", "zolafen reduced night\u00a0cramps"),
        ("(21.5% vs 41%", None),
        ("p < .05)", "p\u202f<\u202f.05)"),
        ('- "so to speak" -', "— “so to speak” —"),
        ("café-au-lait's élan", "café-au-lait\u2019s e\u0301lan"),
        ("cafe\u0301", "café"),
        ("the first effect", "the ﬁrst eﬀect"),
        ("  the first\n effect ", "the ﬁrst eﬀect"),
        ("naïve q\u0323\u0307", "naïve q\u0307\u0323"),
        ("Effective in -5 °C.", "Effec\u00adtive in −5 °C."),
        (ABSTRACT, ABSTRACT),
        ("°C.", "°C."),
    ],
)
def test_what_counts_as_the_same(quotation: str, text: str | None) -> None:
    span = found(quotation)
    assert (span and span.text) == text


@pytest.mark.parametrize(
    "quotation",
    [
        "", " \n", "\u00ad", "Zolafen reduced", "zolafen increased night cramps", "zolafen reduced cramps",
        "zolafen ... cramps", "zolafen reduced night cramps in adults", ABSTRACT + " And more.", "cafe",
        "naive q", "q\u0307 .", "the f", "irst effect", "duced night", "120 adults, zol", "20 adults", "5% vs 41%",
        "p < .0", "elan",
    ],
)  # fmt: skip
def test_what_is_changed_cut_or_made_up_is_not_found(quotation: str) -> None:
    assert found(quotation) is None


def test_a_part_of_a_word_or_a_number_is_passed_over_for_the_whole_one() -> None:
    abstract = "Zolafen was ineffective in 15.5 trials and effective in 5.5 trials"
    assert found("effective in 5.5 trials", abstract) == Span(
        paper_id="paper1", start=43, end=len(abstract), text="effective in 5.5 trials"
    )
    assert found("effective in 15", abstract) is None
    assert found("Zolafen was", abstract) is not None


@given(st.data())
def test_a_word_that_is_changed_is_not_found(draw: st.DataObject) -> None:
    words = re.findall(r"\w+", "Zolafen reduced night cramps against placebo in adults")
    place = draw.draw(st.integers(0, len(words) - 1))
    other = draw.draw(st.from_regex(r"[a-zA-Z]{1,10}", fullmatch=True))
    assume(other not in words)
    changed = " ".join([*words[:place], other, *words[place + 1 :]])
    assert found(changed, " ".join(words)) is None


def test_the_first_of_several_is_taken_and_an_empty_abstract_holds_nothing() -> None:
    span = found("a b", "c a b. a b")
    assert span is not None
    assert span.start == 2
    assert locate("a", Paper(id="p", title="a")) is None
