"""Cross-examination: which passages stand for and against a claim, and what the judge makes of both briefs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from consilience.models.stance import AbstractScores, StanceScores
from consilience.reasoning.base import Brief, Case, Examination
from consilience.reasoning.embedded.examining import brief_all, judge_case
from consilience.reasoning.embedded.extracting import extract
from consilience.reasoning.embedded.judging import LoggedJudge
from consilience.reasoning.embedded.scope import Scope
from consilience.reasoning.embedded.statements import read
from consilience.reasoning.embedded.witness import comparable
from consilience.records import Claim, Paper, Span, Stance, Verdict
from consilience.tests.support.readings import paper, plan

ASKED = plan("Does caffeine improve attention?")
FOR = "Caffeine improved attention compared with placebo."
SUPPORTS, REFUTES = Stance.SUPPORTS, Stance.REFUTES


class Even(LoggedJudge):
    """A stance judge that leans nowhere and keeps what it was asked."""

    def __init__(self, supports: float = 0.3, refutes: float = 0.3) -> None:
        self.asked: list[tuple[str, str]] = []
        self.read: list[tuple[str, tuple[str, ...]]] = []
        self._scores = StanceScores(supports, refutes, round(1 - supports - refutes, 4))

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        self.asked.extend(pairs)
        return [self._scores for _ in pairs]

    def judge_abstracts(self, pairs: Sequence[tuple[str, tuple[str, ...]]]) -> list[AbstractScores]:
        self.read.extend(pairs)
        return [AbstractScores(self._scores, tuple(range(len(of))), (0.1,) * (len(of) - 1) + (0.9,)) for _, of in pairs]


def quoted(of: Paper) -> Span:
    """The paper's last sentence."""
    start = of.abstract.index(": ") + 2
    return Span(paper_id=of.id, start=start, end=len(of.abstract), text=of.abstract[start:])


def examined(*others: str, claim: str = FOR, own: bool = False) -> tuple[Examination, tuple[Paper, ...], Claim]:
    source = paper(f"RESULTS: {claim}")
    found = [paper(f"RESULTS: {text}", number=n) for n, text in enumerate(others, start=2)]
    [made] = extract(source, Scope(ASKED)).claims
    passages = tuple(quoted(p) for p in ([source, *found] if own else found))
    return Examination(ASKED, made, passages, (source, *found)), (source, *found), made


def stances(*others: str, judge: Even | None = None) -> list[str]:
    """For each passage "for", "against" or "neither"."""
    item, _, _ = examined(*others)
    asked = judge or Even()
    sides = {
        name: {e.span.paper_id for e in brief_all((item,), Scope(ASKED), asked, want)[0].evidence}
        for name, want in (("for", SUPPORTS), ("against", REFUTES))
    }
    return [next((n for n, ids in sides.items() if s.paper_id in ids), "neither") for s in item.passages]


@pytest.mark.parametrize(
    ("passage", "stance"),
    [
        ("Attention was better with caffeine than with placebo.", "for"),
        ("Caffeine enhanced attention.", "for"),
        ("Caffeine impaired attention compared with placebo.", "against"),
        ("Attention did not differ between caffeine and placebo.", "against"),
        # another comparison, outcome or subject
        ("Caffeine improved attention compared with modafinil.", "neither"),
        ("Caffeine improved sleep compared with placebo.", "neither"),
        ("Modafinil improved attention compared with placebo.", "neither"),
        ("Attention was measured.", "neither"),
    ],
)
def test_only_the_same_comparison_and_outcome_bears_on_a_claim(passage: str, stance: str) -> None:
    assert stances(passage) == [stance]


def stance_on(claim: str, passage: str, before: str = "") -> str:
    """What a passage of another paper says about a claim that a person gives, with a judge that leans nowhere."""
    statement = read(claim)
    text = f"METHODS: {before} RESULTS: {passage}"
    other = paper(text)
    span = Span(paper_id=other.id, start=text.index(passage), end=len(text), text=passage)
    item = Examination(statement.plan, statement.claim, (span,), (other,))
    found = [
        name
        for name, want in (("for", SUPPORTS), ("against", REFUTES))
        if brief_all((item,), Scope(statement.plan), Even(), want)[0].evidence
    ]
    return " and ".join(found) or "neither"


