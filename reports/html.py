"""The report as one HTML file: no script, no outside resource, the transcript inside.

Values are escaped by Jinja's autoescape after hidden characters were taken out; the only markup that is
passed through is the SVG that this package draws and its own style sheet. A content security policy in the
page forbids scripts and outside resources, should an error ever let markup through.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from consilience.records import Event, Verdict

from .escaping import plain
from .figures import papers_by_year, scores_by_round, verdict_counts
from .prisma import flow_lines, flow_svg
from .report import Report
from .tables import (
    agreement,
    costs_table,
    counts_table,
    criteria_table,
    first_reasons,
    gap_line,
    manifest_table,
    objections_table,
    queries_table,
    rounds_table,
    score_line,
)
from .view import VERDICT_MEANINGS, View, view

_SIGNS = {
    Verdict.SUPPORTED.value: "✓",
    Verdict.UNCORROBORATED.value: "○",
    Verdict.CONTESTED.value: "⇄",
    Verdict.REFUTED.value: "✕",
    Verdict.NOT_ENOUGH_EVIDENCE.value: "?",
}


def render_html(report: Report, events: Sequence[Event] = ()) -> str:
    """The whole report, with the transcript, as one self-contained page."""
    shown = view(report)
    return _template().render(
        v=shown,
        r=report,
        events=events,
        contents=_contents(shown, bool(events)),
        style=_own(files("consilience.reports").joinpath("templates/report.css").read_text("utf-8")),
        signs=_SIGNS,
        meanings=tuple(VERDICT_MEANINGS.items()),
        **_figures(report),
        **_tables(report),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("consilience.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
    )
    return environment.get_template("report.html.j2")


def _shown(value: object) -> object:
    """Plain text without hidden characters; markup made here as it is."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _own(markup: str) -> Markup:
    """Markup that this package made itself and escaped where it holds text from the world."""
    return Markup(markup)


def _figures(report: Report) -> dict[str, Markup]:
    years = [p.year for p in report.papers if p.included]
    return {
        "flow": _own(flow_svg(report.prisma)),
        "years": _own(papers_by_year(years)),
        "verdicts": _own(verdict_counts(report.counts.verdicts)),
        "scores": _own(scores_by_round(report.review)),
    }


def _tables(report: Report) -> dict[str, Any]:
    review = report.review
    return {
        "counts": counts_table(report),
        "flow_lines": flow_lines(report.prisma),
        "queries": queries_table(report),
        "score_line": score_line(review),
        "rounds": rounds_table(review),
        "criteria": criteria_table(review),
        "first_reasons": first_reasons(review),
        "objections": objections_table(report),
        "agreement": agreement(review.agreement),
        "gaps": tuple(gap_line(g) for g in report.gaps),
        "costs": costs_table(report.manifest),
        "manifest": manifest_table(report.manifest),
    }


def _contents(shown: View, has_events: bool) -> tuple[tuple[str, str], ...]:
    report = shown.report
    listed = (
        ("abstract", "Abstract", True),
        ("answer", "Answer", True),
        ("introduction", shown.introduction.heading, True),
        ("methodology", shown.method.heading, True),
        ("results", "Results", True),
        ("contradictions", "Contradictions", bool(shown.contradictions)),
        ("unsettled", "Not settled", bool(report.gaps_in_evidence)),
        ("limitations", "Limitations", bool(report.limitations)),
        ("claims", "Claims", True),
        ("review", "Review", True),
        ("references", "References", True),
        ("gaps", "Gaps", True),
        ("cost", "Cost", bool(report.manifest.costs)),
        ("manifest", "Manifest", True),
        ("screened-out", "Screened out", bool(shown.screened_out)),
        ("transcript", "Transcript", has_events),
    )
    return tuple((anchor, name) for anchor, name, there in listed if there)
