"""Whole runs over the sample library: what holds of every report, and what an unanswerable question gets."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from consilience.engine import follow_up, load_report, run_question
from consilience.errors import LibraryError
from consilience.language import sentences
from consilience.literature.library import Library
from consilience.records import AnswerVerdict, Certainty, Event, Fate, Plan, QuestionType, Verdict
from consilience.reports.contract import breaches
from consilience.reports.files import report_json
from consilience.reports.html import render_html
from consilience.reports.markdown import render_markdown
from consilience.reports.report import Report, ReportClaim
from consilience.runs.store import RunStore
from consilience.settings import Settings
from consilience.tests.support import homes
from consilience.tests.support.sameness import render, rendered

QUESTIONS = {
    "relief": "Are triptans more effective than placebo for the relief of acute migraine?",
    "driving": "Does fexofenadine impair driving performance?",
    "reviews": "What do systematic reviews in software engineering do about the quality of primary studies?",
}
UNANSWERABLE = (
    "Can curriculum-based multi-task learning improve the inference efficiency and alignment stability of large "
    "multimodal models trained on augmented sparse medical image-text pairs?"
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home of this module's own with the sample library, for several runs."""
    base = tmp_path_factory.getbasetemp()
    return Settings(home=homes.copied(homes.sample_home(base), base / "asked"))


@pytest.fixture(scope="module", params=sorted(QUESTIONS))
def report(request: pytest.FixtureRequest, sample: Settings) -> Report:
    """The report of each question, made once."""
    name: str = request.param
    return homes.report_of(homes.ask(sample, name, QUESTIONS[name], "sample"))


@pytest.fixture(scope="module")
def unanswered(sample: Settings) -> Report:
    return homes.report_of(homes.ask(sample, "unanswerable", UNANSWERABLE, "sample"))


def asked(report: Report) -> list[ReportClaim]:
    """The claims on the question that the report keeps."""
    return [c for c in report.claims if not c.background and c.fate is not Fate.DROPPED]


# ----------------------------------------------------------------- what holds of every report


def test_it_keeps_its_contract_and_is_what_was_written(report: Report, sample: Settings) -> None:
    assert breaches(report) == ()
    run = RunStore(sample.home).open(report.run_id)
    assert load_report(run) == report
    events = [event for event in run.transcript.read() if event.node != "publish"]
    assert run.file("report.json").read_text() == report_json(report)
    assert run.file("report.md").read_text() == render_markdown(report)
    assert run.file("report.html").read_text() == render_html(report, events)
    assert (run.info.status, run.info.title, run.info.verdict) == ("done", report.title, report.answer.verdict)


def test_every_quotation_equals_its_span(report: Report) -> None:
    abstracts = {paper.id: paper.abstract for paper in report.papers}
    quotations = [q for claim in report.claims for q in (*claim.spans, *claim.evidence)]
    assert quotations
    assert all(abstracts[q.paper_id][q.start : q.end] == q.text for q in quotations)


def test_the_quoted_words_are_the_librarys(report: Report, sample: Settings) -> None:
    held = {paper.id: paper for paper in Library.open(sample.home, "sample").papers()}
    for paper in report.papers:
        assert paper.title == held[paper.id].title
        assert paper.abstract in ("", held[paper.id].abstract)


def test_no_claim_is_cut_off(report: Report) -> None:
    abstracts = {paper.id: paper.abstract for paper in report.papers}
    for claim in report.claims:
        assert claim.text[0].isupper() or not claim.text[0].isalpha(), claim.text
        assert claim.text.rstrip(")]”\"'")[-1] in ".!?", claim.text
        for span in claim.spans:
            abstract = abstracts[span.paper_id]
            starts, ends = zip(*sentences.split(abstract), strict=True)
            before, after = abstract[: span.start].rstrip(), abstract[span.end :]
            clause = before.endswith((",", ";", ":")) or before.split(" ")[-1] in ("and", "but", "while", "whereas")
            assert span.start in starts or clause, span.text
            assert span.end in ends or after.startswith((",", ";", ":", " and ", " but ")), span.text
            assert span.text.count("(") == span.text.count(")"), span.text


def test_references_are_the_included_papers(report: Report) -> None:
    included = [paper for paper in report.papers if paper.included]
    assert sorted(report.references) == [paper.id for paper in included]
    assert all(paper.abstract and not paper.retracted for paper in included)
    assert report.prisma.included == len(included) > 0


