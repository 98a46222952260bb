"""Runs that were killed, stopped or damaged: they go on to the same report, or say what is wrong and lose nothing."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from consilience.engine import FinishedRun, checkpointed, load_report, resume_run, run_question
from consilience.errors import ConsilienceError, CorruptRunError, LibraryError, RunNotFoundError
from consilience.literature.library import Library
from consilience.records import Plan
from consilience.runs.store import RunStore, calls_path, checkpoint_path
from consilience.settings import Settings
from consilience.tests.support import homes
from consilience.tests.support.killing import Moment, kill_run
from consilience.tests.support.sameness import Rendered, calls, rendered

KILLS_A_RUN = 4
LONGEST = 0.3
"""Seconds after an event at which a kill comes at the latest: longer than any step of these runs takes."""


@dataclass(frozen=True)
class Undisturbed:
    """The run that the others must equal, in a home that is not to be written in."""

    home: Path
    files: Rendered
    calls: set[tuple[str, str]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    base = tmp_path_factory.getbasetemp()
    home = homes.copied(homes.few_home(base), base / "undisturbed")
    finished = homes.ask(homes.few_settings(home))
    return Undisturbed(home, rendered(finished), calls(home))


@pytest.fixture
def done(undisturbed: Undisturbed, home: Path) -> Settings:
    """This test's own home with a finished run."""
    return homes.few_settings(homes.copied(undisturbed.home, home))


async def no(plan: Plan) -> None:
    """Refuses every plan."""


def stopped(settings: Settings) -> FinishedRun:
    """A run whose plan was not approved."""
    question = run_question(homes.FEW_QUESTION, library=homes.FEW, settings=settings, run_id="one", confirm=no)
    return asyncio.run(question)


def resumed(settings: Settings) -> FinishedRun:
    return asyncio.run(resume_run("one", settings=settings))


# ----------------------------------------------------------------- kill -9

WATCH = """
CREATE TABLE IF NOT EXISTS again (kind TEXT, key TEXT);
CREATE TRIGGER IF NOT EXISTS told BEFORE INSERT ON calls
WHEN EXISTS (SELECT 1 FROM calls WHERE kind = NEW.kind AND key = NEW.key)
BEGIN INSERT INTO again VALUES (NEW.kind, NEW.key); END;
"""


def watch(home: Path) -> set[tuple[str, str]]:
    """Have SQLite itself note answers that are put a second time from now on; the answers there are now."""
    if not calls_path(home).exists():
        return set()
    with closing(sqlite3.connect(calls_path(home))) as log:
        if not log.execute("SELECT 1 FROM sqlite_master WHERE name = 'calls'").fetchone():
            return set()  # killed between making the file and its table
        log.executescript(WATCH)
    return calls(home)


def asked_again(home: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(calls_path(home))) as log:
        return set(log.execute("SELECT kind, key FROM again"))


