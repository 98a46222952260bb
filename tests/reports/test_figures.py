"""The drawings: well-formed, named, and true to their figures."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.reports.figures import papers_by_year, scores_by_round, verdict_counts
from consilience.reports.prisma import flow_lines, flow_svg
from consilience.reports.report import Prisma, Report

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    """The drawing, which must be well-formed, name itself and describe its data."""
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    named = [e.get("id") for e in root if e.tag in (SVG + "title", SVG + "desc")]
    assert named == (root.get("aria-labelledby") or "").split()
    assert len(named) == 2
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return [t.text or "" for t in root.iter(SVG + "text")]


def described(root: ElementTree.Element) -> str:
    found = root.find(SVG + "desc")
    return (found.text or "") if found is not None else ""


def inside(root: ElementTree.Element) -> bool:
    """Whether every text's baseline lies in the drawing."""
    _, _, width, height = (float(n) for n in (root.get("viewBox") or "").split())
    places = [(float(t.get("x") or -1), float(t.get("y") or -1)) for t in root.iter(SVG + "text")]
    return all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_papers_by_year_counts_every_year_between() -> None:
    root = drawn(papers_by_year([2001, 1999, 2001, None]))
    assert described(root) == "1999: 1; 2001: 2; year unknown: 1."
    assert texts(root) == ["1", "1999", "2000", "2", "2001"]


@given(st.lists(st.one_of(st.none(), st.integers(-3000, 99999)), max_size=30))
def test_any_years_make_a_small_drawing_that_keeps_count(years: list[int | None]) -> None:
    svg = papers_by_year(years)
    known = [y for y in years if y is not None]
    assert bool(svg) == bool(known)
    if svg:
        root = drawn(svg)
        assert inside(root)
        assert len(list(root.iter(SVG + "rect"))) <= 46
        assert sum(int(n) for n in re.findall(r": (\d+)", described(root))) == len(years)


def test_verdicts_are_words_with_numbers() -> None:
    root = drawn(verdict_counts({"SUPPORTED": 3, "NOT_ENOUGH_EVIDENCE": 0}))
    assert texts(root) == ["supported", "3", "not enough evidence", "0"]
    assert len(list(root.iter(SVG + "rect"))) == 1
    assert verdict_counts({"SUPPORTED": 0}) == ""


def test_scores_by_round_tell_each_stage_and_the_auditor(report: Report) -> None:
    root = drawn(scores_by_round(report.review))
    assert inside(root)
    told = described(root)
    assert told.startswith("round 1: clarity 5.50, coverage 6.50")
    assert "2 deliberated: clarity 6.50" in told
    assert "sceptic 7.50; auditor 4.00." in told
    assert {"sceptic 7.50", "median 6.50 (broad)", "◆ auditor 4.00"} <= set(texts(root))
    empty = report.review.model_copy(update={"history": ()})
    assert scores_by_round(empty) == ""


@pytest.mark.parametrize("auditor", [1.0, 10.0, None])
def test_labels_never_cover_each_other_or_leave_the_drawing(report: Report, auditor: float | None) -> None:
    root = drawn(scores_by_round(report.review.model_copy(update={"auditor_score": auditor})))
    assert inside(root)
    ends = sorted(float(t.get("y") or 0) for t in root.iter(SVG + "text") if float(t.get("x") or 0) > 500)
    assert all(after - before >= 15.9 for before, after in pairwise(ends))


def test_the_flow_tells_every_number() -> None:
    flow = Prisma(
        identified=1704,
        duplicates=4,
        screened=1700,
        excluded={"<b>no outcome": 1500, "retracted & withdrawn": 160},
        included=40,
        rescreened=2,
        retracted=1,
    )
    root = drawn(flow_svg(flow))
    assert inside(root)
    for shown in ("Records identified (n = 1,704)", "Papers included (n = 40)", "<b>no outcome (n = 1,500)"):
        assert shown in texts(root)
    assert flow_lines(flow)[-2:] == (
        "Of the included, screened in later by cross-examination: 2",
        "Of the screened, flagged as retracted: 1",
    )


def test_many_reasons_are_summed_in_the_chart_and_listed_in_words() -> None:
    excluded = {f"reason {i:02}": 30 - i for i in range(20)}
    flow = Prisma(identified=411, screened=411, excluded=excluded, included=1)
    shown = texts(drawn(flow_svg(flow)))
    rest = sum(sorted(excluded.values())[:12])
    assert f"12 other reasons (n = {rest})" in shown
    assert sum(line.startswith("Excluded, reason") for line in flow_lines(flow)) == 20