def words(texts: Iterable[str]) -> set[str]:
    """The beginnings of telling words: singular and plural begin alike."""
    return {word[:5] for text in texts for word in re.findall(r"[^\W\d_]{4,}", text.casefold())}


def test_a_claim_on_the_question_has_its_subject_and_its_outcome(report: Report) -> None:
    """For an open question: its text names a topic, and its paper names all of them."""
    papers = {paper.id: f"{paper.title} {paper.abstract}".casefold() for paper in report.papers}
    on_it = [claim for claim in report.claims if not claim.background]
    assert on_it
    for claim in on_it:
        if report.question_type is QuestionType.YES_NO:
            assert claim.relation.subject, claim.text
            assert claim.relation.outcome, claim.text
            subject = next(facet for facet in report.plan.facets if facet.role == "subject")
            assert any(term in claim.text.casefold() for term in subject.terms), claim.text
        else:
            topics = [facet.terms for facet in report.plan.facets if facet.role == "topic"]
            assert words([claim.text]) & words(term for terms in topics for term in terms), claim.text
            for terms in topics:
                assert words(terms) & words(papers[span.paper_id] for span in claim.spans), claim.text


def test_supported_means_that_another_paper_bears_it_out(report: Report) -> None:
    papers = {paper.id: paper for paper in report.papers}
    supported = [claim for claim in report.claims if claim.verdict is Verdict.SUPPORTED]
    # Of fexofenadine and driving the library holds one trial, so nothing there is borne out by another.
    assert supported or report.question_type is QuestionType.OPEN or report.run_id == "driving"
    for claim in supported:
        own = {span.paper_id for span in claim.spans}
        others = set(claim.supporting_papers) - own
        assert claim.independent_support >= 1
        assert others or len(own) > 1, claim.text
        assert claim.confidence >= 0.5, claim.text
        assert not claim.refuting_papers or claim.independent_refutation == 0
        assert all(papers[p].included and not papers[p].retracted for p in claim.supporting_papers)
        quoted = {e.paper_id for e in claim.evidence if e.stance.value == "supports"}
        assert others <= quoted, "every paper that counts is quoted"


def test_the_answer_is_not_stronger_than_the_ledger(report: Report) -> None:
    answer, live = report.answer, asked(report)
    cited = [claim for claim in report.claims if claim.id in answer.claim_ids]
    assert cited
    assert {claim.id for claim in cited} <= {claim.id for claim in live}
    assert answer.certainty is not Certainty.NONE
    sides = {side: {s.paper_id for c in cited if c.answers == side for s in c.spans} for side in ("for", "against")}
    if answer.verdict is AnswerVerdict.YES:
        assert len(sides["for"]) > len(sides["against"] - sides["for"])
    elif answer.verdict is AnswerVerdict.NO:
        assert len(sides["against"]) > len(sides["for"] - sides["against"])
    elif answer.verdict is AnswerVerdict.MIXED:
        assert sides["for"] | sides["against"]
    else:
        assert (report.question_type, answer.verdict) == (QuestionType.OPEN, AnswerVerdict.FINDINGS)
    if all(claim.verdict is Verdict.UNCORROBORATED for claim in cited):
        assert answer.certainty in (Certainty.LOW, Certainty.VERY_LOW)
    if answer.certainty is Certainty.MODERATE:
        assert any(claim.verdict is Verdict.SUPPORTED for claim in cited)


def test_dropped_and_background_claims_stay_out_of_the_answer_and_the_title(report: Report) -> None:
    out = {claim.id for claim in report.claims if claim.background or claim.fate is Fate.DROPPED}
    assert not out & set(report.answer.claim_ids)
    dropped = {claim.id for claim in report.claims if claim.fate is Fate.DROPPED}
    told = {c for section in report.sections for s in section.sentences for c in s.claim_ids}
    assert not dropped & told
    assert not {"proves", "proven", "definitively"} & set(report.title.casefold().split())


def test_the_search_is_told(report: Report) -> None:
    flow = report.prisma
    assert flow.identified == sum(query.hits for query in report.queries)
    assert flow.screened == len(report.papers)
    assert sum(flow.excluded.values()) == sum(not paper.included for paper in report.papers)
    assert [query.query for query in report.queries][: len(report.plan.queries)]
    assert all(query.gap is None for query in report.queries)


