"""What a reader sees, as plain values: the rows and sections that the Markdown and the HTML page both show.

Nothing is escaped here and nothing is cut short; the renderers escape.
"""

from __future__ import annotations

from dataclasses import dataclass

from consilience.records import Direction, Fate, Relation, Section, Span, Stance, Valence, Verdict

from .bibliography import ReferenceLine, reference_line, short_name
from .report import CitedEvidence, Report, ReportClaim, ReportPaper

QUOTATION_LABELS = {"authors": "authors' words", "summary": "summary by the project, not the authors' words"}

VERDICT_MEANINGS = {
    Verdict.SUPPORTED: "a paper other than the claim's own source supports it, and none refutes it",
    Verdict.UNCORROBORATED: "only its own source says so",
    Verdict.CONTESTED: "independent evidence stands on both sides of the same comparison and outcome",
    Verdict.REFUTED: "independent evidence speaks against it, and none for it",
    Verdict.NOT_ENOUGH_EVIDENCE: "not even its own quotation carries it",
}

_DIRECTIONS = {
    Direction.INCREASE: "increase",
    Direction.DECREASE: "decrease",
    Direction.NO_DIFFERENCE: "no difference",
    Direction.UNSTATED: "not stated",
}


@dataclass(frozen=True)
class Citation:
    """A paper as the text points to it; ``number`` is its place in the references, None if screened out."""

    paper_id: str
    number: int | None
    short: str
    title: str

    @property
    def mark(self) -> str:
        """ "[4]", or for a paper that is not among the references its name."""
        return f"[{self.number}]" if self.number else f"{self.short} (screened out)"


@dataclass(frozen=True)
class Quotation:
    """Words of a paper, whose words they are, and what they say about the claim."""

    text: str
    label: str
    source: Citation
    stance: str = ""
    score: str = ""
    own_source: bool = False


@dataclass(frozen=True)
class ClaimRow:
    """A claim with its papers for and against, its own quotations, and the evidence from elsewhere."""

    claim: ReportClaim
    confidence: str
    supporting: tuple[Citation, ...]
    refuting: tuple[Citation, ...]
    quotations: tuple[Quotation, ...]
    evidence: tuple[Quotation, ...]
    kind: str


@dataclass(frozen=True)
class FindingRow:
    """One paper's finding on the question."""

    claim_number: int
    source: Citation
    design: str
    comparison: str
    outcome: str
    direction: str
    numbers: str
    quotation: Quotation


@dataclass(frozen=True)
class SentenceRow:
    text: str
    claims: tuple[int, ...]
    sources: tuple[Citation, ...]


@dataclass(frozen=True)
class SectionView:
    """``as_list``: sentences lifted from abstracts stand one by one, never as a pretended paragraph."""

    heading: str
    sentences: tuple[SentenceRow, ...]
    as_list: bool


@dataclass(frozen=True)
class ReferenceRow:
    citation: Citation
    line: ReferenceLine
    notes: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """A report, ready to be shown."""

    report: Report
    answer_claims: tuple[int, ...]
    introduction: SectionView
    method: SectionView
    sections: tuple[SectionView, ...]
    findings: tuple[FindingRow, ...]
    contradictions: tuple[ClaimRow, ...]
    claims: tuple[ClaimRow, ...]
    background: tuple[ClaimRow, ...]
    dropped: tuple[ClaimRow, ...]
    references: tuple[ReferenceRow, ...]
    screened_out: tuple[ReportPaper, ...]


def view(report: Report) -> View:
    """The rows and sections of a report."""
    return _Viewer(report).view()


def direction(relation: Relation) -> str:
    """ "decrease (benefit)"; the valence stands only where it is known."""
    words = _DIRECTIONS[relation.direction]
    known = relation.valence in (Valence.BENEFIT, Valence.HARM)
    return f"{words} ({relation.valence.value})" if known else words


def comparison(relation: Relation) -> str:
    """ "sumatriptan against placebo", as far as the claim states it."""
    if relation.subject and relation.comparator:
        return f"{relation.subject} against {relation.comparator}"
    return relation.subject or relation.comparator


