"""Numbers: exact substrings, their kind and their values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.language import numbers


@pytest.mark.parametrize(
    ("text", "kind", "exact", "values"),
    [
        ("improved (P<0.001)", "p_value", "P<0.001", (0.001,)),
        ("at p = .04 in", "p_value", "p = .04", (0.04,)),
        ("P less than .05 was", "p_value", "P less than .05", (0.05,)),
        ("by 12.5% overall", "percent", "12.5%", (12.5,)),
        ("in 5 percent of", "percent", "5 percent", (5.0,)),
        ("(95% CI 0.63-0.92)", "interval", "95% CI 0.63-0.92", (0.63, 0.92)),
        ("95% confidence interval [CI], 1.2 to 3", "interval", "95% confidence interval [CI], 1.2 to 3", (1.2, 3.0)),
        ("(0.6 to 1.2)", "interval", "0.6 to 1.2", (0.6, 1.2)),
        ("odds ratio 3.53, adjusted", "ratio", "odds ratio 3.53", (3.53,)),
        ("(RH, 0.99;", "ratio", "RH, 0.99", (0.99,)),
        ("HR = 0.76", "ratio", "HR = 0.76", (0.76,)),
        ("placebo (n = 12)", "count", "n = 12", (12.0,)),
        ("in 82 of 212 people", "count", "82 of 212", (82.0, 212.0)),
        ("16 608 women were", "count", "16 608 women", (16608.0,)),
        ("took 0.625 mg/d of", "dose", "0.625 mg/d", (0.625,)),
        ("from 80 to 120 mg daily", "dose", "80 to 120 mg", (80.0, 120.0)),
        ("after 24 h of", "measure", "24 h", (24.0,)),
    ],
)
def test_reads(text: str, kind: str, exact: str, values: tuple[float, ...]) -> None:
    found = numbers.read(text)
    assert (kind, exact, values) in [(q.kind, q.text, q.values) for q in found]


@pytest.mark.parametrize("text", ["for 30 minutes or 5 hours", "in conclusion 3.", "a 2 x 2 design", "CI"])
def test_words_that_look_like_ratios_are_none(text: str) -> None:
    assert not [q for q in numbers.read(text) if q.kind in ("ratio", "interval", "p_value")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p = 0.31", True), ("P > .05", True), ("P < .05", False), ("p=0.049", False), ("", False),
        ("OR 1.2 (95% CI 0.9 to 1.5)", True), ("OR 1.2 (95% CI 1.1 to 1.5)", False), ("95% CI 0.9 to 1.5", False),
    ],
)  # fmt: skip
def test_insignificant(text: str, expected: bool) -> None:
    assert numbers.insignificant(text) is expected


@given(st.text(alphabet="0123456789.,%()[]=<> -–pPnCIORto±/mghn of", max_size=80))
def test_every_quantity_is_a_substring_in_order(text: str) -> None:
    position = 0
    for quantity in numbers.read(text):
        at = text.find(quantity.text, position)
        assert at >= 0
        assert quantity.values
        position = at + len(quantity.text)
