"""Owns a verification in words: the verdict, what its confidence means, both sides' quotations, what was searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from consilience.records import Verdict, verdict_words

from .console import out, plain, say
from .summary import ORIGIN, reference

if TYPE_CHECKING:
    from consilience.reports.verification import Quotation, QuotedPaper, Verification, Verifications

_STYLES = {"SUPPORTED": "bold green", "REFUTED": "bold red", "CONTESTED": "bold yellow"}
_HALF = 0.5
"""Under it a refutation is still the likeliest verdict, and more likely wrong than right."""
_NAMED = 4


class Line(NamedTuple):
    """One paragraph: how far it is set in, how it looks, and whether it may be broken."""

    text: str
    indent: int = 0
    style: str = ""


def print_verification(made: Verification) -> None:
    """One claim with its verdict and everything that it rests on."""
    for line in lines(made):
        if out.is_terminal:
            out.print(Padding(Text(plain(line.text), style=line.style), (0, 0, 0, line.indent)))
        else:
            say(" " * line.indent + line.text)


def as_text(made: Verifications) -> str:
    """All of them as plain text."""
    found = [plain(" " * line.indent + line.text) for one in made.verifications for line in lines(one)]
    refused = [plain(f"line {r.line}: {r.problem}: {r.text}") for r in made.refused]
    return "\n".join([*found, *refused]) + "\n"


def print_summary(made: Verifications, folder: str) -> None:
    """A table of several claims' verdicts, the lines that were refused, and where the records are."""
    if len(made.verifications) > 1:
        if out.is_terminal:
            out.print(_table(made))
        else:
            for verification in made.verifications:
                say("\t".join(_cells(verification)))
        say()
    if made.refused:
        numbers = ", ".join(str(refusal.line) for refusal in made.refused)
        say(f"Not judged   line {numbers} (see above)", style="yellow")
    say(f"Recorded     {folder}", style="dim", whole=True)


def lines(made: Verification) -> Iterator[Line]:
    """The verification, paragraph by paragraph."""
    where = f"Line {made.line}: " if made.line else ""
    yield Line(f"{where}{made.claim}", style="bold")
    yield Line(f"{verdict_words(made.verdict).capitalize()}: {_meaning(made)}", 2, _STYLES.get(made.verdict, "bold"))
    yield Line(_confidence(made), 2)
    yield Line(_read_as(made), 2, "dim")
    for heading, quotations, count in (
        ("For", made.evidence_for, made.independent_support),
        ("Against", made.evidence_against, made.independent_refutation),
    ):
        if quotations:
            papers = len({q.paper_id for q in quotations})
            independent = "" if count == papers else f", {count} independent"
            yield Line(f"{heading}: {_count(papers, 'paper')}{independent}", 2, "bold")
            yield from _quotations(made, quotations)
        else:
            yield Line(f"{heading}: nothing found", 2, "bold")
    yield from _set_apart(made)
    searched = made.searched
    yield Line(
        f"Searched: {_count(searched.papers, 'paper')} of the library {searched.library}; "
        f"{_count(searched.read, 'paper')} read closely, {_count(searched.passages, 'passage')} judged, both sides "
        "sought apart",
        2,
        "dim",
    )
    yield Line(f"Limits: {' '.join(made.limits)}", 2, "dim")
    for gap in made.gaps:
        yield Line(f"Missing: {gap.node}: {gap.reason}", 2, "yellow")
    yield Line("")


def _meaning(made: Verification) -> str:
    """The verdict as a sentence about independent papers."""
    pro, con = made.independent_support, made.independent_refutation
    if not pro and not con:
        return "nothing that was read speaks clearly for it or against it, which does not make it false"
    return f"{_papers(pro)} for it, {_papers(con)} against it"


def _papers(number: int) -> str:
    return "no paper" if number == 0 else _count(number, "independent paper")


def _confidence(made: Verification) -> str:
    if made.confidence is None:
        return "Confidence: none, as nothing was judged"
    weak = made.verdict is Verdict.REFUTED and made.confidence < _HALF
    lean = "; under one half, so no more than a lean" if weak else ""
    return (
        f"Confidence: {made.confidence:.2f}, the estimated chance that the abstracts found bear this out; "
        f"not the chance that it is true{lean}"
    )


def _read_as(made: Verification) -> str:
    if not made.reading.by_rules:
        return "Read as: no relation that the rules could tell; the stance judge decided alone"
    answer = "no" if made.reading.denied else "yes"
    return f"Read as: the answer “{answer}” to “{made.reading.question}”"


def _quotations(made: Verification, quotations: tuple[Quotation, ...]) -> Iterator[Line]:
    """By paper, each paper's likeliest quotation first."""
    for paper_id in dict.fromkeys(q.paper_id for q in quotations):
        mine = [q for q in quotations if q.paper_id == paper_id]
        yield Line(_cited(made.paper(paper_id)), 4)
        for quotation in mine:
            judged = ", the whole abstract" if quotation.whole else ""
            yield Line(f"“{quotation.text}” ({quotation.score:.2f}{judged})", 6, "italic")
        origin = ORIGIN[made.paper(paper_id).text_origin]
        places = ", ".join(f"{q.start}–{q.end}" for q in mine)
        yield Line(f"{origin}; characters {places} of the abstract", 6, "dim")


def _cited(paper: QuotedPaper) -> str:
    design = "" if paper.design.value == "unstated" else f" [{paper.design.value}]"
    return f"{reference(paper)}{design}"


def _set_apart(made: Verification) -> Iterator[Line]:
    if made.retracted:
        yield Line("Retracted, found near the claim and never counted:", 2, "yellow")
        for paper_id in made.retracted:
            yield Line(reference(made.paper(paper_id)), 4)
    if made.left_out:
        yield Line("Seemed to speak but does not count:", 2, "dim")
        for item in made.left_out[:_NAMED]:
            yield Line(f"{reference(made.paper(item.paper_id))} ({item.reason})", 4, "dim")
        if len(made.left_out) > _NAMED:
            yield Line(f"and {len(made.left_out) - _NAMED} more", 4, "dim")


def _cells(made: Verification) -> tuple[str, ...]:
    confidence = "" if made.confidence is None else f"{made.confidence:.2f}"
    tally = f"{made.independent_support} for, {made.independent_refutation} against"
    return str(made.line or ""), verdict_words(made.verdict), confidence, tally, plain(made.claim)


def _table(made: Verifications) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("line", "verdict", "confidence", "papers"):
        table.add_column(name, no_wrap=True)
    table.add_column("claim")
    for verification in made.verifications:
        table.add_row(*(Text(cell) for cell in _cells(verification)))
    return table


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
