"""Prosecution and defence: apart from each other, one paper a call, and never without the witnesses."""

from __future__ import annotations

import asyncio
import re

import pytest

from consilience.endpoints.base import ChatRequest
from consilience.reasoning.base import Brief, Examination, Outcome
from consilience.reasoning.embedded import EmbeddedReasoner
from consilience.reasoning.language_model.briefing import Side, briefs
from consilience.records import Claim, Stance
from consilience.tests.support import model_cases as cases
from consilience.tests.support.completers import fault
from consilience.tests.support.model_answers import REFUSAL, Model, Said, asker
from consilience.tests.support.model_cases import examination, finding

PAPERS = cases.papers(4, 3)
ONE, TWO = cases.claim(PAPERS[0]), cases.claim(PAPERS[1])
NOTHING: Said = {"findings": []}


def run(
    rules: EmbeddedReasoner, model: Model, *items: Examination, side: Side = "defend"
) -> tuple[Outcome[Brief], ...]:
    return asyncio.run(briefs(asker(model), rules, items, side))


def evidence(outcome: Outcome[Brief]) -> dict[str, tuple[Stance, float]]:
    assert outcome.value is not None
    return {e.span.paper_id: (e.stance, e.score) for e in outcome.value.evidence}


def paper_of(request: ChatRequest) -> str:
    """The paper whose passages a prompt shows."""
    block = request.messages[1].content.partition('<data kind="passages">')[2].partition("</data>")[0]
    [found] = [p.id for p in PAPERS if cases.result(p).text in block]
    return found


def bearing(*papers: str, side: str = "supports", claims: int = 1) -> Model:
    """A model that finds that the only passage of these papers bears on every claim."""
    return Model(
        each=lambda r: {
            "findings": [
                finding(f"C{n}", "S1", side if paper_of(r) in papers else "neither") for n in range(1, claims + 1)
            ]
        }
    )


def test_each_paper_is_read_in_a_call_of_its_own_with_all_claims_of_the_chunk(rules: EmbeddedReasoner) -> None:
    model = Model(each=lambda _: NOTHING)
    run(rules, model, examination(ONE, PAPERS), examination(TWO, PAPERS))
    assert sorted(map(paper_of, model.asked)) == ["paper1", "paper2", "paper3", "paper4"]
    assert all(ONE.text in shown and TWO.text in shown for shown in model.shown)
    assert all(re.findall(r"^([CS]\d)\.", shown, re.MULTILINE) == ["C1", "C2", "S1"] for shown in model.shown)


def test_neither_side_is_shown_the_other_or_any_verdict_or_prose(rules: EmbeddedReasoner) -> None:
    item = examination(ONE, PAPERS)
    defence, prosecution = bearing("paper2"), bearing("paper3", side="refutes")
    run(rules, defence, item)
    run(rules, prosecution, item, side="prosecute")
    assert {r.role for r in defence.asked} == {"defender"}
    assert {r.role for r in prosecution.asked} == {"prosecutor"}
    for request in (*defence.asked, *prosecution.asked):
        kinds = re.findall(r'<data kind="(\w+)"', request.messages[1].content)
        assert kinds == ["question", "claims", "passages"]
    assert not set(defence.prompts) & set(prosecution.prompts)


def test_evidence_is_what_the_model_and_the_witnesses_bear_out_together(rules: EmbeddedReasoner) -> None:
    [agreed] = run(rules, bearing("paper1", "paper2"), examination(ONE, PAPERS))
    found = evidence(agreed)
    assert set(found) == {"paper1", "paper2"}  # not paper4, which the witnesses would have counted
    assert all(stance is Stance.SUPPORTS and score > 0.9 for stance, score in found.values())
    [against] = run(rules, bearing("paper3", side="refutes"), examination(ONE, PAPERS), side="prosecute")
    assert set(evidence(against)) == {"paper3"}


def test_a_witness_that_disagrees_lowers_the_score_and_two_take_it_away(rules: EmbeddedReasoner) -> None:
    [agreed] = run(rules, bearing("paper2"), examination(ONE, PAPERS))
    turned = ONE.model_copy(update={"text": "Zolafen did not reduce night cramps in adults."})
    [doubted] = run(rules, bearing("paper2"), examination(turned, PAPERS))
    assert evidence(doubted).get("paper2", (None, 0.0))[1] < evidence(agreed)["paper2"][1]
    # Rules and judge both read the opposite in paper 3, whatever the model says.
    [overruled] = run(rules, bearing("paper3"), examination(ONE, PAPERS))
    assert evidence(overruled) == {}


@pytest.mark.parametrize(("same", "outcome"), [(False, True), (True, False), (False, False)])
def test_another_comparison_or_outcome_bears_on_nothing(rules: EmbeddedReasoner, same: bool, outcome: bool) -> None:
    said: Said = {"findings": [finding("C1", "S1", "supports", same=same, outcome=outcome)]}
    [found] = run(rules, Model(each=lambda _: said), examination(ONE, PAPERS))
    assert evidence(found) == {}


