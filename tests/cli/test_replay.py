"""``replay`` does a run again and says whether its report is the same; ``calls`` prints what a model was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from consilience.cli.calls import CallBook, cost_table
from consilience.cli.group import Group
from consilience.cli.replay import replay
from consilience.endpoints.base import ModelIdentity
from consilience.endpoints.exchange import Exchange
from consilience.literature.library import Library
from consilience.records import Event
from consilience.reports.comparing import differences
from consilience.runs.bundle import export_run
from consilience.runs.calls import CallLog
from consilience.runs.model_calls import CHAT, CHAT_FAULT, ModelCall, fault_key
from consilience.runs.run import Run
from consilience.runs.store import RunStore, calls_path
from consilience.settings import Settings
from consilience.tests.support import homes
from consilience.tests.support.completers import fault, reply, request

Replay = Callable[..., Result]


@pytest.fixture
def again() -> Replay:
    app = typer.Typer(cls=Group)
    app.command()(replay)
    app.command()(lambda: None)
    return lambda *arguments: CliRunner().invoke(app, ["replay", *arguments])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a run's folder, except the journals that SQLite keeps beside its files while it reads them."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.name: path.read_bytes() for path in files if not path.name.endswith(("-wal", "-shm", ".lock"))}


def changed(run: Run) -> None:
    """Puts another title into the run's report."""
    report = json.loads(run.file("report.json").read_bytes())
    report["title"] = "Another title"
    run.write_report({"report.json": json.dumps(report)})


