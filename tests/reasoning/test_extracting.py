"""Which sentences of an abstract become claims, and that every claim quotes its abstract exactly, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reasoning.embedded.extracting import extract, statement_findings
from consilience.reasoning.embedded.scope import Scope
from consilience.records import Direction, Extraction, Paper, Span
from consilience.tests.support.readings import extraction, paper, plan, view

ASKED = "Does caffeine improve attention in adults?"
OPEN = "What do reviews of pair programming say about code quality?"
STUDY = (
    "Attention is often poor. We asked whether caffeine improves attention. Sixty adults were randomly assigned to "
    "caffeine or placebo. Attention was better with caffeine than with placebo (p = 0.01). Sleep did not differ "
    "between caffeine and placebo. We conclude that caffeine improves attention in adults."
)


def quotes(found: Extraction) -> list[str]:
    return [span.text for claim in found.claims for span in claim.spans]


def test_claims_come_from_results_and_conclusions_in_their_order() -> None:
    found = extraction(ASKED, STUDY)
    assert quotes(found) == [
        "Attention was better with caffeine than with placebo (p = 0.01).",
        "Sleep did not differ between caffeine and placebo.",
        "We conclude that caffeine improves attention in adults.",
    ]
    assert [c.background for c in found.claims] == [False, True, False]
    assert found.dropped == {"background, aim or method": 3}


def test_a_share_among_the_methods_is_a_result() -> None:
    text = (
        "We searched for reviews of pair programming. Reviews were assigned to two readers, 50% each. "
        "Only 3 of the 12 reviews rated the quality of code."
    )
    assert quotes(extraction(OPEN, text)) == ["Only 3 of the 12 reviews rated the quality of code."]


def test_an_open_questions_claims_name_its_topics() -> None:
    text = (
        "RESULTS: In reviews of pair programming, code quality rose by 15%. Developers liked tea. "
        "Code quality was higher in 4 of 6 studies of pair programming."
    )
    found = extraction(OPEN, text, title="A review of pair programming")
    assert [c.spans[0].text for c in found.claims if not c.background] == [
        "In reviews of pair programming, code quality rose by 15%.",
        "Code quality was higher in 4 of 6 studies of pair programming.",
    ]
    assert {c.answers for c in found.claims} == {"none"}


def test_an_empty_abstract_states_nothing() -> None:
    assert extraction(ASKED, "") == Extraction(paper_id="paper1")


def test_a_sentence_without_an_end_is_dropped_as_too_long() -> None:
    found = extraction(ASKED, "RESULTS: Caffeine improved attention " + "again and again " * 60 + "in adults.")
    assert found.claims == ()
    assert found.dropped["several statements that could not be told apart"] == 1


def test_the_same_paper_gives_the_same_claims_with_ids_of_their_own() -> None:
    first, second = extraction(ASKED, STUDY), extraction(ASKED, STUDY)
    assert first == second
    ids = [c.id for c in first.claims]
    assert len(set(ids)) == len(ids)
    other = extract(paper(STUDY, number=2), Scope(plan(ASKED)))
    assert not set(ids) & {c.id for c in other.claims}


def test_the_papers_own_acronym_names_the_subject() -> None:
    text = "Spaced retrieval practice (SRP) was compared with rereading. RESULTS: SRP improved exam performance."
    [made] = extraction("Does spaced retrieval practice improve exam performance?", text).claims
    assert (made.relation.subject, made.answers) == ("spaced retrieval practice", "for")


@pytest.mark.parametrize(
    ("finding", "answers"),
    [
        ("Adverse events with naratriptan resembled those with placebo.", "for"),
        ("Adverse events did not differ between naratriptan and placebo.", "for"),
        ("Naratriptan caused fewer adverse events than placebo.", "for"),
        ("Naratriptan caused more adverse events than placebo.", "against"),
        ("With naratriptan, adverse events were similar among the doses.", "none"),
    ],
)
@pytest.mark.parametrize("question", ["Is naratriptan safe?", "Is naratriptan well tolerated?"])
def test_no_more_harm_than_placebo_speaks_for_safety(question: str, finding: str, answers: str) -> None:
    assert [c.answers for c in extraction(question, f"RESULTS: {finding}").claims] == [answers]


def test_what_something_else_was_added_to_is_not_what_acted() -> None:
    found = extraction("Does estrogen improve memory?", "RESULTS: Adding testosterone to estrogen improved memory.")
    assert (found.claims, found.dropped) == ((), {"does not name the subject": 1})


def test_a_passage_is_read_as_its_findings_only_where_it_tells_results() -> None:
    seen = view(ASKED, STUDY)

    def findings(sentence: str) -> list[Direction]:
        start = STUDY.index(sentence)
        span = Span(paper_id="paper1", start=start, end=start + len(sentence), text=sentence)
        return [f.relation.direction for f in statement_findings(span, seen, seen.scope)]

    assert findings("Attention was better with caffeine than with placebo (p = 0.01).") == [Direction.INCREASE]
    assert findings("Sleep did not differ between caffeine and placebo.") == [Direction.NO_DIFFERENCE]
    assert findings("We asked whether caffeine improves attention.") == []
    assert findings("Attention is often poor.") == []


PIECES = (
    "Caffeine", "caffeine", "placebo", "attention", "adults", "improved", "reduced", "did not", "differ", "between",
    "and", "than", "with", "both drugs", "it", "they", "(p = 0.03)", "(p > 0.05)", "12%", "34%", "of", "HR 0.8",
    "(95% CI 0.7 to 0.9)", "compared with", "but", ";", ",", ".", "RESULTS:", "CONCLUSION:", "was", "higher", "lower",
    "(", ")", "[", "]", "no", "more", "effective", "\n", "\u2009", "İ", "ﬁ", "β", "…", "in children", "similar",
)  # fmt: skip


def _holds(text: str) -> None:
    for asked in (ASKED, OPEN, "Is caffeine associated with sleep?", "Is caffeine as safe as tea?"):
        source = Paper(id="p", title="", abstract=text)
        found = extract(source, Scope(plan(asked)))
        for made in found.claims:
            assert all(span.matches(source) for span in made.spans)
            assert made.text.strip() == made.text != ""
        assert all(count > 0 for count in found.dropped.values())


@given(st.text(max_size=400))
def test_any_text_can_be_read_and_every_quotation_matches(text: str) -> None:
    _holds(text)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_order_of_a_findings_words_can_be_read_and_every_quotation_matches(pieces: list[str]) -> None:
    _holds(" ".join(pieces))
