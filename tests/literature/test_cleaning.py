"""A field's text in a library: plain, one line, and the same when it is cleaned again."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.literature.cleaning import clean, fold_title, says_retracted, split_authors, surname


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<jats:p>A  b\n c</jats:p>", "A b c"),
        ("<jats:title>Abstract</jats:title><jats:p>We saw.</jats:p>", "We saw."),
        ("<jats:title>Methods</jats:title><jats:p>We saw.</jats:p>", "Methods: We saw."),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("10<sup>6</sup> cells, cm<sup>2</sup>, CO<sub>2</sub>", "10^6 cells, cm2, CO2"),
        ("p &lt; 0.05 &amp;amp; n &gt; 3", "p < 0.05 & n > 3"),
        ("a < b and c > d", "a < b and c > d"),
        ("if x<b and y>p", "if x<b and y>p"),
        ("AT&T &section; R&D", "AT&T &section; R&D"),
        ("nul\x00 bell\x07 \u202eflip\u200b", "nul bell flip"),
        ("e\u0301", "é"),
        ("half \ud800 pair", "half pair"),
        ('<a href="javascript:x">link</a>', "link"),
    ],
)
def test_markup_and_control_characters_go_and_words_stay(raw: str, plain: str) -> None:
    assert clean(raw) == plain


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(list("<>&;/psubi#x27 \"'=")))))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "  " not in once
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in once)


def test_a_text_of_nested_escapes_does_not_hold_the_program_up() -> None:
    assert clean("&amp;" + "amp;" * 10_000 + "lt;") == "<"
    assert len(clean("&a" * 2_000 + "&amp;" + "mp;" * 2_000)) > 0


@pytest.mark.parametrize(
    ("title", "type", "expected"),
    [
        ("RETRACTED: A trial of x", "", True),
        ("Retracted: A trial of x", "", True),
        ("[Retracted] A trial of x", "", True),
        ("RETRACTED ARTICLE: A trial of x", "", True),
        ("A trial of x", "Journal Article; Retracted Publication", True),
        ("Retracted articles in medicine: a survey", "", False),
        ("Why papers are retracted: a survey", "", False),
        ("Retraction: A trial of x", "Retraction of Publication", False),
    ],
)
def test_retraction_is_read_from_title_and_type(title: str, type: str, expected: bool) -> None:
    assert says_retracted(title, type) is expected


def test_a_retracted_title_is_compared_as_the_title_it_was() -> None:
    assert fold_title("RETRACTED: Über  X-rays") == fold_title("uber x rays")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A Doe; B Roe", ["A Doe", " B Roe"]),
        ("Doe J, Roe K.", ["Doe J", "Roe K"]),
        ("Jane Doe, Ken Roe, Li Wu", ["Jane Doe", "Ken Roe", "Li Wu"]),
        ("Doe, Jane", ["Doe, Jane"]),
        ("Garcia Lopez, Maria Jose", ["Garcia Lopez, Maria Jose"]),
        ("Doe, J. K.", ["Doe, J. K."]),
    ],
)
def test_authors_in_one_string_are_told_apart(text: str, names: list[str]) -> None:
    assert split_authors(text) == names


@pytest.mark.parametrize("name", ["J van der Dóe", "van der Doe, J.", "van der Doe JK", "Doe, Jane", "Doe"])
def test_a_surname_is_found_in_every_way_of_writing(name: str) -> None:
    assert surname(name) == "doe"