def test_the_panel_and_the_auditor_stand_beside_each_other(report: Report) -> None:
    review = report.review
    assert 1 <= review.score <= 10 if review.score is not None else False
    assert review.auditor_score is not None
    assert review.converged or any(gap.kind == "bound_reached" for gap in report.gaps)
    assert not report.partial


def test_what_every_step_saw_and_decided_is_in_the_transcript(report: Report, sample: Settings) -> None:
    events = RunStore(sample.home).open(report.run_id).transcript.read()
    nodes = {event.node for event in events}
    assert nodes == {
        *("plan", "search", "screen", "extract", "reconcile", "cross_examine"),
        *("write", "review", "deliberate", "audit", "publish"),
    }
    assert all(event.saw and event.decided and event.time for event in events)
    assert len({event.key for event in events}) == len(events)


def test_a_follow_up_is_answered_from_the_ledger(report: Report, sample: Settings) -> None:
    answer = asyncio.run(follow_up(report.run_id, "show the evidence for claim 1", settings=sample))
    known = {claim.id for claim in report.claims}
    assert answer.needs_run or (answer.text and set(answer.claim_ids) <= known)


# ----------------------------------------------------------------- a question that the library cannot answer


def test_what_cannot_be_answered_is_not_answered(unanswered: Report) -> None:
    answer = unanswered.answer
    assert (answer.verdict, answer.certainty) == (AnswerVerdict.NOT_ENOUGH_EVIDENCE, Certainty.NONE)
    assert answer.claim_ids == ()
    assert answer.text.startswith("Not enough evidence")
    assert unanswered.title.startswith("Not enough evidence")
    assert not [c for c in unanswered.claims if c.verdict is Verdict.SUPPORTED and not c.background]
    assert not asked(unanswered)


def test_a_report_without_an_answer_scores_low(unanswered: Report) -> None:
    assert unanswered.review.score is not None
    assert unanswered.review.auditor_score is not None
    assert unanswered.review.score < 5
    assert unanswered.review.auditor_score < 5


def test_an_unanswered_question_still_tells_what_was_searched(unanswered: Report, sample: Settings) -> None:
    page = RunStore(sample.home).open(unanswered.run_id).file("report.md").read_text()
    assert unanswered.queries
    assert all(query.query in page for query in unanswered.queries)
    assert str(unanswered.prisma.screened) in answer_and_method(unanswered)
    assert unanswered.gaps_in_evidence


def answer_and_method(report: Report) -> str:
    return " ".join([report.answer.text, *(s.text for s in report.method.sentences)])


# ----------------------------------------------------------------- same inputs, same report

