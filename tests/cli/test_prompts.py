"""``prompts`` lists, prints, checks and copies, and never overwrites what a person wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from consilience import prompts as texts
from consilience.cli.group import Group
from consilience.cli.prompts import prompts

Call = Callable[..., Result]


@pytest.fixture
def ask(home: Path) -> Call:
    """Calls ``prompts`` as the program does, errors with it."""
    app = typer.Typer(cls=Group)
    app.command(name="prompts")(prompts)
    app.callback()(lambda: None)
    return lambda *arguments: CliRunner().invoke(app, ["prompts", *arguments])


def test_every_prompt_is_listed_with_its_version(ask: Call) -> None:
    result = ask()
    assert result.exit_code == 0, result.output
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert {row[0] for row in rows} == set(texts.names())
    assert {row[0]: row[2] for row in rows}["plan"] == texts.digests()["plan"][:12]
    assert {row[3] for row in rows} == {"shipped"}
    assert "$max_claims" in next(row[4] for row in rows if row[0] == "extract")


def test_json_has_whole_digests(ask: Call) -> None:
    rows = json.loads(ask("--json").stdout)
    found = {row["name"]: row["sha256"] for row in rows}
    assert texts.digests().items() <= found.items()
    assert not any(row["overridden"] for row in rows)
    one = json.loads(ask("judge", "--json").stdout)
    assert one["text"] == texts.text("judge")


def test_a_name_prints_the_text_and_an_unknown_one_is_refused(ask: Call) -> None:
    assert ask("screen").stdout == texts.text("screen")
    result = ask("nothing")
    assert result.exit_code == 2
    assert "no prompt 'nothing'" in result.stderr
    assert "plan" in result.stderr


def test_copies_can_be_edited_and_are_never_overwritten(ask: Call, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert ask("--write", str(folder)).exit_code == 0
    assert {path.stem for path in folder.iterdir()} == texts.REPLACEABLE
    plan = folder / "plan.md"
    plan.write_text(plan.read_text(encoding="utf-8") + "Be brief.\n", encoding="utf-8")
    (folder / "judge.md").unlink()
    again = ask("--write", str(folder))
    assert again.exit_code == 0
    assert again.stdout.split() == [str(folder / "judge.md")]
    assert "plan.md" in again.stderr
    assert plan.read_text(encoding="utf-8").endswith("Be brief.\n")


def test_one_prompt_is_copied_by_its_name(ask: Call, tmp_path: Path) -> None:
    assert ask("rules", "--write", str(tmp_path)).exit_code == 0
    assert [path.name for path in tmp_path.glob("*.md")] == ["rules.md"]
    refused = ask("scales", "--write", str(tmp_path))
    assert refused.exit_code == 2
    assert "cannot be replaced" in refused.stderr


def test_a_folder_of_ones_own_is_told(ask: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules.md").write_text("Only what is shown counts.\n", encoding="utf-8")
    rows = {row["name"]: row for row in json.loads(ask("--folder", str(tmp_path), "--json").stdout)}
    assert rows["plan"]["own_files"] == ["rules.md"]
    assert rows["plan"]["sha256"] != texts.digests()["plan"]
    assert not rows["repair"]["overridden"]
    assert ask("rules", "--folder", str(tmp_path)).stdout == "Only what is shown counts.\n"
    monkeypatch.setenv("CONSILIENCE_MODEL__PROMPTS", str(tmp_path))
    assert "yours: rules.md" in ask().stdout


def test_a_folder_that_cannot_be_used_is_one_sentence_and_exit_code_2(ask: Call, tmp_path: Path) -> None:
    (tmp_path / "screen.md").write_text("=== system ===\n$rules\n=== user ===\n$question $paper\n", encoding="utf-8")
    result = ask("--folder", str(tmp_path))
    assert result.exit_code == 2
    assert "screen.md lacks $plan" in result.stderr
    assert "Traceback" not in result.output
    missing = ask("--folder", str(tmp_path / "none"))
    assert missing.exit_code == 2
    assert "cannot be read" in missing.stderr


def test_a_place_that_cannot_be_written_is_told(ask: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = ask("--write", str(tmp_path / "file"))
    assert result.exit_code == 2
    assert "cannot write" in result.stderr
