"""What a denied relation or a denied observation takes back."""

from __future__ import annotations

import pytest

from consilience.language import directions
from consilience.records import Direction, Valence

NONE = Direction.NO_DIFFERENCE


@pytest.mark.parametrize(
    "text",
    [
        "Coffee was not associated with lower mortality.",
        "Coffee was not significantly associated with reduced mortality.",
        "Coffee was not associated with an increased risk of dementia.",
        "Coffee was not associated with a reduction in mortality.",
        "Coffee was not related to better memory.",
        "Coffee was not linked to fewer falls.",
        "No association was found between coffee and lower mortality.",
        "There was no evidence that coffee lowers mortality.",
        "There was no association with lower mortality.",
        "Coffee was neither associated with lower mortality nor with fewer strokes.",
        "A reduction in mortality was not observed.",
        "Lower mortality was not seen with coffee.",
        "Improvements in memory were not found.",
    ],
)
def test_the_direction_is_denied_with_its_relation(text: str) -> None:
    assert {cue.direction for cue in directions.cues(text)} == {NONE}
    assert directions.overall(text) is NONE


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Coffee was associated with lower mortality.", Direction.DECREASE),
        ("Coffee was not associated with cancer, and lower mortality was seen.", Direction.DECREASE),
        ("A reduction in mortality was observed.", Direction.DECREASE),
        ("Mortality fell in drinkers of coffee, which was not seen in drinkers of tea.", Direction.DECREASE),
    ],
)
def test_what_is_not_denied_stands(text: str, direction: Direction) -> None:
    assert direction in {cue.direction for cue in directions.cues(text)}


@pytest.mark.parametrize(
    ("text", "direction", "valence"),
    [
        ("Tea was superior to water in reducing pain.", Direction.DECREASE, Valence.BENEFIT),
        ("Tea was inferior to coffee in reducing pain.", Direction.INCREASE, Valence.HARM),
        ("Tea was less effective than coffee in reducing pain.", Direction.INCREASE, Valence.HARM),
        ("Tea was more effective than coffee in preventing pain.", Direction.DECREASE, Valence.BENEFIT),
        ("Tea was not superior to water in reducing pain.", NONE, Valence.NEUTRAL),
    ],
)
def test_better_or_worse_at_changing_something(text: str, direction: Direction, valence: Valence) -> None:
    [cue] = directions.cues(text)
    assert (cue.direction, cue.valence) == (direction, valence)
