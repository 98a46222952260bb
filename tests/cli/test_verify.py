"""``consilience verify``: one claim and files of them, as people and programs meet them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from consilience.evals.loopback.answering import stand_in_script
from consilience.evals.loopback.server import KEY, ModelServer
from consilience.records import Verdict
from consilience.reports.verification import Verification, Verifications
from consilience.runs.verifications import verifications_path

from .conftest import Call

DESIGN = "In a randomised trial 120 adults received zorbine or placebo."
HOSTILE = "[bold red]Zorbine[/] \x1b[31mtrial\u202e"
ROWS = (
    (HOSTILE, f"{DESIGN} Zorbine reduced headache compared with placebo (p < 0.01)."),
    ("Zorbine for sleep", f"{DESIGN} Zorbine improved sleep quality compared with placebo (p < 0.01)."),
    ("Zorbine and sleep", f"{DESIGN} Zorbine did not improve sleep quality compared with placebo (p = 0.60)."),
)
CLAIM = "Zorbine reduces headache in adults."


@pytest.fixture(autouse=True)
def library(home: Path, tmp_path: Path, call: Call) -> None:
    """A library of three papers."""
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(json.dumps({"title": title, "abstract": text}) for title, text in ROWS))
    assert call("library", "add", "mine", str(file)).exit_code == 0


def claims_file(tmp_path: Path, content: str | bytes) -> str:
    file = tmp_path / "claims.txt"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(file)


def test_a_claim_is_shown_with_its_evidence_and_limits(call: Call, home: Path) -> None:
    result = call("verify", CLAIM, "--library", "mine")
    assert result.exit_code == 0, result.stderr
    shown = result.stdout
    assert "Supported: 1 independent paper for it, no paper against it" in shown
    assert "not the chance that it is true" in shown
    assert "“Zorbine reduced headache compared with placebo (p < 0.01).”" in shown
    assert "the authors' words; characters 62–120 of the abstract" in shown
    assert "Against: nothing found" in shown
    assert "Searched: 3 papers of the library mine" in shown
    assert "Limits: Abstracts were read, no full texts." in shown
    assert "[bold red]Zorbine[/] " in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    (folder,) = verifications_path(home).iterdir()
    assert str(folder) in shown


def test_json_is_all_that_stdout_gets_and_is_what_was_kept(call: Call, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = call("verify", CLAIM, "--library", "mine", "--json", "--out", str(out), "-q")
    assert result.exit_code == 0, result.stderr
    made = Verifications.model_validate_json(result.stdout)
    (one,) = made.verifications
    for quotation in (*one.evidence_for, *one.evidence_against):
        assert one.paper(quotation.paper_id).abstract[quotation.start : quotation.end] == quotation.text
    assert (one.claim, one.line, one.verdict) == (CLAIM, None, Verdict.SUPPORTED)
    kept = verifications_path(home) / made.id / "claim-00001.json"
    assert Verification.model_validate_json(kept.read_text()) == one
    assert sorted(f.name for f in out.iterdir()) == ["verifications.json", "verifications.txt"]
    assert Verifications.model_validate_json((out / "verifications.json").read_text()) == made
    assert "Supported" in (out / "verifications.txt").read_text()


def test_a_file_is_judged_line_by_line_and_bad_lines_are_named(call: Call, tmp_path: Path) -> None:
    content = (
        "\ufeff# claims\r\n\r\nZorbine reduces headache.\r\nIs zorbine safe?\r\n  \r\n"
        "Zorbine improves sleep quality.\r\nZorbine\r\nZorbine lowers\u2028blood pressure.\r\n"
    )
    result = call("verify", "--file", claims_file(tmp_path, content), "--library", "mine", "--json")
    made = Verifications.model_validate_json(result.stdout)
    assert result.exit_code == 2
    found = [(v.line, v.verdict.value) for v in made.verifications]
    assert found == [(3, "SUPPORTED"), (6, "CONTESTED"), (8, "NOT_ENOUGH_EVIDENCE")]
    assert [(r.line, r.text) for r in made.refused] == [(4, "'Is zorbine safe?'"), (7, "'Zorbine'")]
    assert "line 4: that is a question, not a claim" in result.stderr
    shown = call("verify", "--file", claims_file(tmp_path, content), "--library", "mine", "-q")
    assert shown.exit_code == 2
    assert "6\tcontested\t" in shown.stdout
    assert "Not judged   line 4, 7" in shown.stdout


def test_a_file_of_good_lines_ends_well(call: Call, tmp_path: Path) -> None:
    file = claims_file(tmp_path, f"{CLAIM}\n\n# and\n{CLAIM}")
    result = call("verify", "--file", file, "--library", "mine", "--json", "-q")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [v["line"] for v in json.loads(result.stdout)["verifications"]] == [1, 4]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Zorbine reduces pain.\nZorbine r\xe9duces pain.\n", "is not UTF-8: line 2 holds the byte 0xe9"),
        ("Zorbine reduces pain.".encode("utf-16"), "is UTF-16, not UTF-8"),
        (b"", "holds no claim"),
        (b"# nothing\n\nWhy?\n", "holds no claim; line 3: that is a question"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(call: Call, home: Path, tmp_path: Path, content: bytes, told: str) -> None:
    result = call("verify", "--file", claims_file(tmp_path, content), "--library", "mine")
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert not verifications_path(home).exists()


def test_a_folder_is_no_file_of_claims(call: Call, tmp_path: Path) -> None:
    result = call("verify", "--file", str(tmp_path))
    assert result.exit_code == 2
    assert "is a folder" in result.stderr


def test_papers_bounds_what_is_read(call: Call) -> None:
    result = call("verify", CLAIM, "--library", "mine", "--papers", "1", "--json", "-q")
    (one,) = Verifications.model_validate_json(result.stdout).verifications
    assert one.searched.papers_per_side == 1
    assert one.searched.read <= 2


def test_with_a_language_model_and_a_spent_budget(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(stand_in_script, key=KEY, models=["scripted"]) as server:
        monkeypatch.setenv("CONSILIENCE_MODEL__BASE_URL", server.base_url)
        monkeypatch.setenv("CONSILIENCE_MODEL__API_KEY", KEY)
        spent = call("verify", CLAIM, "--library", "mine", "--model", "scripted", "--max-tokens", "1")
        assert spent.exit_code == 3
        assert "Missing: " in spent.stdout
        whole = call("verify", CLAIM, "--library", "mine", "--model", "scripted")
        assert whole.exit_code == 0, whole.stdout
        assert f"A language model reasons: scripted at {server.base_url}" in whole.stderr
        asked = server.count()
        assert call("verify", CLAIM, "--library", "mine", "--reasoner", "embedded", "-q").exit_code == 0
        assert server.count() == asked > 0


def test_an_interrupted_file_keeps_whole_claims_only(home: Path, tmp_path: Path) -> None:
    file = claims_file(tmp_path, "\n".join(f"Zorbine reduces headache in {n} adults." for n in range(20, 400)))
    with subprocess.Popen(
        [sys.executable, "-m", "consilience.cli", "verify", "--file", file, "--library", "mine", "--json"],
        env=os.environ | {"CONSILIENCE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        done = next((line for line in iter(process.stderr.readline, "") if line.startswith("2/")), "")
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=120)
    assert done, "it ended before two claims were done"
    assert (process.returncode, stdout) == (130, "")
    assert "claims are kept in" in stderr
    assert "Traceback" not in stderr
    (folder,) = verifications_path(home).iterdir()
    kept = sorted(folder.iterdir())
    assert len(kept) >= 2
    assert [Verification.model_validate_json(f.read_text()).line for f in kept] == list(range(1, len(kept) + 1))
