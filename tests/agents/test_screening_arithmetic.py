"""The Searcher's arithmetic by hand and by hypothesis: candidates, PRISMA, saturation, uncovered facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.agents.screening import (
    ELSEWHERE,
    TOP_OF_QUERY,
    fuse,
    prisma_counts,
    reason_group,
    saturation_of,
    uncovered_facets,
    without_retracted,
)
from consilience.agents.state import Scored, SearchBatch
from consilience.records import Facet, Gap, Paper, ScreeningDecision, SearchOutcome
from consilience.tests.support import dossiers as made

PAPERS = {f"p{n:02d}": Paper(id=f"p{n:02d}", title=f"Trial {n}", abstract="Zolafen.") for n in range(40)}


def batch(query: str, *ids: str, gap: Gap | None = None, fused: float = 0.5, round: int = 0) -> SearchBatch:
    """A query that brought these papers, best first, all with the same scores."""
    outcome = SearchOutcome(source="library:tests", query=query, round=round, paper_ids=ids, gap=gap)
    return SearchBatch(outcome=outcome, scored=tuple(Scored(paper_id=i, fused=fused, cosine=fused) for i in ids))


def decision(paper_id: str, included: bool, reason: str = "off the question: far") -> ScreeningDecision:
    return ScreeningDecision(paper_id=paper_id, included=included, reason=reason, score=0.5)


# ----------------------------------------------------------------- candidates


def test_a_paper_is_one_candidate_with_the_questions_own_score() -> None:
    searches = [batch("other", "p01", "p02", fused=0.9), batch(made.QUESTION, "p02", fused=0.4)]
    candidates = fuse(searches, PAPERS, made.QUESTION)
    scores = {c.paper.id: (c.fused, c.cosine) for c in candidates}
    assert scores == {"p01": (0.9 * ELSEWHERE, 0.9 * ELSEWHERE), "p02": (0.4, 0.4)}
    assert [c.paper.id for c in candidates] == ["p01", "p02"]


def test_equal_candidates_stand_in_the_order_of_their_ids() -> None:
    one, other = batch("a", "p03", "p01"), batch("b", "p02", "p01")
    ids = [c.paper.id for c in fuse([one, other], PAPERS, made.QUESTION)]
    assert ids == [c.paper.id for c in fuse([other, one], PAPERS, made.QUESTION)] == ["p01", "p02", "p03"]


# ----------------------------------------------------------------- PRISMA

HITS = st.lists(st.lists(st.sampled_from(sorted(PAPERS)), unique=True, max_size=12), max_size=6)


@given(HITS, st.data())
def test_prisma_adds_up(hits: Sequence[Sequence[str]], data: st.DataObject) -> None:
    searches = [batch(f"q{n}", *ids) for n, ids in enumerate(hits)]
    found = sorted({paper_id for ids in hits for paper_id in ids})
    reasons = st.sampled_from(["retracted", "no abstract", "off the question: far", "off the question: other drug"])
    decisions = [decision(paper_id, data.draw(st.booleans()), data.draw(reasons)) for paper_id in found]
    flow = prisma_counts(searches, decisions, PAPERS)
    assert flow.identified == sum(map(len, hits))
    assert flow.identified - flow.duplicates == flow.screened == len(found)
    assert flow.included + sum(flow.excluded.values()) == flow.screened
    assert all(flow.excluded.values())
    assert "off the question: far" not in flow.excluded


def test_a_reasons_countable_part_stands_before_its_colon() -> None:
    assert reason_group("off the question: names no outcome: none") == "off the question"
    assert reason_group(" retracted ") == "retracted"


def test_a_retracted_paper_is_never_included_whatever_was_said_of_it() -> None:
    papers = PAPERS | {"p01": PAPERS["p01"].model_copy(update={"retracted": True})}
    decided = without_retracted([decision("p01", True, "fits"), decision("p02", True, "fits")], papers)
    assert [(d.included, d.reason) for d in decided] == [(False, "retracted"), (True, "fits")]
    assert prisma_counts([batch("a", "p01", "p02")], decided, papers).retracted == 1


# ----------------------------------------------------------------- saturation


@pytest.mark.parametrize(
    ("captures", "expected"),
    [
        # Each row: which queries (a, b, c) found each included paper. Chao: unseen = f1 (f1 - 1) / (2 (f2 + 1)).
        ({"p01": "ab", "p02": "ab", "p03": "abc"}, 1.0),  # f1 = 0
        ({"p01": "a", "p02": "ab", "p03": "ab"}, 1.0),  # f1 = 1: 1 * 0 = 0
        ({"p01": "a", "p02": "b", "p03": "ab"}, 0.8571),  # f1 = 2, f2 = 1: 0.5 unseen, 3 / 3.5
        ({"p01": "a", "p02": "b", "p03": "c"}, 0.5),  # f1 = 3, f2 = 0: 3 unseen, 3 / 6
        ({"p01": "a", "p02": "a", "p03": "b", "p04": "ab", "p05": "bc"}, 0.8333),  # f1 = 3, f2 = 2: 1, 5 / 6
    ],
)
def test_saturation_by_hand(captures: Mapping[str, str], expected: float) -> None:
    searches = [batch(query, *(p for p, by in captures.items() if query in by)) for query in "abc"]
    assert saturation_of(searches, set(captures), held=1000, closed=True) == expected
    assert saturation_of(searches, set(captures), held=1000, closed=False) == expected


def test_only_the_first_papers_of_a_query_count_as_found_by_it() -> None:
    """A dense index returns everything at some rank: a late place is no capture."""
    crowd = [f"p{n:02d}" for n in range(TOP_OF_QUERY)]
    searches = [batch("a", *crowd, "p30"), batch("b", "p30", "p31"), batch("c", "p31")]
    # p30 counts as found by b alone: with p31 found twice f1 = 1; by all its places f1 would be 0.
    assert saturation_of(searches, {"p30", "p31"}, held=1000, closed=True) == 1.0
    lonely = [batch("a", *crowd, "p30", "p31"), batch("b", "p30"), batch("c", "p31")]
    assert saturation_of(lonely, {"p30", "p31"}, held=1000, closed=True) == 0.6667


def test_excluded_papers_are_no_captures() -> None:
    searches = [batch("a", "p01", "p05"), batch("b", "p02", "p06"), batch("c", "p01", "p02")]
    assert saturation_of(searches, {"p01", "p02"}, held=1000, closed=True) == 1.0


def test_a_closed_source_whose_every_paper_was_screened_is_full() -> None:
    lonely = [batch("a", "p01"), batch("b", "p02"), batch("c", "p03")]
    included = {"p01", "p02", "p03"}
    assert saturation_of(lonely, included, held=3, closed=True) == 1.0
    assert saturation_of(lonely, included, held=3, closed=False) == 0.5
    assert saturation_of(lonely, included, held=4, closed=True) == 0.5


def test_where_nothing_is_included_one_more_query_is_owed() -> None:
    assert saturation_of([batch("a", "p01")], set(), held=9, closed=True) == 0.0
    assert saturation_of([batch("a", "p01"), batch("b")], set(), held=9, closed=True) == 1.0
    assert saturation_of([], set(), held=9, closed=True) == 0.0


@given(HITS, st.data())
def test_saturation_is_a_share(hits: Sequence[Sequence[str]], data: st.DataObject) -> None:
    found = sorted({paper_id for ids in hits for paper_id in ids})
    included = set(data.draw(st.lists(st.sampled_from(found), unique=True))) if found else set[str]()
    searches = [batch(f"q{n}", *ids) for n, ids in enumerate(hits)]
    share = saturation_of(searches, included, held=100, closed=True)
    assert 0 <= share <= 1
    assert share == round(share, 4)
    assert saturation_of(list(reversed(searches)), included, held=100, closed=True) == share


# ----------------------------------------------------------------- facets


def test_a_facet_that_no_included_paper_names_is_uncovered() -> None:
    facets = (*made.FACETS, Facet(role="comparator", text="quinine", terms=("quinine", "quinine sulfate")))
    plan = made.plan(facets=(*facets, Facet(role="topic", text="without terms")))
    papers = {"p1": made.paper(1), "p2": made.paper(2, "Quinine relieved night cramps.")}
    assert uncovered_facets(plan, ["p1"], papers) == ("quinine",)
    assert uncovered_facets(plan, ["p1", "p2"], papers) == ()
    assert uncovered_facets(plan, [], papers) == ("adults", "zolafen", "night cramps", "quinine")


def test_a_title_counts_as_much_as_an_abstract_and_case_does_not() -> None:
    plan = made.plan(facets=(Facet(role="subject", text="zolafen", terms=("zolafen",)),))
    assert uncovered_facets(plan, ["p"], {"p": Paper(id="p", title="ZOLAFEN for cramps")}) == ()