def moments(seed: int, events: int) -> list[Moment]:
    """The kills of one run: each counts events from where the run was resumed."""
    rng = random.Random(seed)
    return [Moment(rng.randrange(events // 2), rng.uniform(0, LONGEST)) for _ in range(KILLS_A_RUN)]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and forkserver are POSIX")
@pytest.mark.parametrize("seed", range(5))
def test_a_run_killed_again_and_again_gives_the_undisturbed_report(
    undisturbed: Undisturbed, few: Settings, seed: int
) -> None:
    known: set[tuple[str, str]] = set()
    for number, moment in enumerate(moments(seed, len(undisturbed.files.events))):
        kill_run(few.home, "one", moment, resume=number > 0)
        assert known <= calls(few.home) if known else True
        known = watch(few.home)
    finished = resumed(few)
    assert rendered(finished) == undisturbed.files
    assert calls(few.home) == undisturbed.calls
    assert not known or not (asked_again(few.home) & known), "a pair in the call log was judged again"
    assert finished.run.info.status == "done"
    assert (finished.run.folder / "report.md").read_text().startswith("#")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and forkserver are POSIX")
def test_a_run_killed_between_its_last_step_and_its_end_is_finished_by_resuming(
    undisturbed: Undisturbed, few: Settings
) -> None:
    last = len(undisturbed.files.events)
    kill_run(few.home, "one", Moment(last, 0.0), resume=False)
    assert RunStore(few.home).list()[0].status == "interrupted"
    assert rendered(resumed(few)) == undisturbed.files


# ----------------------------------------------------------------- finished, unknown, busy


def test_a_finished_run_gives_its_report_and_works_no_more(done: Settings, undisturbed: Undisturbed) -> None:
    before = {p: p.stat().st_mtime_ns for p in RunStore(done.home).open("one").folder.iterdir()}
    assert rendered(resumed(done)) == undisturbed.files
    after = {p: p.stat().st_mtime_ns for p in RunStore(done.home).open("one").folder.iterdir()}
    assert before == {p: t for p, t in after.items() if p in before}


def test_an_unknown_run_is_told(few: Settings) -> None:
    with pytest.raises(RunNotFoundError) as told:
        asyncio.run(resume_run("nothing", settings=few))
    assert told.value.advice


def test_settings_of_the_run_hold_when_it_goes_on(few: Settings, undisturbed: Undisturbed) -> None:
    stopped(few)
    others = Settings.model_validate({"home": few.home, "screening": {"max_included": 1}, "panel": {"max_rounds": 1}})
    finished = asyncio.run(resume_run("one", settings=others))
    assert homes.report_of(finished).timeless().model_dump_json(exclude={"manifest"}) in _without_manifest(undisturbed)
    assert homes.report_of(finished).manifest.settings == {**few.manifest(), "reasoner": "embedded"}


def _without_manifest(undisturbed: Undisturbed) -> str:
    from consilience.reports.report import Report

    return Report.model_validate_json(undisturbed.files.json).model_dump_json(exclude={"manifest"})


def test_an_id_can_be_used_again_when_its_run_was_deleted(done: Settings, undisturbed: Undisturbed) -> None:
    shutil.rmtree(RunStore(done.home).open("one").folder)
    assert rendered(homes.ask(done)) == undisturbed.files


def test_a_library_that_changed_is_told(few: Settings) -> None:
    stopped(few)
    library = Library.open(few.home, homes.FEW)
    library.remove([library.papers()[0].id])
    with pytest.raises(LibraryError, match="has changed since run one began") as told:
        resumed(few)
    assert "ask the question again" in told.value.advice


# ----------------------------------------------------------------- damage


@pytest.mark.parametrize("damage", ["", "{}", '{"schema_version": "1.0"', "null", "\x00\x01"])
def test_a_damaged_report_is_told_and_made_anew(done: Settings, undisturbed: Undisturbed, damage: str) -> None:
    run = RunStore(done.home).open("one")
    run.file("report.json").write_text(damage)
    run.file("report.html").unlink()
    with pytest.raises(CorruptRunError) as told:
        load_report(run)
    assert "consilience resume one" in told.value.advice
    finished = resumed(done)
    assert rendered(finished) == undisturbed.files
    assert finished.run.file("report.html").exists()
    assert finished.run.info.status == "done"


def test_a_quotation_that_was_changed_in_the_report_is_noticed(done: Settings) -> None:
    run = RunStore(done.home).open("one")
    report = load_report(run)
    quoted = next(c for c in report.claims if c.evidence).evidence[0].text
    text = run.file("report.json").read_text()
    run.file("report.json").write_text(text.replace(f'"text": "{quoted}"', f'"text": "{quoted[:-1]}!"'))
    with pytest.raises(CorruptRunError):
        load_report(run)


def garbage(path: Path) -> None:
    path.write_bytes(b"this is no database\n" * 2000)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    """The file's first page stands, nothing else."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))


def undecodable(path: Path) -> None:
    """The database is whole, what the graph kept in it is not."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE checkpoints SET checkpoint = x'c1c1c1'")


def of_another_kind(path: Path) -> None:
    """Readable values that are no checkpoint."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE checkpoints SET checkpoint = x'93010203'")


def without_columns(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("DROP TABLE checkpoints")
        base.execute("CREATE TABLE checkpoints (other TEXT)")


@pytest.mark.parametrize("damage", [garbage, truncated, zeroed, undecodable, of_another_kind, without_columns])
def test_a_damaged_checkpoint_is_told_and_nothing_is_lost(
    done: Settings, undisturbed: Undisturbed, damage: Callable[[Path], None]
) -> None:
    two = run_question(homes.FEW_QUESTION, library=homes.FEW, settings=done, run_id="two", confirm=no)
    told_before = asyncio.run(two).run.transcript.read()
    damage(checkpoint_path(done.home))
    with pytest.raises(CorruptRunError, match="checkpoint") as told:
        asyncio.run(resume_run("two", settings=done))
    assert told.value.advice
    runs = RunStore(done.home)
    assert rendered(resumed(done)) == undisturbed.files, "the other run's report does not need the checkpoint"
    assert runs.open("two").transcript.read() == told_before
    assert runs.open("two").info.status == "failed"
    for file in done.home.glob("checkpoints.sqlite*"):
        file.unlink()
    again = homes.report_of(asyncio.run(resume_run("two", settings=done)))
    assert again.timeless().claims == load_report(runs.open("one")).claims


@pytest.mark.parametrize("seed", range(6))
def test_overwritten_bytes_never_surprise(done: Settings, seed: int) -> None:
    """Wherever the damage falls, the run goes on to the right report or says what is wrong."""
    two = run_question(homes.FEW_QUESTION, library=homes.FEW, settings=done, run_id="two", confirm=no)
    asyncio.run(two)
    rng, path = random.Random(seed), checkpoint_path(done.home)
    content = bytearray(path.read_bytes())
    for _ in range(200):
        content[rng.randrange(len(content))] = rng.randrange(256)
    path.write_bytes(content)
    told: ConsilienceError | None = None
    try:
        report = homes.report_of(asyncio.run(resume_run("two", settings=done)))
        assert report.timeless().claims == load_report(RunStore(done.home).open("one")).claims
    except ConsilienceError as error:
        told = error
    assert told is None or told.advice


async def test_a_checkpoint_of_another_version_is_refused(few: Settings) -> None:
    await run_question(homes.FEW_QUESTION, library=homes.FEW, settings=few, run_id="one", confirm=no)
    async with checkpointed(few) as compiled:
        await compiled.aupdate_state({"configurable": {"thread_id": "one"}}, {"version": 99}, as_node="plan")
    with pytest.raises(CorruptRunError, match="version") as told:
        await resume_run("one", settings=few)
    assert "ask the question again" in told.value.advice
    assert RunStore(few.home).open("one").transcript.read()


def test_damaged_artifacts_are_told(few: Settings) -> None:
    run = stopped(few).run
    with closing(sqlite3.connect(run.folder / "artifacts.sqlite")) as base, base:
        base.execute("UPDATE artifacts SET body = '{}'")
    with pytest.raises(CorruptRunError, match="artifact"):
        resumed(few)


def test_a_damaged_call_log_is_told(few: Settings, undisturbed: Undisturbed) -> None:
    stopped(few)
    calls_path(few.home).write_bytes(b"no database" * 1000)
    with pytest.raises(CorruptRunError) as told:
        resumed(few)
    assert "move" in told.value.advice
    calls_path(few.home).unlink()
    assert rendered(resumed(few)) == undisturbed.files
