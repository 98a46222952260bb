"""Follow-ups: answered from the ledger with its claims, or recognised as a question for a new run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consilience.reasoning.base import FollowUp
from consilience.reasoning.embedded.following import follow_up
from consilience.tests.support import dossiers as made

HELD, DRAFT = made.contested()
ALL = ("c1", "c2", "c3", "c4", "c5", "c6", "c7")


def ask(question: str) -> FollowUp:
    return follow_up(question, HELD, DRAFT)


@pytest.mark.parametrize(
    "wording", ["claim 6", "CLAIM 6", "finding 6", "number 6", "no. 6", "claim #6", "#6", "finding # 6"]
)
def test_a_claim_is_shown_with_the_evidence_on_both_sides(wording: str) -> None:
    found = ask(f"Tell me about {wording}")
    assert (found.claim_ids, found.needs_run) == (("c6",), False)
    head, *lines = found.text.splitlines()
    assert head == "Evidence on claim 6 (CONTESTED, confidence 0.85: both sides were sought):"
    assert [line.split(":")[0] for line in lines] == [
        "- supports (Author6, 2006)",
        "- supports (Author7, 2007)",
        "- refutes (Author1, 2001)",
        "- refutes (Author2, 2002)",
    ]
    assert made.finding(1) in lines[2]


@pytest.mark.parametrize("wording", ["the evidence against claim 6", "what contradicts claim 6", "who refutes claim 6"])
def test_evidence_against_a_claim_is_only_what_refutes_it(wording: str) -> None:
    found = ask(f"Show {wording}")
    head, *lines = found.text.splitlines()
    assert found.claim_ids == ("c6",)
    assert head.startswith("Evidence against claim 6 (CONTESTED")
    assert len(lines) == 2
    assert all(line.startswith("- refutes (Author") for line in lines)


def test_a_claim_that_nothing_refutes_is_told_so() -> None:
    found = follow_up("What is the evidence against claim 1?", *made.good(3))
    assert "holds no evidence against it" in found.text
    assert found.claim_ids == ("c1",)


@pytest.mark.parametrize("number", [0, 8, 99])
def test_a_claim_that_does_not_exist_is_said_to_be_missing(number: int) -> None:
    assert ask(f"claim {number}") == FollowUp(f"The report has claims 1 to 7; there is no claim {number}.", (), False)


def test_claims_on_the_question_are_numbered_before_background() -> None:
    held, draft = made.good(3)
    first = held.ledger[0]
    apart = first.model_copy(update={"claim": first.claim.model_copy(update={"background": True})})
    held = replace(held, ledger=(apart, *held.ledger[1:]))
    assert [follow_up(f"claim {n}", held, draft).claim_ids for n in (1, 2, 3)] == [("c2",), ("c3",), ("c1",)]


@pytest.mark.parametrize(
    ("question", "text", "ids"),
    [
        ("Which of these are in adults?", "7 claims from papers that name adults.", ALL),
        ("Which of these are in children?", "The ledger holds no claim from papers that name children.", ()),
        ("Which findings are contested?", "7 claims contested on the question.", ALL),
        ("Which findings are refuted?", "The ledger holds no claim refuted on the question.", ()),
        ("What speaks against it?", "7 claims with evidence against it.", ALL),
    ],
)
def test_claims_are_listed_by_population_and_by_verdict(question: str, text: str, ids: tuple[str, ...]) -> None:
    assert ask(question) == FollowUp(text, ids, False)


def test_a_population_is_read_off_each_claims_own_papers() -> None:
    held, draft = made.good(3)
    other = held.papers["paper2"].model_copy(update={"title": "Zolafen in children"})
    found = follow_up("Which of these are in children?", replace(held, papers={**held.papers, "paper2": other}), draft)
    assert (found.text, found.claim_ids) == ("1 claim from papers that name children.", ("c2",))


def test_long_lists_are_cut_and_say_so() -> None:
    found = follow_up("Which of these are in adults?", *made.good(10))
    assert found.text.startswith("10 claims from papers that name adults; 8 are shown")
    assert len(found.claim_ids) == 8


@pytest.mark.parametrize("question", ["What are the limitations?", "How certain is this?", "limitations"])
def test_limitations_come_with_the_answer_its_certainty_and_what_is_open(question: str) -> None:
    draft = DRAFT.model_copy(update={"gaps_in_evidence": ("No trial was long.",)})
    found = follow_up(question, HELD, draft)
    assert found.text.splitlines() == [
        f"Answer: mixed, certainty low. {DRAFT.answer.text}",
        "- papers disagree",
        "Limitations:",
        f"- {made.LIMIT}",
        "- open: No trial was long.",
    ]
    assert (found.claim_ids, found.needs_run) == (ALL, False)


@pytest.mark.parametrize(
    "question",
    [
        "Does vitamin D prevent fractures?",
        "Is mirdapone safer than quelvine in pregnancy?",
        "Does zolafen cause nausea?",
    ],
)
def test_a_new_question_needs_a_run(question: str) -> None:
    assert ask(f" {question} ") == FollowUp("", (), True, question)


def test_the_runs_own_words_are_answered_from_its_ledger() -> None:
    found = ask("Does zolafen reduce night cramps?")
    assert not found.needs_run
    assert found.claim_ids == ALL
