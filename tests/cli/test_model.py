"""The command line with a language model behind it: asking, bounds, what is shown of it, exporting and repeating."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from consilience.evals.loopback.answering import stand_in_script
from consilience.evals.loopback.server import KEY, ModelServer
from consilience.tests.support import homes, model_runs

from .conftest import Call

pytestmark = pytest.mark.usefixtures("papers")


@pytest.fixture
def papers(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Path:
    """This test's own home with a dozen papers in the library ``few``."""
    return homes.copied(homes.few_home(tmp_path_factory.getbasetemp()), home)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A model on loopback, set as a person sets it."""
    with ModelServer(stand_in_script, key=KEY, models=["scripted"]) as serving:
        monkeypatch.setenv("CONSILIENCE_MODEL__BASE_URL", serving.base_url)
        monkeypatch.setenv("CONSILIENCE_MODEL__API_KEY", KEY)
        yield serving


def ask(call: Call, *more: str) -> tuple[int, str, str]:
    result = call("ask", model_runs.QUESTION, "--library", "few", *more)
    return result.exit_code, result.stdout, result.stderr


def test_a_run_is_shown_exported_and_done_again(
    call: Call, server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, shown, told = ask(call, "--model", "scripted", "--run-id", "one")
    assert code == 0
    assert "Answer" in shown
    assert "cross_examine" in told
    assert f"A language model reasons: scripted at {server.base_url}" in told
    costs = call("show", "one").stdout
    assert "Language models" in costs
    assert "prosecutor  scripted" in costs
    calls = call("transcript", "one", "--calls", "--agent", "Writer").stdout
    assert "You are the Writer." in calls
    assert '"title"' in calls
    rows = [json.loads(line) for line in call("transcript", "one", "--calls", "--json").stdout.splitlines()]
    assert any(row["calls"] and row["calls"][0]["exchange"]["text"] for row in rows)
    file = tmp_path / "run.zip"
    assert call("transcript", "one", "--export", str(file)).exit_code == 0
    assert KEY.encode() not in file.read_bytes()
    asked = server.count()
    monkeypatch.delenv("CONSILIENCE_MODEL__API_KEY")
    monkeypatch.setenv("CONSILIENCE_HOME", str(tmp_path / "elsewhere"))
    again = call("replay", str(file))
    assert again.exit_code == 0
    assert "the same report" in again.stdout
    assert server.count() == asked


def test_an_export_of_a_library_that_changed_is_refused(call: Call, server: ModelServer, tmp_path: Path) -> None:
    assert ask(call, "--model", "scripted", "--run-id", "one", "-q")[0] == 0
    more = tmp_path / "more.jsonl"
    more.write_text('{"title": "Another paper", "abstract": "Something was found."}\n')
    assert call("library", "add", "few", str(more)).exit_code == 0
    result = call("transcript", "one", "--export", str(tmp_path / "run.zip"))
    assert result.exit_code == 2
    assert "has changed since run one" in result.stderr
    assert not (tmp_path / "run.zip").exists()


def test_a_plan_is_shown_with_what_the_run_will_probably_cost(call: Call, server: ModelServer) -> None:
    code, _, told = ask(call, "--model", "scripted", "--confirm-plan", "--run-id", "one")
    assert code == 0
    assert "estimate" in told
    assert "tokens in" in told
    assert "assumed" in told
    assert server.count("screen") == 0
    assert call("resume", "one", "-q").exit_code == 0


def test_a_bound_that_is_reached_makes_the_run_partial(call: Call, server: ModelServer) -> None:
    code, shown, _ = ask(call, "--model", "scripted", "--max-tokens", "20000", "-q")
    assert code == 3
    assert "Partial" in shown
    assert "--max-tokens" in shown or "bound of 20000 tokens" in shown


def test_embedded_reasons_though_a_model_is_set(call: Call, server: ModelServer) -> None:
    assert ask(call, "--reasoner", "embedded", "-q")[0] == 0
    assert server.count() == 0
    assert server.listings == 0


def test_what_is_wrong_is_one_sentence_and_leaves_no_run(
    call: Call, server: ModelServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, shown, told = ask(call, "--model", "nobody")
    assert (code, shown) == (2, "")
    assert "has no model named nobody; it has scripted" in told
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    (prompts / "plan.md").write_text("=== system ===\nPlan.\n=== user ===\n$question\n")
    monkeypatch.setenv("CONSILIENCE_MODEL__PROMPTS", str(prompts))
    code, shown, told = ask(call, "--model", "scripted")
    assert (code, shown) == (2, "")
    assert "plan.md" in told
    assert server.count() == 0
    assert "There is no run yet" in call("runs").stdout


def test_a_follow_up_is_answered_from_the_ledger_by_the_model(call: Call, server: ModelServer) -> None:
    assert ask(call, "--model", "scripted", "--run-id", "one", "-q")[0] == 0
    talk = call(
        "chat", "--library", "few", "--model", "scripted", "--run", "one", stdin="Which of these are firmest?\n"
    )
    assert talk.exit_code == 0
    assert "Answered from the ledger of run one." in talk.stdout
    assert server.count("follow_up") == 1