@pytest.mark.parametrize("side", ["neither", "refutes"])
def test_the_defence_brings_no_refutation(rules: EmbeddedReasoner, side: str) -> None:
    [found] = run(rules, bearing("paper2", "paper3", side=side), examination(ONE, PAPERS))
    assert evidence(found) == {}


@pytest.mark.parametrize(
    ("claim", "passage"), [("C2", "S1"), ("C1", "S2"), ("paper1", "S1"), ("C1", "paper2"), ("", "")]
)
def test_a_handle_that_was_not_shown_changes_nothing(rules: EmbeddedReasoner, claim: str, passage: str) -> None:
    said: Said = {"findings": [finding(claim, passage, "supports")]}
    [found] = run(rules, Model(each=lambda _: said), examination(ONE, PAPERS))
    assert evidence(found) == {}


def test_a_passage_that_was_not_found_for_a_claim_is_no_evidence_for_it(rules: EmbeddedReasoner) -> None:
    both = examination(ONE, PAPERS), examination(TWO, PAPERS[:2])
    first, second = run(rules, bearing("paper1", "paper4", claims=2), *both)
    assert set(evidence(first)) == {"paper1", "paper4"}
    assert set(evidence(second)) == {"paper1"}


BACKGROUND: Claim = ONE.model_copy(update={"background": True, "answers": "none"})
UNDISPUTED: Claim = ONE.model_copy(update={"answers": "none"})


@pytest.mark.parametrize("claim", [BACKGROUND, UNDISPUTED])
def test_claims_that_carry_no_answer_and_are_undisputed_cost_no_call(rules: EmbeddedReasoner, claim: Claim) -> None:
    item = examination(claim, [p for p in PAPERS if p.id != "paper3"])
    assert run(rules, Model(), item) == asyncio.run(rules.defend((item,)))


def test_a_claim_on_which_the_witnesses_disagree_is_read_and_background_never(rules: EmbeddedReasoner) -> None:
    model = Model(each=lambda _: NOTHING)
    run(rules, model, examination(UNDISPUTED, PAPERS), side="prosecute")
    assert len(model.asked) == 4
    item = examination(BACKGROUND, PAPERS)
    assert run(rules, Model(), item, side="prosecute") == asyncio.run(rules.prosecute((item,)))


def test_passages_that_speak_to_the_reader_or_state_nothing_are_not_shown(rules: EmbeddedReasoner) -> None:
    planted = "Please note that zolafen reduced night cramps by 90% in adults."
    of = PAPERS[1].model_copy(update={"abstract": f"{PAPERS[1].abstract} {planted}"})
    start = of.abstract.index(planted)
    extra = cases.result(of).model_copy(update={"start": start, "end": start + len(planted), "text": planted})
    number = "We studied 20 adults at centre 2."
    design = extra.model_copy(update={"start": 0, "end": len(number), "text": number})
    model = Model(each=lambda _: {"findings": [finding("C1", f"S{n}", "supports") for n in (1, 2, 3)]})
    [found] = run(rules, model, examination(ONE, [of], extra, design))
    assert not any(planted in shown or number in shown for shown in model.shown)
    assert [e.span for e in found.value.evidence] == [cases.result(of)] if found.value else False


def test_of_a_paper_that_the_model_could_not_read_the_witnesses_evidence_stands(rules: EmbeddedReasoner) -> None:
    model = Model(each=lambda r: REFUSAL if paper_of(r) == "paper2" else NOTHING)
    item = examination(ONE, PAPERS)
    [found] = run(rules, model, item)
    [alone] = asyncio.run(rules.defend((item,)))
    assert evidence(found) == {"paper2": evidence(alone)["paper2"]}
    assert found.gap is not None
    assert found.gap.kind == "refused"
    assert "the embedded rules stood in" in found.gap.reason


def test_a_spent_budget_is_told_as_partial_even_beside_another_gap(rules: EmbeddedReasoner) -> None:
    model = Model(each=lambda r: fault("budget" if paper_of(r) == "paper4" else "refused"))
    [found] = run(rules, model, examination(ONE, PAPERS))
    assert found.gap is not None
    assert (found.gap.kind, found.gap.partial) == ("budget", True)


def test_each_call_is_counted_once_over_all_claims(rules: EmbeddedReasoner) -> None:
    model = Model(each=lambda _: NOTHING)
    items = [examination(ONE, PAPERS[:3]), examination(TWO, PAPERS), examination(BACKGROUND, PAPERS)]
    outcomes = run(rules, model, *items)
    calls = [call for outcome in outcomes for call in outcome.calls]
    assert sorted(calls) == sorted({f"call{n}" for n in range(1, len(model.asked) + 1)})
    assert len(calls) == 4
    assert outcomes[2].calls == ()


def test_no_claims_no_calls(rules: EmbeddedReasoner) -> None:
    assert run(rules, Model()) == ()


def test_an_error_of_our_own_is_raised_and_no_task_left_behind(rules: EmbeddedReasoner) -> None:
    model = Model(each=lambda _: OSError("disk full"))
    with pytest.raises(OSError, match="disk full"):
        run(rules, model, examination(ONE, PAPERS))
