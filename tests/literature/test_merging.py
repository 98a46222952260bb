"""What counts as one work, and what a merged paper keeps. All papers are invented."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from consilience.literature.merging import Catalogue, Taken
from consilience.records import Paper, Record

TITLE = "Weighing clouds over the northern sea in winter"


def record(**fields: object) -> Record:
    default: dict[str, object] = {"source": "a", "title": TITLE, "authors": ("J Doe", "K Roe"), "year": 2001}
    return Record.model_validate(default | fields)


def take(*records: Record) -> tuple[list[Paper], list[Taken]]:
    catalogue = Catalogue(())
    taken = [catalogue.take(item) for item in records]
    return [catalogue.papers[paper_id] for paper_id in sorted(catalogue.papers)], taken


def merged(*records: Record) -> Paper:
    papers, _ = take(*records)
    assert len(papers) == 1
    return papers[0]


@pytest.mark.parametrize(
    "identifier", [{"doi": "10.1000/x"}, {"pmid": "7"}, {"arxiv": "2101.00001"}], ids=["doi", "pmid", "arxiv"]
)
def test_a_shared_identifier_makes_one_work_even_under_another_title(identifier: dict[str, str]) -> None:
    papers, taken = take(record(**identifier), record(**identifier, source="b", title="Quite another heading here"))
    assert len(papers) == 1
    assert papers[0].title == TITLE
    assert "titles differ" in taken[1].remark


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"title": TITLE.upper() + "."},
        {"title": "RETRACTED: " + TITLE},
        {"title": TITLE.replace("Weighing", "Weighting")},
        {"year": 2002},
        {"year": None},
        {"authors": ()},
        {"authors": ("Doe, Jane",)},
        {"authors": ("Doe J",)},
        {"doi": "10.1000/x"},
    ],
)
def test_title_year_and_first_author_make_one_work(other: dict[str, Any]) -> None:
    assert len(take(record(), record(source="b", **other))[0]) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"doi": "10.1000/x"}, {"doi": "10.1000/y"}),
        ({"pmid": "7"}, {"pmid": "8"}),
        ({"arxiv": "2101.00001"}, {"arxiv": "2101.00002"}),
        ({}, {"year": 2003}),
        ({}, {"authors": ("K Roe",)}),
        ({}, {"title": TITLE + " part 2"}),
        ({"title": TITLE + " part 1"}, {"title": TITLE + " part 2"}),
        ({"title": TITLE + " part I"}, {"title": TITLE + " part II"}),
        ({"title": TITLE + " with 5 mg"}, {"title": TITLE + " with 10 mg"}),
        ({"title": TITLE + " and hypertension"}, {"title": TITLE + " and hypotension"}),
        ({"title": TITLE + " in men"}, {"title": TITLE + " in women"}),
        ({"title": TITLE + " is effective"}, {"title": TITLE + " is ineffective"}),
        ({}, {"title": "Comment on: " + TITLE}),
        ({"authors": (), "year": None}, {}),
        ({"title": "Editorial", "authors": (), "abstract": "On x."}, {"title": "Editorial", "authors": ()}
         | {"abstract": "On y."}),
    ],
)  # fmt: skip
def test_works_that_only_look_alike_stay_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert len(take(record(**one), record(source="b", **other))[0]) == 2


def test_bare_titles_merge_with_their_like_only() -> None:
    bare = {"title": "Clouds", "authors": (), "year": None}
    assert len(take(record(**bare), record(**bare, source="b"))[0]) == 1
    assert len(take(record(**bare, abstract="One."), record(**bare, source="b", abstract="Two."))[0]) == 2


def test_the_longest_abstract_stays_with_its_own_origin() -> None:
    short = record(abstract="Short.", text_origin="authors")
    long = record(abstract="A longer summary.", text_origin="summary", source="b")
    for order in itertools.permutations([short, long]):
        paper = merged(*order)
        assert (paper.abstract, paper.text_origin) == ("A longer summary.", "summary")


def test_empty_fields_are_filled_and_no_field_is_overwritten() -> None:
    paper = merged(
        record(venue="", doi="10.1000/x", type=""),
        record(source="b", doi="10.1000/x", venue="Sea Letters", pmid="7", type="Trial", year=2005, retracted=True),
    )
    assert (paper.venue, paper.pmid, paper.type, paper.year) == ("Sea Letters", "7", "Trial", 2001)
    assert paper.retracted
    assert paper.sources == ("a", "b")


def test_the_same_record_again_changes_nothing() -> None:
    _, taken = take(record(doi="10.1000/x"), record(doi="10.1000/x"), record(doi="10.1000/x", source="b"))
    assert [item.outcome for item in taken] == ["added", "unchanged", "merged"]


def test_a_record_that_joins_two_papers_makes_them_one() -> None:
    catalogue = Catalogue(())
    first = catalogue.take(record(title="First title of clouds", doi="10.1000/x")).paper_id
    second = catalogue.take(record(title="Second name of clouds", pmid="7", abstract="Text.")).paper_id
    joined = catalogue.take(record(title="First title of clouds", doi="10.1000/x", pmid="7"))
    assert (joined.outcome, joined.paper_id) == ("merged", first)
    assert set(catalogue.papers) == {first}
    assert catalogue.papers[first].abstract == "Text."
    assert catalogue.gone == {second}
    assert second not in catalogue.changed


def test_two_papers_that_cannot_be_one_are_not_joined() -> None:
    papers, taken = take(
        record(title="First title of clouds", doi="10.1000/x", pmid="6"),
        record(title="Second name of clouds", doi="10.1000/y", pmid="7"),
        record(title="First title of clouds", doi="10.1000/x", pmid="7"),
    )
    assert [(paper.doi, paper.pmid) for paper in papers] == [("10.1000/x", "6"), ("10.1000/y", "7")]
    assert "two papers" in taken[2].remark
    assert taken[2].outcome == "unchanged"


def test_a_key_that_is_taken_gives_way_to_an_id_of_its_own() -> None:
    papers, taken = take(record(key="k1"), record(key="k1", title="Something else entirely", pmid="9"))
    assert [paper.id for paper in papers] == ["k1", "pmid-9"]
    assert "k1" in taken[1].remark


def test_the_works_found_do_not_depend_on_the_order() -> None:
    records = [
        record(doi="10.1000/x", source="a"),
        record(doi="10.1000/x", pmid="7", source="b"),
        record(pmid="7", source="c", title="Another name for the clouds"),
        record(title="On rain", source="d", year=1999),
    ]
    sources = {tuple(sorted(paper.sources for paper in take(*order)[0])) for order in itertools.permutations(records)}
    assert sources == {(("a", "b", "c"), ("d",))}
