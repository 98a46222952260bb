"""What the embedded reviewers and the auditor object to: one test a rule, each with a draft that it lets pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consilience.reasoning.embedded.reviewing import review
from consilience.records import (
    AnswerVerdict,
    Certainty,
    Gap,
    QuestionType,
    Sentence,
    Strength,
    StudyDesign,
    Verdict,
)
from consilience.tests.support import dossiers as made
from consilience.tests.support.reviews import Case, answer, change, found, only, raised, told

# ----------------------------------------------------------------- objections


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
    loud = told(made.draft([entry]), Sentence(text="In one study, zolafen reduced night cramps.", claim_ids=("c1",)))
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
            ledger=tuple(change((dossier, high), n, {"design": StudyDesign.COHORT})[0].ledger[n] for n in range(3)),
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
    assert only(found("clarity", (dossier, draft.model_copy(update={piece: " "})), "is empty")).target == piece


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
            "Zolafen " + "reduced night cramps " * 25 + "in adults.",
            ("c1",),
            "more than 60",
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


# ----------------------------------------------------------------- the auditor


def test_the_auditor_counts_again_and_believes_no_verdict() -> None:
    case = change(made.good(3), 1, verdict=Verdict.CONTESTED)
    objection = only(found("auditor", case, "the ledger says CONTESTED"))
    assert "SUPPORTED" in objection.problem
    assert found("auditor", made.good(3), "the ledger says") == []


def test_the_auditor_finds_evidence_that_does_not_stand_and_quotations_beside_the_point() -> None:
    dossier, draft = made.good(3)
    evidence = tuple(
        v if v.own_source else v.model_copy(update={"span": v.span.model_copy(update={"text": "x" * len(v.span.text)})})
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
