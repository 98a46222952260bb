"""The report as Markdown (CommonMark with tables): the same contents, in the same order, as the HTML page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from consilience.records import Certainty, verdict_words

from .bibliography import ReferenceLine
from .escaping import markdown as escape
from .markdown_review import review_blocks
from .markdown_text import Cell, Raw, bullets, heading, link, numbered, paragraph, raw, table
from .prisma import flow_lines
from .report import Report
from .tables import costs_table, counts_table, gap_line, manifest_table, queries_table
from .view import (
    VERDICT_MEANINGS,
    Citation,
    ClaimRow,
    Quotation,
    SectionView,
    SentenceRow,
    View,
    view,
)


def render_markdown(report: Report) -> str:
    """The whole report as one Markdown document."""
    shown = view(report)
    blocks = (
        *_opening(shown),
        *_method(shown),
        *_results(shown),
        *_claims(shown),
        *review_blocks(report),
        *_closing(shown),
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def _opening(shown: View) -> Iterator[str]:
    report = shown.report
    yield heading(1, report.title)
    yield paragraph(f"{report.date} · run {report.run_id} · library {report.search.library}")
    yield from (f"> {escape(notice)}" for notice in report.notices)
    yield heading(2, "Abstract")
    yield paragraph(report.abstract)
    yield table(*counts_table(report))
    yield heading(2, "Question and answer")
    yield paragraph(report.question)
    answer = report.answer
    provisional = "" if answer.certainty is Certainty.NONE else " (provisional)"
    yield (
        f"**Answer: {escape(answer.verdict.value)}.** "
        f"Certainty of evidence: **{escape(answer.certainty.value)}**{provisional}."
    )
    yield paragraph(answer.text, _pointer(shown.answer_claims, ()))
    yield bullets(answer.certainty_reasons)
    yield from _section(2, shown.introduction)


def _section(level: int, section: SectionView) -> Iterator[str]:
    yield heading(level, section.heading)
    sentences = [_sentence(s) for s in section.sentences]
    yield bullets(map(raw, sentences)) if section.as_list else " ".join(sentences)


def _sentence(sentence: SentenceRow) -> str:
    return " ".join(part for part in (escape(sentence.text), _pointer(sentence.claims, sentence.sources)) if part)


def _pointer(claims: Sequence[int], sources: Sequence[Citation]) -> str:
    """What a sentence rests on: its claims and their papers, as Markdown."""
    names = ("claim " if len(claims) == 1 else "claims ") + ", ".join(map(str, claims)) if claims else ""
    marks = _marks(sources) if sources else ""
    inside = "; ".join(part for part in (names, marks) if part)
    return f"({inside})" if inside else ""


def _method(shown: View) -> Iterator[str]:
    report = shown.report
    yield from _section(2, shown.method)
    plan = report.plan
    if plan.inclusion or plan.exclusion:
        yield heading(3, "Criteria")
        yield bullets([f"Included: {c}" for c in plan.inclusion] + [f"Excluded: {c}" for c in plan.exclusion])
    yield heading(3, "Flow of records")
    yield bullets(flow_lines(report.prisma))
    yield paragraph(
        f"Search rounds: {report.search.rounds}. Estimated share of the relevant work found: "
        f"{report.search.saturation:.2f}."
    )
    yield heading(3, "Queries")
    yield table(*queries_table(report))


def _results(shown: View) -> Iterator[str]:
    yield heading(2, "Results")
    for section in shown.sections:
        yield from _section(3, section)
    yield heading(3, "Findings table")
    if shown.findings:
        yield table(
            ("claim", "paper", "design", "comparison", "outcome", "direction", "numbers", "quotation"),
            [
                (
                    str(f.claim_number),
                    raw(_name(f.source)),
                    f.design,
                    f.comparison,
                    f.outcome,
                    f.direction,
                    f.numbers,
                    raw(_quoted(f.quotation)),
                )
                for f in shown.findings
            ],
        )
    else:
        yield paragraph("No paper of the working set states a finding on the question.")
    if shown.contradictions:
        yield heading(2, "Contradictions")
        for row in shown.contradictions:
            yield f"**Claim {row.claim.number}** ({escape(verdict_words(row.claim.verdict))}): {escape(row.claim.text)}"
            yield bullets(_both_sides(row))
    if shown.report.gaps_in_evidence:
        yield heading(2, "What the literature found does not settle")
        yield bullets(shown.report.gaps_in_evidence)
    if shown.report.limitations:
        yield heading(2, "Limitations")
        yield bullets(shown.report.limitations)


def _both_sides(row: ClaimRow) -> Iterator[Raw]:
    for quotation in row.quotations:
        yield raw(f"stated by {_name(quotation.source)}: {_quoted(quotation)}")
    for quotation in row.evidence:
        if quotation.stance != "neutral":
            yield raw(f"{quotation.stance}: {_name(quotation.source)}: {_quoted(quotation)}")


def _mark(source: Citation) -> str:
    """The mark as Markdown; a number in brackets is no link while no text that defines one is let through."""
    return f"[{source.number}]" if source.number else escape(source.mark)


def _name(source: Citation) -> str:
    return f"{escape(source.short)} {_mark(source)}" if source.number else _mark(source)


def _quoted(quotation: Quotation) -> str:
    return f"“{escape(quotation.text)}” ({quotation.label})"


def _claims(shown: View) -> Iterator[str]:
    yield heading(2, "Claims")
    yield bullets([f"{verdict_words(v)}: {m}" for v, m in VERDICT_MEANINGS.items()])
    yield paragraph("Confidence is the estimated probability that the verdict is right, not that the claim is true.")
    for title, rows in (
        ("Claims on the question", shown.claims),
        ("Background claims (they answer nothing)", shown.background),
        ("Claims dropped", shown.dropped),
    ):
        if rows:
            yield heading(3, title)
            yield table(
                ("claim", "text", "verdict", "confidence", "papers for", "papers against", "quotation"),
                [_claim(row) for row in rows],
            )
    evidence = [r for r in (*shown.claims, *shown.background, *shown.dropped) if r.evidence]
    if evidence:
        yield heading(3, "Evidence from elsewhere")
    for row in evidence:
        yield f"**Claim {row.claim.number}** ({escape(row.claim.reason)})"
        yield bullets(raw(f"{e.stance} ({e.score}): {_name(e.source)}: {_quoted(e)}") for e in row.evidence)


def _claim(row: ClaimRow) -> tuple[Cell, ...]:
    fate = "" if row.claim.fate.value == "kept" else f" ({row.claim.fate.value})"
    return (
        str(row.claim.number),
        row.claim.text + fate,
        verdict_words(row.claim.verdict),
        row.confidence,
        raw(_marks(row.supporting)),
        raw(_marks(row.refuting)),
        raw("; ".join(f"{_mark(q.source)} {_quoted(q)}" for q in row.quotations)),
    )


def _marks(citations: Iterable[Citation]) -> str:
    return ", ".join(_mark(c) for c in citations) or "none"


def _closing(shown: View) -> Iterator[str]:
    report = shown.report
    yield heading(2, "References")
    if shown.references:
        yield numbered(_reference(r.line, r.notes) for r in shown.references)
    else:
        yield paragraph("No paper was included.")
    yield heading(2, "Gaps")
    yield bullets(gap_line(g) for g in report.gaps) or paragraph("Everything that was asked for could be had.")
    costs = costs_table(report.manifest)
    if costs is not None:
        yield heading(2, "Cost")
        yield table(*costs)
    yield heading(2, "Manifest")
    yield table(*manifest_table(report.manifest))


def _reference(line: ReferenceLine, notes: Sequence[str]) -> Cell:
    words = ReferenceLine(line.authors, line.year, line.title, line.venue, ()).text
    links = [link(found.label, found.href) for found in line.links]
    note = f"({escape('; '.join(notes))})" if notes else ""
    return raw(" ".join(part for part in (escape(words), *links, note) if part))