class _Viewer:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.papers = {p.id: p for p in report.papers}
        self.claims = {c.id: c for c in report.claims}
        self.numbers = {paper_id: n for n, paper_id in enumerate(report.references, start=1)}

    def view(self) -> View:
        report = self.report
        rows = [self.row(c) for c in report.claims]
        live = [r for r in rows if r.claim.fate is not Fate.DROPPED]
        asked = tuple(r for r in live if not r.claim.background)
        return View(
            report=report,
            answer_claims=tuple(sorted(self.claims[i].number for i in report.answer.claim_ids)),
            introduction=self.section(report.introduction),
            method=self.section(report.method),
            sections=tuple(self.section(s) for s in report.sections),
            findings=tuple(self.finding(r.claim, s) for r in asked for s in r.claim.spans),
            contradictions=tuple(r for r in asked if r.claim.verdict in (Verdict.CONTESTED, Verdict.REFUTED)),
            claims=asked,
            background=tuple(r for r in live if r.claim.background),
            dropped=tuple(r for r in rows if r.claim.fate is Fate.DROPPED),
            references=tuple(self.reference(i) for i in report.references),
            screened_out=tuple(p for p in report.papers if not p.included),
        )

    def cite(self, paper_id: str) -> Citation:
        paper = self.papers[paper_id]
        return Citation(paper_id, self.numbers.get(paper_id), short_name(paper), paper.title)

    def cites(self, paper_ids: tuple[str, ...] | set[str]) -> tuple[Citation, ...]:
        found = [self.cite(i) for i in set(paper_ids)]
        return tuple(sorted(found, key=lambda c: (c.number is None, c.number or 0, c.short, c.paper_id)))

    def quote(self, quoted: Span | CitedEvidence) -> Quotation:
        label = QUOTATION_LABELS[self.papers[quoted.paper_id].text_origin]
        source = self.cite(quoted.paper_id)
        if isinstance(quoted, Span):
            return Quotation(quoted.text, label, source)
        if quoted.whole:
            label = f"{label}; judged by the whole abstract"
        return Quotation(quoted.text, label, source, quoted.stance.value, f"{quoted.score:.2f}", quoted.own_source)

    def row(self, claim: ReportClaim) -> ClaimRow:
        """Evidence that only repeats the claim's own quotation is not shown twice."""
        own = {(s.paper_id, s.start, s.end) for s in claim.spans}
        order = {Stance.SUPPORTS: 0, Stance.REFUTES: 1, Stance.NEUTRAL: 2}
        other = [e for e in claim.evidence if (e.paper_id, e.start, e.end) not in own]
        hedged = "hedged" if claim.hedged else ""
        subjects = f"in {claim.subjects}" if claim.subjects in ("humans", "animals") else claim.subjects
        kinds = (claim.strength.value, subjects if claim.subjects != "unstated" else "", hedged)
        return ClaimRow(
            claim=claim,
            confidence=f"{claim.confidence:.2f}",
            supporting=self.cites(claim.supporting_papers),
            refuting=self.cites(claim.refuting_papers),
            quotations=tuple(self.quote(s) for s in claim.spans),
            evidence=tuple(self.quote(e) for e in sorted(other, key=lambda e: order[e.stance])),
            kind=", ".join(k for k in kinds if k),
        )

    def finding(self, claim: ReportClaim, span: Span) -> FindingRow:
        """A merged claim has one row a paper; each shows only the numbers that its own quotation holds."""
        numbers = dict.fromkeys(q.text for q in claim.quantities if q.text in span.text)
        return FindingRow(
            claim_number=claim.number,
            source=self.cite(span.paper_id),
            design=claim.design.value,
            comparison=comparison(claim.relation),
            outcome=claim.relation.outcome,
            direction=direction(claim.relation),
            numbers="; ".join(numbers),
            quotation=self.quote(span),
        )

    def section(self, section: Section) -> SectionView:
        rows: list[SentenceRow] = []
        for sentence in section.sentences:
            claims = [self.claims[i] for i in sentence.claim_ids]
            papers = {s.paper_id for c in claims for s in c.spans}
            rows.append(SentenceRow(sentence.text, tuple(sorted({c.number for c in claims})), self.cites(papers)))
        lifted = self.report.manifest.extractive and any(row.claims for row in rows)
        return SectionView(section.heading, tuple(rows), as_list=lifted)

    def reference(self, paper_id: str) -> ReferenceRow:
        paper = self.papers[paper_id]
        notes = (
            "retracted" if paper.retracted else "",
            "text: summary by the project" if paper.text_origin == "summary" else "",
            "screened in by cross-examination" if paper.rescreened else "",
            "" if paper.abstract else "no abstract",
        )
        return ReferenceRow(self.cite(paper_id), reference_line(paper), tuple(n for n in notes if n))
