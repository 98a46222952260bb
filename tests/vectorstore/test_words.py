"""The words of lexical search."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from consilience.language.text import stem
from consilience.vectorstore.words import tokens


def test_stems_without_function_words() -> None:
    assert tokens("The trials of 5-HT agonists") == ["trial", "5", "ht", "agonist"]
    assert tokens("Which of these can it be?") == []
    assert tokens("REDUCES reducing reduced") == ["reduc"] * 3


def test_compatible_letters_are_one_word() -> None:
    assert tokens("ﬁeld") == tokens("field")
    assert tokens("Straße") == tokens("STRASSE")


@given(st.text())
def test_any_text_gives_words_without_spaces(text: str) -> None:
    assert all(word and not any(map(str.isspace, word)) for word in tokens(text))


def test_threads_do_not_mix_their_stems() -> None:
    ends = ("ing", "ations", "ed", "ly")
    words = [f"{a}{b}{end}" for a in "bcdfglmp" for b in ("ar", "ol", "en") for end in ends]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(tokens, words * 20))
    stem.cache_clear()
    assert together == [tokens(word) for word in words] * 20
