"""A paper on which the rules take no side is read whole by the judge, and quoted where it marks the evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from consilience.models.stance import AbstractScores, StanceScores
from consilience.reasoning.base import Examination
from consilience.reasoning.embedded.examining import brief, examine_all
from consilience.reasoning.embedded.extracting import extract
from consilience.reasoning.embedded.judging import LoggedJudge
from consilience.reasoning.embedded.passages import Witnessed
from consilience.reasoning.embedded.scope import Scope
from consilience.reasoning.embedded.statements import read
from consilience.records import Paper, Span, Stance
from consilience.tests.support.readings import paper, plan

TEXT = (
    "BACKGROUND: Few have looked at sleep. RESULTS: Sleep came later on evenings with tea. Mood was steady. "
    "CONCLUSIONS: Tea in the evening keeps people awake."
)
MARKS = {"Few have": 0.95, "Sleep came": 0.4, "Mood was": 0.1, "Tea in": 0.8}


class Reader(LoggedJudge):
    """A judge of given scores that marks known sentences, and keeps what it was asked."""

    def __init__(self, supports: float, refutes: float) -> None:
        self.asked: list[str] = []
        self._scores = StanceScores(supports, refutes, round(1 - supports - refutes, 4))

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        return [self._scores for _ in pairs]

    def judge_abstracts(self, pairs: Sequence[tuple[str, tuple[str, ...]]]) -> list[AbstractScores]:
        self.asked += [claim for claim, _ in pairs]
        return [self._one(parts) for _, parts in pairs]

    def _one(self, parts: tuple[str, ...]) -> AbstractScores:
        marks = tuple(next((m for start, m in MARKS.items() if s.startswith(start)), 0.0) for s in parts)
        return AbstractScores(self._scores, tuple(range(len(parts))), marks)


def span(of: Paper, words: str) -> Span:
    start = of.abstract.index(words)
    end = of.abstract.index(".", start) + 1
    return Span(paper_id=of.id, start=start, end=end, text=of.abstract[start:end])


def examined(claim: str, judge: Reader, text: str = TEXT, quoted: str = "Mood was") -> tuple[Witnessed, ...]:
    """What is stated of one paper, of which one sentence was found."""
    statement, told = read(claim), paper(text)
    item = Examination(statement.plan, statement.claim, (span(told, quoted),), (told,))
    return examine_all((item,), Scope(statement.plan), judge)[0]


def test_the_judge_decides_and_the_likeliest_result_on_the_outcome_is_quoted() -> None:
    judge = Reader(0.62, 0.1)
    (seen,) = examined("Tea in the evening delays sleep.", judge)
    assert judge.asked == ["Tea in the evening delays sleep."]
    assert (seen.stated.stance, seen.stated.probability) == (Stance.SUPPORTS, 0.62)
    assert seen.passage.span.text == "Sleep came later on evenings with tea."
    assert seen.passage.whole
    [told] = brief("g", [seen], Stance.SUPPORTS).evidence
    assert told.whole


def test_where_no_result_names_the_outcome_the_likeliest_evidence_is_quoted() -> None:
    (seen,) = examined("Slumber is harder to come by after tea.", Reader(0.62, 0.1))
    assert seen.passage.span.text == "Tea in the evening keeps people awake."


@pytest.mark.parametrize(
    ("supports", "refutes", "stance"),
    [(0.5, 0.2, Stance.SUPPORTS), (0.49, 0.2, Stance.NEUTRAL), (0.2, 0.5, Stance.REFUTES)],
)
def test_a_stance_must_be_more_likely_right_than_wrong(supports: float, refutes: float, stance: Stance) -> None:
    (seen,) = examined("Tea in the evening delays sleep.", Reader(supports, refutes))
    assert seen.stated.stance is stance
    assert (seen.scores is None) == (stance is Stance.NEUTRAL)  # the rules read another outcome: nothing leans


def test_of_a_denial_the_judge_is_asked_what_it_denies() -> None:
    judge = Reader(0.8, 0.1)
    (seen,) = examined("Tea does not reduce sleep.", judge)
    assert judge.asked == ["Tea decreased sleep."]
    assert (seen.stated.stance, seen.stated.probability) == (Stance.REFUTES, 0.8)


def test_where_a_rule_takes_a_side_the_paper_is_not_read_whole() -> None:
    judge = Reader(0.3, 0.3)
    text = "RESULTS: Tea reduced sleep compared with water. Mood was steady."
    (seen,) = examined("Tea reduces sleep compared with water.", judge, text, "Tea reduced")
    assert judge.asked == []
    assert seen.stated.stance is Stance.SUPPORTS


def test_a_paper_without_a_result_takes_no_side() -> None:
    text = "We ask whether tea in the evening delays sleep."
    (seen,) = examined("Tea in the evening delays sleep.", Reader(0.9, 0.05), text, "We ask")
    assert (seen.stated.stance, seen.scores) == (Stance.NEUTRAL, None)


def test_an_extracted_claim_on_another_outcome_than_a_paper_is_not_read_beside_it() -> None:
    question, judge = plan("Does caffeine improve attention?"), Reader(0.9, 0.05)
    source, other = (
        paper(f"RESULTS: Caffeine improved {of} compared with placebo.", number=n)
        for n, of in enumerate(("attention", "mood"), start=1)
    )
    [made] = extract(source, Scope(question)).claims
    item = Examination(question, made, (span(other, "Caffeine improved"),), (source, other))
    ((seen,),) = examine_all((item,), Scope(question), judge)
    assert (seen.stated.stance, judge.asked) == (Stance.NEUTRAL, [])


@pytest.mark.parametrize("quoted", ["Tea reduced", "Mood was"])
def test_a_paper_takes_the_rules_side_whichever_of_its_sentences_was_found(quoted: str) -> None:
    """A search for the contrary brings other sentences: the paper must not be read whole then, and against itself."""
    judge = Reader(0.2, 0.7)
    text = "RESULTS: Tea reduced sleep compared with water. Mood was steady."
    seen = examined("Tea reduces sleep compared with water.", judge, text, quoted)
    assert [w.passage.span.text for w in seen if w.passage.ruled is Stance.SUPPORTS] == [
        "Tea reduced sleep compared with water."
    ]
    assert not any(w.passage.whole for w in seen)
    assert judge.asked == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Patients took loratadine or placebo. RESULTS: Loratadine reduced sedation compared with hydroxyzine.", 1),
        ("Patients took loratadine. RESULTS: Loratadine reduced sedation compared with hydroxyzine.", 0),
        ("Patients took cetirizine or placebo. RESULTS: Cetirizine reduced sedation compared with hydroxyzine.", 0),
    ],
)
def test_a_paper_without_the_claims_subject_or_comparator_is_not_read_beside_it(text: str, asked: int) -> None:
    judge = Reader(0.1, 0.8)
    examined("Loratadine increases sedation compared with placebo.", judge, text, "Patients took")
    assert len(judge.asked) == asked


@pytest.mark.parametrize(("outcome", "asked"), [("fractures", 0), ("vomiting", 1)])
def test_a_paper_that_does_not_name_the_claims_outcome_is_not_read_beside_it(outcome: str, asked: int) -> None:
    judge = Reader(0.1, 0.8)
    text = "BACKGROUND: Tea is drunk against vomiting. RESULTS: Tea reduced headache compared with water."
    examined(f"Tea increases {outcome}.", judge, text, "Tea reduced")
    assert len(judge.asked) == asked