def test_a_run_done_again_gives_the_same_report_and_is_left_as_it_is(
    few: Settings, again: Replay, tmp_path: Path
) -> None:
    run = homes.ask(few).run
    before = contents(run.folder)
    done = again("one", "--out", str(tmp_path / "out"))
    assert (done.exit_code, done.output) == (0, "Run one was done again: the same report.\n")
    assert contents(run.folder) == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.html", "report.json", "report.md"]
    assert [info.id for info in RunStore(few.home).list()] == ["one"]
    changed(run)
    done = again("one", "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert (told["run"], told["same"]) == ("one", False)
    assert len(told["differences"]) == 1
    assert told["differences"][0].startswith("title: 'Another title', now '")
    assert "differs in 1 place" in again("one").output


def test_an_exported_run_is_done_again_where_nothing_else_is(
    few: Settings, again: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, log = homes.ask(few).run, CallLog(calls_path(few.home))
    export_run(run, Library.open(few.home, homes.FEW).papers(), log, tmp_path / "one.zip")
    monkeypatch.setenv("CONSILIENCE_HOME", str(tmp_path / "elsewhere"))
    done = again(str(tmp_path / "one.zip"))
    assert (done.exit_code, done.output) == (0, "Run one was done again: the same report.\n")
    assert not (tmp_path / "elsewhere").exists()


def test_what_cannot_be_replayed_is_told(again: Replay, home: Path, tmp_path: Path) -> None:
    assert again("none").exit_code == 2
    RunStore(home).create("q?", "few", {}, "unfinished")
    done = again("unfinished")
    assert done.exit_code == 2
    assert "no report to compare with" in done.stderr
    (tmp_path / "text.zip").write_text("a text")
    done = again(str(tmp_path / "text.zip"))
    assert done.exit_code == 2
    assert "not an exported run" in done.stderr


def test_differences_are_named_by_their_place(few: Settings) -> None:
    report = homes.report_of(homes.ask(few))
    assert differences(report, report.model_copy(update={"date": "1999-01-01"})) == []
    fewer = report.model_copy(update={"notices": (), "limitations": (*report.limitations, "x" * 100), "title": "T"})
    told = differences(report, fewer)
    assert told[0].startswith("title: ")
    assert any(line.startswith(f"limitations: {len(report.limitations)} items, now") for line in told)
    assert f"notices: {len(report.notices)} items, now 0" in told


# ------------------------------------------------------------------------------------------------------- calls


def call(key: str, **changes: object) -> ModelCall:
    values = {"id": key, "role": "judge", "task": "judge", "prompt_sha256": "", "model": "m", "endpoint": "http://a/v1"}
    return ModelCall.model_validate(values | {"tokens_in": 1234, "tokens_out": 56, "cost": 0.25} | changes)


def event(*calls: str) -> Event:
    return Event(key="k", step=1, node="n", agent="Judge", time="", seconds=0, saw="", decided="", calls=calls)


@pytest.fixture
def run(home: Path) -> Run:
    """A run with an answered call, a refused one, one that failed first, and one that no step names."""
    made = RunStore(home).create("q?", "few", {}, "one")
    identity, log = ModelIdentity("m", "http://a/v1"), CallLog(calls_path(home))
    answered = Exchange.answered("one", identity, request("line one\nline two"), reply("the \x1b[31manswer"))
    refused = Exchange.faulted("one", identity, request("forbidden"), fault("refused", 9, 1))
    log.put_many(CHAT, {"a" * 64: answered.to_bytes(), "c" * 64: answered.to_bytes()})
    log.put_many(CHAT_FAULT, {fault_key("one", "b" * 64): refused.to_bytes()})
    log.close()
    made.model_calls.record_many(
        [
            call("a" * 64, fault="silent", message="no answer in time", tokens_in=0, tokens_out=0, cost=0.0),
            call("a" * 64, retries=2, seconds=0.5),
            call("b" * 64, fault="refused", message="it was refused", tokens_in=9, tokens_out=1, cost=None),
            call("c" * 64, paid=False, role="writer", estimated=True),
        ]
    )
    return made


def test_a_steps_calls_are_printed_with_all_that_was_said(
    run: Run, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = CallBook.of(run, home)
    book.print_step(event("b" * 64, "a" * 64, "d" * 64))
    printed = capsys.readouterr().out
    assert [line.strip() for line in printed.splitlines() if line.strip()] == [
        "call bbbbbbbbbbbb  judge, judge, m at http://a/v1: 9 tokens in, 1 out, 0.00 s, price unknown",
        "fault    refused: it was refused",
        "system   You plan.",
        "user     forbidden",
        "call aaaaaaaaaaaa  judge, judge, m at http://a/v1: 0 tokens in, 0 out, 0.00 s, $0.0000",
        "fault    silent: no answer in time",
        "call aaaaaaaaaaaa  judge, judge, m at http://a/v1: 1,234 tokens in, 56 out, 0.50 s, 2 retries, $0.2500",
        "system   You plan.",
        "user     line one",
        "line two",
        "answer   the [31manswer",
        "call dddddddddddd: not in this run's account",
    ]
    book.print_rest()
    rest = capsys.readouterr().out
    assert rest.startswith("Calls of no recorded step\n  call cccccccccccc")
    assert "56 out (estimated), 0.00 s, $0.2500, answered from the call log" in rest
    assert "aaaa" not in rest
    book.print_rest()
    assert capsys.readouterr().out == ""


def test_a_call_for_programs(run: Run, home: Path) -> None:
    told = CallBook.of(run, home).as_json("a" * 64)
    assert [made["fault"] for made in told["made"]] == ["silent", ""]
    assert told["exchange"]["messages"][1]["content"] == "line one\nline two"
    assert CallBook.of(run, home).as_json("d" * 64) == {"id": "d" * 64, "made": [], "exchange": None}


def test_a_run_without_calls_has_none_and_gets_no_file(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = RunStore(home).create("q?", "few", {}, "two")
    book = CallBook.of(made, home)
    book.print_step(event())
    book.print_rest()
    assert capsys.readouterr().out == ""
    assert made.model_calls.read() == ()
    assert [path.name for path in made.folder.iterdir()] == ["run.json"]


def test_costs_are_a_table_with_a_sum_and_what_was_paid(run: Run) -> None:
    assert cost_table(run.model_calls.read()) == [
        "agent   model  calls  tokens in  tokens out           cost",
        "judge   m          2      1,243          57  price unknown",
        "writer  m          1     ~1,234         ~56        $0.2500",
        "all                3      2,477         113  price unknown",
        "~ some tokens are estimated: the server did not report them",
        "1 answered from the call log; this run itself paid price unknown",
    ]
    assert cost_table([call("x")])[-1].startswith("all ")
    assert cost_table([]) == []
