"""What a sentence of the report keeps: its claims' numbers, direction, strength and caution, and no other source."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.language_model import showing
from consilience.reasoning.language_model.answers import SentenceAnswer
from consilience.reasoning.language_model.grounding import Ground
from consilience.records import Fate, LedgerEntry, Sentence, Strength, Verdict
from consilience.tests.support import dossiers as made

COUNTS = "60 records were found, 50 screened and 4 included; 95% of the work was found."
HELD, _ = made.good(4)
PAPERS = list(HELD.papers.values())


def ground(*changed: LedgerEntry) -> Ground:
    return Ground(showing.Handles("C", changed or HELD.ledger), HELD.papers, COUNTS)


def changed(number: int = 1, claim: dict[str, Any] | None = None, **changes: object) -> LedgerEntry:
    """An entry of its own paper alone, with other values."""
    return made.entry(number, PAPERS[number - 1], claim=claim, **changes)  # pyright: ignore[reportArgumentType] - changes are fields of any type


def kept(text: str, *claims: str, on: Ground | None = None) -> Sentence | None:
    [*found] = (on or ground()).results([SentenceAnswer(text=text, claims=claims)])
    return found[0] if found else None


def fault(text: str, *claims: str, on: Ground | None = None, around: bool = False) -> str:
    base = on or ground()
    given_sentence = [SentenceAnswer(text=text, claims=claims)]
    found = base.around(given_sentence) if around else base.results(given_sentence)
    assert bool(found) is not bool(base.dropped)
    [*reasons] = base.dropped
    return reasons[0] if reasons else ""


@pytest.mark.parametrize(
    "text",
    [
        made.finding(1),
        "Against placebo, zolafen reduced night cramps by 21% in adults.",
        "Zolafen reduced night cramps in adults, as one paper reports and 3 other papers support.",
        "Author1 et al. report that zolafen reduced night cramps (2001).",
        "Zolafen reduced night cramps in adults (confidence 0.85).",
        "Zolafen reduced night cramps in adults (p=.01).",
    ],
)
def test_a_sentence_that_its_claim_bears_out_stands(text: str) -> None:
    assert kept(text, "C1") == Sentence(text=text, claim_ids=("c1",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Zolafen reduced night cramps by 25% in adults.", "a number that its claims do not hold"),
        ("Zolafen reduced night cramps by 22% in adults.", "a number that its claims do not hold"),  # claim 2's
        ("Zolafen reduced night cramps in 60 adults.", "a number that its claims do not hold"),  # the search's
        ("Zolafen reduced night cramps by 95% in adults.", "a number that its claims do not hold"),
        ("Zolafen reduced night cramps by 3% in adults.", "a number that its claims do not hold"),
        ("Zolafen reduced night cramps (confidence 0.99).", "a number that its claims do not hold"),
        ("Zolafen reduced night cramps, as 7 papers report.", "a number that its claims do not hold"),
        ("Zolafen halved night cramps in adults.", "a number that its claims do not hold"),
        ("Zolafen reduced night cramps (doi:10.1000/182).", "a number that its claims do not hold"),
        ("Zolafen reduced night cramps (Author1, 2015).", "a number that its claims do not hold"),
        ("Smith et al. report that zolafen reduced night cramps.", "it cites a work that its claims do not rest on"),
        ("Zolafen reduced night cramps (Smith, 2001).", "it cites a work that its claims do not rest on"),
        ("Miller and colleagues saw fewer night cramps.", "it cites a work that its claims do not rest on"),
        ("Zolafen increased night cramps in adults.", "it says another direction than its claims"),
        ("Zolafen did not reduce night cramps in adults.", "it says another direction than its claims"),
        ("Calcium channels of muscle membranes explain cramps.", "words that its claims do not hold"),
        ("Zolafen proves to reduce night cramps.", "it claims more certainty than evidence gives"),
        ("Zolafen always reduced night cramps in adults.", "it claims more certainty than evidence gives"),
        ("Zolafen reduced night cramps in adults, see https://example.org/x.", "it speaks to the reader"),
        ("Zolafen reduced night cramps, [more](x/y).", "it speaks to the reader"),
        ("Please note that zolafen reduced night cramps.", "it speaks to the reader"),
        ("Zolafen reduced night cramps in", "no whole sentence"),
        ("Zolafen reduced night cramps...", "no whole sentence"),
        ("", "no whole sentence"),
        (made.finding(1) * 20, "no whole sentence"),
    ],
)
def test_a_sentence_that_it_does_not_bear_out_is_left_out_and_counted(text: str, reason: str) -> None:
    assert fault(text, "C1") == reason


@pytest.mark.parametrize("claims", [(), ("C9",), ("c1x",), ("paper1",), ("10.1000/182",)])
def test_a_finding_names_a_claim_that_was_shown(claims: tuple[str, ...]) -> None:
    assert fault(made.finding(1), *claims) == "it states a finding and names no claim"
    assert fault(made.finding(1), *claims, around=True) == "it states a finding and names no claim"


@pytest.mark.parametrize(
    "change",
    [{"fate": Fate.DROPPED}, {"verdict": Verdict.REFUTED}, {"verdict": Verdict.NOT_ENOUGH_EVIDENCE}],
)
def test_a_claim_that_does_not_stand_carries_no_sentence(change: dict[str, Any]) -> None:
    base = ground(changed(1, **change), changed(2))
    assert fault(made.finding(1), "C1", on=base) == "it rests on a claim that does not stand"
    both = "Zolafen reduced night cramps against placebo in adults."
    assert fault(both, "C1", "C2", on=ground(changed(1, **change), changed(2))) == (
        "it rests on a claim that does not stand"
    )


def test_causal_words_need_causal_claims() -> None:
    text = "Zolafen prevented night cramps in adults."
    causal = {"claim": {"text": text}}
    associational = {"claim": {"text": text, "strength": Strength.ASSOCIATIONAL}}
    assert not fault(text, "C1", on=ground(changed(1, **causal)))
    assert fault(text, "C1", on=ground(changed(1, **associational))) == "it speaks of causes and its claims do not"
    both = ground(changed(1, **causal), changed(2, **associational))
    assert fault(text, "C1", "C2", on=both) == "it speaks of causes and its claims do not"
    assert not fault("Zolafen may have prevented night cramps.", "C1", on=ground(changed(1, **associational)))


def test_careful_claims_are_told_with_care() -> None:
    careful = {"claim": {"hedged": True}}
    text = "Zolafen reduced night cramps in adults."
    assert fault(text, "C1", on=ground(changed(1, **careful))) == "it leaves out the caution of its claims"
    assert not fault("Zolafen may reduce night cramps in adults.", "C1", on=ground(changed(1, **careful)))
    assert not fault(text, "C1", "C2", on=ground(changed(1, **careful), changed(2)))


@pytest.mark.parametrize(
    ("entry", "text", "note"),
    [
        ({"verdict": Verdict.CONTESTED}, "Zolafen reduced night cramps.", " (contested)."),
        ({"verdict": Verdict.CONTESTED}, "Zolafen reduced night cramps, which is contested.", ""),
        ({"verdict": Verdict.UNCORROBORATED}, "Zolafen reduced night cramps.", " (one paper, uncorroborated)."),
        ({"verdict": Verdict.UNCORROBORATED}, "In one study, zolafen reduced night cramps.", ""),
        ({"verdict": Verdict.SUPPORTED}, "Zolafen reduced night cramps.", ""),
    ],
)
def test_what_a_reader_must_know_of_the_claims_is_added(entry: dict[str, Any], text: str, note: str) -> None:
    found = kept(text, "C1", on=ground(changed(1, **entry)))
    assert found is not None
    assert found.text == (f"{text[:-1]}{note}" if note else text)


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("The claims are about night cramps in adults, with placebo as the only comparator.", True),
        ("Whether zolafen helps adults with other cramps is open.", True),
        ("The search brought 60 records.", True),
        ("The search brought 61 records.", False),
        ("The included papers show that zolafen reduced night cramps.", False),
        ("This report finds that zolafen reduces night cramps.", False),
        ("Night cramps were less frequent in 21% of adults.", False),
        ("Discovered by botanists, quinine bark soothes muscles.", False),
        ("Always consult a physician about cramps.", False),
    ],
)
def test_sentences_without_claims_state_no_finding_and_nothing_from_memory(text: str, stands: bool) -> None:
    assert bool(fault(text, around=True)) is not stands
    assert bool(ground().lines([text], 5)) is stands


def test_lines_are_bounded() -> None:
    assert len(ground().lines(["Papers on night cramps are few."] * 9, 3)) == 3


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(text=TEXT, claims=st.lists(st.sampled_from(["C1", "C2", "C9", "x"]), max_size=3))
def test_each_sentence_is_kept_on_shown_claims_or_counted(text: str, claims: list[str]) -> None:
    base = ground()
    found = base.results([SentenceAnswer(text=f"{made.finding(1)[:-1]} {text}.", claims=tuple(claims))])
    assert len(found) + base.dropped.total() == 1
    assert all(set(s.claim_ids) <= {"c1", "c2"} and s.claim_ids for s in found)
