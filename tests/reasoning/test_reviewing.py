"""The embedded reviewers: scores on the anchored ladder, objections one by one, deliberation, the auditor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Fate,
    LedgerEntry,
    QuestionType,
    Relation,
    Sentence,
    Strength,
    StudyDesign,
    Verdict,
)
from consilience.tests.support import dossiers as made
from consilience.tests.support.reviews import Case, answer, change, median, panel, told

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
    draft = told(made.draft(ledger, title=draw(st.text(max_size=60)), abstract=draw(st.text(max_size=60))), *shown)
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
        if case[1].answer.verdict is AnswerVerdict.NOT_ENOUGH_EVIDENCE:
            assert given_review.mean < 5


@pytest.mark.parametrize("line", ["Papers disagree, which may depend on dose.", "Trials differ by age."])
def test_an_explanation_of_disagreement_is_read(line: str) -> None:
    assert wording.explains(line)
    assert not wording.explains("Papers disagree; what explains it is open.")


def test_low_certainty_keeps_evidence_under_seven() -> None:
    def evidence(case: Case) -> list[float]:
        return [s.value for r in panel(case) for s in r.scores if s.criterion == "evidence"]

    dossier, draft = made.good()
    assert max(evidence((dossier, draft))) < 7
    assert min(evidence((dossier, answer(draft, certainty=Certainty.MODERATE)))) >= 9


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
                others = [s.value for r in first for s in r.scores if r is not before and s.criterion == old.criterion]
                assert new.value == old.value or min(others) < old.value


def test_deliberation_in_numbers() -> None:
    """Without numbers in the claims, methodology stands at 4; coverage does not look at numbers, and stands at 6."""
    case = made.good(6)
    for number in range(6):
        case = change(case, number, {"quantities": ()})
    first = {r.reviewer: r for r in panel(case)}
    final = {r.reviewer: r for r in deliberate(*case, tuple(first.values()))}
    assert (first["methodology"].scores[0].value, first["coverage"].scores[0].value) == (4.0, 6.0)
    assert (final["methodology"].scores[0].value, final["coverage"].scores[0].value) == (4.0, 5.0)
    said = next(c for c in final["coverage"].changes if "methodology 6.0 to 5.0" in c)
    assert "methodology counted 0 of 6 carrying claims hold a number" in said
    assert "half of the way to 4.0" in said


def test_deliberation_leaves_reviewers_alone_who_see_the_same() -> None:
    case = made.nothing()
    assert deliberate(*case, panel(case)) == panel(case)
    alone = panel(made.contested())[:1]
    assert deliberate(*made.contested(), alone) == alone
