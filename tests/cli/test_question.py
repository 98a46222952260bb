"""What counts as a question."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.cli.question import check_question
from consilience.errors import QuestionError


def test_it_becomes_one_clean_line() -> None:
    assert check_question("e\x00\u0301", 100) == "é"
    asked = check_question("  Does\x00 \x1b[31mX\u202e\n\treduce\u2028 Y\u0301?  ", 100)
    assert asked == "Does [31mX reduce Ý?"


def test_joiners_that_scripts_need_stay() -> None:
    assert check_question("می\u200cخواهم؟", 100) == "می\u200cخواهم؟"


@pytest.mark.parametrize("empty", ["", "   \n\t", "\x00\x07", "\u200b\ufeff", "\ud800"])
def test_nothing_is_no_question(empty: str) -> None:
    with pytest.raises(QuestionError, match="is empty"):
        check_question(empty, 100)


@pytest.mark.parametrize("wordless", ["?", "12 + 30 = 42", "🙂🙂", "---"])
def test_without_a_letter_it_is_no_question(wordless: str) -> None:
    with pytest.raises(QuestionError, match="no word"):
        check_question(wordless, 100)


def test_the_limit_and_the_count_are_told() -> None:
    assert check_question("x" * 100, 100) == "x" * 100
    with pytest.raises(QuestionError, match=r"100,000 characters; at most 2,000"):
        check_question(" " + "x" * 100_000, 2000)


@given(st.text(max_size=200))
def test_any_text_is_taken_or_refused(text: str) -> None:
    try:
        asked = check_question(text, 150)
    except QuestionError:
        return
    assert check_question(asked, 10_000) == asked
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in asked)
    asked.encode()
