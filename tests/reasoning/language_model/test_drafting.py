"""A draft by a language model: its prose where it keeps its ground, around what the ledger alone decides."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from consilience.reasoning.base import Dossier, Outcome
from consilience.reasoning.embedded.writing import drafting as by_rules
from consilience.reasoning.embedded.writing import frame
from consilience.reasoning.language_model.drafting import COMPOSED, WRITTEN, revise, write
from consilience.records import AnswerVerdict, Draft, Objection
from consilience.tests.support import dossiers as made
from consilience.tests.support.completers import fault
from consilience.tests.support.model_answers import REFUSAL, Model, Said, asker, prose, section, sentence

GOOD, CONTESTED, NOTHING = made.good(4)[0], made.contested()[0], made.nothing()[0]
FIRST, SECOND = made.finding(1), made.finding(2)
TOLD = "Zolafen reduced night cramps against placebo in adults."


def outcome(held: Dossier, answer: Said) -> Outcome[Draft]:
    return asyncio.run(write(asker(Model(answer)), held))


def draft(held: Dossier = GOOD, **parts: Any) -> Draft:  # noqa: ANN401 -- the answer's parts
    found = outcome(held, prose(**parts)).value
    assert found is not None
    return found


def rules(held: Dossier = GOOD) -> Draft:
    """The rules' draft with the model's label."""
    return draft(held)


def test_prose_that_keeps_its_ground_stands_where_it_belongs() -> None:
    found = draft(
        title="Zolafen and night cramps in adults: what abstracts report",
        abstract=[sentence(TOLD, "C1", "C2")],
        answer=[sentence(TOLD, "C1", "C2", "C3")],
        introduction=[sentence("The claims are about night cramps in adults against placebo.")],
        results=[section(sentence(FIRST, "C1"), sentence(SECOND, "C2"), heading="Night cramps")],
        limitations=["Only few papers are about adults."],
        gaps_in_evidence=["Whether zolafen helps with other cramps is open."],
    )
    base = rules()
    assert found.title == "Zolafen and night cramps in adults: what abstracts report"
    assert found.abstract == base.abstract.replace(" Only abstracts", f" {TOLD} Only abstracts")
    assert (
        found.answer.text == f"Yes, provisionally. {TOLD} Certainty is {base.answer.certainty.value}, and provisional."
    )
    [results] = found.results
    assert results.heading == "Night cramps"
    assert [(s.text, s.claim_ids) for s in results.sentences] == [(FIRST, ("c1",)), (SECOND, ("c2",))]
    assert [s.text for s in found.introduction.sentences] == [
        *(s.text for s in by_rules.compose(GOOD).introduction.sentences),
        "The claims are about night cramps in adults against placebo.",
    ]
    assert found.limitations == (*base.limitations, "Only few papers are about adults.")
    assert found.gaps_in_evidence[-1] == "Whether zolafen helps with other cramps is open."


@pytest.mark.parametrize("held", [GOOD, CONTESTED])
@pytest.mark.parametrize("text", ["No, zolafen does nothing for night cramps.", TOLD])
def test_verdict_certainty_counts_and_method_are_never_the_models(held: Dossier, text: str) -> None:
    found = draft(held, answer=[sentence(text, "C1")], abstract=[sentence(text, "C1")])
    plain = by_rules.compose(held)
    same = {"verdict", "certainty", "certainty_reasons", "claim_ids"}
    assert found.answer.model_dump(include=same) == plain.answer.model_dump(include=same)
    assert found.method.sentences[0] == plain.method.sentences[0]
    assert all(part in found.abstract for part in plain.abstract.split(". ")[:3])
    assert set(plain.limitations) - {frame.EXTRACTIVE} <= set(found.limitations)


def test_how_claims_and_prose_were_made_is_told() -> None:
    base = rules()
    assert COMPOSED in [s.text for s in base.method.sentences]
    assert frame.EXTRACTED not in [s.text for s in base.method.sentences]
    assert WRITTEN in base.limitations
    assert frame.EXTRACTIVE not in base.limitations


def test_an_answer_that_hides_disagreement_is_told_it() -> None:
    found = draft(CONTESTED, answer=[sentence("Zolafen reduced night cramps in some adults.", "C1")])
    assert found.answer.text.startswith("The evidence is mixed. ")
    assert "contested" in found.answer.text or "Papers disagree" in found.answer.text


def test_where_nothing_of_a_part_is_left_the_rules_part_stands() -> None:
    bad = sentence("Zolafen reduced night cramps by 99%.", "C1")
    answer = prose(
        title="Zolafen proves best", abstract=[bad], answer=[bad], results=[section(bad)], limitations=["Bad"]
    )
    found = outcome(GOOD, answer)
    assert found.value == rules()
    assert found.gap is not None
    assert (found.gap.node, found.gap.kind, found.gap.partial) == ("write", "invalid", False)
    assert found.gap.reason == (
        "4 sentences of the writer's text left out (3: a number that its claims do not hold; 1: no whole sentence)"
    )


def test_nothing_left_out_is_no_gap() -> None:
    assert outcome(GOOD, prose(results=[section(sentence(FIRST, "C1"))])).gap is None


def test_not_enough_evidence_makes_no_call_at_all() -> None:
    found = asyncio.run(write(asker(Model()), NOTHING))
    assert found.value is not None
    assert (found.value.answer.verdict, found.calls) == (AnswerVerdict.NOT_ENOUGH_EVIDENCE, ())
    again = asyncio.run(revise(asker(Model()), NOTHING, found.value, ()))
    assert again.value is not None
    assert again.calls == ()


@pytest.mark.parametrize(
    ("held", "title"),
    [
        (GOOD, "Zolafen definitively reduces night cramps in adults"),
        (GOOD, "Zolafen cures night cramps in adults"),
        (GOOD, "Zolafen and night cramps in 77 adults"),
        (GOOD, "Magnesium, potassium and sleep"),
        (GOOD, "Zolafen and night cramps: see https://example.org"),
        (GOOD, ""),
        (GOOD, "Zolafen and night cramps in adults " * 10),
        (CONTESTED, "Zolafen reduces night cramps in adults"),
        (CONTESTED, "Yes: zolafen for night cramps in adults"),
    ],
)
def test_a_title_that_is_stronger_than_the_answer_or_not_of_the_ledger_is_refused(held: Dossier, title: str) -> None:
    assert draft(held, title=title).title == rules(held).title != title


@pytest.mark.parametrize(
    "heading",
    ["", "Zolafen definitively works", "Zolafen reduced night cramps", "Cured in 77 adults", "See https://example.org"],
)
def test_a_heading_names_and_says_nothing(heading: str) -> None:
    [results] = draft(results=[section(sentence(FIRST, "C1"), heading=heading)]).results
    assert results.heading == "Findings"


def test_a_model_that_gives_nothing_leaves_the_rules_draft_with_its_labels() -> None:
    for answer in (REFUSAL, fault("budget")):
        found = outcome(GOOD, answer)
        assert found.value == rules()
        assert found.gap is not None
        assert found.gap.reason.endswith("the embedded rules stood in")
        assert found.gap.partial is (answer is not REFUSAL)


def test_the_writer_is_shown_the_ledger_and_no_abstract() -> None:
    model = Model(prose())
    asyncio.run(write(asker(model), CONTESTED))
    [shown] = model.shown
    assert all(e.claim.text in shown for e in CONTESTED.ledger)
    assert "Side effects were few" not in shown
    assert "centre 1" not in shown


def objection(target: str, action: Any, detail: str = "") -> Objection:  # noqa: ANN401 -- an action
    return Objection(
        id="o1", reviewer="sceptic", target=target, severity="major", problem="It is too firm.", action=action,
        detail=detail,
    )  # fmt: skip


def revised(given: Draft, answer: Said, *objections: Objection) -> Draft:
    found = asyncio.run(revise(asker(Model(answer)), GOOD, given, objections)).value
    assert found is not None
    return found


FIRM = prose(answer=[sentence(TOLD, "C1")], results=[section(sentence(FIRST, "C1"))])


def test_a_weaker_verdict_that_the_panel_asked_for_stays_whatever_the_model_writes() -> None:
    once = revised(rules(), FIRM, objection("answer", "soften", "mixed"))
    assert once.answer.verdict is AnswerVerdict.MIXED
    assert once.answer.text.startswith("The evidence is mixed.")
    again = revised(once.model_copy(update={"version": 2}), FIRM)
    assert again.answer.verdict is AnswerVerdict.MIXED
    lower = revised(rules(), FIRM, objection("answer", "soften"))
    assert "one level lower on the panel's objection" in lower.answer.certainty_reasons


def test_what_was_disclosed_stays_and_labels_stand_once() -> None:
    said = "No trial was longer than a week."
    once = revised(rules(), FIRM, objection("coverage", "disclose", said))
    again = revised(once, FIRM)
    without = revised(again, REFUSAL)
    for found in (once, again, without):
        assert found.limitations.count(said) == 1
        assert found.limitations.count(WRITTEN) == 1
        assert frame.EXTRACTIVE not in found.limitations


def test_the_reviser_is_shown_the_draft_and_the_objections() -> None:
    model = Model(FIRM)
    asyncio.run(revise(asker(model), GOOD, rules(), (objection("claim:c2", "soften", "Say may."),)))
    [shown] = model.shown
    assert "1. major: soften C2: It is too firm. (Say may.)" in shown
    assert rules().title in shown
    assert model.asked[0].task == "revise"
