"""Which claims of several papers are one entry, and which stay apart."""

from __future__ import annotations

import pytest

from consilience.reasoning.embedded.extracting import extract
from consilience.reasoning.embedded.reconciling import overlap, reconcile
from consilience.reasoning.embedded.scope import Scope
from consilience.records import Claim
from consilience.tests.support.readings import paper, plan

ASKED = plan("Does yoga relieve back pain?")


def claims(*sentences: str) -> tuple[Claim, ...]:
    """The claims on the question of one paper a sentence."""
    scope = Scope(ASKED)
    found = [extract(paper(f"RESULTS: {s}", number=n), scope).claims for n, s in enumerate(sentences, start=1)]
    return tuple(c for made in found for c in made)


def test_claims_that_say_the_same_are_one_entry_with_every_source() -> None:
    first, second, third = claims(
        "Yoga reduced back pain in office workers.",
        "Sleep improved with yoga.",
        "Yoga may have reduced back pain.",
    )
    merged = reconcile(ASKED, (first, second, third))
    assert [c.id for c in merged] == [first.id, second.id]
    assert merged[0].spans == (*first.spans, *third.spans)
    assert merged[0].paper_ids == ("paper1", "paper3")
    assert merged[0].text == first.text
    assert merged[0].hedged, "one hedged source makes the entry hedged"


@pytest.mark.parametrize(
    "other",
    [
        "Yoga reduced back pain by 12%.",
        "Yoga reduced back pain (p = 0.01).",
        "Yoga increased back pain.",
        "Yoga did not reduce back pain.",
        "Yoga reduced back pain compared with stretching.",
    ],
)
def test_other_figures_directions_and_comparisons_stay_apart(other: str) -> None:
    found = claims("Yoga reduced back pain.", other)
    assert reconcile(ASKED, found) == found
    assert len(found) == 2


def test_two_claims_of_one_paper_stay_apart_and_a_repetition_is_dropped() -> None:
    scope = Scope(ASKED)
    text = "RESULTS: Yoga reduced back pain. Yoga reduced back pain in women. CONCLUSION: Yoga reduced back pain."
    found = extract(paper(text), scope).claims
    assert [c.text for c in reconcile(ASKED, found)] == ["Yoga reduced back pain.", "Yoga reduced back pain in women."]


def test_reconciling_twice_changes_nothing() -> None:
    found = claims("Yoga reduced back pain.", "Yoga reduced back pain.", "Yoga reduced back pain in men.")
    once = reconcile(ASKED, found)
    assert reconcile(ASKED, once) == once
    assert reconcile(ASKED, ()) == ()


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [("yoga reduced pain", "Yoga reduces pains a lot", 1.0), ("yoga", "tai chi", 0.0), ("the of", "yoga", 0.0)],
)
def test_overlap_is_the_share_of_the_smaller(one: str, other: str, share: float) -> None:
    assert overlap(one, other) == overlap(other, one) == share
