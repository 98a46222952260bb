"""Prompts: every file loads, variables are checked, digests follow the text, names are no paths."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import consilience.prompts
from consilience import prompts
from consilience.prompts import PromptError


def test_scales_is_a_prompt_without_variables() -> None:
    assert "scales" in prompts.names()
    assert "## methodology" in prompts.load("scales")


@pytest.mark.parametrize("name", ["../prompts/scales", "scales.md", "", "no-such"])
def test_a_name_is_never_a_path(name: str) -> None:
    with pytest.raises(PromptError, match="no prompt"):
        prompts.load(name)


def test_digest_is_the_files_sha256() -> None:
    path = Path(consilience.prompts.__file__).parent / "scales.md"
    assert prompts.digest("scales") == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_unknown_variable_is_refused() -> None:
    with pytest.raises(PromptError, match="does not know topic"):
        prompts.load("scales", topic="anything")


def test_variables_are_filled_checked_and_braces_stay() -> None:
    text = 'Dear $person, answer as {"cost": "$$1"}.'
    assert prompts.fill("greeting", text, person="Ada") == 'Dear Ada, answer as {"cost": "$1"}.'
    with pytest.raises(PromptError, match="needs person"):
        prompts.fill("greeting", text)
    with pytest.raises(PromptError, match="stray"):
        prompts.fill("greeting", "that costs 5 $", person="Ada")