PROGRAM = """
import sys
from pathlib import Path
from consilience.tests.support import homes
homes.ask(homes.few_settings(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("seed", ["1", "4711"])
def test_another_process_in_another_home_writes_the_same_report(few: Settings, tmp_path: Path, seed: str) -> None:
    """Hashes of strings, and so the order of sets, differ between the processes."""
    other = homes.copied(few.home, tmp_path / "other")
    finished = homes.ask(few)
    environment = os.environ | {"PYTHONHASHSEED": seed, "CONSILIENCE_HOME": str(tmp_path / "unused")}
    subprocess.run([sys.executable, "-c", PROGRAM, str(other)], env=environment, check=True)
    there = RunStore(other).open("one")
    assert render(load_report(there), there.transcript.read()) == rendered(finished)
    assert not (tmp_path / "unused").exists()


def test_the_order_of_the_librarys_files_changes_nothing(few: Settings, tmp_path: Path) -> None:
    """The index of the second library grew in another order."""
    lines = (few.home / "few.jsonl").read_text(encoding="utf-8").splitlines()
    other = few.model_copy(update={"home": tmp_path / "other"})
    for number, line in enumerate(reversed(lines)):
        file = tmp_path / f"{number}.jsonl"
        file.write_text(line + "\n", encoding="utf-8")
        Library.add_to(other.home, homes.FEW, [file])
    assert rendered(homes.ask(few)).json == rendered(homes.ask(other)).json


# ----------------------------------------------------------------- libraries that hold little


def test_a_library_without_abstracts_is_told_and_no_run_is_made(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "bare.jsonl"
    file.write_text('{"title": "Fexofenadine and driving"}\n')
    Library.add_to(home, "bare", [file])
    with pytest.raises(LibraryError, match="no paper with an abstract") as told:
        homes.ask(Settings(home=home), library="bare")
    assert "library add bare" in told.value.advice
    assert RunStore(home).list() == []


def test_an_empty_and_a_missing_library_are_told(home: Path) -> None:
    Library.create(home, "empty")
    with pytest.raises(LibraryError, match="no paper with an abstract"):
        homes.ask(Settings(home=home), library="empty")
    with pytest.raises(LibraryError, match="there is no library other"):
        homes.ask(Settings(home=home), library="other")


def test_one_abstract_among_bare_titles_is_enough_to_run(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    rows = [
        '{"title": "Fexofenadine and driving", "abstract": "Fexofenadine did not impair driving (P = 0.40)."}',
        '{"title": "Fexofenadine and driving performance again"}',
    ]
    file.write_text("\n".join(rows))
    Library.add_to(home, "thin", [file])
    report = homes.report_of(homes.ask(Settings(home=home), library="thin"))
    assert {claim.verdict for claim in report.claims} <= {Verdict.UNCORROBORATED, Verdict.NOT_ENOUGH_EVIDENCE}
    assert not any(p.included and not p.abstract for p in report.papers)
    assert report.answer.certainty in (Certainty.NONE, Certainty.VERY_LOW, Certainty.LOW)


def test_a_question_without_a_relevant_paper_is_not_answered(few: Settings) -> None:
    report = homes.report_of(homes.ask(few, question="Does irrigation increase the yield of maize?"))
    assert report.answer.verdict is AnswerVerdict.NOT_ENOUGH_EVIDENCE
    assert report.prisma.included == 0
    assert report.prisma.screened == sum(report.prisma.excluded.values())
    assert report.references == ()
    assert report.review.score is not None
    assert report.review.score < 5


# ----------------------------------------------------------------- the plan put before a person


async def approved(plan: Plan) -> Plan:
    return plan


async def refused(plan: Plan) -> None:
    return None


async def changed(plan: Plan) -> Plan:
    return plan.model_copy(update={"queries": ("fexofenadine",)})


async def test_an_approved_plan_gives_the_report_of_one_that_nobody_asked_about(few: Settings, tmp_path: Path) -> None:
    other = few.model_copy(update={"home": homes.copied(few.home, tmp_path / "other")})
    asked_about = await run_question(
        homes.FEW_QUESTION, library=homes.FEW, settings=few, run_id="one", confirm=approved
    )
    plain = await run_question(homes.FEW_QUESTION, library=homes.FEW, settings=other, run_id="one")
    assert rendered(asked_about).json == rendered(plain).json
    approvals = [e for e in asked_about.run.transcript.read() if e.node == "approve"]
    assert [(e.agent, e.decided) for e in approvals] == [("Person", "approved")]


async def test_a_changed_plan_is_the_one_that_is_carried_out(few: Settings) -> None:
    finished = await run_question(homes.FEW_QUESTION, library=homes.FEW, settings=few, run_id="one", confirm=changed)
    report = homes.report_of(finished)
    assert report.queries[0].query == "fexofenadine"
    assert [q.query for q in report.queries if q.round == 0] == ["fexofenadine"]
    assert "approved with changes" in [e.decided for e in finished.run.transcript.read()]


async def test_a_refused_plan_waits_and_is_asked_about_again(few: Settings) -> None:
    from consilience.engine import resume_run

    heard: list[Event] = []
    first = await run_question(
        homes.FEW_QUESTION, library=homes.FEW, settings=few, run_id="one", confirm=refused, listener=heard.append
    )
    assert (first.report, first.run.info.status) == (None, "interrupted")
    assert [event.node for event in heard] == ["plan"]
    again = await resume_run("one", settings=few, confirm=refused)
    assert again.report is None
    finished = await resume_run("one", settings=few, confirm=changed)
    assert [q.query for q in homes.report_of(finished).queries if q.round == 0] == ["fexofenadine"]
    nodes = [event.node for event in finished.run.transcript.read()]
    assert (nodes.count("plan"), nodes.count("approve")) == (1 + _rounds(homes.report_of(finished)), 1)


def _rounds(report: Report) -> int:
    """Search rounds after the first."""
    return report.search.rounds - 1