@pytest.mark.parametrize(
    ("claim", "passage", "stance"),
    [
        (
            "Estrogen plus progestin increases the risk of breast cancer.",
            "Breast discomfort was significantly greater only under progestin-containing regimens.",
            "neither",
        ),
        ("Estrogen causes breast discomfort.", "Breast discomfort was significantly greater under estrogen.", "for"),
        (
            "Estrogen lowers the risk of hip fracture.",
            "HRT reduced forearm fractures compared with placebo.",
            "neither",
        ),
        ("Estrogen lowers the risk of hip fracture.", "HRT reduced fractures compared with placebo.", "neither"),
        ("Estrogen lowers the risk of hip fracture.", "HRT reduced hip fractures compared with placebo.", "for"),
        ("Estrogen lowers the risk of fracture.", "HRT reduced hip fractures compared with placebo.", "for"),
        ("Estrogen improves memory.", "Estrogen improved memory compared with placebo.", "for"),
        ("Estrogen improves memory.", "Adding testosterone to high-dose estrogen improved memory.", "neither"),
        (
            "Estrogen improves memory.",
            "Addition of testosterone to estrogen improved memory compared with estrogen alone.",
            "neither",
        ),
        ("Testosterone improves memory.", "Adding testosterone to high-dose estrogen improved memory.", "for"),
        (
            "Sumatriptan is more effective than aspirin for migraine.",
            "Sumatriptan was more effective for migraine than lysine acetylsalicylate.",
            "for",
        ),
        (
            "Eletriptan is more effective than ergotamine plus caffeine for migraine.",
            "Eletriptan was more effective for migraine than Cafergot.",
            "for",
        ),
        *(
            (
                f"Eletriptan is more effective than {other} for migraine.",
                "Relief of migraine was more frequent with eletriptan (38%) than with Cafergot (10%) or placebo (5%).",
                "for",
            )
            for other in ("Cafergot", "placebo")
        ),
        (
            "Estrogen increases the risk of breast cancer.",
            "Estrogen raised the risk of heart disease (HR 1.29; 95% CI 1.02-1.63), stroke (1.41; 1.07-1.85) and "
            "breast cancer (1.26; 1.00-1.59).",
            "for",
        ),
        (
            "Estrogen increases bone mineral density.",
            "Fractures occurred in 8.6% of women on estrogen and 11.1% on placebo (HR, 0.76; 95% CI, 0.69-0.83), with "
            "no variation by age or bone density.",
            "neither",
        ),
    ],
)
def test_a_passage_on_another_outcome_treatment_or_place_says_nothing(claim: str, passage: str, stance: str) -> None:
    assert stance_on(claim, passage) == stance


@pytest.mark.parametrize("claim", ["Triptans are effective for migraine.", "Triptans relieve migraine."])
def test_less_than_others_of_its_class_is_not_less_than_nothing(claim: str) -> None:
    passage = "In migraine naratriptan 2.5 mg and eletriptan 20 mg were less effective."
    assert stance_on(claim, passage, "Trials of sumatriptan, naratriptan and eletriptan were pooled.") == "neither"
    assert stance_on(claim, f"{passage[:-1]} than placebo.") == "against"


@pytest.mark.parametrize(
    ("method", "stance"),
    [
        ("Patients were randomised to caffeine or methylphenidate.", "neither"),
        ("Patients were randomised to caffeine, methylphenidate or placebo.", "for"),
        ("Patients were randomised to caffeine in three doses.", "for"),
    ],
)
def test_a_change_in_a_trial_without_a_control_is_no_difference_from_placebo(method: str, stance: str) -> None:
    item, (_, other), _ = examined("x" * 20)
    text = f"METHODS: {method} RESULTS: Caffeine improved attention."
    trial = other.model_copy(update={"abstract": text})
    start = text.index("Caffeine improved")
    span = Span(paper_id=trial.id, start=start, end=len(text), text=text[start:])
    item = Examination(ASKED, item.claim, (span,), (item.papers[0], trial))
    told = brief_all((item,), Scope(ASKED), Even(), SUPPORTS)[0].evidence
    assert bool(told) == (stance == "for")


