"""The embedded reviewers: scores on the anchored ladder, objections one by one, deliberation, the auditor."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.base import Dossier
from consilience.reasoning.embedded.deliberating import deliberate
from consilience.reasoning.embedded.panel import wording
from consilience.reasoning.embedded.panel.checks import PANEL
from consilience.reasoning.embedded.panel.scales import CRITERIA, LEVELS, ladder
from consilience.reasoning.embedded.panel.scoring import CHECKS, OWN, sees
from consilience.reasoning.embedded.reviewing import review
from consilience.records import (
    AnswerVerdict,
    Certainty,
    Direction,
    Draft,
    Fate,
    Gap,
    LedgerEntry,
    Lens,
    Objection,
    QuestionType,
    Relation,
    Review,
    Sentence,
    Strength,
    StudyDesign,
    Verdict,
)
from consilience.tests.support import dossiers as made

Case = tuple[Dossier, Draft]


def panel(case: Case, round: int = 1) -> tuple[Review, ...]:
    return tuple(review(lens, *case, round, None) for lens in PANEL)


def raised(lens: Lens, case: Case) -> list[Objection]:
    return list(review(lens, *case, 1, None).objections)


def found(lens: Lens, case: Case, words: str) -> list[Objection]:
    return [o for o in raised(lens, case) if words in o.problem]


def median(case: Case) -> float:
    return statistics.median(r.mean for r in panel(case))


def answer(draft: Draft, **changes: object) -> Draft:
    return draft.model_copy(update={"answer": draft.answer.model_copy(update=changes)})


def told(draft: Draft, *sentences: Sentence, heading: str = "Findings") -> Draft:
    return draft.model_copy(update={"results": made.results(*sentences, heading=heading)})


def change(case: Case, number: int, claim: dict[str, Any] | None = None, **entry: object) -> Case:
    """The case with one ledger entry changed."""
    ledger = list(case[0].ledger)
    old = ledger[number]
    ledger[number] = old.model_copy(update={**entry, "claim": old.claim.model_copy(update=claim or {})})
    return replace(case[0], ledger=tuple(ledger)), case[1]


# ----------------------------------------------------------------- the ladder


def test_every_level_of_the_scales_names_checks_that_exist_and_each_is_used_once() -> None:
    named = [n for rungs in ladder().values() for rung in rungs for n in rung.checks]
    assert sorted(named) == sorted(CHECKS)
    assert all(rung.checks for rungs in ladder().values() for rung in rungs if rung.level > LEVELS[0])


def test_every_reviewer_looks_at_something_on_every_level() -> None:
    blind = [
        (lens, criterion, rung.level)
        for lens in PANEL
        for criterion, rungs in ladder().items()
        for rung in rungs[1:]
        if not any(sees(lens, criterion, name) for name in rung.checks)
    ]
    assert blind == []


def test_lenses_look_at_different_things() -> None:
    seen = {
        lens: {n for c, rungs in ladder().items() for r in rungs for n in r.checks if sees(lens, c, n)}
        for lens in PANEL
    }
    assert len({frozenset(s) for s in seen.values()}) == len(PANEL)
    assert {c for lens in PANEL for c in OWN[lens]} == set(CRITERIA)


# ----------------------------------------------------------------- scores


def test_good_evidence_scores_high_and_raises_nothing_grave() -> None:
    case = made.good()
    assert median(case) > 8
    assert [o for r in panel(case) for o in r.objections if o.severity != "minor"] == []


def test_a_report_without_evidence_scores_under_five_however_honest() -> None:
    case = made.nothing()
    for given_review in panel(case):
        scores = {s.criterion: s.value for s in given_review.scores}
        assert given_review.mean < 5
        assert (scores["evidence"], scores["relevance"], scores["coverage"]) == (1, 1, 1)
        assert scores["clarity"] >= 7
    assert review("auditor", *case, 1, None).mean < 5
    assert [o for r in panel(case) for o in r.objections if o.severity == "blocking"] == []


def test_overclaiming_costs_points_and_every_reason_quotes_the_level_that_holds() -> None:
    sound, over = median(made.contested()), median(made.overclaiming())
    assert over < sound - 1
    for given_review in panel(made.overclaiming()):
        for score in given_review.scores:
            level = int(score.reason.split()[1])
            words = next(r.words for r in ladder()[score.criterion] if r.level == level)
            assert words in score.reason
            assert level <= score.value < level + 2
            assert any(c.isdigit() for c in score.reason.replace(f"level {level}", ""))


def test_reviews_are_reproducible_and_tell_what_moved_since_the_round_before() -> None:
    assert panel(made.overclaiming()) == panel(made.overclaiming())
    before = review("sceptic", *made.overclaiming(), 1, None)
    after = review("sceptic", *made.contested(), 2, before)
    assert any(c.startswith("contradiction 3.0 to") for c in after.changes)
    assert review("sceptic", *made.overclaiming(), 2, before).changes == ()


designs = st.sampled_from(StudyDesign)
verdicts = st.sampled_from(Verdict)
sentences = st.builds(
    Sentence,
    text=st.text(max_size=80),
    claim_ids=st.lists(st.sampled_from(["c1", "c2", "c3", "c9"]), max_size=3).map(tuple),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    papers = [made.paper(n) for n in range(1, draw(st.integers(1, 4)) + 1)]
    ledger: list[LedgerEntry] = []
    for n, paper in enumerate(papers, start=1):
        claim = {
            "background": draw(st.booleans()),
            "hedged": draw(st.booleans()),
            "design": draw(designs),
            "strength": draw(st.sampled_from(Strength)),
            "answers": draw(st.sampled_from(["for", "against", "none"])),
            "subjects": draw(st.sampled_from(["humans", "animals", "in vitro", "in silico", "unstated"])),
            "relation": Relation(direction=draw(st.sampled_from(Direction))),
        }
        others = [p for p in papers if p is not paper]
        against = others[: draw(st.integers(0, 2))]
        ledger.append(
            made.entry(
                n,
                paper,
                claim=claim,
                against=against,
                verdict=draw(verdicts),
                confidence=draw(st.floats(0, 1)),
                fate=draw(st.sampled_from(Fate)),
            )
        )
    shown = draw(st.lists(sentences, max_size=4))
    draft = told(
        made.draft(ledger, title=draw(st.text(max_size=60)), abstract=draw(st.text(max_size=60))), *shown
    )
    draft = answer(
        draft,
        verdict=draw(st.sampled_from(AnswerVerdict)),
        certainty=draw(st.sampled_from(Certainty)),
        text=draw(st.text(max_size=60)),
    )
    asked = made.plan(question_type=draw(st.sampled_from(QuestionType)))
    return made.dossier(ledger, papers, asked=asked, saturation=draw(st.floats(0, 1))), draft


@given(cases())
def test_every_reviewer_scores_all_eight_criteria_whatever_the_ledger_holds(case: Case) -> None:
    reviews = (*panel(case), review("auditor", *case, 1, None))
    for given_review in (*reviews, *deliberate(*case, reviews)):
        assert [s.criterion for s in given_review.scores] == list(CRITERIA)
        assert all(1 <= s.value <= 10 and s.reason for s in given_review.scores)
        ids = [o.id for o in given_review.objections]
        assert len(ids) == len(set(ids))


# ----------------------------------------------------------------- objections


def only(objections: list[Objection]) -> Objection:
    assert len(objections) == 1, objections
    return objections[0]


def test_methodology_speaking_of_cause_where_the_claim_does_not() -> None:
    dossier, draft = made.good(3)
    loud = told(draft, Sentence(text="Because of zolafen, night cramps fell.", claim_ids=("c1",)))
    assert found("methodology", (dossier, loud), "says 'Because of'") == []
    weak = change((dossier, loud), 0, {"strength": Strength.ASSOCIATIONAL})
    objection = only(found("methodology", weak, "says 'Because of'"))
    assert (objection.severity, objection.action, objection.target) == ("major", "soften", "sentence:1")


def test_methodology_an_association_told_as_an_effect() -> None:
    paper = made.paper(1, "Zolafen use was associated with fewer night cramps in adults.")
    entry = made.entry(
        1,
        paper,
        "Zolafen use was associated with fewer night cramps in adults.",
        claim={"strength": Strength.ASSOCIATIONAL},
    )
    dossier = made.dossier([entry], [paper])
    loud = told(
        made.draft([entry]), Sentence(text="In one study, zolafen reduced night cramps.", claim_ids=("c1",))
    )
    assert only(found("methodology", (dossier, loud), "as an effect")).action == "soften"
    assert found("methodology", (dossier, made.draft([entry])), "as an effect") == []


def test_methodology_animals_must_be_named() -> None:
    case = change(made.good(3), 1, {"subjects": "animals"})
    objection = only(found("methodology", case, "in animals"))
    assert (objection.severity, objection.action, objection.detail) == ("major", "disclose", "in animals")
    named = told(case[1], Sentence(text="In rats, zolafen reduced night cramps.", claim_ids=("c2",)))
    assert found("methodology", (case[0], named), "in animals") == []


def test_methodology_certainty_above_its_ceiling_blocks() -> None:
    dossier, draft = made.good(3)
    high = answer(draft, certainty=Certainty.MODERATE)
    assert found("methodology", (dossier, high), "certainty") == []
    weak = (
        replace(
            dossier,
            ledger=tuple(
                change((dossier, high), n, {"design": StudyDesign.COHORT})[0].ledger[n] for n in range(3)
            ),
        ),
        high,
    )
    objection = only(found("methodology", weak, "certainty moderate"))
    assert (objection.severity, objection.action, objection.detail) == ("blocking", "soften", "low")


def test_methodology_high_certainty_in_words_blocks() -> None:
    dossier, draft = made.good(3)
    loud = draft.model_copy(update={"abstract": draft.abstract + " This is known with high certainty."})
    assert only(found("methodology", (dossier, loud), "high certainty")).severity == "blocking"


def test_methodology_reasons_and_limits_of_abstracts_must_be_told() -> None:
    dossier, draft = made.good(3)
    bare = answer(draft.model_copy(update={"limitations": ("Small papers.",)}), certainty_reasons=())
    objections = raised("methodology", (dossier, bare))
    assert {o.problem.split()[-1] for o in objections} >= {"reasons"}
    limit = only(found("methodology", (dossier, bare), "only abstracts were read"))
    assert (limit.severity, limit.action) == ("major", "disclose")
    mended = bare.model_copy(update={"limitations": (limit.detail,)})
    assert found("methodology", (dossier, mended), "only abstracts were read") == []


def test_methodology_weak_designs_alone_must_be_told() -> None:
    papers = [made.paper(1)]
    entry = made.entry(1, papers[0], claim={"design": StudyDesign.UNCONTROLLED})
    case = made.dossier([entry], papers), made.draft([entry])
    objection = only(found("methodology", case, "uncontrolled study"))
    mended = case[1].model_copy(update={"limitations": (*case[1].limitations, objection.detail)})
    assert found("methodology", (case[0], mended), "uncontrolled study") == []


def test_relevance_the_answer_must_be_of_the_kind_asked_for() -> None:
    dossier, draft = made.good(3)
    asked = replace(dossier, plan=made.plan(question_type=QuestionType.OPEN))
    objection = only(found("relevance", (asked, draft), "the question is open"))
    assert (objection.severity, objection.action, objection.detail) == ("blocking", "rewrite", "findings")
    listed = answer(draft, verdict=AnswerVerdict.FINDINGS)
    assert found("relevance", (dossier, listed), "yes or no")
    assert found("relevance", (asked, listed), "the question is open") == []


def test_relevance_background_never_answers_and_off_question_sentences_go() -> None:
    case = change(made.good(3), 2, {"background": True})
    objection = only(found("relevance", case, "background"))
    assert (objection.severity, objection.action, objection.detail) == ("blocking", "drop", "c3")
    assert only(found("relevance", case, "not on the question")).target == "sentence:3"
    aside = told(case[1], *case[1].results[0].sentences, heading="Background")
    assert found("relevance", (case[0], aside), "not on the question") == []


def test_relevance_abstaining_against_supported_claims() -> None:
    dossier, draft = made.good(3)
    shy = answer(draft, verdict=AnswerVerdict.NOT_ENOUGH_EVIDENCE, claim_ids=())
    objection = only(found("relevance", (dossier, shy), "'not enough evidence'"))
    assert (objection.severity, objection.action, objection.detail) == ("major", "rewrite", "yes")


def test_relevance_the_answer_names_subject_and_outcome() -> None:
    dossier, draft = made.good(3)
    vague = answer(draft, text="Yes, it does.")
    assert {o.detail for o in found("relevance", (dossier, vague), "does not name")} == {
        "zolafen",
        "night cramps",
    }
    assert found("relevance", (dossier, draft), "does not name") == []


def test_sceptic_a_title_stronger_than_the_answer_blocks() -> None:
    objection = only(found("sceptic", made.overclaiming(), "the title is stronger"))
    assert (objection.target, objection.severity, objection.action) == ("title", "blocking", "soften")
    dossier, draft = made.contested()
    loud = draft.model_copy(update={"title": "Zolafen reduces night cramps in adults"})
    assert only(found("sceptic", (dossier, loud), "the title is stronger")).detail == "mixed"
    assert found("sceptic", (dossier, draft), "the title is stronger") == []


@pytest.mark.parametrize(
    ("title", "verdict", "certainty", "fits"),
    [
        ("Zolafen reduces night cramps in adults", AnswerVerdict.YES, Certainty.MODERATE, True),
        ("Zolafen reduces night cramps in adults", AnswerVerdict.YES, Certainty.LOW, False),
        ("Zolafen may reduce night cramps in adults", AnswerVerdict.YES, Certainty.LOW, True),
        ("Zolafen reduces night cramps in adults", AnswerVerdict.NO, Certainty.MODERATE, False),
        ("Does zolafen reduce night cramps?", AnswerVerdict.NOT_ENOUGH_EVIDENCE, Certainty.NONE, True),
        ("Zolafen cures night cramps", AnswerVerdict.YES, Certainty.MODERATE, False),
    ],
)
def test_sceptic_titles(title: str, verdict: AnswerVerdict, certainty: Certainty, fits: bool) -> None:
    dossier, draft = made.good(3)
    draft = answer(draft.model_copy(update={"title": title}), verdict=verdict, certainty=certainty)
    assert (found("sceptic", (dossier, draft), "the title is stronger") == []) is fits


def test_sceptic_a_verdict_that_the_papers_do_not_bear_blocks() -> None:
    dossier, draft = made.good(3)
    wrong = answer(draft, verdict=AnswerVerdict.NO)
    objection = only(found("sceptic", (dossier, wrong), "the answer is 'no'"))
    assert (objection.severity, objection.detail) == ("blocking", "yes")
    assert found("sceptic", (dossier, draft), "the answer is") == []


@pytest.mark.parametrize("verdict", [Verdict.NOT_ENOUGH_EVIDENCE, Verdict.REFUTED])
def test_sceptic_a_result_on_a_fallen_claim_blocks(verdict: Verdict) -> None:
    case = change(made.good(3), 1, verdict=verdict)
    objection = only(found("sceptic", case, verdict.value))
    assert (objection.severity, objection.action) == ("blocking", "drop")
    assert (objection.target, objection.detail) == ("sentence:2", "c2")


def test_sceptic_contested_points_must_be_told_in_answer_and_sentence() -> None:
    case = made.overclaiming()
    assert only(found("sceptic", case, "the answer does not say so")).action == "rewrite"
    settled = found("sceptic", case, "as settled")
    assert {o.severity for o in settled} == {"blocking"}
    assert len(settled) == 7
    assert [o for o in raised("sceptic", made.contested()) if o.severity == "blocking"] == []


def test_sceptic_one_paper_alone_must_be_told() -> None:
    paper = made.paper(1)
    entry = made.entry(1, paper)
    case = made.dossier([entry], [paper]), made.draft([entry])
    objection = only(found("sceptic", case, "rests on one paper"))
    assert (objection.severity, objection.action, objection.detail) == ("major", "soften", "in one study")
    said = told(case[1], Sentence(text=f"In one study, {made.finding(1)}", claim_ids=("c1",)))
    assert found("sceptic", (case[0], said), "rests on one paper") == []


def test_sceptic_hedges_stay_and_proof_is_not_claimed() -> None:
    case = change(made.good(3), 0, {"hedged": True})
    assert only(found("sceptic", case, "drops the hedge")).target == "sentence:1"
    kept = told(case[1], Sentence(text="Zolafen may reduce night cramps in adults.", claim_ids=("c1",)))
    assert found("sceptic", (case[0], kept), "drops the hedge") == []
    loud = told(case[1], Sentence(text="It was proved that zolafen reduced night cramps.", claim_ids=("c2",)))
    assert only(found("sceptic", (case[0], loud), "says 'proved'")).action == "soften"


def test_sceptic_retracted_papers_and_low_confidence() -> None:
    dossier, draft = made.good(3)
    gone = {**dossier.papers, "paper1": made.paper(1, retracted=True)}
    objection = only(found("sceptic", (replace(dossier, papers=gone), draft), "retracted"))
    assert (objection.target, objection.severity, objection.action) == ("claim:c1", "blocking", "drop")
    unsure = [e.model_copy(update={"confidence": 0.3}) for e in dossier.ledger]
    moderate = answer(draft, certainty=Certainty.MODERATE)
    assert found("sceptic", (replace(dossier, ledger=tuple(unsure)), moderate), "mean confidence of 0.30")
    assert found("sceptic", (dossier, moderate), "mean confidence") == []


def uncovered(saturation: float) -> Case:
    facets = (*made.FACETS, made.Facet(role="comparator", text="quinine", terms=("quinine",)))
    dossier, draft = made.good(6)
    search = replace(dossier.search, saturation=saturation)
    return replace(dossier, plan=made.plan(facets=facets), search=search), draft


def test_coverage_a_part_without_papers_is_sought_or_disclosed() -> None:
    objection = only(found("coverage", uncovered(0.5), "no included paper names"))
    assert (objection.severity, objection.action, objection.detail) == ("major", "search", "quinine")
    full = uncovered(1.0)
    objection = only(found("coverage", full, "no included paper names"))
    assert (objection.severity, objection.action) == ("major", "disclose")
    mended = full[1].model_copy(update={"gaps_in_evidence": (objection.detail,)})
    assert found("coverage", (full[0], mended), "no included paper names") == []
    assert found("coverage", made.good(6), "no included paper names") == []


def test_coverage_disclosures_settle_themselves() -> None:
    dossier, draft = made.good(3)
    failure = Gap(node="search", kind="source_failed", reason="the library could not be opened")
    poor = replace(dossier, search=replace(dossier.search, saturation=0.6), gaps=(failure,))
    words = ("saturation is 0.60", "3 papers carry", "a step failed")
    objections = [only(found("coverage", (poor, draft), w)) for w in words]
    assert {o.action for o in objections} == {"disclose"}
    mended = draft.model_copy(update={"limitations": (*draft.limitations, *(o.detail for o in objections))})
    assert raised("coverage", (poor, mended)) == []


def test_coverage_papers_left_out() -> None:
    dossier, draft = made.good(6)
    fewer = told(draft, *draft.results[0].sentences[:4])
    fewer = answer(fewer, claim_ids=("c1", "c2", "c3", "c4"))
    objection = only(found("coverage", (dossier, fewer), "are not used"))
    assert (objection.action, objection.detail) == ("cite", "c5 c6")
    assert found("coverage", (dossier, draft), "are not used") == []


def test_clarity_broken_citations_block() -> None:
    unknown = only(found("clarity", made.broken_citation(), "does not exist"))
    assert (unknown.severity, unknown.action, unknown.detail) == ("blocking", "cite", "c99")
    broken = only(found("clarity", made.broken_citation(), "a quotation of claim"))
    assert (broken.severity, broken.action, broken.target) == ("blocking", "drop", "claim:c1")


@pytest.mark.parametrize("piece", ["title", "abstract"])
def test_clarity_empty_pieces_block(piece: str) -> None:
    dossier, draft = made.good(3)
    assert (
        only(found("clarity", (dossier, draft.model_copy(update={piece: " "})), "is empty")).target == piece
    )


@pytest.mark.parametrize(
    ("text", "ids", "words", "severity", "action"),
    [
        ("Zolafen reduced night cramps.", (), "names no ledger entry", "major", "cite"),
        (
            "Quarterly rents in coastal towns outpaced wages everywhere.",
            ("c1",),
            "its claims lack",
            "major",
            "rewrite",
        ),
        ("Zolafen reduced night cramps in…", ("c1",), "is cut off", "major", "rewrite"),
        ("This group had fewer night cramps.", ("c1",), "points outside", "minor", "rewrite"),
        (
            "Zolafen " + "reduced night cramps " * 20 + "in adults.",
            ("c1",),
            "more than 45",
            "minor",
            "rewrite",
        ),
    ],
)
def test_clarity_sentences(text: str, ids: tuple[str, ...], words: str, severity: str, action: str) -> None:
    dossier, draft = made.good(3)
    case = dossier, told(draft, Sentence(text=text, claim_ids=ids))
    objection = only(found("clarity", case, words))
    assert (objection.severity, objection.action, objection.target) == (severity, action, "sentence:1")
    assert found("clarity", (dossier, draft), words) == []


def test_clarity_a_sentence_about_the_run_itself_needs_no_citation() -> None:
    dossier, draft = made.good(3)
    about = told(draft, *draft.results[0].sentences, Sentence(text="The findings follow, paper by paper."))
    assert raised("clarity", (dossier, about)) == []


def test_clarity_repeats_counts_limits_and_length() -> None:
    dossier, draft = made.good(3)
    first = draft.results[0].sentences[0]
    assert only(found("clarity", (dossier, told(draft, first, first)), "repeats")).action == "drop"
    wrong = draft.model_copy(update={"abstract": "The search identified 61 records and 3 claims."})
    assert only(found("clarity", (dossier, wrong), "the abstract counts")).detail == "61 records"
    assert found("clarity", (dossier, draft.model_copy(update={"limitations": ()})), "no limitation")
    long = draft.model_copy(update={"abstract": "word " * 400})
    assert only(found("clarity", (dossier, long), "more than 350 words")).target == "abstract"


def test_an_objection_keeps_its_id_when_its_sentence_moves_and_is_reworded() -> None:
    dossier, draft = made.good(3)
    case = change((dossier, draft), 2, {"hedged": True})
    before = only(found("sceptic", case, "drops the hedge"))
    moved = told(draft, Sentence(text="Night cramps fell on zolafen.", claim_ids=("c3",)))
    after = only(found("sceptic", (case[0], moved), "drops the hedge"))
    assert (before.target, after.target) == ("sentence:3", "sentence:1")
    assert before.id == after.id
    assert before.id.startswith("sceptic-")


# ----------------------------------------------------------------- deliberation


def test_deliberation_moves_only_to_what_a_reviewer_had_not_looked_at_and_says_so() -> None:
    for case in (made.good(), made.contested(), made.overclaiming(), made.broken_citation(), made.nothing()):
        first = panel(case)
        final = deliberate(*case, first)
        assert first == panel(case)
        for before, after in zip(first, final, strict=True):
            moved = [s for s, t in zip(before.scores, after.scores, strict=True) if s.value != t.value]
            assert len(after.changes) == len(before.changes) + len(moved)
            for old, new in zip(before.scores, after.scores, strict=True):
                assert new.value <= old.value
                others = [
                    s.value
                    for r in first
                    for s in r.scores
                    if r is not before and s.criterion == old.criterion
                ]
                assert new.value == old.value or min(others) < old.value


def test_deliberation_in_numbers() -> None:
    case = made.broken_citation()
    first = panel(case)
    final = deliberate(*case, first)
    relevance = next(r for r in final if r.reviewer == "relevance")
    assert any("four_papers" not in c and "papers stand behind the answer" in c for c in relevance.changes)
    assert all("half of the way" in c for c in relevance.changes)


def test_deliberation_leaves_reviewers_alone_who_see_the_same() -> None:
    case = made.nothing()
    assert deliberate(*case, panel(case)) == panel(case)
    alone = panel(made.contested())[:1]
    assert deliberate(*made.contested(), alone) == alone


# ----------------------------------------------------------------- the auditor


def test_the_auditor_counts_again_and_believes_no_verdict() -> None:
    case = change(made.good(3), 1, verdict=Verdict.CONTESTED)
    objection = only(found("auditor", case, "the ledger says CONTESTED"))
    assert "SUPPORTED" in objection.problem
    assert found("auditor", made.good(3), "the ledger says") == []


def test_the_auditor_finds_evidence_that_does_not_stand_and_quotations_beside_the_point() -> None:
    dossier, draft = made.good(3)
    evidence = tuple(
        v
        if v.own_source
        else v.model_copy(update={"span": v.span.model_copy(update={"text": "x" * len(v.span.text)})})
        for v in dossier.ledger[0].evidence
    )
    torn = change((dossier, draft), 0, evidence=evidence)
    assert only(found("auditor", torn, "the ledger says SUPPORTED")).problem.endswith("UNCORROBORATED")
    other = made.span(dossier.papers["paper1"], "Side effects were few.")
    beside = change((dossier, draft), 0, {"spans": (other,)})
    assert only(found("auditor", beside, "no quotation of claim c1")).action == "drop"


def test_the_auditor_sees_what_the_panel_sees_of_an_overclaim() -> None:
    problems = {o.problem for o in raised("auditor", made.overclaiming())}
    assert any("the title is stronger" in p for p in problems)
    assert review("auditor", *made.overclaiming(), 3, review("auditor", *made.good(), 1, None)).changes == ()


# ----------------------------------------------------------------- wording


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("Zolafen helped.", False),
        ("Zolafen helped (p = .05).", False),
        ("It fell to 5.6 mg/dl.", False),
        ("Zolafen helped", True),
        ("Zolafen helped more than.", True),
        ("Zolafen helped (p = 0.01.", True),
        ("Zolafen helped...", True),
        ('They said "it helped."', False),
        ("Zolafen helped (Author1 2001).", False),
        ("Zolafen helped. [1]", False),
    ],
)
def test_cut_off(line: str, cut: bool) -> None:
    assert wording.is_cut_off(line) is cut


@pytest.mark.parametrize(
    ("line", "told_so"),
    [
        ("Papers contradict each other.", True),
        ("The evidence is mixed.", True),
        ("Evidence against it comes from two trials.", True),
        ("No paper contradicts this.", False),
        ("Zolafen helped.", False),
        ("The claims are not contradicted by any paper.", False),
    ],
)
def test_conflict_is_read_and_its_denial_is_not(line: str, told_so: bool) -> None:
    assert wording.names_conflict(line) is told_so


@given(st.text(max_size=200))
def test_wording_never_raises(line: str) -> None:
    for read in (
        wording.asserts,
        wording.states_finding,
        wording.is_cut_off,
        wording.loose_opening,
        wording.says_single,
    ):
        read(line)
    assert 0 <= wording.overlap(line, line) <= 1
