"""Owns what models cost and how much they read: a table with a date and its source, ``prices.toml``.

A model that is not in the table has no known price, and none is guessed for it: what cannot be priced is called
unknown, in the report as in the budget. A server on this machine costs nothing.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from .local_files import HERE

# gpt-4.1-mini-2025-04-14, claude-sonnet-4-5-20250929: a family's name with a date behind it.
_DATE = re.compile(r"[-@](?:20\d{2}-\d{2}-\d{2}|20\d{6})$")
_MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """US dollars a million tokens, read and written; ``reason`` says where the figures come from."""

    tokens_in: float
    tokens_out: float
    reason: str

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """US dollars for so many tokens."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / _MILLION


@dataclass(frozen=True)
class Limits:
    """Tokens that a model reads in one request, and writes in one answer."""

    context: int
    output: int


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    tokens_in: float = Field(ge=0, alias="in")
    tokens_out: float = Field(ge=0, alias="out")
    context: int = Field(gt=0)
    output: int = Field(gt=0)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str
    source: str
    commit: str
    models: dict[str, _Model]


def price_of(model: str, endpoint: str) -> Price | None:
    """The listed price of a model behind an endpoint (a URL), or None where it is unknown."""
    if endpoint == HERE or is_loopback(endpoint):
        return Price(0.0, 0.0, "served on this machine")
    listed = _listed(model)
    if listed is None:
        return None
    return Price(listed.tokens_in, listed.tokens_out, f"list price of {_table().date}")


def limits_of(model: str) -> Limits | None:
    """What a model reads and writes at most, or None where it is unknown."""
    listed = _listed(model)
    return Limits(listed.context, listed.output) if listed else None


def prices_date() -> str:
    """The day on which the prices were taken over, ISO 8601."""
    return _table().date


def is_loopback(endpoint: str) -> bool:
    """Whether an endpoint's host is this machine."""
    try:
        host = urlsplit(endpoint).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _listed(model: str) -> _Model | None:
    """The model itself, else its family: the name without the date behind it."""
    models = _table().models
    name = model.strip().casefold()
    return models.get(name) or models.get(_DATE.sub("", name))


@cache
def _table() -> _Table:
    text = files("consilience.endpoints").joinpath("prices.toml").read_text(encoding="utf-8")
    return _Table.model_validate(tomllib.loads(text))
