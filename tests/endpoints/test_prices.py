"""Prices come from a dated table; what it does not hold is unknown, and this machine costs nothing."""

from __future__ import annotations

import re

import pytest

from consilience.endpoints.prices import is_loopback, limits_of, price_of, prices_date

ANYWHERE = "https://api.example.org/v1"


def test_a_listed_model_has_its_price_and_its_limits() -> None:
    price = price_of("gpt-4.1-mini", ANYWHERE)
    assert price is not None
    assert (price.tokens_in, price.tokens_out) == (0.4, 1.6)
    assert price.cost(1_000_000, 500_000) == pytest.approx(1.2)
    assert prices_date() in price.reason
    limits = limits_of("gpt-4.1-mini")
    assert limits is not None
    assert (limits.context, limits.output) == (1_047_576, 32_768)


@pytest.mark.parametrize(
    ("dated", "family"),
    [
        ("gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"),
        ("GPT-4.1-Mini", "gpt-4.1-mini"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("claude-sonnet-4@20250514", "claude-sonnet-4"),
        ("gpt-4o-2024-11-20", "gpt-4o"),
    ],
)
def test_a_dated_name_takes_its_familys_price(dated: str, family: str) -> None:
    assert price_of(dated, ANYWHERE) == price_of(family, ANYWHERE) != None  # noqa: E711 -- one comparison for all three
    assert limits_of(dated) == limits_of(family)


def test_a_dated_model_with_a_price_of_its_own_keeps_it() -> None:
    assert price_of("gpt-4o-2024-05-13", ANYWHERE) != price_of("gpt-4o", ANYWHERE)


@pytest.mark.parametrize("name", ["qwen3-14b", "gpt-4.1-mini-tuned", "gpt-4", "", "my-gpt-4.1", "gpt-4.1-2025"])
def test_what_is_not_listed_has_no_price(name: str) -> None:
    assert price_of(name, ANYWHERE) is None
    assert limits_of(name) is None


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://localhost:8000/v1",
        "http://127.0.0.1:1/v1",
        "http://127.8.0.1/v1",
        "http://[::1]:80/v1",
        "http://0.0.0.0:9",
    ],
)
def test_a_server_on_this_machine_costs_nothing(endpoint: str) -> None:
    assert is_loopback(endpoint)
    price = price_of("whatever", endpoint)
    assert price is not None
    assert price.cost(10**6, 10**6) == 0.0
    assert price.reason == "served on this machine"


@pytest.mark.parametrize(
    "endpoint",
    ["https://localhost.example.org/v1", "http://127.0.0.1.example.org", "http://10.0.0.5:8000/v1", "", "http://[bad"],
)
def test_any_other_host_is_not_this_machine(endpoint: str) -> None:
    assert not is_loopback(endpoint)


def test_the_table_names_its_date() -> None:
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", prices_date())