def test_a_passage_that_does_not_name_the_subject_is_read_as_a_claim_of_the_same_words_would_be() -> None:
    item, (_, other), _ = examined("x" * 20)
    text = "METHODS: Caffeine was given. RESULTS: Attention was better than with placebo."
    trial = other.model_copy(update={"abstract": text})
    start = text.index("Attention was")
    span = Span(paper_id=trial.id, start=start, end=len(text), text=text[start:])
    item = Examination(ASKED, item.claim, (span,), (item.papers[0], trial))
    assert [e.span for e in brief_all((item,), Scope(ASKED), Even(), SUPPORTS)[0].evidence] == [span]


def test_a_passage_that_states_no_result_is_not_put_to_the_judge() -> None:
    asked = Even()
    item, (_, other), _ = examined("x" * 20)
    aim = other.model_copy(update={"abstract": "We asked whether caffeine improves attention compared with placebo."})
    span = Span(paper_id=aim.id, start=0, end=len(aim.abstract), text=aim.abstract)
    item = Examination(ASKED, item.claim, (span,), (item.papers[0], aim))
    assert brief_all((item,), Scope(ASKED), asked, SUPPORTS)[0].evidence == ()
    assert asked.asked == []


def test_for_an_open_question_the_judge_alone_decides_on_results_and_nothing_else() -> None:
    asked, judge = plan("How does pair programming change code quality?"), Even(0.9, 0.05)
    told = paper("RESULTS: Pair programming raised code quality by 12%.", title="Pair programming")
    other = paper("We ask how pair programming changes code quality. RESULTS: Pairs wrote better code.", number=2)
    [made] = extract(told, Scope(asked)).claims
    aim, result = (Span(paper_id="paper2", start=a, end=b, text=other.abstract[a:b]) for a, b in ((0, 49), (59, 83)))
    item = Examination(asked, made, (aim, result), (told, other))
    [brief] = brief_all((item,), Scope(asked), judge, SUPPORTS)
    assert [e.span for e in brief.evidence] == [result]
    assert judge.asked == []
    assert judge.read == [(comparable(made.text), (aim.text, result.text))]


def test_a_passage_that_says_both_says_neither() -> None:
    text = "Caffeine improved attention compared with placebo, but caffeine did not improve attention over placebo."
    assert stances(text) == ["neither"]


def test_a_claims_own_words_support_it_and_are_marked_as_its_own() -> None:
    item, _, made = examined(own=True)
    [brief] = brief_all((item,), Scope(ASKED), Even(0.01, 0.98), SUPPORTS)
    assert brief.claim_id == made.id
    assert [(e.own_source, e.span.text) for e in brief.evidence] == [(True, FOR)]


def test_the_judge_takes_back_a_stance_that_it_holds_to_be_wrong() -> None:
    passage = "Attention was better with caffeine than with placebo."
    assert stances(passage, judge=Even(0.6, 0.2)) == ["for"]
    assert stances(passage, judge=Even(0.01, 0.98)) == ["neither"]


def test_the_judge_sees_other_papers_without_figures_and_asides() -> None:
    item, _, _ = examined("Caffeine improved attention by 12% (p = 0.01).", claim=FOR)
    asked = Even()
    brief_all((item,), Scope(ASKED), asked, SUPPORTS)
    assert asked.asked == [(FOR, "Caffeine improved attention by .")]


def test_evidence_is_ordered_by_probability_then_by_place() -> None:
    item, _, _ = examined("Caffeine enhanced attention.", "Attention improved with caffeine.")
    [brief] = brief_all((item,), Scope(ASKED), Even(), SUPPORTS)
    assert [e.span.paper_id for e in brief.evidence] == ["paper2", "paper3"]
    assert brief_all((), Scope(ASKED), Even(), SUPPORTS) == ()


