"""Owns a run and its report in a few lines of a terminal: answer, counts, claims, where the files are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consilience.records import verdict_words
from consilience.runs.info import RunInfo
from consilience.runs.run import REPORT_FILES, Run

from .console import say

if TYPE_CHECKING:
    from consilience.reports.report import Report, ReportClaim, ReportPaper
    from consilience.reports.verification import QuotedPaper

ORIGIN = {"authors": "the authors' words", "summary": "the project's summary, not the authors' words"}

_CLAIMS = 8  # what a terminal shows beside the answer; the report holds every claim


def print_run(run: Run, info: RunInfo, report: Report | None, all_claims: bool = False) -> None:
    """A run, finished or not; with the claims that its answer rests on, or with all."""
    if report is None:
        _print_unfinished(run, info)
    else:
        print_report(report, all_claims)
    say()
    say(f"run       {info.id}   {info.status}, library {info.library}, asked {info.created}", whole=True)
    if info.parent:
        say(f"follows   {info.parent}", whole=True)
    for name in (*REPORT_FILES, run.transcript.path.name):
        path = run.folder / name
        if path.exists():
            say(f"{path.suffix.lstrip('.'):9} {path}", whole=True)
    if not info.is_finished:
        say(f"go on     consilience resume {info.id}", whole=True)


def print_report(report: Report, all_claims: bool = False) -> None:
    """Title, answer, the figures behind it, and the first of the claims that carry it, or all claims."""
    say(report.title, style="bold")
    say()
    say(f"Question  {report.question}")
    certainty = f" (certainty: {report.answer.certainty.value}, provisional)"
    say(f"Answer    {report.answer.verdict.value}{certainty}", style="bold")
    say(f"          {report.answer.text}")
    say()
    carrying = set(report.answer.claim_ids)
    cited = [claim for claim in report.claims if all_claims or claim.id in carrying]
    shown = cited if all_claims else cited[:_CLAIMS]
    for claim in shown:
        print_claim(claim)
    if len(shown) < len(cited):
        say(f"  and {_count(len(cited) - len(shown), 'more claim')} that the answer rests on")
    print_figures(report)


def print_figures(report: Report) -> None:
    """Papers, claims by verdict, the panel's score and the auditor's, and what was missing."""
    prisma, review = report.prisma, report.review
    again = f" ({prisma.duplicates} of them met again)" if prisma.duplicates else ""
    found = f"{_count(prisma.identified, 'record')} found{again}"
    say(f"Papers    {found}, {prisma.screened} screened, {prisma.included} included")
    verdicts = ", ".join(f"{n} {verdict_words(name)}" for name, n in report.counts.verdicts.items() if n)
    say(f"Claims    {report.counts.on_question} on the question" + (f": {verdicts}" if verdicts else ""))
    if review.score is None:
        say("Score     none: the report was not reviewed")
    else:
        interval = f", interval {review.interval[0]:.2f} to {review.interval[1]:.2f}" if review.interval else ""
        auditor = f"; auditor {review.auditor_score:.2f}" if review.auditor_score is not None else ""
        rounds = f"{'converged' if review.converged else 'did not converge'} in {_count(review.rounds, 'round')}"
        say(f"Score     {review.score:.2f} of 10{interval} ({rounds}){auditor}")
    for gap in report.gaps:
        say(f"Missing   {gap.node}: {gap.reason}", style="yellow")
    if report.partial:
        say("Partial   the run ended early with what it had", style="yellow")


def print_claim(claim: ReportClaim) -> None:
    """One claim in two lines, never cut off."""
    say(f"  [{claim.number}] {claim.text}")
    say(f"      {verdict_line(claim)}", style="dim")


def verdict_line(claim: ReportClaim) -> str:
    """Verdict, confidence, independent papers for and against, and what became of the claim."""
    background = ", background" if claim.background else ""
    tally = f"{claim.independent_support} independent for, {claim.independent_refutation} against"
    return f"{claim.verdict.value}, confidence {claim.confidence:.2f}, {tally}, {claim.fate.value}{background}"


def print_evidence(report: Report, claim: ReportClaim) -> None:
    """One claim with all its quotations, for and against apart, each with its paper."""
    papers = {paper.id: paper for paper in report.papers}
    print_claim(claim)
    say(f"      {claim.reason}")
    for stance, heading in (("supports", "For"), ("refutes", "Against"), ("neutral", "Beside it")):
        found = [item for item in claim.evidence if item.stance.value == stance]
        if found:
            say(f"    {heading}:", style="bold")
        for item in found:
            paper = papers[item.paper_id]
            own = ", states the claim itself" if item.own_source else ""
            say(f"      “{item.text}”")
            say(f"        {reference(paper)}; {ORIGIN[paper.text_origin]}{own}", style="dim")
    if not claim.evidence:
        say("      no evidence was found beyond the claim's own sentence")


def reference(paper: ReportPaper | QuotedPaper) -> str:
    """A paper in one line: first author, year, title, identifier."""
    first = paper.authors[0] + (" et al." if len(paper.authors) > 1 else "") if paper.authors else ""
    year = f"({paper.year})" if paper.year else ""
    identifier = f"doi:{paper.doi}" if paper.doi else f"PMID {paper.pmid}" if paper.pmid else ""
    retracted = "RETRACTED" if paper.retracted else ""
    return " ".join(part for part in (first, year, f"{paper.title.rstrip('.')}.", identifier, retracted) if part)


def _print_unfinished(run: Run, info: RunInfo) -> None:
    events = run.transcript.read()
    say(info.question, style="bold")
    say(f"No report yet: the run is {info.status}.")
    if events:
        last = events[-1]
        say(f"{_count(len(events), 'step')} recorded; the last: {last.node}, {last.agent}: {last.decided}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
