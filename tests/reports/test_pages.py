"""What a reader finds in the Markdown and in the HTML, and in which order; and how the files are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consilience.errors import StorageError
from consilience.records import Event
from consilience.reports.assemble import assemble
from consilience.reports.files import publish, report_json
from consilience.reports.html import render_html
from consilience.reports.markdown import render_markdown
from consilience.reports.report import Report

Arguments = Callable[[], dict[str, Any]]
Tell = Callable[..., tuple[Event, ...]]

ORDER = (
    "Melatonin and sleep onset on wards",
    "Only titles and abstracts were read",
    "This report is extractive",
    "Abstract",
    "Two trials and a report were found.",
    "Question and answer",
    "Does melatonin shorten sleep onset on wards?",
    "mixed",
    "inconsistency: one trial found no difference",
    "Introduction",
    "Methodology",
    "Flow of records",
    "hormone sleep",
    "source failed: the source gave no answer",
    "Results",
    "Findings table",
    "Contradictions",
    "What the literature found does not settle",
    "Limitations",
    "Four papers only.",
    "Claims on the question",
    "Background claims",
    "Claims dropped",
    "Review",
    "6.5 of 10",
    "Objections",
    "the title now says mixed",
    "Dissent and agreement",
    "the sceptic would score lower",
    "Auditor",
    "2.50 points below the panel",
    "References",
    "Gaps",
    "one quotation did not match",
    "Manifest",
    "abababab",
)


def in_order(text: str) -> None:
    place = 0
    for wanted in ORDER:
        found = text.find(wanted, place)
        assert found >= 0, f"{wanted!r} is missing, or stands too early"
        place = found


def body(html: str) -> str:
    """The page's text from its first heading on, without the list of contents and without tags."""
    text = re.sub(r"<nav.*?</nav>", "", html[html.index("<h1>") :], flags=re.S)
    return re.sub(r"<[^>]+>", " ", text)


def test_the_markdown_tells_everything_in_order(report: Report) -> None:
    in_order(render_markdown(report))


def test_the_page_tells_everything_in_order(report: Report, tell: Tell) -> None:
    in_order(body(render_html(report, tell())))


def test_no_claim_and_no_quotation_is_cut(report: Report) -> None:
    shown = (render_markdown(report), body(render_html(report)))
    for text in shown:
        assert "…" not in text
        for claim in report.claims:
            # "<" may be written as an entity.
            for part in re.split(r"[<&]", claim.text):
                assert part in text


def test_every_included_paper_is_a_reference_with_its_links(report: Report) -> None:
    text = render_markdown(report)
    references = text[text.index("## References") : text.index("## Gaps")]
    assert re.findall(r"^\d+\. (.+?) \(", references, re.M) == [
        "A B Anders; Berg, C.; D Chan",
        "E Dahl; Frey, K.",
        "G Holm, Ward Group",
    ]
    assert "<https://doi.org/10.1000/xyz%2899%291-0>" in references
    assert "<https://pubmed.ncbi.nlm.nih.gov/777/>" in references
    assert "study d" not in references


def test_whose_words_a_quotation_holds_is_said(report: Report) -> None:
    text = render_markdown(report)
    assert "(p = 0.41).” (summary by the project, not the authors' words)" in text
    assert "3 of 4 wards.” (authors' words)" in text


def test_findings_show_only_the_numbers_that_the_quotation_holds(report: Report) -> None:
    rows = [line for line in render_markdown(report).splitlines() if "decrease (benefit)" in line]
    assert [row.split(" | ")[6].strip() for row in rows] == ["p < 0.01; 12 minutes", ""]
    assert "Anders et al. 1999 [1]" in rows[0]
    assert "melatonin against placebo" in rows[0]


def test_background_claims_stand_apart(report: Report) -> None:
    text = render_markdown(report)
    asked = text[text.index("### Claims on the question") : text.index("### Background claims")]
    background = text[text.index("### Background claims") : text.index("### Claims dropped")]
    assert "Insomnia is common" not in asked
    assert "Insomnia is common" in background
    assert "Insomnia" not in text[text.index("### Findings table") : text.index("## Contradictions")]


def test_scores_show_what_was_given_first_and_last(report: Report) -> None:
    text = render_markdown(report)
    assert "| sceptic | 9.5 | 6.5 → 7.5 |" in text
    assert "| evidence | 5 → 6 | 6 | 7 → 6 | 8 → 6 | 9 → 7 | 4 |" in text
    assert "evidence 9 at first: quotations carry their claims" in text
    assert "(Krippendorff's alpha) | undefined | 0.40 |" in text


def test_the_page_needs_nothing_from_outside_and_no_script(report: Report, tell: Tell) -> None:
    html = render_html(report, tell())
    assert "<script" not in html
    assert re.findall(r"<(?:link|img|iframe|object|embed|form)\b", html) == []
    assert re.findall(r"url\(|@import", html) == []
    assert "default-src 'none'" in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets <= set(re.findall(r'id="([^"]+)"', html)), "a link within the page leads nowhere"
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_transcript_is_in_the_page(report: Report, tell: Tell) -> None:
    html = render_html(report, tell())
    assert "what plan decided" in html
    assert "2 steps" in html
    assert 'id="transcript"' not in render_html(report)


def test_a_report_without_contradictions_has_no_such_section(arguments: Arguments) -> None:
    given = arguments()
    dossier = given["dossier"]
    ledger = tuple(e for e in dossier.ledger if e.claim.id == "k0")
    given["dossier"] = replace(dossier, ledger=ledger)
    answer = given["draft"].answer.model_copy(update={"claim_ids": ()})
    given["draft"] = given["draft"].model_copy(update={"answer": answer, "results": ()})
    report = assemble(**given)
    assert "Contradictions" not in render_markdown(report)
    assert "Contradictions" not in render_html(report)
    assert "No paper of the working set states a finding" in render_markdown(report)


def test_rendering_repeats_byte_for_byte(arguments: Arguments, tell: Tell) -> None:
    first, second = assemble(**arguments()), assemble(**arguments())
    assert report_json(first) == report_json(second)
    assert render_html(first, tell()) == render_html(second, tell())
    assert render_markdown(first) == render_markdown(second)


def test_publish_writes_all_four_files(report: Report, tell: Tell, tmp_path: Path) -> None:
    files = publish(report, tell(), tmp_path / "out")
    assert Report.model_validate_json(files.json.read_text("utf-8")) == report
    assert files.markdown.read_text("utf-8") == render_markdown(report)
    lines = files.transcript.read_text("utf-8").splitlines()
    assert [Event.model_validate_json(line).node for line in lines] == ["plan", "search"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "report.html",
        "report.json",
        "report.md",
        "transcript.jsonl",
    ]
    # The page shows the steps in the same order.
    html = files.html.read_text("utf-8")
    assert html.index("what plan decided") < html.index("what search decided")


def test_a_folder_that_refuses_is_an_error_with_advice(report: Report, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StorageError) as refused:
        publish(report, (), blocked / "out")
    assert refused.value.advice
    assert blocked.read_text() == "in the way"
