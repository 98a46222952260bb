"""The run store: ids, folders, finding runs, their lock and what a hostile or damaged home does to it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.errors import CorruptRunError, InputError, RunBusyError, RunNotFoundError
from consilience.records import AnswerVerdict
from consilience.runs import names
from consilience.runs.store import RunStore

QUESTION = "Are triptans more effective than placebo for the relief of acute migraine?"


def test_a_run_is_made_finished_and_found(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    with store.create(QUESTION, "sample", {"panel": {"max_rounds": 4}}) as run:
        assert run.info.status == "running"
        assert run.info.conversation == run.id
        run.write_report({"report.md": "# Title\n", "report.json": b"{}"})
        run.finish("done", title="A title", verdict=AnswerVerdict.YES, score=7.25)
    again = store.open(run.id)
    assert again.info == run.info
    assert again.info.verdict is AnswerVerdict.YES
    assert again.info.settings == {"panel": {"max_rounds": 4}}
    assert again.info.is_finished
    assert again.info.finished is not None
    assert again.file("report.md").read_text() == "# Title\n"
    assert sorted(p.name for p in tmp_path.joinpath("runs").iterdir()) == [run.id]


def test_ids_sort_by_time_and_name_the_question() -> None:
    made = names.new_id(QUESTION, datetime(2026, 11, 24, 10, 15, tzinfo=UTC))
    assert made.startswith("20261124-101500-triptans-placebo-relief-")
    assert names.slug("¿?") == "question"
    assert names.slug("Ça marche, l'été?") == "ca-marche-l"


@given(st.text(max_size=300))
def test_every_question_makes_a_valid_id(question: str) -> None:
    assert names.is_id(names.new_id(question, names.now()))


@pytest.mark.parametrize("bad", ["", "../x", "a/b", "A", "-a", "latest", "a.b", "a" * 97, "a\n", "..", "ä"])
def test_ids_that_could_leave_the_folder_are_refused(tmp_path: Path, bad: str) -> None:
    store = RunStore(tmp_path)
    if bad:
        with pytest.raises(InputError):
            store.create(QUESTION, "sample", {}, run_id=bad)
    with pytest.raises(RunNotFoundError):
        store.open(bad)
    assert store.list() == []


@given(st.text(min_size=1, max_size=40))
def test_no_text_opens_anything_outside(text: str) -> None:
    if names.is_id(text):
        assert (Path("home/runs") / text).resolve().parent == Path("home/runs").resolve()
    assert "\n" not in names.shown(text)


def test_prefixes_latest_and_ambiguity(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    with pytest.raises(RunNotFoundError, match="no run yet"):
        store.open("latest")
    for run_id in ("alpha-1", "alpha-12", "beta"):
        store.create(QUESTION, "sample", {}, run_id=run_id)
    assert store.open("b").id == "beta"
    assert store.open("alpha-1").id == "alpha-1"
    with pytest.raises(RunNotFoundError, match="2 runs begin") as caught:
        store.open("alp")
    assert "alpha-12" in caught.value.advice
    with pytest.raises(InputError, match="already"):
        store.create(QUESTION, "sample", {}, run_id="beta")
    newest = max(store.list(), key=lambda info: (info.created, info.id))
    assert store.open("latest").id == newest.id == store.list()[0].id


def test_follow_ups_share_the_conversation(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    first = store.create(QUESTION, "sample", {})
    second = store.create("And in children?", "sample", {}, parent=first.id)
    third = store.create("And in adults?", "sample", {}, parent=second.id)
    assert (second.info.parent, third.info.parent) == (first.id, second.id)
    assert second.info.conversation == third.info.conversation == first.id
    with pytest.raises(RunNotFoundError):
        store.create("?", "sample", {}, parent="nothing")


def test_only_one_process_works_on_a_run(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = store.create(QUESTION, "sample", {}, run_id="one")
    program = (
        "import sys; from pathlib import Path; from consilience.runs.store import RunStore\n"
        "with RunStore(Path(sys.argv[1])).open('one').held():\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert store.list()[0].status == "running"
        with pytest.raises(RunBusyError), run.held():
            pass
        other.kill()
    assert store.list()[0].status == "interrupted"
    with run.held():
        assert store.status(store.open("one")).status == "running"
        run.finish("interrupted")
    assert run.info.finished is None
    run.reopen()
    assert store.open("one").info.status == "running"


def test_damaged_runs_are_named_and_the_others_listed(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    good = store.create(QUESTION, "sample", {}, run_id="good")
    for name, content in (("torn", '{"id": "to'), ("other", json.dumps({"id": "other"})), ("empty", "")):
        store.create(QUESTION, "sample", {}, run_id=name).folder.joinpath("run.json").write_text(content)
    moved = store.create(QUESTION, "sample", {}, run_id="moved")
    moved.folder.rename(moved.folder.with_name("renamed"))
    (tmp_path / "runs" / "linked").symlink_to(good.folder)
    assert [info.id for info in store.list()] == ["good"]
    assert store.unreadable() == ["empty", "other", "renamed", "torn"]
    with pytest.raises(CorruptRunError):
        store.open("torn")
    with pytest.raises(RunNotFoundError):
        store.open("linked")
    newer = good.info.model_dump(mode="json") | {"schema_version": 2}
    good.folder.joinpath("run.json").write_text(json.dumps(newer))
    with pytest.raises(InputError, match="newer version"):
        store.open("good")


def test_report_files_have_fixed_names(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(QUESTION, "sample", {})
    with pytest.raises(ValueError, match="not one of"):
        run.write_report({"../escaped": "x"})