def test_a_relation_asked_for_is_borne_out_by_any_direction_of_it() -> None:
    asked = plan("Is caffeine associated with anxiety?")
    source, more, none = (
        paper(f"RESULTS: {text}", number=n)
        for n, text in enumerate(
            (
                "Caffeine was associated with anxiety.",
                "Caffeine was associated with higher anxiety.",
                "Caffeine was not associated with anxiety.",
            ),
            start=1,
        )
    )
    [made] = extract(source, Scope(asked)).claims
    item = Examination(asked, made, (quoted(more), quoted(none)), (source, more, none))
    found = {
        want: [e.span.paper_id for e in brief_all((item,), Scope(asked), Even(), want)[0].evidence]
        for want in (SUPPORTS, REFUTES)
    }
    assert made.answers == "for"
    assert found == {SUPPORTS: ["paper2"], REFUTES: ["paper3"]}


@pytest.mark.parametrize(
    ("others", "verdict"),
    [
        ((), Verdict.UNCORROBORATED),
        (("Caffeine enhanced attention.",), Verdict.SUPPORTED),
        (("Caffeine enhanced attention.", "Caffeine impaired attention."), Verdict.CONTESTED),
    ],
)
def test_the_verdict_follows_from_both_briefs(others: tuple[str, ...], verdict: Verdict) -> None:
    item, papers, made = examined(*others, own=True)
    agreeing, opposing = Even(0.6, 0.1), Even(0.1, 0.6)
    defence = brief_all((item,), Scope(ASKED), agreeing, SUPPORTS)[0]
    prosecution = brief_all((item,), Scope(ASKED), opposing, REFUTES)[0]
    found = judge_case(Case(made, defence, prosecution, {p.id: p for p in papers}))
    assert (found.claim_id, found.verdict) == (made.id, verdict)
    assert 0 < found.confidence <= 0.99
    assert len(found.evidence) == 1 + len(others)
    assert found.reason.startswith("its own quotation carries it; ")


@pytest.mark.parametrize(
    ("likely", "verdict", "kept"), [(0.3, Verdict.UNCORROBORATED, 1), (0.97, Verdict.SUPPORTED, 2)]
)
def test_support_more_likely_none_than_one_is_set_aside(likely: float, verdict: Verdict, kept: int) -> None:
    item, papers, made = examined("Caffeine enhanced attention.", own=True)
    defence = brief_all((item,), Scope(ASKED), Even(), SUPPORTS)[0]
    weighed = tuple(e if e.own_source else e.model_copy(update={"score": likely}) for e in defence.evidence)
    assert {e.own_source for e in weighed} == {True, False}
    known = {p.id: p for p in papers}
    found = judge_case(Case(made, replace(defence, evidence=weighed), Brief(made.id, ()), known))
    assert (found.verdict, len(found.evidence)) == (verdict, kept)
    assert found.confidence >= 0.5
    assert ("too weak to count" in found.reason) == (verdict is Verdict.UNCORROBORATED)


def test_without_evidence_there_is_not_enough() -> None:
    _, papers, made = examined()
    nothing = Brief(made.id, ())
    found = judge_case(Case(made, nothing, nothing, {p.id: p for p in papers}))
    assert found.verdict is Verdict.NOT_ENOUGH_EVIDENCE
    assert found.reason == "its own quotation does not carry it; 0 independent papers for it, 0 against it"


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        (FOR, True),
        ("Caffeine improved attention compared with placebo [in adults with insomnia].", True),
        ("Caffeine impaired attention, working memory and reaction times.", False),
    ],
)
def test_only_a_claim_in_its_sentences_words_is_carried_by_it_unasked(text: str, supported: bool) -> None:
    item, _, made = examined(own=True)
    turned = made.relation.model_copy(update={"direction": made.relation.direction.opposite})
    relation = made.relation if supported else turned.model_copy(update={"valence": turned.valence.opposite})
    claim = made.model_copy(update={"text": text, "relation": relation})
    judge = Even()
    found = brief_all((replace(item, claim=claim),), Scope(ASKED), judge, SUPPORTS)[0]
    assert bool(found.evidence) is supported
