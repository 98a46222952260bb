"""The token sequence of a pair: what it holds, what is cut, and where each sentence ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consilience.models.pair_layout import MOST_CLAIM_TOKENS, MOST_TOKENS, lay_out

FIRST, SEPARATOR = 1, 2
tokens = st.lists(st.integers(10, 99), max_size=400)


def test_claim_first_and_each_sentence_ends_in_a_separator() -> None:
    made = lay_out([10, 11], [[20], [30, 31]], FIRST, SEPARATOR)
    assert made.ids == [FIRST, 10, 11, SEPARATOR, 20, SEPARATOR, 30, 31, SEPARATOR]
    assert made.ends == [5, 8]


def test_what_does_not_fit_is_cut_and_the_rest_left_out() -> None:
    made = lay_out([10] * 4, [[20] * 200, [30] * 200, [40] * 5], FIRST, SEPARATOR)
    assert len(made.ids) == MOST_TOKENS
    assert made.ends == [206, MOST_TOKENS - 1]


@given(claim=tokens, parts=st.lists(tokens, max_size=8))
def test_any_pair_fits_and_its_ends_are_separators(claim: list[int], parts: list[list[int]]) -> None:
    made = lay_out(claim, parts, FIRST, SEPARATOR)
    assert len(made.ids) <= MOST_TOKENS
    assert [made.ids[end] for end in made.ends] == [SEPARATOR] * len(made.ends)
    assert len(made.ends) <= len(parts)
    assert made.ids[1 : 1 + min(len(claim), MOST_CLAIM_TOKENS)] == claim[:MOST_CLAIM_TOKENS]
    assert made.ids.count(SEPARATOR) == 1 + len(made.ends)
