"""Claims that stand alone: words from their own abstract in square brackets, or the claim is dropped."""

from __future__ import annotations

import re

import pytest

from consilience.reasoning.base import PlanRequest
from consilience.reasoning.embedded.extracting import extract
from consilience.reasoning.embedded.planning import make_plan
from consilience.reasoning.embedded.scope import Scope
from consilience.records import Extraction, Paper

TRIPTANS = "Are triptans more effective than placebo for migraine?"
STATINS = "Do statins reduce mortality?"
ONE = "We compared sumatriptan with placebo in migraine."
TWO = "We compared sumatriptan and rizatriptan with placebo in migraine."
RIVAL = "We compared sumatriptan with ibuprofen in migraine."
ALONE = "We studied sumatriptan in migraine."
GIVEN = "Patients received simvastatin or placebo."


def read(question: str, lead: str, result: str) -> Extraction:
    scope = Scope(make_plan(PlanRequest(question=question)))
    return extract(Paper(id="p1", title="A study", abstract=f"METHODS: {lead} RESULTS: {result}"), scope)


@pytest.mark.parametrize(
    ("question", "lead", "result", "text"),
    [
        (STATINS, GIVEN, "The drug reduced mortality.", "The drug [simvastatin] reduced mortality."),
        (STATINS, GIVEN, "It reduced mortality.", "It [simvastatin] reduced mortality."),
        (
            STATINS,
            GIVEN,
            "Mortality was lower with simvastatin.",
            "Mortality was lower with simvastatin [compared with placebo].",
        ),
        (
            TRIPTANS,
            ONE,
            "It was significantly superior for headache relief.",
            "It [sumatriptan] was significantly superior for headache relief [compared with placebo].",
        ),
        (
            TRIPTANS,
            ONE,
            "Both doses were superior to placebo for headache relief.",
            "Both doses [sumatriptan] were superior to placebo for headache relief.",
        ),
        (
            TRIPTANS,
            TWO,
            "Both drugs were superior to placebo for headache relief.",
            "Both drugs [sumatriptan and rizatriptan among them] were superior to placebo for headache relief.",
        ),
        (
            TRIPTANS,
            ONE,
            "They concluded that sumatriptan was superior to placebo for headache relief.",
            "They [the authors] concluded that sumatriptan was superior to placebo for headache relief.",
        ),
        (
            TRIPTANS,
            ONE,
            "Headache relief was superior to placebo.",
            "Headache relief was superior to placebo [sumatriptan].",
        ),
    ],
)
def test_what_is_missing_is_added_in_brackets(question: str, lead: str, result: str, text: str) -> None:
    [claim] = read(question, lead, result).claims
    assert claim.text == text
    assert (claim.completed, claim.background, claim.answers) == (True, False, "for")
    assert claim.spans[0].text == result
    added = re.findall(r"\[(?:compared with )?(.+?)(?: and (.+?) among them)?\]", text)
    names = [name for pair in added for name in pair if name and name != "the authors"]
    assert all(name in lead for name in names)


def test_a_clause_without_subject_borrows_that_of_the_clause_before_it() -> None:
    result = "Sumatriptan reduced headache severity and did not increase headache recurrence."
    found = read(TRIPTANS, ONE, result)
    assert [(c.text, c.completed) for c in found.claims] == [
        ("Sumatriptan reduced headache severity.", False),
        ("[Sumatriptan] did not increase headache recurrence.", True),
    ]


@pytest.mark.parametrize(
    ("question", "lead", "result", "reason"),
    [
        (TRIPTANS, TWO, "It was significantly superior for headache relief.", "subject unresolved"),
        (TRIPTANS, TWO, "The drug was superior to placebo for headache relief.", "subject unresolved"),
        (TRIPTANS, ONE, "Both drugs were superior to placebo for headache relief.", "subject unresolved"),
        (STATINS, "Patients received simvastatin or aspirin.", "The drug reduced mortality.", "subject unresolved"),
        (STATINS, "Patients were followed.", "The drug reduced mortality.", "subject unresolved"),
        (TRIPTANS, RIVAL, "Headache relief was significantly higher with sumatriptan.", "comparator missing"),
        (TRIPTANS, ALONE, "Headache relief was significantly higher with sumatriptan.", "comparator missing"),
        (TRIPTANS, ALONE, "It was better than sumatriptan for headache relief.", "subject unresolved"),
        (TRIPTANS, ONE, "The new drug was superior to sumatriptan for headache relief.", "subject unresolved"),
        (TRIPTANS, ONE, "Headache relief was higher with sumatriptan than with", "cut off"),
        (TRIPTANS, ONE, "Headache relief was higher in the two groups, respectively.", "refers to another sentence"),
        (TRIPTANS, ONE, "Among them they had more headache relief with sumatriptan.", "refers to another sentence"),
    ],
)
def test_what_cannot_be_completed_in_one_way_is_dropped(question: str, lead: str, result: str, reason: str) -> None:
    found = read(question, lead, result)
    assert found.claims == ()
    assert found.dropped == {"background, aim or method": 1, reason: 1}


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ("mortality fell: statins reduced mortality", None),
        ("However, statins reduced mortality.", "Statins reduced mortality."),
        ("statins  reduced\n mortality", "Statins reduced mortality."),
        ("eGFR-guided statins reduced mortality", "eGFR-guided statins reduced mortality."),
        ("Statins reduced mortality!", "Statins reduced mortality!"),
    ],
)
def test_a_claim_is_one_tidy_sentence_and_unchanged_but_for_that(result: str, text: str | None) -> None:
    [claim] = read(STATINS, GIVEN, result).claims
    assert claim.text == (text or f"{result[0].upper()}{result[1:]}.")
    assert not claim.completed
