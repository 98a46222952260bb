"""``runs``, ``show``, ``transcript`` and ``resume`` over runs that were finished, killed or damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from consilience.runs.run import Run

Call = Callable[..., Result]


def test_no_run_yet(call: Call) -> None:
    assert "no run yet" in call("runs").stdout
    assert json.loads(call("runs", "--json").stdout) == []
    assert call("show", "latest").exit_code == 2


def test_runs_are_listed(call: Call, finished: Run, unfinished: Run) -> None:
    rows = {row["id"]: row for row in json.loads(call("runs", "--json").stdout)}
    assert rows["good-run"]["status"] == "done"
    assert rows["good-run"]["verdict"] == "mixed"
    assert rows["killed-run"]["status"] == "interrupted"
    lines = call("runs").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == list(rows)
    assert finished.info.question in lines[0] + lines[1]


def test_a_damaged_run_is_named_on_stderr(call: Call, finished: Run, unfinished: Run) -> None:
    (unfinished.folder / "run.json").write_text("{")
    result = call("runs", "--json")
    assert [row["id"] for row in json.loads(result.stdout)] == [finished.id]
    assert "killed-run" in result.stderr
    assert call("show", "killed-run").exit_code == 2


def test_show_gives_the_answer_its_claims_and_the_files(call: Call, finished: Run) -> None:
    shown = call("show", "good").stdout
    for part in (
        "Zorbine and flimsy: contested",
        "mixed",
        "low, provisional",
        "It is contested.",
        "CONTESTED",
    ):
        assert part in shown
    for name in ("report.json", "report.md", "report.html", "transcript.jsonl"):
        assert str(finished.folder / name) in shown
    assert "resume" not in shown
    assert "[1] Zorbine reduced flimsy (p < 0.01)." in call("show", "good", "--claims").stdout


def test_show_works_for_a_run_without_a_report(call: Call, unfinished: Run) -> None:
    shown = call("show", "killed").stdout
    assert "No report yet: the run is interrupted" in shown
    assert "2 steps recorded; the last: extract, Extractor: took 1 claim" in shown
    assert "consilience resume killed-run" in shown


def test_a_damaged_report_is_told(call: Call, finished: Run) -> None:
    finished.file("report.json").write_text('{"schema_version": "1.0"}')
    result = call("show", "good-run")
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_transcript_is_a_conversation(call: Call, finished: Run) -> None:
    text = call("transcript", "good-run").stdout
    assert text.index("Searcher") < text.index("Writer")
    for part in ("saw      2 papers", "decided  planned 1 query", "because  because", "papers 2", "- first"):
        assert part in text


def test_a_transcript_can_be_one_agents(call: Call, finished: Run) -> None:
    text = call("transcript", "good-run", "--agent", "writer").stdout
    assert "Writer" in text
    assert "Searcher" not in text
    lines = call("transcript", "good-run", "--json", "--agent", "Searcher").stdout.splitlines()
    assert [json.loads(line)["agent"] for line in lines] == ["Searcher"]
    unknown = call("transcript", "good-run", "--agent", "Nobody")
    assert unknown.exit_code == 2
    assert "Searcher, Writer" in unknown.stderr


def test_a_damaged_transcript_is_told(call: Call, finished: Run) -> None:
    finished.transcript.path.write_text("nonsense\n")
    assert call("transcript", "good-run").exit_code == 2


def test_resuming_a_finished_run_gives_its_report_again(call: Call, finished: Run, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    result = call("resume", "latest", "--json", "--out", str(out))
    assert result.exit_code == 0
    assert result.stdout == finished.file("report.json").read_text()
    assert "finished already" in result.stderr
    names = ["report.html", "report.json", "report.md", "transcript.jsonl"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert all((out / name).read_bytes() == (finished.folder / name).read_bytes() for name in names)


def test_a_partial_run_exits_with_3(call: Call, finished: Run) -> None:
    finished.finish("partial")
    assert call("resume", "good-run").exit_code == 3


def test_out_keeps_what_it_does_not_own(call: Call, finished: Run, tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("an older report")
    (tmp_path / "notes.txt").write_text("mine")
    (finished.file("report.html")).unlink()
    assert call("resume", "good-run", "--out", str(tmp_path)).exit_code == 2
    assert (tmp_path / "report.md").read_text() == "an older report"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "report.md"]


def test_out_must_be_a_folder(call: Call, finished: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        result = call("resume", "good-run", "--out", str(place))
        assert result.exit_code == 2
        assert "Traceback" not in result.stderr
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("command", ["show", "transcript"])
def test_no_control_character_reaches_the_terminal(call: Call, finished: Run, command: str) -> None:
    shown = call(command, "good-run").output
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_setting_that_cannot_be_used_is_told(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSILIENCE_PANEL__MAX_ROUNDS", "many")
    result = call("runs")
    assert result.exit_code == 2
    assert "CONSILIENCE_PANEL__MAX_ROUNDS" in result.stderr
    monkeypatch.setenv("CONSILIENCE_PANEL__MAX_ROUNDS", "2")
    monkeypatch.setenv("CONSILIENCE_SEARCH", "nonsense")
    assert "one value a variable" in call("runs").stderr
