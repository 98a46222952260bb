"""Runs that meet a limit: a disk that is full at any moment, bounds on rounds, two thousand abstracts."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from consilience.engine import checkpointed, load_report, resume_run
from consilience.errors import ConsilienceError, LibraryError
from consilience.literature.library import Library
from consilience.records import Gap
from consilience.reports.report import Report
from consilience.runs.store import RunStore, checkpoint_path
from consilience.settings import Settings
from consilience.tests.support import homes
from consilience.tests.support.sameness import Rendered, rendered

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    base = tmp_path_factory.getbasetemp()
    return rendered(homes.ask(homes.few_settings(homes.copied(homes.few_home(base), base / "limitless"))))


# ----------------------------------------------------------------- a full disk

# A limit on file size makes every write beyond it fail in the kernel, as a full disk does.
PROGRAM = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from consilience.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are POSIX")
@pytest.mark.parametrize("limit", [0, 40_000, 60_000, 100_000, 150_000])
def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_space(few: Settings, limit: int) -> None:
    arguments = ["ask", homes.FEW_QUESTION, "--library", homes.FEW, "--run-id", "one", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(limit), *arguments],
        env=os.environ | {"CONSILIENCE_HOME": str(few.home)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    message, advice = done.stderr.strip().splitlines()
    assert message.startswith("consilience: ")
    assert "space" in advice
    if not RunStore(few.home).exists("one"):
        return
    assert "consilience resume one" in advice
    report = homes.report_of(asyncio.run(resume_run("one", settings=few)))
    assert report == load_report(RunStore(few.home).open("one"))
    whole = homes.report_of(homes.ask(Settings(home=few.home), "two"))
    assert report.timeless().model_copy(update={"run_id": "two"}) == whole.timeless()


REFUSE = """
CREATE TRIGGER refuse BEFORE INSERT ON checkpoints WHEN json_extract(NEW.metadata, '$.step') = {step}
BEGIN SELECT RAISE(ABORT, 'refused'); END;
"""


def refuse(path: Path, step: int | None) -> None:
    """Have SQLite refuse the checkpoint of that step; None ends it."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("DROP TRIGGER IF EXISTS refuse")
        if step is not None:
            base.execute(REFUSE.format(step=step))


def test_a_checkpoint_that_failed_after_its_step_loses_nothing(few: Settings, undisturbed: Rendered) -> None:
    """Every checkpoint of the run fails once, after what its step gave was written down."""
    path, last = checkpoint_path(few.home), max(event.step for event in undisturbed.events)

    async def made() -> None:
        async with checkpointed(few):
            pass

    asyncio.run(made())
    refuse(path, 0)
    with pytest.raises(ConsilienceError):
        homes.ask(few)
    for step in range(1, last + 1):
        refuse(path, step)
        with pytest.raises(ConsilienceError):
            asyncio.run(resume_run("one", settings=few))
    refuse(path, None)
    assert rendered(asyncio.run(resume_run("one", settings=few))) == undisturbed


# ----------------------------------------------------------------- bounds


def bounds(report: Report) -> dict[str, list[Gap]]:
    """The gaps that tell of a bound, by node."""
    nodes = {gap.node for gap in report.gaps}
    return {n: [g for g in report.gaps if g.node == n and g.kind == "bound_reached"] for n in sorted(nodes)}


def test_a_panel_of_one_round_stops_and_says_so(few: Settings) -> None:
    report = homes.report_of(homes.ask(homes.few_settings(few.home, panel={"max_rounds": 1})))
    assert (report.review.rounds, report.review.converged) == (1, False)
    (gap,) = bounds(report)["deliberate"]
    assert "1 round" in gap.reason
    assert gap.reason in RunStore(few.home).open("one").file("report.md").read_text()
    assert not report.partial, "the report is whole: only its reviewers did not agree"


def test_a_search_of_one_round_stops_and_says_so(few: Settings) -> None:
    settings = homes.few_settings(few.home, search={"max_rounds": 1, "hits_per_query": 1, "saturation": 1.0})
    report = homes.report_of(homes.ask(settings))
    assert report.search.rounds == 1
    assert report.search.saturation < 1
    (gap,) = bounds(report)["screen"]
    assert f"saturation of {report.search.saturation:.2f}" in gap.reason


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_no_loop_goes_beyond_its_bound(few: Settings, rounds: int) -> None:
    """Nothing ever satisfies: any move of the panel counts, and no search is full."""
    settings = homes.few_settings(
        few.home,
        panel={"max_rounds": rounds, "max_searches": rounds, "tolerance": 1e-9},
        search={"max_rounds": rounds, "hits_per_query": 2, "saturation": 1.0},
    )
    report = homes.report_of(homes.ask(settings))
    assert report.review.rounds <= rounds
    assert report.search.rounds <= rounds + rounds


def test_bounds_of_extraction_and_screening_hold(few: Settings) -> None:
    settings = homes.few_settings(
        few.home, screening={"max_included": 2}, extraction={"chunk_size": 2, "max_claims_per_paper": 1}
    )
    report = homes.report_of(homes.ask(settings))
    assert report.prisma.included - report.prisma.rescreened <= 2
    assert len({c.spans[0].paper_id for c in report.claims}) == len(report.claims) <= 2


# ----------------------------------------------------------------- many papers


def synthetic(number: int) -> dict[str, object]:
    """One of many short abstracts about the same two things."""
    said = f"Zorbine reduced headache in {number + 20} adults (P = 0.0{number % 9 + 1})."
    if number % 5:
        said = f"Headache was recorded on {number % 17 + 2} days in {number + 20} adults."
    return {"title": f"Trial {number}", "abstract": said, "year": 1990 + number % 30}


def test_the_checkpoints_of_two_thousand_abstracts_stay_small(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text("".join(json.dumps(synthetic(number)) + "\n" for number in range(2000)))
    Library.add_to(home, "many", [file])
    settings = Settings.model_validate({"home": home, "search": {"hits_per_query": 2000}})
    report = homes.report_of(homes.ask(settings, question="Does zorbine reduce headache?", library="many"))
    assert report.prisma.screened == 2000
    assert report.prisma.included - report.prisma.rescreened == settings.screening.max_included
    with closing(sqlite3.connect(checkpoint_path(home))) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert checkpoint_path(home).stat().st_size < 3 * MEGABYTE


def test_a_library_that_is_deleted_while_its_run_waits_is_told(few: Settings) -> None:
    homes.ask(few)
    run = RunStore(few.home).open("one")
    run.reopen()
    Library.open(few.home, homes.FEW).delete()
    with pytest.raises(LibraryError, match="there is no library few"):
        asyncio.run(resume_run("one", settings=few))
    assert load_report(RunStore(few.home).open("one")).run_id == "one"
