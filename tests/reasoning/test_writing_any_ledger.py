"""Drafts and follow-ups of ledgers made up at random: never stronger than the vote, never cut off, never an error."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.base import Dossier
from consilience.reasoning.embedded.following import follow_up
from consilience.reasoning.embedded.writing.drafting import compose, revise
from consilience.reasoning.embedded.writing.votes import CLEAR, Votes
from consilience.records import (
    AnswerVerdict,
    Certainty,
    Direction,
    Draft,
    Fate,
    LedgerEntry,
    Objection,
    QuestionType,
    StudyDesign,
    Verdict,
)
from consilience.tests.support import dossiers as made

STRONG = re.compile(
    r"\b(?:prove[sn]?|definitive\w*|confirms?|establish\w*|undoubtedly|effective|reduces|helps|causes)\b"
)
ORDER = [Certainty.NONE, Certainty.VERY_LOW, Certainty.LOW, Certainty.MODERATE]


@st.composite
def entries(draw: st.DrawFn) -> Dossier:
    """A ledger of up to eight papers; every field that the writer reads is drawn."""
    papers = [made.paper(n) for n in range(1, draw(st.integers(0, 8)) + 1)]
    ledger: list[LedgerEntry] = []
    for n, source in enumerate(papers, start=1):
        answers = draw(st.sampled_from(["for", "against", "none"]))
        relation = {"subject": "zolafen", "outcome": "night cramps", "direction": draw(st.sampled_from(Direction))}
        claim: dict[str, Any] = {
            "answers": answers,
            "relation": made.entry(n, source).claim.relation.model_copy(update=relation),
            "background": draw(st.booleans()),
            "design": draw(st.sampled_from(StudyDesign)),
            "subjects": draw(st.sampled_from(["humans", "animals", "in vitro", "unstated"])),
        }
        others = [p for p in papers if p is not source]
        chosen = draw(st.lists(st.sampled_from(others), unique_by=lambda p: p.id)) if others else []
        half = len(chosen) // 2
        ledger.append(
            made.entry(
                n,
                source,
                support=chosen[:half],
                against=chosen[half:],
                claim=claim,
                verdict=draw(st.sampled_from(Verdict)),
                fate=draw(st.sampled_from(Fate)),
            )
        )
    kind = draw(st.sampled_from(QuestionType))
    return made.dossier(ledger, papers, asked=made.plan(question_type=kind))


OBJECTIONS = st.lists(
    st.builds(
        Objection,
        id=st.text("abc", min_size=1, max_size=3),
        reviewer=st.just("sceptic"),
        target=st.sampled_from(
            ["title", "answer", "abstract", "coverage", "claim:c1", "sentence:1", "sentence:99", "sentence:"]
        ),
        severity=st.sampled_from(["blocking", "major", "minor"]),
        problem=st.just("it says too much"),
        action=st.sampled_from(["soften", "drop", "cite", "rewrite", "search", "disclose", "reorder"]),
        detail=st.sampled_from(["", "mixed", "not enough evidence", "the trials were short", "yes"]),
    ),
    max_size=5,
)


def _sentences(draft: Draft) -> list[str]:
    sections = (draft.introduction, draft.method, *draft.results)
    return [s.text for section in sections for s in section.sentences]


@given(entries())
def test_a_title_counts_what_the_ledger_holds_and_asserts_nothing(held: Dossier) -> None:
    draft, votes = compose(held), Votes(held)
    assert not STRONG.search(draft.title.replace(held.plan.question, ""))
    assert draft.answer.verdict is votes.verdict
    if draft.answer.verdict is AnswerVerdict.YES:
        assert votes.share_for >= CLEAR
        assert f": {votes.count('for')} of {votes.total} abstract" in draft.title
        assert draft.title.endswith("provisionally")
    if draft.answer.verdict is AnswerVerdict.NO:
        assert votes.share_for <= 1 - CLEAR
        assert f": {votes.count('no difference') + votes.count('opposite')} of {votes.total} abstract" in draft.title


def test_a_yes_that_not_every_paper_reports_says_how_many_do() -> None:
    papers = [made.paper(n) for n in range(1, 5)]
    ledger = [
        made.entry(n, p, claim={"answers": "against" if n == 4 else "for"}) for n, p in enumerate(papers, start=1)
    ]
    draft = compose(made.dossier(ledger, papers))
    assert draft.answer.verdict is AnswerVerdict.YES
    assert ": 3 of 4 abstracts report" in draft.title


@given(entries())
def test_an_answer_rests_on_standing_claims_on_the_question_only(held: Dossier) -> None:
    draft = compose(held)
    entries = {e.claim.id: e for e in held.ledger}
    for claim_id in draft.answer.claim_ids:
        entry = entries[claim_id]
        assert not entry.claim.background
        assert entry.fate is not Fate.DROPPED
        assert entry.verdict not in (Verdict.REFUTED, Verdict.NOT_ENOUGH_EVIDENCE)
    assert bool(draft.answer.claim_ids) is (draft.answer.verdict is not AnswerVerdict.NOT_ENOUGH_EVIDENCE)
    assert draft.answer.certainty in ORDER


@given(entries())
def test_no_sentence_is_cut_off_and_each_claim_is_told_once(held: Dossier) -> None:
    draft = compose(held)
    told = [c for s in draft.results for t in s.sentences for c in t.claim_ids]
    assert len(set(told)) == len(told)
    whole = [*_sentences(draft), draft.abstract, draft.answer.text, *draft.limitations, *draft.gaps_in_evidence]
    assert [t for t in whole if not t.endswith((".", "?", "!"))] == []
    texts = {e.claim.id: e.claim.text for e in held.ledger}
    for section in draft.results:
        for sentence in section.sentences:
            assert all(sentence.text.endswith(texts[c]) for c in sentence.claim_ids)


@given(entries(), OBJECTIONS, OBJECTIONS)
def test_revisions_weaken_and_disclose_and_forget_nothing(
    held: Dossier, first: list[Objection], second: list[Objection]
) -> None:
    draft = compose(held).model_copy(update={"version": 1})
    for asked in (first, second):
        revised = revise(held, draft, asked).model_copy(update={"version": draft.version + 1})
        assert set(draft.limitations) <= set(revised.limitations)
        assert ORDER.index(revised.answer.certainty) <= ORDER.index(draft.answer.certainty)
        assert revised.answer.verdict in (
            draft.answer.verdict,
            AnswerVerdict.MIXED,
            AnswerVerdict.NOT_ENOUGH_EVIDENCE,
        )
        told = {c for s in draft.results for t in s.sentences for c in t.claim_ids}
        assert {c for s in revised.results for t in s.sentences for c in t.claim_ids} <= told
        draft = revised


WORDS = st.lists(
    st.sampled_from(
        ["claim", "finding", "7", "0", "-1", "against", "which", "of", "these", "are", "in", "children", "limitations",
         "supported", "refuted", "the", "zolafen", "cramps", "how", "certain", "?", "(", "[", "*", "claim 1", "#3"]
    ),
    max_size=10,
)  # fmt: skip


@given(entries(), st.one_of(st.text(max_size=80), WORDS.map(" ".join)))
def test_any_follow_up_is_answered_from_the_ledger_or_needs_a_run(held: Dossier, question: str) -> None:
    found = follow_up(question, held, compose(held))
    assert set(found.claim_ids) <= {e.claim.id for e in held.ledger}
    if found.needs_run:
        assert (found.text, found.claim_ids, found.question) == ("", (), question.strip())
    else:
        assert found.text.strip()
