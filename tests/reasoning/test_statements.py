"""How a person's claim is read: the question that it answers, its relation, what it denies."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.embedded.statements import read
from consilience.reasoning.language_model import showing
from consilience.records import Direction, QuestionType, Valence

INCREASE, DECREASE, ALIKE = Direction.INCREASE, Direction.DECREASE, Direction.NO_DIFFERENCE
UNSTATED = Direction.UNSTATED


@pytest.mark.parametrize(
    ("claim", "subject", "comparator", "outcome", "direction"),
    [
        ("Mulching reduces soil erosion.", "Mulching", "", "soil erosion", DECREASE),
        ("Mulching reduced soil erosion by 40%.", "Mulching", "", "soil erosion", DECREASE),
        ("Cover crops increase soil carbon in vineyards", "Cover crops", "", "soil carbon in vineyards", INCREASE),
        ("Statins lower LDL cholesterol.", "Statins", "", "LDL cholesterol", DECREASE),
        ("Soil erosion is reduced by mulching.", "mulching", "", "Soil erosion", DECREASE),
        ("Smoking is a risk factor for lung cancer.", "Smoking", "", "lung cancer", INCREASE),
        ("Cetirizine causes more sedation than loratadine.", "Cetirizine", "loratadine", "sedation", INCREASE),
        ("Coffee is inversely associated with cirrhosis.", "Coffee", "", "cirrhosis", DECREASE),
        ("Sumatriptan and aspirin do not differ in headache.", "Sumatriptan", "aspirin", "headache", ALIKE),
        ("There is no difference between A1 and B2 in yield.", "A1", "B2", "yield", ALIKE),
        ("Sumatriptan relieves migraine better than placebo.", "Sumatriptan", "placebo", "efficacy", INCREASE),
        ("Women who took estrogen had less nausea than women on placebo.", "estrogen", "placebo", "nausea", DECREASE),
        ("Nausea is more common with opioids than with placebo.", "opioids", "placebo", "Nausea", INCREASE),
        ("The risk of fracture increases with age, which is known.", "age", "", "fracture", INCREASE),
        ("Receptors are inhibited by ligands in mice.", "ligands", "", "Receptors", DECREASE),
        ("Tocopherol helps to prevent cancer.", "Tocopherol", "", "cancer", DECREASE),
        ("Evidence suggests that mulching reduces erosion.", "mulching", "", "erosion", DECREASE),
    ],
)  # fmt: skip
def test_a_claim_is_read_as_the_question_that_it_answers(
    claim: str, subject: str, comparator: str, outcome: str, direction: Direction
) -> None:
    found = read(claim)
    relation = found.claim.relation
    assert found.is_read
    assert not found.claim.denied
    assert (relation.subject, relation.comparator, relation.outcome) == (subject, comparator, outcome)
    assert relation.direction is direction
    assert found.plan.question_type is QuestionType.YES_NO


@pytest.mark.parametrize(
    ("claim", "outcome", "direction"),
    [
        ("Mulching does not reduce erosion.", "erosion", DECREASE),
        ("Mulching doesn't reduce erosion.", "erosion", DECREASE),
        ("Mulching fails to prevent erosion.", "erosion", DECREASE),
        ("There is no evidence that mulching prevents erosion.", "erosion", DECREASE),
        ("No mulch reduces erosion.", "erosion", DECREASE),
        ("Mulching has no effect on erosion.", "erosion", UNSTATED),
        ("There is no association between mulching and erosion.", "erosion", UNSTATED),
        ("Bupropion is ineffective for migraine.", "efficacy", INCREASE),
        ("Exercise causes no harm in pregnancy.", "harm", INCREASE),
        ("Macrolides have no protective effect against stroke.", "stroke", DECREASE),
        ("Naratriptan is well tolerated.", "adverse events", INCREASE),
        ("Zinc is generally safe in children.", "adverse events", INCREASE),
    ],
)
def test_a_denial_has_the_relation_of_what_it_denies(claim: str, outcome: str, direction: Direction) -> None:
    found = read(claim)
    assert found.is_read
    assert found.claim.denied
    assert (found.claim.relation.outcome, found.claim.relation.direction) == (outcome, direction)


def test_unsafe_and_safer_are_claims_of_their_own() -> None:
    unsafe, safer = read("Zinc is not safe."), read("Zinc is safer than copper.")
    assert (unsafe.claim.denied, safer.claim.denied) == (False, False)
    assert unsafe.claim.relation.direction is INCREASE
    assert (safer.claim.relation.direction, safer.claim.relation.comparator) == (DECREASE, "copper")
    assert not read("Zinc is safe and effective for diarrhea.").is_read


def test_what_is_worse_or_better_keeps_its_side() -> None:
    worse = read("Diphenhydramine is associated with worse driving.").claim.relation
    better = read("Training is associated with better driving.").claim.relation
    assert (worse.valence, better.valence) == (Valence.HARM, Valence.BENEFIT)


@pytest.mark.parametrize(
    ("claim", "subject", "comparator", "valence", "denied"),
    [
        ("Zinc is less effective than copper for warts.", "Zinc", "copper", Valence.HARM, False),
        ("Zinc is not less effective than copper for warts.", "Zinc", "copper", Valence.HARM, True),
        ("Zinc is no better than placebo for warts.", "Zinc", "placebo", Valence.BENEFIT, True),
        ("Zinc works no better than placebo for warts.", "Zinc", "placebo", Valence.BENEFIT, True),
        ("Zinc is no more effective than placebo for warts.", "Zinc", "placebo", Valence.BENEFIT, True),
        ("Zinc does no harm to memory.", "Zinc", "", Valence.HARM, True),
        ("Zinc does harm to memory.", "Zinc", "", Valence.HARM, False),
        ("Zinc is more sedating than copper.", "Zinc", "copper", Valence.HARM, False),
        ("Zinc is not sedating.", "Zinc", "", Valence.HARM, True),
        ("Zinc is less sedating than copper.", "Zinc", "copper", Valence.BENEFIT, False),
    ],
)
def test_less_and_no_belong_to_what_is_said_and_not_to_the_subject(
    claim: str, subject: str, comparator: str, valence: Valence, denied: bool
) -> None:
    found = read(claim)
    relation = found.claim.relation
    assert (relation.subject, relation.comparator) == (subject, comparator)
    assert (relation.valence, found.claim.denied) == (valence, denied)


@pytest.mark.parametrize(
    "claim",
    [
        "Statistical power in software engineering experiments is low.",
        "1,000 genomes project enables mapping of genetic sequence variation.",
        "Rizatriptan acts faster than sumatriptan.",
        "The repair of Cas9-induced breaks in DNA is error-prone.",
        "Interleukins are cytokines that inhibit growth.",
        "Mulching reduces erosion less than terracing.",
    ],
)
def test_what_cannot_be_read_asks_for_no_words_of_a_paper(claim: str) -> None:
    found = read(claim)
    assert not found.is_read
    assert found.plan.question_type is QuestionType.OPEN
    assert found.plan.facets == ()
    assert not found.claim.relation.is_directed


def test_a_claim_of_a_person_has_no_quotation_and_bears_on_its_own_question() -> None:
    claim = read("Mulching reduces erosion by 40%.").claim
    assert (claim.spans, claim.paper_ids) == ((), ())
    assert not claim.background
    assert [q.text for q in claim.quantities] == ["40%"]
    assert read("Mulching reduces erosion by 40%.").claim.id == claim.id


_PARTS = """mulching erosion is are reduces not no more less than there in with by a the association between effect on
    better can may increase control symptoms of migraine who took women differ from and as effective 40% , ."""
_WORDS = st.sampled_from(sorted(set(re.split(r"\s+", _PARTS))))


@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_any_text_is_read_or_left_open(text: str) -> None:
    found = read(text)
    relation = found.claim.relation
    assert found.is_read == bool(relation.subject and relation.outcome)
    assert found.claim.text == text


def test_a_language_model_is_told_what_a_claim_denies() -> None:
    assert "it denies this: subject: Mulching" in showing.claim(read("Mulching does not reduce erosion.").claim)
    assert "denies" not in showing.claim(read("Mulching reduces erosion.").claim)
