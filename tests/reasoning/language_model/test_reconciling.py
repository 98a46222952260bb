"""A model proposes which claims are one; rules admit only those that can be, and every quotation is kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.base import Outcome
from consilience.reasoning.embedded import EmbeddedReasoner
from consilience.reasoning.language_model.answers import ReconcileAnswer
from consilience.reasoning.language_model.reconciling import merge, reconcile
from consilience.reasoning.language_model.showing import Handles
from consilience.records import Claim, Direction, Quantity, Valence
from consilience.tests.support import dossiers
from consilience.tests.support.model_answers import REFUSAL, Model, Said, asker

TEXTS = {
    1: "Zolafen reduced night cramps against placebo in adults.",
    2: "In adults, night cramps were reduced by zolafen.",
    3: "Zolafen eased night cramps of adults.",
}


def made(number: int, relation: dict[str, Any] | None = None, **changes: Any) -> Claim:  # noqa: ANN401 -- a claim's fields
    source = dossiers.paper(number, TEXTS[number])
    claim = dossiers.entry(number, source, TEXTS[number], claim={"quantities": ()}).claim
    related = claim.relation.model_copy(update={"direction": Direction.DECREASE, **(relation or {})})
    return claim.model_copy(update={"relation": related, **changes})


ONE, TWO, THREE = made(1), made(2), made(3)


def groups(*handles: tuple[str, ...]) -> dict[str, Any]:
    return {"groups": [{"claims": list(group)} for group in handles]}


def run(rules: EmbeddedReasoner, model: Model, *claims: Claim) -> Outcome[tuple[Claim, ...]]:
    return asyncio.run(reconcile(asker(model), rules, dossiers.plan(), claims))


def merged(answer: dict[str, Any], *claims: Claim) -> tuple[Claim, ...]:
    return merge(claims, ReconcileAnswer.model_validate(answer), Handles("C", claims))


def test_a_group_becomes_its_first_claim_with_every_quotation() -> None:
    hedged = THREE.model_copy(update={"hedged": True})
    [whole] = merged(groups(("C2", "C1", "C3")), ONE, TWO, hedged)
    assert (whole.id, whole.text, whole.hedged) == (TWO.id, TWO.text, True)
    assert whole.spans == (*ONE.spans, *TWO.spans, *THREE.spans)


OTHER: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("direction", {"direction": Direction.NO_DIFFERENCE}, {}),
    ("direction", {"direction": Direction.INCREASE}, {}),
    ("valence", {"valence": Valence.HARM}, {}),
    ("comparator", {"comparator": ""}, {}),
    ("comparator", {"comparator": "velorin"}, {}),
    ("side", {}, {"answers": "against"}),
    ("paper", {}, {"spans": ONE.spans}),
    ("studied", {}, {"subjects": "animals"}),
    ("words", {}, {"text": "Tablets dissolved in water."}),
]


@pytest.mark.parametrize(("what", "relation", "changes"), OTHER, ids=[f"{w}{n}" for n, (w, _, _) in enumerate(OTHER)])
def test_what_differs_is_never_merged(what: str, relation: dict[str, Any], changes: dict[str, Any]) -> None:
    other = made(2, relation, **changes)
    assert merged(groups(("C1", "C2")), ONE, other) == (ONE, other), what
    assert merged(groups(("C2", "C1")), ONE, other) == (ONE, other), what
    # A third that fits is still admitted.
    assert len(merged(groups(("C1", "C2", "C3")), ONE, other, THREE)) == 2, what


def test_claims_with_figures_and_background_are_not_even_shown(rules: EmbeddedReasoner) -> None:
    figures = made(1, quantities=(Quantity(kind="percent", text="21%", values=(21.0,)),))
    figures = figures.model_copy(update={"id": "c8"})
    background = made(2, background=True, text="Zolafen is a tablet.", id="c9")
    more = made(2), made(3)
    model = Model(groups(("C1", "C2")))
    outcome = run(rules, model, figures, background, *more)
    assert outcome.value is not None
    assert outcome.value[:2] == (figures, background)
    assert len(outcome.value) == 3
    assert TEXTS[1] not in model.shown[0]
    assert background.text not in model.shown[0]


def test_less_than_two_claims_that_may_merge_cost_no_call(rules: EmbeddedReasoner) -> None:
    assert run(rules, Model(), ONE, made(2, background=True)).value == (ONE, made(2, background=True))
    assert run(rules, Model()).value == ()


@pytest.mark.parametrize("group", [("C1", "C9"), ("C1", "C1"), ("C1",), (), ("paper1", "paper2"), ("X", "")])
def test_handles_that_were_not_shown_and_groups_of_one_change_nothing(group: tuple[str, ...]) -> None:
    assert merged(groups(group), ONE, TWO, THREE) == (ONE, TWO, THREE)


HANDLES = st.lists(st.sampled_from(["C1", "C2", "C3", "C4", "c1", "x"]), max_size=4).map(tuple)


@given(st.lists(HANDLES, max_size=4))
def test_no_quotation_is_lost_or_doubled_whatever_the_groups(given_groups: list[tuple[str, ...]]) -> None:
    result = merged(groups(*given_groups), ONE, TWO, THREE)
    spans = [span for claim in result for span in claim.spans]
    assert sorted(spans, key=str) == sorted((*ONE.spans, *TWO.spans, *THREE.spans), key=str)
    assert [c.id for c in result] == [c.id for c in (ONE, TWO, THREE) if c.id in {r.id for r in result}]


def test_without_an_answer_the_rules_merge_and_the_gap_says_so(rules: EmbeddedReasoner) -> None:
    said: Said = REFUSAL
    outcome = run(rules, Model(said), ONE, TWO)
    assert outcome.value == asyncio.run(rules.reconcile(dossiers.plan(), (ONE, TWO))).value
    assert outcome.gap is not None
    assert "the embedded rules stood in" in outcome.gap.reason
