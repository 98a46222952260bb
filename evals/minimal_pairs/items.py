"""Owns the minimal pairs' schema, and reading them.

An item is a passage with two claims that differ by one small edit. The edit keeps the claim's label or changes it; a
judge that only looks at words that are shared sees little difference either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from importlib.resources import files
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from consilience.errors import InputError

FILE = "pairs.jsonl"
_Text = Annotated[str, StringConstraints(min_length=10, max_length=500, strip_whitespace=True)]


class Label(StrEnum):
    """What the passage does to a claim. ``NEUTRAL``: it does not settle it."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"


class Phenomenon(StrEnum):
    """What differs between the two claims; ``evals/PROTOCOL.md`` says how each is labelled."""

    NEGATION = "negation"
    DOUBLE_NEGATION = "double_negation"
    NUMBERS = "numbers"
    UNITS = "units"
    SWAPPED_ARMS = "swapped_arms"
    POPULATION = "population"
    HEDGES = "hedges"
    OUTCOME = "outcome"
    DIRECTION = "direction"
    NO_DIFFERENCE = "no_difference"
    QUANTIFIERS = "quantifiers"
    TEMPORAL_ORDER = "temporal_order"
    COMPARISON = "comparison"
    SUBGROUP = "subgroup"


class MinimalPair(BaseModel):
    """One passage with a claim and the changed claim, each with its label."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z_]+-\d\d$")]
    phenomenon: Phenomenon
    evidence: _Text
    base: _Text
    base_label: Label
    changed: _Text
    changed_label: Label
    preserving: bool
    """Whether the change keeps the label."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.preserving != (self.base_label is self.changed_label):
            raise ValueError(f"{self.id}: preserving must say whether both labels are the same")
        if self.base == self.changed:
            raise ValueError(f"{self.id}: the two claims are the same")
        if not self.id.startswith(f"{self.phenomenon.value}-"):
            raise ValueError(f"{self.id}: an id begins with its phenomenon")
        return self


def shipped() -> tuple[MinimalPair, ...]:
    """The pairs that ship with the evals, in the file's order."""
    return parse(files("consilience.evals.minimal_pairs").joinpath(FILE).read_text(encoding="utf-8"))


def parse(text: str) -> tuple[MinimalPair, ...]:
    """The pairs of a JSON Lines text.

    Raises:
        InputError: a line is not a pair.
    """
    found: list[MinimalPair] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(MinimalPair.model_validate_json(line))
        except ValidationError as error:
            told = error.errors()[0]["msg"]
            raise InputError(f"line {number} of the minimal pairs is no pair: {told}", "mend the line") from error
    return tuple(found)


def first_of_each(pairs: Sequence[MinimalPair], limit: int | None) -> tuple[MinimalPair, ...]:
    """``limit`` pairs, taken from the phenomena in turn; all where there is no limit."""
    if limit is None:
        return tuple(pairs)
    groups = [[p for p in pairs if p.phenomenon is name] for name in Phenomenon]
    rounds = range(max((len(group) for group in groups), default=0))
    taken = [group[place] for place in rounds for group in groups if place < len(group)]
    return tuple(taken[:limit])
