"""The writer: a vote of papers, an answer no stronger than it, and revisions that forget nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from consilience.reasoning.base import Dossier
from consilience.reasoning.embedded.writing.answering import answer, rate
from consilience.reasoning.embedded.writing.drafting import compose, revise
from consilience.reasoning.embedded.writing.votes import CLEAR, Votes
from consilience.records import (
    AnswerVerdict,
    Certainty,
    Direction,
    Draft,
    Fate,
    Gap,
    Objection,
    QuestionType,
    Relation,
    StudyDesign,
    Verdict,
)
from consilience.tests.support import dossiers as made

YES, NO, MIXED = AnswerVerdict.YES, AnswerVerdict.NO, AnswerVerdict.MIXED
FINDINGS, NOT_ENOUGH = AnswerVerdict.FINDINGS, AnswerVerdict.NOT_ENOUGH_EVIDENCE
OPEN = made.plan(question_type=QuestionType.OPEN, question="What is known about zolafen?", expected=None)
ABOUT = "Zolafen and night cramps in adults"


def _claim(side: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field of a claim
    direction = {"f": Direction.DECREASE, "n": Direction.NO_DIFFERENCE, "o": Direction.INCREASE}[side]
    relation = Relation(subject="zolafen", comparator="placebo", outcome="night cramps", direction=direction)
    return {"relation": relation, "answers": "for" if side == "f" else "against", **changes}


def case(sides: str, *, is_open: bool = False, **changes: Any) -> Dossier:  # noqa: ANN401 -- any field of a claim
    """One paper a letter: (f)or, (n)o difference, (o)pposite, (b)oth for and opposite."""
    papers = [made.paper(n) for n in range(1, len(sides) + 1)]
    ledger = [
        made.entry(10 * n + k, paper, made.finding(n), claim=_claim(side, **changes))
        for n, (paper, letter) in enumerate(zip(papers, sides, strict=True), start=1)
        for k, side in enumerate("fo" if letter == "b" else letter)
    ]
    return made.dossier(ledger, papers, asked=OPEN if is_open else None)


CASES = {
    YES: case("ffff"),
    NO: case("nnof"),
    MIXED: case("ffnob"),
    FINDINGS: case("fn", is_open=True),
    NOT_ENOUGH: made.nothing()[0],
}


@pytest.mark.parametrize(
    ("sides", "counts", "share"),
    [
        ("ffno", (2, 1, 1, 0), 0.5),
        ("fb", (1, 0, 0, 1), 0.75),
        ("b", (0, 0, 0, 1), 0.5),
        ("", (0, 0, 0, 0), 0.0),
    ],
)
def test_papers_vote_once_on_one_side_or_on_both(sides: str, counts: tuple[int, ...], share: float) -> None:
    votes = Votes(case(sides))
    found = (votes.count("for"), votes.count("no difference"), votes.count("opposite"), votes.count("both"))
    assert (found, votes.share_for, votes.total) == (counts, share, len(sides))


def test_many_claims_of_one_paper_are_one_vote_and_a_harm_outweighs_no_difference() -> None:
    papers = [made.paper(1), made.paper(2)]
    told = [(1, "f"), (1, "f"), (1, "f"), (2, "n"), (2, "o")]
    ledger = [made.entry(n, papers[p - 1], made.finding(p), claim=_claim(s)) for n, (p, s) in enumerate(told, start=1)]
    assert Votes(made.dossier(ledger, papers)).sides == {"paper1": "for", "paper2": "opposite"}


@pytest.mark.parametrize(
    "changes",
    [
        {"fate": Fate.DROPPED},
        {"verdict": Verdict.REFUTED},
        {"verdict": Verdict.NOT_ENOUGH_EVIDENCE},
        {"claim": {"background": True}},
        {"claim": {"answers": "none"}},
    ],
)
def test_what_does_not_stand_or_does_not_answer_has_no_vote(changes: dict[str, Any]) -> None:
    paper = made.paper(1)
    votes = Votes(made.dossier([made.entry(1, paper, **changes)], [paper]))
    assert votes.total == 0
    assert votes.verdict is NOT_ENOUGH


@pytest.mark.parametrize("verdict", [Verdict.SUPPORTED, Verdict.UNCORROBORATED, Verdict.CONTESTED])
def test_standing_entries_vote(verdict: Verdict) -> None:
    paper = made.paper(1)
    assert Votes(made.dossier([made.entry(1, paper, verdict=verdict)], [paper])).total == 1


@pytest.mark.parametrize(
    ("sides", "is_open", "expected"),
    [
        ("ffff", False, YES),
        ("fffo", False, YES),
        ("ffb", False, YES),
        ("fffoo", False, MIXED),
        ("fo", False, MIXED),
        ("b", False, MIXED),
        ("fnnno", False, NO),
        ("fnnn", False, NO),
        ("o", False, NO),
        ("ffoo", True, FINDINGS),
        ("", True, NOT_ENOUGH),
        ("", False, NOT_ENOUGH),
    ],
)
def test_the_answer_is_the_papers_vote(sides: str, is_open: bool, expected: AnswerVerdict) -> None:
    assert CLEAR == 0.75
    found = compose(case(sides, is_open=is_open)).answer
    assert found.verdict is expected
    assert bool(found.claim_ids) is bool(sides)
    starts = {
        YES: "Yes, provisionally", NO: "No, provisionally", MIXED: "The evidence is mixed",
        FINDINGS: f"{len(sides)} included papers report", NOT_ENOUGH: "Not enough evidence: no paper found",
    }  # fmt: skip
    assert found.text.startswith(starts[expected])


@pytest.mark.parametrize(
    ("held", "level", "reasons"),
    [
        (case("ffff"), Certainty.MODERATE, ["starts at moderate"]),
        (case("ffff", design=StudyDesign.COHORT), Certainty.LOW, ["starts at low"]),
        (case("fff"), Certainty.LOW, ["starts at moderate", "imprecision: 3 papers only"]),
        (case("ffff", quantities=()), Certainty.LOW, ["starts at moderate", "imprecision: no p value"]),
        (
            case("ffff", subjects="animals"),
            Certainty.LOW,
            ["starts at moderate", "indirectness: no evidence in humans"],
        ),
        (case("fffo"), Certainty.LOW, ["starts at moderate", "inconsistency: 25% of the papers"]),
        (case("ffffo"), Certainty.MODERATE, ["starts at moderate"]),
        (case("ffoo", is_open=True), Certainty.MODERATE, ["starts at moderate"]),
        (
            case("fo", design=StudyDesign.ANIMAL, subjects="animals"),
            Certainty.VERY_LOW,
            ["starts at low", "inconsistency: 50%", "imprecision: 2 papers", "indirectness"],
        ),
        (case(""), Certainty.NONE, ["no included paper bears on the question"]),
    ],
)
def test_certainty_goes_down_a_level_for_each_reason(held: Dossier, level: Certainty, reasons: list[str]) -> None:
    found, told = rate(Votes(held))
    assert found is level
    assert len(told) == len(reasons)
    assert all(reason.startswith(start) for reason, start in zip(told, reasons, strict=True)), told


@pytest.mark.parametrize(
    ("sides", "level", "said"),
    [("ffff", Certainty.LOW, True), ("fff", Certainty.VERY_LOW, True), ("fo", Certainty.VERY_LOW, False)],
)
def test_an_objection_lowers_certainty_once_and_not_below_the_lowest(sides: str, level: Certainty, said: bool) -> None:
    found = answer(Votes(case(sides)), lower=True)
    assert found.certainty is level
    assert any("panel's objection" in reason for reason in found.certainty_reasons) is said
    assert found.text.endswith(f"Certainty is {level.value}.")


@pytest.mark.parametrize(
    ("verdict", "title"),
    [
        (YES, f"{ABOUT}: 4 of 4 abstracts report a reduction (night cramps), provisionally"),
        (NO, f"{ABOUT}: 3 of 4 abstracts report no difference or the opposite, provisionally"),
        (MIXED, f"{ABOUT}: mixed evidence from 5 abstracts"),
        (FINDINGS, f"Findings from 2 abstracts, without a verdict, on: {OPEN.question}"),
        (NOT_ENOUGH, f"Not enough evidence found: {made.QUESTION}"),
    ],
)
def test_a_title_counts_and_never_asserts(verdict: AnswerVerdict, title: str) -> None:
    draft = compose(CASES[verdict])
    assert draft.answer.verdict is verdict
    assert draft.title == title


@pytest.mark.parametrize("verdict", [YES, FINDINGS, NOT_ENOUGH])
def test_a_question_typed_without_its_mark_is_told_as_a_whole_sentence(verdict: AnswerVerdict) -> None:
    held = CASES[verdict]
    bare = replace(held, plan=held.plan.model_copy(update={"question": f" {held.plan.question.rstrip('?')} "}))
    assert compose(bare) == compose(held)


def test_every_standing_finding_is_told_once_under_its_side() -> None:
    told = {
        section.heading: [c for s in section.sentences for c in s.claim_ids]
        for section in compose(CASES[MIXED]).results
    }
    assert told == {
        "Findings for": ["c10", "c20", "c50"],
        "Findings of no significant difference": ["c30"],
        "Findings to the contrary": ["c40", "c51"],
    }


def _texts(draft: Draft) -> Iterator[str]:
    for section in (draft.introduction, draft.method, *draft.results):
        yield from (s.text for s in section.sentences)
    yield from (draft.abstract, draft.answer.text, *draft.limitations, *draft.gaps_in_evidence)


def _objection(target: str, action: str, detail: str = "", number: int = 1) -> Objection:
    return Objection.model_validate(
        {"id": f"o{number}", "reviewer": "sceptic", "target": target, "severity": "major", "problem": "a problem",
         "action": action, "detail": detail}
    )  # fmt: skip


def _revised(held: Dossier, draft: Draft, *objections: Objection) -> Draft:
    """A revision with its number, as the agent keeps it."""
    return revise(held, draft, objections).model_copy(update={"version": draft.version + 1})


@pytest.mark.parametrize("verdict", list(CASES))
def test_every_sentence_ends_in_a_stop(verdict: AnswerVerdict) -> None:
    gap = Gap(node="screen", kind="bound_reached", reason="50 of 60 records were screened")
    base = CASES[verdict]
    held = Dossier(base.plan, base.ledger, base.papers, base.search, (gap,))
    draft = revise(held, compose(held), [_objection("coverage", "disclose", "the trials were  short")])
    texts = list(_texts(draft))
    assert {"50 of 60 records were screened.", "The trials were short."} <= set(texts)
    assert [t for t in texts if not t.endswith((".", "?"))] == []
    assert [t for t in texts if re.search(r"[.?]{2}|\s{2}|\s[.,]", t)] == []


def test_a_claim_without_a_stop_gets_one() -> None:
    paper = made.paper(1)
    held = made.dossier([made.entry(1, paper, made.finding(1).removesuffix("."))], [paper])
    assert compose(held).results[0].sentences[0].text.endswith("in adults (p = 0.01).")


def test_revisions_keep_what_earlier_ones_disclosed_and_left_out() -> None:
    held = CASES[YES]
    first = compose(held).model_copy(update={"version": 1})
    cut = first.results[0].sentences[1].claim_ids
    second = _revised(
        held,
        first,
        _objection("coverage", "disclose", "the trials were short"),
        _objection("sentence:2", "drop", number=2),
        _objection("title", "rewrite", number=3),
        _objection("answer", "soften", number=4),
    )
    third = _revised(held, second, _objection("coverage", "disclose", "no child took part"))
    for draft in (second, third):
        assert "The trials were short." in draft.limitations
        assert cut not in [s.claim_ids for s in draft.results[0].sentences]
        assert len(draft.results[0].sentences) == len(first.results[0].sentences) - 1
        assert draft.title == f"Provisional evidence on the question: {made.QUESTION}"
        assert draft.answer.certainty is Certainty.LOW
        assert draft.answer.verdict is YES
    assert third.limitations == (*second.limitations, "No child took part.")
    assert _revised(held, third).model_copy(update={"version": 3}) == third, "nothing asked, nothing changed"


def test_a_weaker_answer_that_the_panel_asked_for_stays() -> None:
    held = CASES[YES]
    second = _revised(held, compose(held), _objection("answer", "soften", "mixed"))
    third = _revised(held, second)
    assert second.answer.verdict is third.answer.verdict is MIXED
    assert second.answer.certainty is Certainty.MODERATE, "a named verdict is the softening"
    assert third.title == f"{ABOUT}: mixed evidence from 4 abstracts"


@pytest.mark.parametrize("detail", ["yes", "no", "findings"])
def test_no_objection_makes_an_answer_stronger(detail: str) -> None:
    held = CASES[MIXED]
    assert _revised(held, compose(held), _objection("answer", "soften", detail)).answer.verdict is MIXED
