"""``ask``, ``resume`` and ``chat`` with the whole engine over a small library of one's own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from consilience.reports.report import Report
from consilience.runs.store import RunStore

Call = Callable[..., Result]
QUESTION = "Does zorbine reduce headache in adults?"
PAPERS = (
    ("Zorbine for headache: a trial", "Zorbine reduced headache compared with placebo (p < 0.01)."),
    ("Zorbine and headache", "Headache was reduced with zorbine versus placebo (p = 0.02)."),
    ("Zorbine in older adults", "Zorbine did not reduce headache compared with placebo (p = 0.40)."),
    ("Irrigation of maize fields", "Irrigation increased the yield of maize by 12%."),
)


@pytest.fixture
def library(home: Path, tmp_path: Path, call: Call) -> str:
    """A library of four papers; its name."""
    file = tmp_path / "papers.jsonl"
    rows = [
        {"title": title, "abstract": f"We randomised 120 adults with headache. {finding}", "year": 2000 + n}
        for n, (title, finding) in enumerate(PAPERS)
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows))
    assert call("library", "add", "mine", str(file)).exit_code == 0
    return "mine"


def test_json_is_all_that_stdout_gets(call: Call, library: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = call("ask", QUESTION, "--library", library, "--json", "--out", str(out), "--run-id", "first")
    assert result.exit_code == 0, result.stderr
    report = Report.model_validate_json(result.stdout)
    assert (report.question, report.run_id) == (QUESTION, "first")
    assert sorted(path.name for path in out.iterdir()) == [
        "report.html",
        "report.json",
        "report.md",
        "transcript.jsonl",
    ]
    assert (out / "report.json").read_text() == result.stdout
    for node in ("plan", "screen", "extract", "write", "audit"):
        assert f"\n{node}" in f"\n{result.stderr}"
    again = call("ask", QUESTION, "--library", library, "--run-id", "first")
    assert again.exit_code == 2
    assert "there is a run first" in again.stderr


def test_quiet_shows_no_progress(call: Call, library: str) -> None:
    result = call("ask", QUESTION, "--library", library, "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Answer " in result.stdout
    assert "report.html" in result.stdout


def test_an_unapproved_plan_waits_and_resuming_approves_it(call: Call, library: str, home: Path) -> None:
    result = call("ask", QUESTION, "--library", library, "--confirm-plan", "--json", "--run-id", "planned")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "consilience resume planned" in result.stderr
    assert "query " in result.stderr
    assert RunStore(home).open("planned").info.status == "interrupted"
    resumed = call("resume", "planned", "--json")
    assert resumed.exit_code == 0
    assert Report.model_validate_json(resumed.stdout).run_id == "planned"


def test_a_library_without_abstracts_is_told(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "bare.jsonl"
    file.write_text('{"title": "Zorbine"}')
    call("library", "add", "bare", str(file))
    result = call("ask", QUESTION, "--library", "bare")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no paper with an abstract" in result.stderr


def test_a_conversation(call: Call, library: str, home: Path) -> None:
    lines = f"{QUESTION}\nshow the evidence against claim 1\n/claims\n/quit\n"
    result = call("chat", "--library", library, stdin=lines)
    assert result.exit_code == 0
    assert "consilience:" not in result.stderr
    answered = "Answered from the ledger of run" in result.stdout
    assert answered or "a child run asks" in result.stdout
    assert len(RunStore(home).list()) == (1 if answered else 2)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_an_interrupted_run_says_how_to_go_on(call: Call, home: Path, tmp_path: Path) -> None:
    # Enough papers that the signal comes long before the run's end.
    file = tmp_path / "many.jsonl"
    rows = [
        {"title": f"Trial {n} of zorbine", "abstract": f"In {n} adults zorbine reduced headache by {n}%."}
        for n in range(20, 80)
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows))
    call("library", "add", "many", str(file))
    arguments = ["ask", QUESTION, "--library", "many", "--run-id", "stopped"]
    with subprocess.Popen(
        [sys.executable, "-m", "consilience.cli", *arguments],
        env=os.environ | {"CONSILIENCE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        # Whatever is said before it, the signal comes once a step is recorded that there is something to go on from.
        step = next((line for line in iter(process.stderr.readline, "") if line.startswith("plan")), "")
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=120)
    assert step, "the run ended without a plan"
    assert (process.returncode, stdout) == (130, "")
    assert "Run stopped can be resumed: consilience resume stopped" in stderr
    assert "Traceback" not in stderr
    assert RunStore(home).open("stopped").info.status == "interrupted"
    assert call("resume", "stopped", "--quiet").exit_code == 0
