"""The chat over a finished run: commands, claims with evidence, and errors that do not end the talk."""

from __future__ import annotations

from collections.abc import Callable

from typer.testing import Result

from consilience.runs.run import Run

Call = Callable[..., Result]
COUNTER = "Zorbine did not change flimsy (p = 0.40)."


def test_a_claim_shows_its_evidence_on_both_sides(call: Call, finished: Run) -> None:
    result = call("chat", "--run", "latest", stdin="/claims\n/claim 1\n/quit\n/claim 1\n")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.count("For:") == 1
    against = result.stdout.split("Against:")[1]
    assert COUNTER in against
    assert "Quux A et al. (2001)" in against
    assert "the authors' words" in against
    assert "\x1b" not in result.stdout


def test_the_whole_report_can_be_read(call: Call, finished: Run) -> None:
    assert "# Zorbine and flimsy: contested" in call("chat", "--run", "good-run", stdin="/report\n").stdout


def test_an_error_does_not_end_the_talk(call: Call, finished: Run) -> None:
    lines = "/nonsense\n/claim 9\n/claim\n/new ?\n\n   \n/help\n"
    result = call("chat", "--run", "good-run", stdin=lines)
    assert result.exit_code == 0
    assert result.stderr.count("consilience:") == 4
    assert "claims 1 to 1" in result.stderr
    assert "/new QUESTION" in result.stdout


def test_nothing_was_asked_yet(call: Call) -> None:
    result = call("chat", stdin="/claims\n/report\n/claim 1\n?\n")
    assert result.exit_code == 0
    assert result.stderr.count("nothing was asked yet") == 3
    assert "holds no word" in result.stderr


def test_a_run_without_a_report_cannot_be_talked_about(call: Call, unfinished: Run) -> None:
    result = call("chat", "--run", "killed-run")
    assert result.exit_code == 2
    assert "consilience resume killed-run" in result.stderr
