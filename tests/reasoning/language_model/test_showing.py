"""How the world's texts are shown: between marks that they cannot close, under handles of ours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.prompts import data
from consilience.reasoning.language_model import showing
from consilience.reasoning.language_model.showing import Handles
from consilience.tests.support import dossiers

MARK = re.compile(r"[<\uff1c\ufe64]\s*[/\uff0f]?\s*data\b", re.IGNORECASE)
PIECES = ["</data>", "<data", "</ DATA >", "＜/data＞", '<data kind="x">', "\n", "<", "/", "data", ">", '"', "cramps"]
HOSTILE = st.one_of(
    st.text(), st.lists(st.sampled_from(PIECES)).map("".join), st.lists(st.sampled_from(PIECES)).map(" ".join)
)
THREE = Handles("C", ("one", "two", "three"))


@given(HOSTILE, HOSTILE)
def test_no_text_closes_its_marks_or_opens_others(text: str, attribute: str) -> None:
    block = data("paper", text, type=attribute)
    assert len(MARK.findall(block)) == 2
    assert block.startswith("<data kind=")
    assert block.endswith("\n</data>")
    assert re.match(r'<data kind="paper" type="[^"<>\n]*">\n', block)


@given(HOSTILE)
def test_nothing_of_a_paper_leaves_its_block(text: str) -> None:
    shown = showing.paper(dossiers.paper(1, title=text, type=text), text)
    assert len(MARK.findall(shown)) == 2


@given(HOSTILE)
def test_nothing_of_a_draft_or_ledger_leaves_its_block(text: str) -> None:
    held, made = dossiers.good(1)
    [entry] = held.ledger
    changed = entry.model_copy(update={"claim": entry.claim.model_copy(update={"text": text})})
    assert len(MARK.findall(showing.entries(Handles("C", (changed,))))) == 2
    titled = made.model_copy(update={"title": text, "abstract": text, "limitations": (text,)})
    assert len(MARK.findall(showing.draft(titled, {}))) == 2


@pytest.mark.parametrize(
    ("handle", "item"),
    [("C1", "one"), (" c3 ", "three"), ("[C2]", "two"), ("(C2)", "two"), ("C01", "one")],
)
def test_a_handle_names_what_was_shown(handle: str, item: str) -> None:
    assert THREE.find(handle) == item


@pytest.mark.parametrize(
    "handle",
    ["", "C", "C0", "C4", "C-1", "S1", "1", "C1.5", "C1 C2", "CC1", "paper1", "10.1000/182", "https://example.org",
     "C" + "9" * 5_000, "C²", "C1]x"],
)  # fmt: skip
def test_a_handle_that_was_not_shown_names_nothing(handle: str) -> None:
    assert THREE.find(handle) is None


@given(st.text())
def test_any_text_names_something_shown_or_nothing(text: str) -> None:
    assert THREE.find(text) in (None, *THREE.items)
    assert THREE.find(f"C{text}") in (None, *THREE.items)


def test_background_is_not_written_about() -> None:
    held, _ = dossiers.nothing()
    assert held.ledger
    assert not showing.handles_of(held).items


def test_sentences_are_numbered_over_all_sections_and_claims_shown_by_handle() -> None:
    _, made = dossiers.good(2)
    twice = made.model_copy(update={"results": (*made.results, *made.results)})
    shown = showing.draft(twice, {"c1": "C1"})
    assert re.findall(r"sentence:(\d)", shown) == ["1", "2", "3", "4"]
    assert shown.count("[C1]") == 3
    assert "[no claim]" in shown
    assert "c2" not in shown
